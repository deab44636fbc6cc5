// The chain of evidence: each entry of a customer names the hash of the one before it, so nothing is edited unnoticed.
import { canonicalJson, sha256, type Json } from "./hash.ts";

/** What an entry records. */
export interface EntryContent {
  /** For example `decision`, `receipt`, `notice.accepted`, `access.suspended`. */
  kind: string;
  /** UTC, ISO 8601. */
  at: string;
  /** The same instant in the provider's time zone, with its offset. */
  local: string;
  /** A person, `policy:<version>`, or the part of the program that saw it. */
  actor: string;
  body: Json;
}

/** A chained entry: `text` is what is hashed and stored, byte for byte. */
export interface Entry {
  seq: number;
  kind: string;
  text: string;
  hash: string;
}

/** The hash that a customer's first entry names as the one before it. */
export function genesis(customerRef: string): string {
  return sha256(`regua evidence of customer ${customerRef}`);
}

/** Appends to a chain. The text is canonical JSON (sorted keys), so that anyone can make it again from its parts. */
export function chain(customerRef: string, previous: { seq: number; hash: string }, content: EntryContent): Entry {
  const seq = previous.seq + 1;
  const { kind, at, local, actor, body } = content;
  const text = canonicalJson({ actor, at, body, customer: customerRef, kind, local, prev: previous.hash, seq });
  return { seq, kind, text, hash: sha256(text) };
}
