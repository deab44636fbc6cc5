// Notices that were accepted and came back: the notice, what is known of the return, and staff who do not believe it.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface BounceRow {
  customerId: Id;
  outboxId: Id;
  mailId: Id;
  action: "failed" | "delayed";
  code: string | null;
  words: string;
  at: Instant;
}

export async function insertBounce(trx: Trx, row: BounceRow): Promise<void> {
  await sql`
    INSERT INTO mail_bounce (customer_id, outbox_id, mail_id, action, code, words, at)
    VALUES (${row.customerId}, ${row.outboxId}, ${row.mailId}, ${row.action}, ${row.code}, ${row.words}, ${ts(row.at)})
    ON CONFLICT (customer_id, outbox_id, mail_id) DO NOTHING`.execute(trx);
}

/** The notices that an outbox row carries are accepted no longer. Answers their steps. */
export async function bounceNotices(trx: Trx, row: { customerId: Id; outboxId: Id }): Promise<string[]> {
  const { rows } = await sql<{ step: string }>`
    UPDATE notice SET state = 'undeliverable'
    WHERE customer_id = ${row.customerId} AND outbox_id = ${row.outboxId} AND state = 'accepted'
    RETURNING step -- unordered: sorted below`.execute(trx);
  return rows.map(({ step }) => step).sort();
}

/** While a server still tries, its acceptance counts from the moment it will have given up: nothing hard follows before. Never moved back. */
export async function delayNotices(trx: Trx, row: { customerId: Id; outboxId: Id }, until: Instant): Promise<void> {
  await sql`
    UPDATE notice SET ended_at = GREATEST(ended_at, ${ts(until)})
    WHERE customer_id = ${row.customerId} AND outbox_id = ${row.outboxId} AND state = 'accepted'`.execute(trx);
}

export interface StandingBounce {
  outboxId: Id;
  messageId: string;
  /** When the server had accepted it. */
  acceptedAt: Instant;
}

/** A failure on record that nobody denied; null: there is none. */
export async function standingBounce(db: Db, customerId: Id, mailId: Id): Promise<StandingBounce | null> {
  const { rows } = await sql<StandingBounce>`
    SELECT b.outbox_id AS "outboxId", o.payload::jsonb ->> 'messageId' AS "messageId", o.ended_at AS "acceptedAt"
    FROM mail_bounce b JOIN outbox o ON o.customer_id = b.customer_id AND o.outbox_id = b.outbox_id
    WHERE b.customer_id = ${customerId} AND b.mail_id = ${mailId} AND b.action = 'failed' AND b.denied_at IS NULL AND o.state = 'done' -- one row`.execute(
    db,
  );
  return rows[0] ?? null;
}

export async function denyBounce(
  trx: Trx,
  row: { customerId: Id; outboxId: Id; mailId: Id; by: string; reason: string; at: Instant; acceptedAt: Instant },
): Promise<void> {
  await sql`
    UPDATE mail_bounce SET denied_at = ${ts(row.at)}, denied_by = ${row.by}, denied_reason = ${row.reason}
    WHERE customer_id = ${row.customerId} AND outbox_id = ${row.outboxId} AND mail_id = ${row.mailId}`.execute(trx);
  await sql`
    UPDATE notice SET state = 'accepted', ended_at = ${ts(row.acceptedAt)}
    WHERE customer_id = ${row.customerId} AND outbox_id = ${row.outboxId} AND state = 'undeliverable'`.execute(trx);
}
