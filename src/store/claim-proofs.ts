// What was read from payment proofs, as rows, and the marks by which a proof that was shown before is known again.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Json } from "../kernel/hash.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface ClaimMark {
  kind: "file" | "end_to_end" | "authentication" | "look";
  value: string;
}

export interface SeenMark extends ClaimMark {
  customerId: Id;
  invoiceId: Id;
  /** Bits that differ, for a look; 0 for the others. */
  distance: number;
}

/** Looks beyond this distance are other pictures. */
const LOOK_DISTANCE_MAX = 4;
/** Pictures compared: those of the last claims. More would make each proof slower, and a proof used again is used soon. */
const LOOKS_COMPARED = 20_000;

/** Earlier claims with one of the marks, and pictures almost the same as `look`. */
export async function marksSeen(db: Db, marks: readonly ClaimMark[], look: string | null): Promise<SeenMark[]> {
  const exact = marks.filter(({ kind }) => kind !== "look");
  const { rows } = await sql<SeenMark>`
    SELECT m.kind, m.value, m.customer_id AS "customerId", m.invoice_id AS "invoiceId", 0 AS distance
    FROM claim_mark m
      JOIN unnest(${exact.map((m) => m.kind)}::text[], ${exact.map((m) => m.value)}::text[]) AS u (kind, value)
        ON m.kind = u.kind AND m.value = u.value
    ORDER BY m.claim_id, m.kind, m.value LIMIT 200`.execute(db);
  if (look === null) return rows;
  const alike = await sql<SeenMark>`
    SELECT kind, value, "customerId", "invoiceId", distance
    FROM (
      SELECT kind, value, customer_id AS "customerId", invoice_id AS "invoiceId", claim_id,
        bit_count(('x' || value)::bit(64) # ('x' || ${look})::bit(64))::int AS distance
      FROM (SELECT * FROM claim_mark WHERE kind = 'look' ORDER BY claim_id DESC LIMIT ${LOOKS_COMPARED}) latest
    ) compared
    WHERE distance <= ${LOOK_DISTANCE_MAX} ORDER BY distance, claim_id LIMIT 50`.execute(db);
  return [...rows, ...alike.rows];
}

/**
 * Claims are entered one after another, from here to the end of the transaction. Pictures that are almost the same have no key in common
 * that could be unique; and a claim is entered in milliseconds, while its file was read before.
 */
export async function takeClaimTurn(trx: Trx): Promise<void> {
  await sql`
    INSERT INTO claim_turn (one, taken) VALUES (true, 1) ON CONFLICT (one) DO UPDATE SET taken = claim_turn.taken + 1`.execute(trx);
}

/** Payments that the bank has told of, by their end-to-end ids: whose, and for which invoices. */
export async function bookedPayments(
  db: Db,
  endToEndIds: readonly string[],
): Promise<{ endToEndId: string; customerId: Id; invoices: string[] }[]> {
  if (endToEndIds.length === 0) return [];
  const { rows } = await sql<{ endToEndId: string; customerId: Id; invoices: string[] }>`
    SELECT m.value AS "endToEndId", m.customer_id AS "customerId", ARRAY(
      SELECT i.ref FROM allocation a JOIN invoice i ON i.customer_id = a.customer_id AND i.invoice_id = a.invoice_id
      WHERE a.customer_id = m.customer_id AND a.receipt_id = m.receipt_id GROUP BY i.ref HAVING sum(a.amount_cents) > 0 ORDER BY i.ref) AS invoices
    FROM money_identity m
    WHERE m.kind = 'end_to_end' AND m.customer_id IS NOT NULL AND m.value = ANY(${[...endToEndIds]}::text[]) ORDER BY m.value`.execute(db);
  return rows;
}

export interface NewDocument {
  customerId: Id;
  claimId: Id;
  invoiceId: Id;
  recommendation: "release" | "wait" | "person";
  sha256: string;
  form: "pdf" | "jpeg" | "png" | "mail";
  bytes: number;
  pages: number;
  /** The picture that people are shown: its hash in the store of files. */
  picture: { sha256: string; type: string } | null;
  found: Json;
  checks: Json;
  notes: readonly string[];
  keepUntil: Day;
  marks: readonly ClaimMark[];
}

export async function insertDocument(trx: Trx, d: NewDocument): Promise<void> {
  await sql`
    INSERT INTO claim_document (customer_id, claim_id, sha256, form, bytes, pages, picture, picture_type, found, checks, notes, keep_until)
    VALUES (${d.customerId}, ${d.claimId}, ${d.sha256}, ${d.form}, ${d.bytes}, ${d.pages}, ${d.picture?.sha256 ?? null}, ${d.picture?.type ?? null},
      ${JSON.stringify(d.found)}::jsonb, ${JSON.stringify(d.checks)}::jsonb, ${[...d.notes]}, ${formatDay(d.keepUntil)})`.execute(trx);
  await sql`
    UPDATE claim SET recommendation = ${d.recommendation} WHERE customer_id = ${d.customerId} AND claim_id = ${d.claimId}`.execute(trx);
  await sql`
    INSERT INTO claim_mark (kind, value, customer_id, invoice_id, claim_id)
    SELECT kind, value, ${d.customerId}::bigint, ${d.invoiceId}::bigint, ${d.claimId}::bigint
    FROM unnest(${d.marks.map((m) => m.kind)}::text[], ${d.marks.map((m) => m.value)}::text[]) AS m (kind, value) -- unordered: an insert
    ON CONFLICT DO NOTHING`.execute(trx);
}

