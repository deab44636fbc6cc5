// The key that signs our own mail: read from a file of its owner's alone, and compared with what the domain publishes.
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { inEach, ReguaError } from "../../kernel/errors.ts";
import type { CallContext } from "../../ports/outcome.ts";
import { done, refused, unknown, type Outcome } from "../../ports/outcome.ts";
import type { DkimKeys } from "../proofs/dkim-keys.ts";
import type { DkimKey } from "./smtp.ts";

/** Verifiers may take RSA keys below this for no signature (RFC 8301, 3.2). */
const RSA_BITS_MIN = 1_024;

/**
 * Reads a PEM key.
 * @throws ReguaError `mail_option_invalid`
 */
export function readDkimKey(ask: { domain: string; selector: string; file: string }): DkimKey {
  const { domain, selector, file } = ask;
  const wrong = (en: string, ptBR: string): ReguaError =>
    new ReguaError("mail_option_invalid", { option: `dkim.key_file ${file}`, problem: inEach(en, ptBR) });
  let pem: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw wrong("others than its owner may read it (chmod 600)", "outros além do dono podem lê-lo (chmod 600)");
    pem = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof ReguaError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw wrong(`it cannot be read (${code})`, `não pode ser lido (${code})`);
  }
  const key = privateKeyOf(pem);
  if (!key || (key.asymmetricKeyType !== "rsa" && key.asymmetricKeyType !== "ed25519"))
    throw wrong("it is no private key in PEM, of RSA or Ed25519", "não é uma chave privada em PEM, RSA ou Ed25519");
  if (key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS_MIN)
    throw wrong(`an RSA key has at least ${RSA_BITS_MIN} bits`, `uma chave RSA tem ao menos ${RSA_BITS_MIN} bits`);
  return { domain, selector, privateKey: pem };
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/** What a TXT record under `selector._domainkey.domain` has to say of the key. */
export function dkimRecord({ privateKey }: DkimKey): string {
  const key = createPublicKey(createPrivateKey(privateKey));
  const spki = key.export({ type: "spki", format: "der" });
  // Ed25519 is published as its 32 bytes alone (RFC 8463, 4).
  if (key.asymmetricKeyType === "ed25519") return `v=DKIM1; k=ed25519; p=${spki.subarray(-32).toString("base64")}`;
  return `v=DKIM1; k=rsa; p=${spki.toString("base64")}`;
}

/** Whether the domain publishes the key that signs. */
export async function checkDkimRecord(key: DkimKey, keys: DkimKeys, context: CallContext): Promise<Outcome<{ detail: string }>> {
  const name = `${key.selector}._domainkey.${key.domain}`;
  const found = await keys(name, context);
  if (found.outcome !== "done") return unknown(found.reason);
  const wanted = publicPart(dkimRecord(key));
  if (found.value.some((record) => publicPart(record) === wanted)) return done({ detail: `${name} publishes the key that signs` });
  return refused(found.value.length === 0 ? `${name} has no TXT record` : `${name} publishes another key than the one that signs`, false);
}

function publicPart(record: string): string {
  return /(?:^|;)\s*p\s*=([^;]*)/u.exec(record)?.[1]?.replace(/\s+/gu, "") ?? "";
}
