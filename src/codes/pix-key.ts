// Pix keys: which of the five kinds a key is, in the form that the Banco Central's directory keeps.
import { readTaxId } from "../kernel/tax-id.ts";

export type PixKeyKind = "cpf" | "cnpj" | "email" | "phone" | "random";

export interface PixKey {
  kind: PixKeyKind;
  /** As the directory (DICT) keeps it: digits of a CPF, `+5511999999999`, small letters. */
  key: string;
}

const EMAIL_MAX = 77;
const RANDOM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;
/** ITU-T E.164 with the country; DICT takes no telephone without its plus sign. */
const PHONE = /^\+[1-9]\d{9,14}$/u;
const PHONE_SEPARATORS = /[\s().-]/gu;
/** As far as DICT looks: one at sign, a name before it and a domain after it. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/u;

/**
 * Reads a key as people write it. Null when it is none of the kinds, or its check digits are wrong. Eleven digits are a CPF, never a
 * telephone: that begins with `+55`.
 */
export function readPixKey(text: string): PixKey | null {
  const key = text.trim();
  if (key.length > EMAIL_MAX) return null;
  const small = key.toLowerCase();
  if (RANDOM.test(small)) return { kind: "random", key: small };
  if (key.startsWith("+")) {
    const bare = key.replace(PHONE_SEPARATORS, "");
    return PHONE.test(bare) ? { kind: "phone", key: bare } : null;
  }
  if (EMAIL.test(small)) return { kind: "email", key: small };
  const taxId = readTaxId(key);
  return taxId ? { kind: taxId.kind, key: taxId.bare } : null;
}
