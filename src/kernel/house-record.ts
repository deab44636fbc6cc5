// The record of the house: who may do what, and who changed it. One chain for the whole installation, since such acts are people's own and few.
import { canonicalJson, sha256, type Json } from "./hash.ts";
import { formatInstant, type Instant } from "./time.ts";

/** Everything that is kept. A test asks for a sentence of each in both languages. */
export const HOUSE_KINDS = [
  "staff.invited",
  "staff.joined",
  "staff.role",
  "staff.disabled",
  "staff.enabled",
  "staff.factor",
  "key.made",
  "key.revoked",
  "webhook.added",
  "webhook.secret",
  "webhook.resumed",
  "webhook.removed",
  "policy.activated",
] as const;
export type HouseKind = (typeof HOUSE_KINDS)[number];

/** What stood there, as far as it changed. Never a secret or a token: the record is read by auditors. */
export type HouseFacts = Readonly<Record<string, Json>>;

/** One change of who may do what. */
export interface HouseAct {
  /** As the evidence names actors: `staff:ana@provedor.example`, `cli`, `server`. */
  actor: string;
  kind: HouseKind;
  /** An address, or the name of a key, a webhook or a policy's version; null: whoever receives the link. */
  subject: string | null;
  before: HouseFacts | null;
  after: HouseFacts | null;
}

/** A row as it is kept. Its kind is any text: a newer program may have written it. */
export interface HouseRow extends Omit<HouseAct, "kind"> {
  seq: number;
  at: Instant;
  kind: string;
  prev: string;
  hash: string;
}

/** What the first row names as the one before it. */
export const HOUSE_GENESIS = sha256("regua record of the house");

/** SHA-256 of the row's canonical JSON (RFC 8785): everything in it but the hash itself. */
export function houseHash({ seq, at, actor, kind, subject, before, after, prev }: Omit<HouseRow, "hash">): string {
  return sha256(canonicalJson({ actor, at: formatInstant(at), body: { after, before }, kind, prev, seq, subject }));
}
