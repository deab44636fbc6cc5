// Mailboxes as rows: how far each was read, who reads it now, and what went wrong last.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

export interface MailboxRow {
  mailbox: string;
  /** Null: never read. */
  validity: number | null;
  uid: number;
  readAt: Instant | null;
  failures: number;
  answer: string | null;
}

const COLUMNS = sql`mailbox, validity, uid, read_at AS "readAt", failures, answer`;

/** Takes a mailbox for this process until then; null: another has it. Its holder takes it again and again. */
export async function takeMailbox(
  db: Db,
  mailbox: string,
  holder: { token: string; now: Instant; until: Instant },
): Promise<MailboxRow | null> {
  const { rows } = await sql<MailboxRow>`
    INSERT INTO mailbox AS m (mailbox, holder, held_until) VALUES (${mailbox}, ${holder.token}, ${ts(holder.until)})
    ON CONFLICT (mailbox) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
      WHERE m.holder IS NULL OR m.holder = excluded.holder OR m.held_until < ${ts(holder.now)}
    RETURNING ${COLUMNS} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Moves on, never back within one validity: whoever lost the mailbox meanwhile must not undo what its successor read. */
export async function moveMailbox(db: Db, mailbox: string, to: { validity: number; uid: number; now: Instant }): Promise<void> {
  await sql`
    UPDATE mailbox SET uid = CASE WHEN validity = ${to.validity} THEN GREATEST(uid, ${to.uid}) ELSE ${to.uid} END, validity = ${to.validity},
      read_at = ${ts(to.now)}, failures = 0, answer = NULL
    WHERE mailbox = ${mailbox}`.execute(db);
}

/** Answers how often in a row it went wrong. */
export async function failMailbox(db: Db, mailbox: string, answer: string): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    UPDATE mailbox SET failures = failures + 1, answer = ${answer} WHERE mailbox = ${mailbox} RETURNING failures -- one row`.execute(db);
  return rows[0]?.failures ?? 1;
}

export async function releaseMailbox(db: Db, mailbox: string, token: string): Promise<void> {
  await sql`UPDATE mailbox SET holder = NULL, held_until = NULL WHERE mailbox = ${mailbox} AND holder = ${token}`.execute(db);
}

export async function readMailboxes(db: Db): Promise<MailboxRow[]> {
  const { rows } = await sql<MailboxRow>`SELECT ${COLUMNS} FROM mailbox ORDER BY mailbox`.execute(db);
  return rows;
}
