// Secrets at rest: each sealed with a key of its own, and that key sealed with the installation's, which lies elsewhere.
import { createCipheriv, createDecipheriv } from "node:crypto";
import { assert } from "./assert.ts";
import { sha256 } from "./hash.ts";

/**
 * `sealed:1:<key id>:<wrapped key>:<text>`. AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits, used once each: the data key is new for
 * every value. The place of a value (its dotted name in the configuration) is authenticated with it: a secret that is moved to a key which is
 * printed, or sent elsewhere, does not open there.
 */
const PREFIX = "sealed:1:";
const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** Bytes of chance that sealing one value uses up. */
export const CHANCE_TO_SEAL = KEY + 2 * NONCE;
/** Bytes of chance that giving one value to another key uses up. */
export const CHANCE_TO_REWRAP = NONCE;

/** The installation's key. */
export interface MasterKey {
  /** Names it without telling it. */
  id: string;
  bytes: Uint8Array;
}

/** @throws Bug when it is not 32 bytes */
export function masterKey(bytes: Uint8Array): MasterKey {
  assert(bytes.length === KEY, "a key is 32 bytes");
  return { id: sha256(bytes).slice(0, 12), bytes };
}

export const isSealed = (text: string): boolean => text.startsWith(PREFIX);

/** Seals a text for its place. `chance`: {@link CHANCE_TO_SEAL} bytes that nobody can guess and that were never used. */
export function seal(text: string, place: string, key: MasterKey, chance: Uint8Array): string {
  assert(chance.length >= CHANCE_TO_SEAL, "too little chance to seal with");
  const dataKey = chance.subarray(0, KEY);
  const wrapped = encrypt(dataKey, key.bytes, chance.subarray(KEY, KEY + NONCE), key.id);
  const body = encrypt(Buffer.from(text, "utf8"), dataKey, chance.subarray(KEY + NONCE, KEY + 2 * NONCE), place);
  return `${PREFIX}${key.id}:${wrapped}:${body}`;
}

/** The text of a sealed value; null: it was sealed under another key, for another place, or is damaged. */
export function unseal(sealed: string, place: string, keys: readonly MasterKey[]): string | null {
  const parts = partsOf(sealed, keys);
  if (!parts) return null;
  const dataKey = decrypt(parts.wrapped, parts.key.bytes, parts.key.id);
  return dataKey && (decrypt(parts.body, dataKey, place)?.toString("utf8") ?? null);
}

/** The same value under another key; its text is not opened for it. Null: no key here fits. */
export function rewrap(sealed: string, keys: readonly MasterKey[], to: MasterKey, chance: Uint8Array): string | null {
  assert(chance.length >= CHANCE_TO_REWRAP, "too little chance to seal with");
  const parts = partsOf(sealed, keys);
  const dataKey = parts && decrypt(parts.wrapped, parts.key.bytes, parts.key.id);
  return parts && dataKey ? `${PREFIX}${to.id}:${encrypt(dataKey, to.bytes, chance.subarray(0, NONCE), to.id)}:${parts.body}` : null;
}

function partsOf(sealed: string, keys: readonly MasterKey[]): { key: MasterKey; wrapped: string; body: string } | null {
  const [id, wrapped, body, more] = sealed.slice(PREFIX.length).split(":");
  const key = keys.find((each) => each.id === id);
  return isSealed(sealed) && key && wrapped !== undefined && body !== undefined && more === undefined ? { key, wrapped, body } : null;
}

function encrypt(data: Uint8Array, key: Uint8Array, nonce: Uint8Array, about: string): string {
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(about, "utf8"));
  return Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

function decrypt(text: string, key: Uint8Array, about: string): Buffer | null {
  const data = Buffer.from(text, "base64url");
  if (data.length < NONCE + TAG) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, data.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(about, "utf8"));
  decipher.setAuthTag(data.subarray(data.length - TAG));
  try {
    return Buffer.concat([decipher.update(data.subarray(NONCE, data.length - TAG)), decipher.final()]);
  } catch {
    // Another key, another place, or a changed byte: they cannot be told apart, and need not be.
    return null;
  }
}
