// What every gateway's settings share: secrets, addresses, and the certificate on disk.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { Clock } from "../../kernel/clock.ts";
import { inEach, ReguaError } from "../../kernel/errors.ts";
import { GatewayHttp } from "./http.ts";
import type { ClientTls } from "./http.ts";

/** Names of secret keys contain `secret`, `password` or `access_key`: that is how the configuration knows to hide them. */
export const secret = z.string().min(1).describe("Secret; printed as ***.");

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?(\/|$)/u;

/** An address of the gateway. Without TLS only on this machine: everything sent there carries the credentials. */
export const address = z.url().refine((text) => text.startsWith("https://") || LOOPBACK.test(text), "must begin with https://");

/** The certificate that the gateway asks for: a .p12 file, or two PEM files. */
export const certificate = z
  .strictObject({
    p12: z.string().min(1).optional().describe("File with certificate and key (.p12, .pfx)."),
    password: secret.optional().describe("Password of the .p12 file or of the key. Secret; printed as ***."),
    cert: z.string().min(1).optional().describe("File with the certificate (PEM)."),
    key: z.string().min(1).optional().describe("File with its private key (PEM)."),
    ca: z.string().min(1).optional().describe("File with the gateway's own certificate authority (PEM), where it has one."),
  })
  .refine(({ p12, cert, key }) => (p12 === undefined) === (cert !== undefined && key !== undefined), "name either p12, or cert and key");

/** What a gateway is opened with beside its settings. */
export interface Surroundings {
  /** Expiry of access tokens and charges goes by it: the machine's clock. */
  clock: Clock;
  /** Files named in the settings lie here, unless they say otherwise. */
  folder: string;
}

/**
 * Opens the transport with the certificate on disk.
 * @throws ReguaError `gateway_option_invalid`
 */
export function openHttp(base: string, files: z.infer<typeof certificate> | undefined, folder: string): GatewayHttp {
  const read = (field: string, file: string | undefined): Buffer | undefined => {
    if (file === undefined) return undefined;
    try {
      return readFileSync(resolve(folder, file));
    } catch {
      throw new ReguaError("gateway_option_invalid", {
        field: `certificate.${field}`,
        problem: inEach(`the file ${file} cannot be read`, `o arquivo ${file} não pode ser lido`),
      });
    }
  };
  const pfx = read("p12", files?.p12);
  const [cert, key, ca] = [read("cert", files?.cert), read("key", files?.key), read("ca", files?.ca)];
  const tls: ClientTls = {
    ...(pfx ? { pfx } : {}),
    ...(files?.password === undefined ? {} : { passphrase: files.password }),
    ...(cert && key ? { cert: cert.toString("utf8"), key: key.toString("utf8") } : {}),
    ...(ca ? { ca: ca.toString("utf8") } : {}),
  };
  try {
    return new GatewayHttp(base, tls);
  } catch (error) {
    // The library's own words, in no language of ours.
    const words = error instanceof Error ? error.message : String(error);
    throw new ReguaError("gateway_option_invalid", {
      field: "certificate",
      problem: inEach(`it cannot be opened (${words})`, `não pode ser aberto (${words})`),
    });
  }
}
