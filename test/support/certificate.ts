// Self-signed certificates for servers on loopback, made on the spot: Node can read X.509 but not write it.
import { createHash, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";

export interface TestCertificate {
  /** PEM; being self-signed it is also the authority to trust. */
  cert: string;
  key: string;
}

/** A certificate for 127.0.0.1 and `localhost`, valid from 2000 to 2099; or for another name, to see it refused. */
export function makeCertificate(names: { ip?: string; dns?: string } = { ip: "127.0.0.1", dns: "localhost" }): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const signatureAlgorithm = sequence(oid("2a8648ce3d040302")); // ecdsa-with-SHA256
  const name = sequence(set(sequence(oid("550403"), tag(0x0c, Buffer.from("Regua test"))))); // CN
  const validity = sequence(tag(0x18, Buffer.from("20000101000000Z")), tag(0x18, Buffer.from("20990101000000Z")));
  const alternatives = sequence(
    ...(names.dns === undefined ? [] : [tag(0x82, Buffer.from(names.dns))]),
    ...(names.ip === undefined ? [] : [tag(0x87, Buffer.from(names.ip.split(".").map(Number)))]),
  );
  const extensions = tag(
    0xa3,
    sequence(
      sequence(oid("551d11"), tag(0x04, alternatives)), // subjectAltName
      sequence(oid("551d13"), tag(0x04, sequence(tag(0x01, Buffer.from([0xff]))))), // basicConstraints, CA
    ),
  );
  const serial = tag(0x02, Buffer.concat([Buffer.from([1]), createHash("sha256").update(spki).digest().subarray(0, 8)]));
  const body = sequence(tag(0xa0, tag(0x02, Buffer.from([2]))), serial, signatureAlgorithm, name, validity, name, spki, extensions);
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const signature = sign("sha256", body, createPrivateKey(key));
  const der = sequence(body, signatureAlgorithm, tag(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").replace(/.{1,64}/gu, "$&\n");
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`, key };
}

/** One DER element: its tag, its length, its content. */
function tag(number: number, content: Buffer): Buffer {
  const { length } = content;
  const header = length < 0x80 ? [number, length] : length < 0x100 ? [number, 0x81, length] : [number, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tag(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]): Buffer => tag(0x31, Buffer.concat(parts));
const oid = (hex: string): Buffer => tag(0x06, Buffer.from(hex, "hex"));