/** Whether a claim of this customer was contradicted before: by the bank's word, or by a person who looked. */
export async function contradictedBefore(db: Db, customerId: Id): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM claim WHERE customer_id = ${customerId} AND state = 'contradicted') AS found -- one row`.execute(db);
  return rows[0]?.found === true;
}

export interface ClaimRow {
  id: Id;
  customerId: Id;
  customer: string;
  customerName: string;
  invoice: string;
  openCents: number;
  currency: string;
  state: "under_review" | "confirmed" | "contradicted" | "refused" | "expired";
  recommendation: "release" | "wait" | "person" | null;
  receivedAt: Instant;
  releaseUntil: Instant | null;
  reviewUntil: Instant;
  endedAt: Instant | null;
  endedBy: string | null;
  reason: string | null;
  sha256: string | null;
  form: string | null;
  bytes: number | null;
  picture: string | null;
  pictureType: string | null;
  found: Json | null;
  checks: Json | null;
  notes: string[] | null;
  removedAt: Instant | null;
}

const CLAIMS = sql`k.claim_id AS id, k.customer_id AS "customerId", c.ref AS customer, c.name AS "customerName", i.ref AS invoice,
    i.amount_cents - i.paid_cents AS "openCents", i.currency, k.state, k.recommendation, k.received_at AS "receivedAt",
    k.release_until AS "releaseUntil", k.review_until AS "reviewUntil", k.ended_at AS "endedAt", k.ended_by AS "endedBy", k.reason,
    d.sha256, d.form, d.bytes, d.picture, d.picture_type AS "pictureType", d.found, d.checks, d.notes, d.removed_at AS "removedAt"
  FROM claim k
    JOIN customer c ON c.customer_id = k.customer_id
    JOIN invoice i ON i.customer_id = k.customer_id AND i.invoice_id = k.invoice_id
    LEFT JOIN claim_document d ON d.customer_id = k.customer_id AND d.claim_id = k.claim_id`;

/** Claims under review, those that wait for a person first; or all of one customer, the newest first. */
export async function claimRows(db: Db, which: { customerId: Id } | { open: true }, most: number): Promise<ClaimRow[]> {
  const { rows } =
    "customerId" in which
      ? await sql<ClaimRow>`SELECT ${CLAIMS} WHERE k.customer_id = ${which.customerId} ORDER BY k.claim_id DESC LIMIT ${most}`.execute(db)
      : await sql<ClaimRow>`SELECT ${CLAIMS} WHERE k.state = 'under_review'
          ORDER BY k.release_until IS NOT NULL, k.received_at, k.claim_id LIMIT ${most}`.execute(db);
  return rows;
}

export async function claimRow(db: Db, claimId: Id): Promise<ClaimRow | null> {
  const { rows } = await sql<ClaimRow>`SELECT ${CLAIMS} WHERE k.claim_id = ${claimId} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Documents whose time is over, with the files that no other document still needs. */
export async function expiredDocuments(db: Db, today: Day, most: number): Promise<{ customerId: Id; claimId: Id; files: string[] }[]> {
  const { rows } = await sql<{ customerId: Id; claimId: Id; files: string[] }>`
    SELECT d.customer_id AS "customerId", d.claim_id AS "claimId", ARRAY(
      SELECT f.file FROM unnest(ARRAY[d.sha256, d.picture]) AS f (file)
      WHERE f.file IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM claim_document o WHERE f.file IN (o.sha256, o.picture) AND o.removed_at IS NULL AND o.keep_until >= ${formatDay(today)})
      ORDER BY f.file) AS files
    FROM claim_document d WHERE d.removed_at IS NULL AND d.keep_until < ${formatDay(today)}
    ORDER BY d.keep_until, d.claim_id LIMIT ${most}`.execute(db);
  return rows;
}

export async function markRemoved(db: Db, claimIds: readonly Id[], at: Instant): Promise<void> {
  await sql`UPDATE claim_document SET removed_at = ${ts(at)} WHERE claim_id = ANY(${[...claimIds]}::bigint[])`.execute(db);
}

/** The claim under review that a customer's file opened; null: none. */
export async function claimOfFile(db: Db, customerId: Id, sha256: string): Promise<Id | null> {
  const { rows } = await sql<{ id: Id }>`
    SELECT d.claim_id AS id FROM claim_document d JOIN claim k ON k.customer_id = d.customer_id AND k.claim_id = d.claim_id
    WHERE d.customer_id = ${customerId} AND d.sha256 = ${sha256} AND k.state = 'under_review' ORDER BY d.claim_id DESC LIMIT 1`.execute(db);
  return rows[0]?.id ?? null;
}
