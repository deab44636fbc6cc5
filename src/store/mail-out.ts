// Mail of conversations that goes out, as rows: made with what it answers, taken under a lease, ended with the server's word.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface OutgoingRow {
  id: Id;
  customerId: Id | null;
  kind: "automatic" | "staff";
  messageId: string;
  answersMailId: Id | null;
  inReplyTo: string | null;
  to: string;
  /** Which of several senders; null: the one of everybody. */
  sender: string | null;
  lang: Lang;
  subject: string;
  text: string;
}

export async function insertOutgoing(trx: Trx, row: OutgoingRow, at: Instant): Promise<void> {
  await sql`
    INSERT INTO mail_out (mail_id, customer_id, kind, message_id, answers_mail_id, in_reply_to, to_address, sender, lang, subject, text, not_before, made_at)
    VALUES (${row.id}, ${row.customerId}, ${row.kind}, ${row.messageId}, ${row.answersMailId}, ${row.inReplyTo}, ${row.to}, ${row.sender}, ${row.lang},
      ${row.subject}, ${row.text}, ${ts(at)}, ${ts(at)})`.execute(trx);
}

/** Whether a customer was answered by rule since an instant. */
export async function answeredSince(db: Db, customerId: Id, since: Instant): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    SELECT EXISTS (SELECT 1 FROM mail_out WHERE customer_id = ${customerId} AND kind = 'automatic' AND made_at > ${ts(since)}) AS there -- one row`.execute(
    db,
  );
  return rows[0]?.there ?? false;
}

export interface TakenOutgoing extends OutgoingRow {
  attempts: number;
  /** Attempts whose end nobody knows. */
  unknowns: number;
}

/**
 * Takes what is to go now, the oldest first. A row whose lease ran out counts an unknown: it may have left. In two steps, since rows cannot be
 * locked in order where the table is distributed; who comes second finds the lease of who came first.
 */
export async function takeOutgoing(
  db: Db,
  ask: { token: string; now: Instant; motorNow: Instant; until: Instant; limit: number },
): Promise<TakenOutgoing[]> {
  const free = sql`state = 'open' AND not_before <= ${ts(ask.now)} AND (lease_until IS NULL OR lease_until < ${ts(ask.motorNow)})`;
  const found = await sql<{ id: Id }>`
    SELECT mail_id AS id FROM mail_out WHERE ${free} ORDER BY mail_id LIMIT ${ask.limit}`.execute(db);
  if (found.rows.length === 0) return [];
  const ids = found.rows.map((row) => row.id);
  const { rows } = await sql<TakenOutgoing>`
    UPDATE mail_out o SET lease = ${ask.token}, lease_until = ${ts(ask.until)}, attempts = o.attempts + 1,
      unknowns = o.unknowns + (o.lease IS NOT NULL)::int
    WHERE o.mail_id = ANY(${ids}::bigint[]) AND ${free}
    RETURNING o.mail_id AS id, o.customer_id AS "customerId", o.kind, o.message_id AS "messageId", o.answers_mail_id AS "answersMailId",
      o.in_reply_to AS "inReplyTo", o.to_address AS "to", o.sender, o.lang, o.subject, o.text, o.attempts, o.unknowns
    -- unordered: sorted below`.execute(db);
  return rows.sort((a, b) => a.id - b.id);
}

export interface OutgoingEnd {
  id: Id;
  state: "open" | "done" | "refused";
  unknown: boolean;
  notBefore: Instant;
  answer: string;
  endedAt: Instant;
}

/** False: the lease was lost meanwhile; its successor's word counts. */
export async function endOutgoing(trx: Trx, token: string, end: OutgoingEnd): Promise<boolean> {
  const done = await sql`
    UPDATE mail_out SET state = ${end.state}, lease = NULL, lease_until = NULL, unknowns = unknowns + ${end.unknown ? 1 : 0},
      not_before = ${ts(end.notBefore)}, answer = ${end.answer}, ended_at = CASE WHEN ${end.state} = 'open' THEN NULL ELSE ${ts(end.endedAt)}::timestamptz END
    WHERE mail_id = ${end.id} AND lease = ${token}`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** A mail of a conversation that came back. */
export async function refuseOutgoing(trx: Trx, id: Id, answer: string, at: Instant): Promise<void> {
  await sql`UPDATE mail_out SET state = 'refused', answer = ${answer}, ended_at = ${ts(at)} WHERE mail_id = ${id}`.execute(trx);
}
