// Who may open the portal: the key that signs links, sessions and one-time codes. Tokens and codes are kept as hashes.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** The installation's signing key; the first process that asks makes it. */
export async function portalSecret(db: Db, fresh: string, now: Instant): Promise<string> {
  await sql`INSERT INTO portal_key (one, secret, made_at) VALUES (true, ${fresh}, ${ts(now)}) ON CONFLICT (one) DO NOTHING`.execute(db);
  const { rows } = await sql<{ secret: string }>`SELECT secret FROM portal_key -- one row`.execute(db);
  return rows[0]?.secret ?? fresh;
}

export interface SessionRow {
  hash: string;
  customerId: Id;
  way: "link" | "code";
  /** The message whose link was opened. */
  outboxId: Id | null;
}

export async function insertSession(trx: Trx, row: SessionRow, madeAt: Instant, expiresAt: Instant): Promise<void> {
  await sql`
    INSERT INTO portal_session (token_hash, customer_id, way, outbox_id, made_at, expires_at)
    VALUES (${row.hash}, ${row.customerId}, ${row.way}, ${row.outboxId}, ${ts(madeAt)}, ${ts(expiresAt)})`.execute(trx);
}

/** Whose a session is; null when there is none, it ended or its time is over. */
export async function sessionCustomer(db: Db, hash: string, now: Instant): Promise<Id | null> {
  const { rows } = await sql<{ id: Id }>`
    SELECT customer_id AS id FROM portal_session
    WHERE token_hash = ${hash} AND ended_at IS NULL AND expires_at > ${ts(now)} -- one row`.execute(db);
  return rows[0]?.id ?? null;
}

export async function endSession(db: Db, hash: string, now: Instant): Promise<void> {
  await sql`UPDATE portal_session SET ended_at = ${ts(now)} WHERE token_hash = ${hash} AND ended_at IS NULL`.execute(db);
}

/** Whether the link of a message was opened before. */
export async function openedBefore(db: Db, customerId: Id, outboxId: Id): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    SELECT EXISTS (SELECT 1 FROM portal_session WHERE customer_id = ${customerId} AND outbox_id = ${outboxId}) AS there -- one row`.execute(
    db,
  );
  return rows[0]?.there ?? false;
}

/** The Message-ID of a message that was written to a customer; null when there is none. */
export async function messageIdOf(db: Db, customerId: Id, outboxId: Id): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    SELECT payload::jsonb ->> 'messageId' AS id FROM outbox
    WHERE customer_id = ${customerId} AND outbox_id = ${outboxId} AND kind = 'message' -- one row`.execute(db);
  return rows[0]?.id ?? null;
}

export interface Addressee {
  id: Id;
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  lang: "pt-BR" | "en";
}

/** More customers than this behind one address are resellers' own; the oldest is meant. */
export async function customerByEmail(db: Db, email: string): Promise<Addressee | null> {
  const { rows } = await sql<Addressee>`
    SELECT customer_id AS id, ref, name, email, phone, lang FROM customer
    WHERE lower(email) = lower(${email}) ORDER BY customer_id LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

export async function addresseeOf(db: Db, customerId: Id): Promise<Addressee | null> {
  const { rows } = await sql<Addressee>`
    SELECT customer_id AS id, ref, name, email, phone, lang FROM customer WHERE customer_id = ${customerId} -- one row`.execute(db);
  return rows[0] ?? null;
}

export interface CodeRow {
  attemptHash: string;
  customerId: Id | null;
  codeHash: string;
}

export async function insertCode(db: Db, row: CodeRow, madeAt: Instant, expiresAt: Instant): Promise<void> {
  await sql`
    INSERT INTO portal_code (attempt_hash, customer_id, code_hash, made_at, expires_at)
    VALUES (${row.attemptHash}, ${row.customerId}, ${row.codeHash}, ${ts(madeAt)}, ${ts(expiresAt)})`.execute(db);
}

/** How many codes were made for a customer since an instant. */
export async function codesSince(db: Db, customerId: Id, since: Instant): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM portal_code WHERE customer_id = ${customerId} AND made_at > ${ts(since)} -- one row`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Counts a try and answers what it is compared with; null when the attempt is over, unknown, or has had its tries. */
export async function tryCode(db: Db, attemptHash: string, triesMax: number, now: Instant): Promise<Omit<CodeRow, "attemptHash"> | null> {
  const { rows } = await sql<Omit<CodeRow, "attemptHash">>`
    UPDATE portal_code SET tries = tries + 1
    WHERE attempt_hash = ${attemptHash} AND tries < ${triesMax} AND expires_at > ${ts(now)}
    RETURNING customer_id AS "customerId", code_hash AS "codeHash" -- one row`.execute(db);
  return rows[0] ?? null;
}

/** A code that was right is not right again; false when another request was quicker. */
export async function spendCode(trx: Trx, attemptHash: string): Promise<boolean> {
  const gone = await sql`DELETE FROM portal_code WHERE attempt_hash = ${attemptHash}`.execute(trx);
  return Number(gone.numAffectedRows) === 1;
}

/** Removes what no longer opens anything. Sessions stay a while: a link that was opened is told once. */
export async function purgePortal(db: Db, codesBefore: Instant, sessionsBefore: Instant): Promise<void> {
  await sql`DELETE FROM portal_code WHERE expires_at < ${ts(codesBefore)}`.execute(db);
  await sql`DELETE FROM portal_session WHERE expires_at < ${ts(sessionsBefore)}`.execute(db);
}
