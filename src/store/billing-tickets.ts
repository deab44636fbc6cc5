// Tickets of the billing system beside us, kept raw with their customer; and the calls of its hook, each taken once.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** The shapes are those of the billing system's port, where each member is described. */
export interface TicketMessage {
  replyId: number;
  author: "customer" | "staff";
  name: string;
  writtenAt: string;
  text: string;
}

interface TicketRow {
  id: number;
  number: string;
  department: number;
  subject: string;
  state: string;
  lastReply: string;
  messages: readonly TicketMessage[];
}

/** How tickets stood when they were last read, by their numbers there. */
export async function ticketMarks(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: number; mark: string }>`
    SELECT ticket_id AS id, last_reply || ' ' || state AS mark FROM billing_ticket WHERE ticket_id = ANY(${[...ids]}::bigint[])
    ORDER BY ticket_id`.execute(db);
  return new Map(rows.map(({ id, mark }) => [id, mark]));
}

export const ticketMark = ({ lastReply, state }: Pick<TicketRow, "lastReply" | "state">): string => `${lastReply} ${state}`;

/** Keeps a ticket and what was written in it; answers the messages that are new. */
export async function keepTicket(trx: Trx, customerId: Id, ticket: TicketRow, now: Instant): Promise<TicketMessage[]> {
  await sql`
    INSERT INTO billing_ticket (customer_id, ticket_id, number, department, subject, state, last_reply, read_at)
    VALUES (${customerId}, ${ticket.id}, ${ticket.number}, ${ticket.department}, ${ticket.subject}, ${ticket.state}, ${ticket.lastReply}, ${ts(now)})
    ON CONFLICT (customer_id, ticket_id) DO UPDATE SET department = excluded.department, subject = excluded.subject, state = excluded.state,
      last_reply = excluded.last_reply, read_at = excluded.read_at`.execute(trx);
  const { messages } = ticket;
  if (messages.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    INSERT INTO billing_ticket_message (customer_id, ticket_id, reply_id, author, name, written_at, text)
    SELECT ${customerId}::bigint, ${ticket.id}::bigint, u.* FROM unnest(${messages.map((m) => m.replyId)}::bigint[],
      ${messages.map((m) => m.author)}::text[], ${messages.map((m) => m.name)}::text[], ${messages.map((m) => m.writtenAt)}::text[],
      ${messages.map((m) => m.text)}::text[]) AS u
    ON CONFLICT (customer_id, ticket_id, reply_id) DO NOTHING RETURNING reply_id AS id -- unordered: a set`.execute(trx);
  const fresh = new Set(rows.map(({ id }) => id));
  return messages.filter(({ replyId }) => fresh.has(replyId));
}

export interface KeptTicket extends TicketRow {
  messages: TicketMessage[];
}

/** A customer's tickets, the one last written in first, each with its messages in order. */
export async function ticketsOf(db: Db, customerId: Id, limit: number): Promise<KeptTicket[]> {
  const { rows: heads } = await sql<Omit<KeptTicket, "messages">>`
    SELECT ticket_id AS id, number, department, subject, state, last_reply AS "lastReply" FROM billing_ticket
    WHERE customer_id = ${customerId} ORDER BY last_reply DESC, ticket_id DESC LIMIT ${limit}`.execute(db);
  const { rows } = await sql<TicketMessage & { ticketId: number }>`
    SELECT ticket_id AS "ticketId", reply_id AS "replyId", author, name, written_at AS "writtenAt", text FROM billing_ticket_message
    WHERE customer_id = ${customerId} AND ticket_id = ANY(${heads.map(({ id }) => id)}::bigint[]) ORDER BY ticket_id, reply_id`.execute(db);
  return heads.map((head) => ({
    ...head,
    messages: rows.filter(({ ticketId }) => ticketId === head.id).map(({ ticketId: _, ...message }) => message),
  }));
}

export type HookKind = "invoice" | "ticket" | "cancellation" | "question";

export interface HookEvent {
  nonce: string;
  event: string;
  kind: HookKind;
  billingId: number;
  details: { type?: string; reason?: string };
}

/** Keeps a call; false when its nonce came before. A question is answered on the spot, and kept for its nonce alone. */
export async function keepHook(db: Db, hook: HookEvent, now: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`
    INSERT INTO billing_hook (nonce, event, kind, billing_id, details, state, not_before, received_at)
    VALUES (${hook.nonce}, ${hook.event}, ${hook.kind}, ${hook.billingId}, ${JSON.stringify(hook.details)}::jsonb,
      ${hook.kind === "question" ? "done" : "waiting"}, ${ts(now)}, ${ts(now)})
    ON CONFLICT (nonce) DO NOTHING`.execute(db);
  return Number(numAffectedRows ?? 0) === 1;
}

/** Takes calls that wait, for this process alone until then. */
export async function takeHooks(
  db: Db,
  take: { now: Instant; until: Instant; limit: number },
): Promise<(HookEvent & { attempts: number })[]> {
  const { rows: some } = await sql<{ nonce: string }>`
    SELECT nonce FROM billing_hook WHERE state = 'waiting' AND not_before <= ${ts(take.now)} ORDER BY not_before, nonce
    LIMIT ${take.limit}`.execute(db);
  if (some.length === 0) return [];
  const { rows } = await sql<HookEvent & { attempts: number }>`
    UPDATE billing_hook SET not_before = ${ts(take.until)}, attempts = attempts + 1
    WHERE nonce = ANY(${some.map(({ nonce }) => nonce)}::text[]) AND state = 'waiting' AND not_before <= ${ts(take.now)}
    RETURNING nonce, event, kind, billing_id AS "billingId", details, attempts -- unordered: sorted below`.execute(db);
  return rows.sort((a, b) => (a.nonce < b.nonce ? -1 : 1));
}

/** `notBefore` null: it is over. */
export async function endHook(db: Db, nonce: string, end: { answer: string | null; notBefore: Instant | null }): Promise<void> {
  await sql`
    UPDATE billing_hook SET state = ${end.notBefore === null ? "done" : "waiting"}, answer = ${end.answer?.slice(0, 500) ?? null},
      not_before = COALESCE(${end.notBefore === null ? null : ts(end.notBefore)}::timestamptz, not_before)
    WHERE nonce = ${nonce}`.execute(db);
}

/** A nonce outlives the minutes in which its call could come again. */
export async function purgeHooks(db: Db, before: Instant): Promise<number> {
  const gone = await sql`DELETE FROM billing_hook WHERE received_at < ${ts(before)} AND state = 'done'`.execute(db);
  return Number(gone.numAffectedRows);
}
