// What gateways told, as rows: payments as last believed, verified events each once, forged ones counted, and how far each was read.
import { sql } from "kysely";
import type { Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { PaidBy, Told } from "../ledger/told.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface GatewayPaymentRow extends Told {
  gateway: string;
  externalId: string;
  paymentId: string;
  chargeId: string | null;
  currency: Currency;
  paidOn: Day;
  method: PaidBy;
}

/** Takes a payment for this transaction, so that two readings of it follow one another; answers what was believed before, or null. */
export async function takePayment(trx: Trx, row: GatewayPaymentRow): Promise<Told | null> {
  const { gateway, externalId, paymentId, chargeId, amount, currency, phase, refunded, chargedBack, paidOn, askedAt, method } = row;
  const inserted = await sql`
    INSERT INTO gateway_payment (gateway, external_id, payment_id, charge_id, amount_cents, currency, phase, refunded_cents, charged_back,
      paid_on, asked_at, method)
    VALUES (${gateway}, ${externalId}, ${paymentId}, ${chargeId}, ${amount}, ${currency}, ${phase}, ${refunded}, ${chargedBack},
      ${formatDay(paidOn)}, ${ts(askedAt)}, ${method})
    ON CONFLICT (gateway, external_id) DO NOTHING`.execute(trx);
  if (Number(inserted.numAffectedRows) === 1) return null;
  const { rows } = await sql<Told>`
    SELECT amount_cents AS amount, phase, refunded_cents AS refunded, charged_back AS "chargedBack", asked_at AS "askedAt"
    FROM gateway_payment WHERE gateway = ${gateway} AND external_id = ${externalId} FOR UPDATE -- one row`.execute(trx);
  return rows[0] ?? null;
}

/** Takes payments that nothing was believed of before; answers how many of them were. */
export async function takePayments(trx: Trx, some: readonly GatewayPaymentRow[]): Promise<number> {
  // In one order everywhere, so that two who take the same payments never wait for each other crosswise.
  const rows = [...some].sort((a, b) => (`${a.gateway} ${a.externalId}` < `${b.gateway} ${b.externalId}` ? -1 : 1));
  const of = <T>(value: (row: GatewayPaymentRow) => T): T[] => rows.map(value);
  const inserted = await sql`
    INSERT INTO gateway_payment (gateway, external_id, payment_id, charge_id, amount_cents, currency, phase, refunded_cents, charged_back,
      paid_on, asked_at, method)
    SELECT * FROM unnest(${of((r) => r.gateway)}::text[], ${of((r) => r.externalId)}::text[], ${of((r) => r.paymentId)}::text[],
      ${of((r) => r.chargeId)}::text[], ${of((r) => r.amount)}::bigint[], ${of((r) => r.currency)}::text[], ${of((r) => r.phase)}::text[],
      ${of((r) => r.refunded)}::bigint[], ${of((r) => r.chargedBack)}::bool[], ${of((r) => formatDay(r.paidOn))}::date[],
      ${of((r) => ts(r.askedAt))}::timestamptz[], ${of((r) => r.method)}::text[]) -- unordered: an insert
    ON CONFLICT (gateway, external_id) DO NOTHING`.execute(trx);
  return Number(inserted.numAffectedRows);
}

export async function rememberPayment(trx: Trx, key: { gateway: string; externalId: string }, told: Told): Promise<void> {
  await sql`
    UPDATE gateway_payment SET phase = ${told.phase}, refunded_cents = ${told.refunded}, charged_back = ${told.chargedBack},
      asked_at = ${ts(told.askedAt)}
    WHERE gateway = ${key.gateway} AND external_id = ${key.externalId}`.execute(trx);
}

export interface Event {
  gateway: string;
  eventId: string;
  kind: string;
  hints: readonly { kind: "payment" | "charge"; id: string }[];
}

/** The name of an event. */
export interface EventName {
  gateway: string;
  eventId: string;
}

/**
 * Keeps events; answers those that were not delivered before, each once. `notBefore`: until then whoever took them in works on them.
 */
export async function insertEvents(db: Db, events: readonly Event[], now: Instant, notBefore: Instant): Promise<EventName[]> {
  const ended = events.map(({ hints }) => hints.length === 0);
  const { rows } = await sql<EventName>`
    INSERT INTO hook_event (gateway, event_id, kind, hints, state, not_before, received_at, ended_at, answer)
    SELECT gateway, event_id, kind, hints, CASE WHEN ended THEN 'done' ELSE 'waiting' END, ${ts(notBefore)}::timestamptz, ${ts(now)}::timestamptz,
      CASE WHEN ended THEN ${ts(now)}::timestamptz END, CASE WHEN ended THEN 'nothing to read' END
    FROM unnest(${events.map((e) => e.gateway)}::text[], ${events.map((e) => e.eventId)}::text[], ${events.map((e) => e.kind)}::text[],
      ${events.map((e) => JSON.stringify(e.hints))}::jsonb[], ${ended}::bool[]) AS u (gateway, event_id, kind, hints, ended)
    ON CONFLICT (gateway, event_id) DO NOTHING RETURNING gateway, event_id AS "eventId" -- unordered: looked up by name`.execute(db);
  return rows;
}

