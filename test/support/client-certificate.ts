// A certificate for mutual TLS, as banks give them out: made now, in PEM and as a .p12 with a password, thrown away with its folder.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeCertificate } from "./certificate.ts";

export interface ClientCertificate {
  folder: string;
  /** PEM, its own authority. */
  cert: string;
  /** Names within the folder. */
  files: { p12: string; cert: string; key: string };
  password: string;
  remove(): Promise<void>;
}

const run = promisify(execFile);

/** Node reads .p12 but does not write it: openssl does. */
export async function makeClientCertificate(): Promise<ClientCertificate> {
  const folder = await mkdtemp(join(tmpdir(), "regua-mtls-"));
  const files = { p12: "client.p12", cert: "client.pem", key: "client.key" };
  const at = (name: string): string => join(folder, name);
  const { cert, key } = makeCertificate();
  await writeFile(at(files.cert), cert);
  await writeFile(at(files.key), key);
  const password = "p12-password-0042";
  await run("openssl", [
    "pkcs12",
    "-export",
    "-inkey",
    at(files.key),
    "-in",
    at(files.cert),
    "-out",
    at(files.p12),
    "-passout",
    `pass:${password}`,
  ]);
  return { folder, files, password, cert, remove: () => rm(folder, { recursive: true }) };
}
