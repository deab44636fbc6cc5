// What customers do in the portal, as rows: terms accepted, backups asked for, messages to the provider.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface TermsRow {
  version: number;
  sha256: string;
  text: string;
  publishedAt: Instant;
}

/** The terms in force: the last published; null when there are none. */
export async function currentTerms(db: Db): Promise<TermsRow | null> {
  const { rows } = await sql<TermsRow>`
    SELECT version, sha256, text, published_at AS "publishedAt" FROM terms_version ORDER BY version DESC LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** False when the version is there already. */
export async function insertTerms(db: Db, row: TermsRow & { by: string }): Promise<boolean> {
  const done = await sql`
    INSERT INTO terms_version (version, sha256, text, published_at, published_by)
    VALUES (${row.version}, ${row.sha256}, ${row.text}, ${ts(row.publishedAt)}, ${row.by}) ON CONFLICT (version) DO NOTHING`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

export interface AcceptanceRow {
  version: number;
  sha256: string;
  acceptedAt: Instant;
}

/** The last version a customer accepted. */
export async function lastAcceptance(db: Db, customerId: Id): Promise<AcceptanceRow | null> {
  const { rows } = await sql<AcceptanceRow>`
    SELECT version, sha256, accepted_at AS "acceptedAt" FROM terms_acceptance
    WHERE customer_id = ${customerId} ORDER BY version DESC LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** False when that version was accepted already. */
export async function insertAcceptance(
  trx: Trx,
  row: AcceptanceRow & { customerId: Id; by: string; address: string | null; userAgent: string | null },
): Promise<boolean> {
  const done = await sql`
    INSERT INTO terms_acceptance (customer_id, version, sha256, accepted_at, accepted_by, address, user_agent)
    VALUES (${row.customerId}, ${row.version}, ${row.sha256}, ${ts(row.acceptedAt)}, ${row.by}, ${row.address}, ${row.userAgent})
    ON CONFLICT (customer_id, version) DO NOTHING`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

export interface BackupRow {
  id: Id;
  service: string;
  kind: "full" | "minimum";
  state: "asked" | "delivered" | "withdrawn";
  askedAt: Instant;
  endedAt: Instant | null;
  note: string | null;
}

/** A customer's requests, newest first. */
export async function backupRequests(db: Db, customerId: Id, limit: number): Promise<BackupRow[]> {
  const { rows } = await sql<BackupRow>`
    SELECT b.request_id AS id, s.ref AS service, b.kind, b.state, b.asked_at AS "askedAt", b.ended_at AS "endedAt", b.note
    FROM backup_request b JOIN service s ON s.customer_id = b.customer_id AND s.service_id = b.service_id
    WHERE b.customer_id = ${customerId} ORDER BY b.asked_at DESC, b.request_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** False when one for the service waits already. */
export async function insertBackupRequest(
  trx: Trx,
  row: { customerId: Id; id: Id; serviceId: Id; kind: BackupRow["kind"]; askedAt: Instant; by: string },
): Promise<boolean> {
  const done = await sql`
    INSERT INTO backup_request (customer_id, request_id, service_id, kind, asked_at, asked_by)
    VALUES (${row.customerId}, ${row.id}, ${row.serviceId}, ${row.kind}, ${ts(row.askedAt)}, ${row.by})
    ON CONFLICT (customer_id, service_id) WHERE state = 'asked' DO NOTHING`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** Answers the service's number; null when no such request waits. */
export async function endBackupRequest(
  trx: Trx,
  end: { customerId: Id; id: Id; state: "delivered" | "withdrawn"; at: Instant; by: string; note: string | null },
): Promise<string | null> {
  const { rows } = await sql<{ ref: string }>`
    UPDATE backup_request b SET state = ${end.state}, ended_at = ${ts(end.at)}, ended_by = ${end.by}, note = ${end.note}
    FROM service s
    WHERE b.customer_id = ${end.customerId} AND b.request_id = ${end.id} AND b.state = 'asked'
      AND s.customer_id = b.customer_id AND s.service_id = b.service_id
    RETURNING s.ref -- one row`.execute(trx);
  return rows[0]?.ref ?? null;
}

export interface MessageRow {
  id: Id;
  /** `automatic`: an answer by rule. */
  author: "customer" | "staff" | "automatic";
  by: string;
  at: Instant;
  text: string;
  via: "portal" | "mail";
}

/** The newest messages of a thread, oldest of them first. */
export async function threadOf(db: Db, customerId: Id, limit: number): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    SELECT message_id AS id, author, written_by AS by, written_at AS at, text, via FROM portal_message
    WHERE customer_id = ${customerId} ORDER BY message_id DESC LIMIT ${limit}`.execute(db);
  return rows.reverse();
}

/** How many a customer wrote since an instant. */
export async function writtenSince(db: Db, customerId: Id, since: Instant): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM portal_message
    WHERE customer_id = ${customerId} AND author = 'customer' AND written_at >= ${ts(since)} -- one row`.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * Adds to the thread: it waits for staff from the customer's first word that nobody answered. `understood`: a word that needs no person; it
 * changes nothing of who waits, as an answer by rule does not.
 */
export async function insertMessage(trx: Trx, row: MessageRow & { customerId: Id; understood?: boolean }): Promise<void> {
  await sql`
    INSERT INTO portal_message (customer_id, message_id, author, written_by, written_at, text, via)
    VALUES (${row.customerId}, ${row.id}, ${row.author}, ${row.by}, ${ts(row.at)}, ${row.text}, ${row.via})`.execute(trx);
  const waits = row.author === "customer" && row.understood !== true ? ts(row.at) : null;
  const answered = row.author === "staff";
  await sql`
    INSERT INTO portal_thread (customer_id, waits_since, last_at) VALUES (${row.customerId}, ${waits}::timestamptz, ${ts(row.at)})
    ON CONFLICT (customer_id) DO UPDATE SET last_at = GREATEST(portal_thread.last_at, excluded.last_at), waits_since =
      CASE WHEN ${answered} THEN NULL ELSE COALESCE(portal_thread.waits_since, excluded.waits_since) END`.execute(trx);
}

export interface WaitingThread {
  customer: string;
  name: string;
  since: Instant;
  /** The customer's last words. */
  text: string;
}

/** Threads that wait for staff, the longest first. */
export async function waitingThreads(db: Db, limit: number): Promise<WaitingThread[]> {
  const { rows } = await sql<WaitingThread>`
    SELECT c.ref AS customer, c.name, t.waits_since AS since, (
        SELECT m.text FROM portal_message m WHERE m.customer_id = t.customer_id AND m.author = 'customer' ORDER BY m.message_id DESC LIMIT 1
      ) AS text
    FROM portal_thread t JOIN customer c ON c.customer_id = t.customer_id
    WHERE t.waits_since IS NOT NULL ORDER BY t.waits_since, t.customer_id LIMIT ${limit}`.execute(db);
  return rows;
}

export interface WaitingBackup extends BackupRow {
  customer: string;
  name: string;
}

/** Backups that wait for staff, the oldest first. */
export async function waitingBackups(db: Db, limit: number): Promise<WaitingBackup[]> {
  const { rows } = await sql<WaitingBackup>`
    SELECT b.request_id AS id, c.ref AS customer, c.name, s.ref AS service, b.kind, b.state, b.asked_at AS "askedAt", b.ended_at AS "endedAt", b.note
    FROM backup_request b JOIN service s ON s.customer_id = b.customer_id AND s.service_id = b.service_id
      JOIN customer c ON c.customer_id = b.customer_id
    WHERE b.state = 'asked' ORDER BY b.asked_at, b.request_id LIMIT ${limit}`.execute(db);
  return rows;
}
