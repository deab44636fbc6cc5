// Mail that came in, as rows: each message once, what it was taken for, whose it is, and whether a person has to look.
import { sql } from "kysely";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface KeptFile {
  name: string;
  type: string;
  sha256: string;
  bytes: number;
  inline: boolean;
}

export interface NewMail {
  id: Id;
  mailbox: string;
  receivedAt: Instant;
  rawSha256: string;
  bytes: number;
  messageId: string;
  /** Of its own head and body: with the Message-ID it tells a message from every other. */
  bodySha256: string;
  /** By the machine's clock: when it may be dealt with. */
  notBefore: Instant;
  keepUntil: Day;
}

/** False: the message is known already, whichever way it came. */
export async function insertMail(trx: Trx, mail: NewMail): Promise<boolean> {
  const known = await sql`
    INSERT INTO mail_key (message_id, body_sha256, mail_id) VALUES (${mail.messageId}, ${mail.bodySha256}, ${mail.id})
    ON CONFLICT (message_id, body_sha256) DO NOTHING`.execute(trx);
  if (Number(known.numAffectedRows) === 0) return false;
  await sql`
    INSERT INTO mail_in (mail_id, mailbox, received_at, raw_sha256, bytes, message_id, not_before, keep_until)
    VALUES (${mail.id}, ${mail.mailbox}, ${ts(mail.receivedAt)}, ${mail.rawSha256}, ${mail.bytes}, ${mail.messageId}, ${ts(mail.notBefore)},
      ${formatDay(mail.keepUntil)})`.execute(trx);
  return true;
}

/** Those that wait to be dealt with, the oldest first. */
export async function newMail(db: Db, now: Instant, limit: number): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT mail_id AS id FROM mail_in WHERE state = 'new' AND not_before <= ${ts(now)} ORDER BY mail_id LIMIT ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export interface StoredMail {
  rawSha256: string;
  receivedAt: Instant;
  attempts: number;
}

/** Takes one that was not dealt with yet, for one process until then; null: it was, or another has it. Whoever dies leaves it to be taken again. */
export async function takeNewMail(db: Db, id: Id, now: Instant, until: Instant): Promise<StoredMail | null> {
  const { rows } = await sql<StoredMail>`
    UPDATE mail_in SET attempts = attempts + 1, not_before = ${ts(until)}
    WHERE mail_id = ${id} AND state = 'new' AND not_before <= ${ts(now)}
    RETURNING raw_sha256 AS "rawSha256", received_at AS "receivedAt", attempts -- one row`.execute(db);
  return rows[0] ?? null;
}

/** How often one that was not dealt with yet was begun; null: it was dealt with. */
export async function attemptsAt(db: Db, id: Id): Promise<number | null> {
  const { rows } = await sql<{ attempts: number }>`SELECT attempts FROM mail_in WHERE mail_id = ${id} AND state = 'new' -- one row`.execute(
    db,
  );
  return rows[0]?.attempts ?? null;
}

export async function putOffMail(db: Db, id: Id, until: Instant): Promise<void> {
  await sql`UPDATE mail_in SET not_before = ${ts(until)} WHERE mail_id = ${id} AND state = 'new'`.execute(db);
}

export type MailInKind = "reply" | "automatic" | "bounce" | "complaint" | "own" | "spam" | "unreadable" | "too_many";

/** What became of a mail. */
export interface MailEnd {
  id: Id;
  kind: MailInKind;
  kindBecause: string;
  from: { address: string; name: string } | null;
  subject: string;
  text: string;
  files: readonly KeptFile[];
  vouched: "signed" | "unsigned" | "broken" | "unknown" | null;
  customerId: Id | null;
  ownAddress: boolean;
  about: { messageId: string; outboxId: Id | null } | null;
  matter: string | null;
  intents: readonly string[];
  reasons: Json;
  unsure: string | null;
  outcome: string;
  claimId: Id | null;
  waits: boolean;
}

