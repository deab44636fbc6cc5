// Conversations as staff see them: one for each customer, mail and portal together, and one for each stranger's address.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";
import type { KeptFile } from "./mail-in.ts";

/** The invoices that a notice listed. */
export async function invoicesOfMessage(db: Db, customerId: Id, outboxId: Id): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT (i ->> 'id')::bigint AS id FROM outbox o CROSS JOIN LATERAL jsonb_array_elements(o.payload::jsonb -> 'invoices') i
    WHERE o.customer_id = ${customerId} AND o.outbox_id = ${outboxId} AND o.kind = 'message' ORDER BY 1`.execute(db);
  return rows.map(({ id }) => id);
}

export interface ConversationRow {
  customerId: Id | null;
  customer: string | null;
  name: string | null;
  /** A stranger's address; null for a customer's conversation. */
  address: string | null;
  /** The newest mail of a stranger's conversation. */
  mailId: Id | null;
  subject: string | null;
  lastAt: Instant;
  lastText: string;
  lastBy: "customer" | "staff" | "automatic" | "stranger";
  /** Since when it waits for a person; null: it does not. */
  waitsSince: Instant | null;
  unsure: string | null;
  matter: string | null;
}

/** Of a stranger's mail: it stands in the list. */
const LISTED = sql`state = 'done' AND removed_at IS NULL AND kind IN ('reply', 'unreadable', 'complaint', 'bounce') AND (waits OR kind = 'reply')`;

/**
 * Those that wait first, the longest first; then by their last word, the newest first. What is looked at is who waits, and as many of the
 * newest as are asked for: the others are never read.
 */
export async function listConversations(db: Db, ask: { waiting: boolean; limit: number }): Promise<ConversationRow[]> {
  const newestThreads = sql`UNION SELECT * FROM (SELECT customer_id FROM portal_thread WHERE last_at IS NOT NULL ORDER BY last_at DESC LIMIT ${ask.limit}) n`;
  const newestMails = sql`UNION SELECT * FROM (SELECT COALESCE(from_address, mail_id::text) FROM mail_in
    WHERE customer_id IS NULL AND ${LISTED} ORDER BY mail_id DESC LIMIT ${ask.limit}) n`;
  const { rows } = await sql<ConversationRow>`
    WITH threads AS (
      SELECT customer_id FROM portal_thread WHERE waits_since IS NOT NULL
      UNION SELECT customer_id FROM mail_in WHERE waits AND customer_id IS NOT NULL ${ask.waiting ? sql`` : newestThreads}
    ), strangers (who) AS (
      SELECT COALESCE(from_address, mail_id::text) FROM mail_in WHERE waits AND customer_id IS NULL ${ask.waiting ? sql`` : newestMails}
    ), of_customers AS (
      SELECT t.customer_id AS "customerId", c.ref AS customer, c.name, NULL::text AS address, NULL::bigint AS "mailId", m.subject,
        p.written_at AS "lastAt", left(p.text, 300) AS "lastText", p.author AS "lastBy",
        LEAST(t.waits_since, (SELECT min(w.received_at) FROM mail_in w WHERE w.customer_id = t.customer_id AND w.waits)) AS "waitsSince",
        m.unsure, m.matter
      FROM threads f JOIN portal_thread t ON t.customer_id = f.customer_id JOIN customer c ON c.customer_id = t.customer_id
        JOIN LATERAL (SELECT message_id, author, text, written_at FROM portal_message x WHERE x.customer_id = t.customer_id
          ORDER BY message_id DESC LIMIT 1) p ON true
        LEFT JOIN LATERAL (SELECT subject, unsure, matter FROM mail_in y WHERE y.customer_id = t.customer_id AND y.kind = 'reply'
          ORDER BY mail_id DESC LIMIT 1) m ON true
    ), of_strangers AS (
      SELECT NULL::bigint, NULL::text, NULL::text, COALESCE(m.from_address, ''), m.mail_id, m.subject, m.received_at, left(m.text, 300),
        'stranger', (SELECT min(w.received_at) FROM mail_in w WHERE w.customer_id IS NULL AND w.waits
          AND (w.from_address = m.from_address OR w.mail_id = m.mail_id)), m.unsure, m.matter
      FROM strangers f JOIN LATERAL (SELECT * FROM mail_in x WHERE x.customer_id IS NULL AND ${LISTED}
          AND (x.from_address = f.who OR x.from_address IS NULL AND x.mail_id::text = f.who) ORDER BY x.mail_id DESC LIMIT 1) m ON true
    ), every AS (SELECT * FROM of_customers UNION ALL SELECT * FROM of_strangers)
    SELECT * FROM every WHERE ${ask.waiting ? sql`"waitsSince" IS NOT NULL` : sql`true`}
    ORDER BY "waitsSince" NULLS LAST, "lastAt" DESC, "customerId", "mailId" LIMIT ${ask.limit}`.execute(db);
  return rows;
}

/** One word of a conversation; what is known of the mail behind it, where one is. */
export interface ConversationMessage {
  id: Id;
  author: "customer" | "staff" | "automatic" | "stranger";
  by: string;
  via: "portal" | "mail";
  at: Instant;
  text: string;
  subject: string | null;
  from: string | null;
  vouched: string | null;
  ownAddress: boolean | null;
  kind: string | null;
  matter: string | null;
  intents: string[] | null;
  reasons: unknown;
  unsure: string | null;
  outcome: string | null;
  claimId: Id | null;
  waits: boolean;
  files: KeptFile[];
  /** Of one that goes out by mail. */
  delivery: "open" | "done" | "refused" | null;
  answer: string | null;
}

const OF_MAIL = sql`m.subject, m.from_address AS "from", m.vouched, m.own_address AS "ownAddress", m.kind, m.matter, m.intents, m.reasons, m.unsure,
  m.outcome, m.claim_id AS "claimId", COALESCE(m.waits, false) AS waits, COALESCE(m.files, '[]') AS files`;

/** A customer's newest words, the oldest of them first; reports about our own mail that wait for a person stand among them. */
export async function messagesOfCustomer(db: Db, customerId: Id, limit: number): Promise<ConversationMessage[]> {
  const { rows } = await sql<ConversationMessage>`
    SELECT p.message_id AS id, p.author, p.written_by AS by, p.via, p.written_at AS at, p.text, ${OF_MAIL}, o.state AS delivery, o.answer
    FROM portal_message p LEFT JOIN mail_in m ON m.mail_id = p.message_id LEFT JOIN mail_out o ON o.mail_id = p.message_id
    WHERE p.customer_id = ${customerId}
    UNION ALL
    SELECT m.mail_id, 'customer', COALESCE(m.from_address, ''), 'mail', m.received_at, m.text, ${OF_MAIL}, NULL, NULL
    FROM mail_in m WHERE m.customer_id = ${customerId} AND m.kind <> 'reply' AND m.state = 'done' AND (m.waits OR m.kind IN ('bounce', 'complaint'))
    ORDER BY id DESC LIMIT ${limit}`.execute(db);
  return rows.reverse();
}

/** How much was written with a customer, and since when a person is waited for. */
export async function threadState(db: Db, customerId: Id): Promise<{ messages: number; waitsSince: Instant | null }> {
  const { rows } = await sql<{ messages: number; waitsSince: Instant | null }>`
    SELECT (SELECT count(*) FROM portal_message WHERE customer_id = ${customerId}) AS messages,
      LEAST((SELECT waits_since FROM portal_thread WHERE customer_id = ${customerId}),
        (SELECT min(received_at) FROM mail_in WHERE customer_id = ${customerId} AND waits)) AS "waitsSince" -- one row`.execute(db);
  return rows[0] ?? { messages: 0, waitsSince: null };
}

/** A stranger's mails, the oldest first. */
export async function messagesOfStranger(db: Db, mailId: Id, limit: number): Promise<ConversationMessage[]> {
  const { rows } = await sql<ConversationMessage>`
    SELECT m.mail_id AS id, 'stranger' AS author, COALESCE(m.from_address, '') AS by, 'mail' AS via, m.received_at AS at, m.text, ${OF_MAIL},
      NULL AS delivery, NULL AS answer
    FROM mail_in m JOIN mail_in a ON a.mail_id = ${mailId} AND a.customer_id IS NULL
      AND (m.mail_id = a.mail_id OR m.from_address = a.from_address)
    WHERE m.customer_id IS NULL AND m.state = 'done'
    UNION ALL
    SELECT o.mail_id, 'staff', '', 'mail', o.made_at, o.text, o.subject, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, '[]', o.state, o.answer
    FROM mail_out o JOIN mail_in a ON a.mail_id = ${mailId} AND a.customer_id IS NULL AND o.to_address = a.from_address
    WHERE o.customer_id IS NULL ORDER BY id DESC LIMIT ${limit}`.execute(db);
  return rows.reverse();
}

export interface MailAbout {
  id: Id;
  messageId: string;
  subject: string;
  from: string | null;
  customerId: Id | null;
  ownAddress: boolean;
  files: KeptFile[];
}

const ABOUT = sql`mail_id AS id, message_id AS "messageId", subject, from_address AS "from", customer_id AS "customerId", own_address AS "ownAddress", files`;

/** Of a mail that was dealt with; null: there is none. */
export async function mailAbout(db: Db, mailId: Id): Promise<MailAbout | null> {
  const { rows } = await sql<MailAbout>`SELECT ${ABOUT} FROM mail_in WHERE mail_id = ${mailId} AND state = 'done' -- one row`.execute(db);
  return rows[0] ?? null;
}

/** The customer's last mail in words, from its own address; null: it never wrote one. */
export async function lastReply(db: Db, customerId: Id): Promise<MailAbout | null> {
  const { rows } = await sql<MailAbout>`
    SELECT ${ABOUT} FROM mail_in WHERE customer_id = ${customerId} AND kind = 'reply' AND own_address ORDER BY mail_id DESC LIMIT 1`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Who waited is answered, or needs no answer. Answers how many mails waited. */
export async function closeMails(trx: Trx, of: { customerId: Id } | { strangerOf: Id }, end: { at: Instant; by: string }): Promise<number> {
  const whose =
    "customerId" in of
      ? sql`customer_id = ${of.customerId}`
      : sql`customer_id IS NULL AND (mail_id = ${of.strangerOf} OR from_address = (SELECT a.from_address FROM mail_in a WHERE a.mail_id = ${of.strangerOf}))`;
  const done =
    await sql`UPDATE mail_in SET waits = false, closed_at = ${ts(end.at)}, closed_by = ${end.by} WHERE waits AND ${whose}`.execute(trx);
  return Number(done.numAffectedRows);
}

/** The thread waits no longer, though nobody wrote in it. */
export async function closeThread(trx: Trx, customerId: Id): Promise<boolean> {
  const done = await sql`UPDATE portal_thread SET waits_since = NULL WHERE customer_id = ${customerId} AND waits_since IS NOT NULL`.execute(
    trx,
  );
  return Number(done.numAffectedRows) === 1;
}

/** A stranger's mail turns out to be a customer's. Answers its words; null: it is somebody's already. */
export async function assignMail(
  trx: Trx,
  mailId: Id,
  customerId: Id,
): Promise<{ text: string; subject: string; from: string | null; at: Instant } | null> {
  const { rows } = await sql<{ text: string; subject: string; from: string | null; at: Instant }>`
    UPDATE mail_in SET customer_id = ${customerId} WHERE mail_id = ${mailId} AND customer_id IS NULL AND state = 'done'
    RETURNING text, subject, from_address AS "from", received_at AS at -- one row`.execute(trx);
  return rows[0] ?? null;
}

export async function setClaimOfMail(trx: Trx, mailId: Id, claimId: Id): Promise<void> {
  await sql`UPDATE mail_in SET claim_id = ${claimId} WHERE mail_id = ${mailId}`.execute(trx);
}