/** Takes events that nobody worked off, oldest first; nobody else takes them until then. */
export async function takeEvents(db: Db, take: { now: Instant; until: Instant; limit: number }): Promise<(Event & { attempts: number })[]> {
  const due = await sql<{ gateway: string; eventId: string }>`
    SELECT gateway, event_id AS "eventId" FROM hook_event WHERE state = 'waiting' AND not_before <= ${ts(take.now)}
    ORDER BY not_before, gateway, event_id LIMIT ${take.limit}`.execute(db);
  if (due.rows.length === 0) return [];
  const { rows } = await sql<Event & { attempts: number }>`
    UPDATE hook_event e SET not_before = ${ts(take.until)}
    FROM unnest(${due.rows.map((d) => d.gateway)}::text[], ${due.rows.map((d) => d.eventId)}::text[]) AS d (gateway, event_id)
    WHERE e.gateway = d.gateway AND e.event_id = d.event_id AND e.state = 'waiting' AND e.not_before <= ${ts(take.now)}
    RETURNING e.gateway, e.event_id AS "eventId", e.kind, e.hints, e.attempts
    -- unordered: sorted below`.execute(db);
  return rows.sort((a, b) => (`${a.gateway} ${a.eventId}` < `${b.gateway} ${b.eventId}` ? -1 : 1));
}

export async function endEvents(
  db: Db,
  events: readonly { gateway: string; eventId: string }[],
  answer: string,
  now: Instant,
): Promise<void> {
  await sql`
    UPDATE hook_event e SET state = 'done', attempts = e.attempts + 1, ended_at = ${ts(now)}, answer = ${answer}
    FROM unnest(${events.map((e) => e.gateway)}::text[], ${events.map((e) => e.eventId)}::text[]) AS u (gateway, event_id)
    WHERE e.gateway = u.gateway AND e.event_id = u.event_id AND e.state = 'waiting'`.execute(db);
}

/** It is tried again then. */
export async function putOffEvents(
  db: Db,
  events: readonly { gateway: string; eventId: string }[],
  answer: string,
  notBefore: Instant,
): Promise<void> {
  await sql`
    UPDATE hook_event e SET attempts = e.attempts + 1, not_before = ${ts(notBefore)}, answer = ${answer.slice(0, 500)}
    FROM unnest(${events.map((e) => e.gateway)}::text[], ${events.map((e) => e.eventId)}::text[]) AS u (gateway, event_id)
    WHERE e.gateway = u.gateway AND e.event_id = u.event_id AND e.state = 'waiting'`.execute(db);
}

/** All that is kept of a delivery that was not the gateway's. */
export async function countForged(db: Db, gateway: string, day: Day, count: number): Promise<void> {
  await sql`
    INSERT INTO hook_count (gateway, day, forged) VALUES (${gateway}, ${formatDay(day)}, ${count})
    ON CONFLICT (gateway, day) DO UPDATE SET forged = hook_count.forged + excluded.forged`.execute(db);
}

export interface Cursor {
  gateway: string;
  /** Where the very first poll begins. */
  since: Instant;
  cursor: string | null;
  failures: number;
}

/**
 * Takes a gateway's poll when its time has come, for this process alone until then; null: it is not due, or another has it.
 * A gateway seen for the first time begins here.
 */
export async function takePoll(db: Db, gateway: string, take: { now: Instant; until: Instant; since: Instant }): Promise<Cursor | null> {
  await sql`
    INSERT INTO gateway_cursor (gateway, since, not_before) VALUES (${gateway}, ${ts(take.since)}, ${ts(take.now)})
    ON CONFLICT (gateway) DO NOTHING`.execute(db);
  const { rows } = await sql<Cursor>`
    UPDATE gateway_cursor SET not_before = ${ts(take.until)} WHERE gateway = ${gateway} AND not_before <= ${ts(take.now)}
    RETURNING gateway, since, cursor, failures -- one row`.execute(db);
  return rows[0] ?? null;
}

/** The cursor moves on when what was read before it is stored. */
export async function movePoll(
  db: Db,
  gateway: string,
  moved: { cursor: string | null; now: Instant; notBefore: Instant; failures: number; answer: string | null },
): Promise<void> {
  await sql`
    UPDATE gateway_cursor SET cursor = COALESCE(${moved.cursor}, cursor), polled_at = ${ts(moved.now)}, not_before = ${ts(moved.notBefore)},
      failures = ${moved.failures}, answer = ${moved.answer === null ? null : moved.answer.slice(0, 500)}
    WHERE gateway = ${gateway}`.execute(db);
}

/** Answers how many went. What was told is in the books; the event says only that it was told. */
export async function purgeEvents(db: Db, before: Instant): Promise<number> {
  const gone = await sql`DELETE FROM hook_event WHERE received_at < ${ts(before)} AND state = 'done'`.execute(db);
  return Number(gone.numAffectedRows);
}