/** False: another process dealt with it meanwhile, and nothing may be written. */
export async function endMail(trx: Trx, end: MailEnd): Promise<boolean> {
  const done = await sql`
    UPDATE mail_in SET state = 'done', kind = ${end.kind}, kind_because = ${end.kindBecause}, from_address = ${end.from?.address ?? null},
      from_name = ${end.from?.name ?? ""}, subject = ${end.subject}, text = ${end.text}, files = ${JSON.stringify(end.files)}::jsonb,
      vouched = ${end.vouched}, customer_id = ${end.customerId}, own_address = ${end.ownAddress}, about_message_id = ${end.about?.messageId ?? null},
      about_outbox_id = ${end.about?.outboxId ?? null}, matter = ${end.matter}, intents = ${[...end.intents]}::text[],
      reasons = ${JSON.stringify(end.reasons)}::jsonb, unsure = ${end.unsure}, outcome = ${end.outcome}, claim_id = ${end.claimId}, waits = ${end.waits}
    WHERE mail_id = ${end.id} AND state = 'new'`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** A message of ours, by its number: a notice of the outbox, or a mail of a conversation. */
export interface SentMail {
  messageId: string;
  customerId: Id | null;
  outboxId: Id | null;
  mailId: Id | null;
}

/** Told again under the same number it is the newer row that counts: a notice superseded and decided anew keeps its Message-ID. */
export async function insertSent(trx: Trx, sent: readonly SentMail[]): Promise<void> {
  if (sent.length === 0) return;
  await sql`
    INSERT INTO sent_mail (message_id, customer_id, outbox_id, mail_id)
    SELECT u.message, u.customer, u.outbox, u.mail
    FROM unnest(${sent.map((s) => s.messageId)}::text[], ${sent.map((s) => s.customerId)}::bigint[], ${sent.map((s) => s.outboxId)}::bigint[],
      ${sent.map((s) => s.mailId)}::bigint[]) AS u (message, customer, outbox, mail)
    ON CONFLICT (message_id) DO UPDATE SET outbox_id = excluded.outbox_id`.execute(trx);
}

/** The first of the numbers that is one of ours. */
export async function findSent(db: Db, messageIds: readonly string[]): Promise<SentMail | null> {
  if (messageIds.length === 0) return null;
  const { rows } = await sql<SentMail>`
    SELECT message_id AS "messageId", customer_id AS "customerId", outbox_id AS "outboxId", mail_id AS "mailId" FROM sent_mail
    WHERE message_id = ANY(${[...messageIds]}::text[]) ORDER BY array_position(${[...messageIds]}::text[], message_id) LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** Customers who have this address, the oldest first; two of them are told apart by nothing in a mail. */
export async function customersByAddress(db: Db, address: string): Promise<{ id: Id; ref: string }[]> {
  const { rows } = await sql<{ id: Id; ref: string }>`
    SELECT customer_id AS id, ref FROM customer WHERE lower(email) = lower(${address}) ORDER BY customer_id LIMIT 3`.execute(db);
  return rows;
}

/** How many mails of a customer were taken in as words since an instant. */
export async function mailsSince(db: Db, customerId: Id, since: Instant): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM mail_in
    WHERE customer_id = ${customerId} AND kind = 'reply' AND received_at >= ${ts(since)} -- one row`.execute(db);
  return rows[0]?.count ?? 0;
}

export interface ExpiredMail {
  id: Id;
  rawSha256: string;
  files: string[];
}

/** Those whose time is over; of files that are payment proofs too, the claim's own day counts. */
export async function expiredMail(db: Db, today: Day, limit: number): Promise<ExpiredMail[]> {
  const { rows } = await sql<ExpiredMail>`
    SELECT m.mail_id AS id, m.raw_sha256 AS "rawSha256",
      ARRAY(SELECT f ->> 'sha256' FROM jsonb_array_elements(m.files) f WHERE NOT EXISTS (
        SELECT 1 FROM claim_document d WHERE d.sha256 = f ->> 'sha256' AND d.removed_at IS NULL) ORDER BY 1) AS files
    FROM mail_in m WHERE m.removed_at IS NULL AND m.keep_until < ${formatDay(today)} AND m.state = 'done'
    ORDER BY m.mail_id LIMIT ${limit}`.execute(db);
  return rows;
}

/** Words, names and addresses go with the files; that a mail came, when, and what it was taken for stays. */
export async function markMailRemoved(db: Db, ids: readonly Id[], now: Instant): Promise<void> {
  await sql`
    UPDATE mail_in SET removed_at = ${ts(now)}, text = '', subject = '', from_name = '', from_address = NULL, reasons = '[]', files = '[]', waits = false
    WHERE mail_id = ANY(${[...ids]}::bigint[])`.execute(db);
}

export interface MailCounts {
  /** Not dealt with yet. */
  fresh: number;
  /** Wait for a person. */
  waiting: number;
  /** Go out now or later. */
  leaving: number;
}

export async function mailCounts(db: Db): Promise<MailCounts> {
  const { rows } = await sql<MailCounts>`
    SELECT (SELECT count(*) FROM mail_in WHERE state = 'new') AS fresh, (SELECT count(*) FROM mail_in WHERE waits) AS waiting,
      (SELECT count(*) FROM mail_out WHERE state = 'open') AS leaving -- one row`.execute(db);
  return rows[0] ?? { fresh: 0, waiting: 0, leaving: 0 };
}
