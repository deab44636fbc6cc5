// Events on their way to other systems: written with the fact they tell, taken under a lease, ended with the receiver's word.
import { sql, type RawBuilder } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { columnsOf } from "./columns.ts";
import { ts, tsOrNull, type Db, type Trx } from "./database.ts";

export interface DeliveryInsert {
  /** The same at every endpoint and at every attempt. */
  eventId: string;
  endpoint: string;
  event: string;
  body: string;
  /** The entry of the customer's evidence that tells it. */
  entry: number;
}

const columns = columnsOf({
  timestamptz: ["at"],
  text: ["eventId", "endpoint", "event", "body"],
  int8: ["customer"],
  int4: ["entry"],
});

/** The statement for all of them; none where nobody listens. */
export function insertDeliveries(
  changes: readonly { customerId: Id; at: Instant; deliveries: readonly DeliveryInsert[] }[],
): RawBuilder<unknown>[] {
  if (changes.every(({ deliveries }) => deliveries.length === 0)) return [];
  const c = columns("customer", "eventId", "endpoint", "event", "body", "entry", "at");
  for (const { customerId, at, deliveries } of changes) for (const row of deliveries) c.add({ customer: customerId, at, ...row });
  const { col } = c;
  return [
    sql`
    INSERT INTO webhook_delivery (customer_id, event_id, endpoint, event, body, entry, made_at)
    SELECT * FROM unnest(${col.customer}::bigint[], ${col.eventId}::text[], ${col.endpoint}::text[], ${col.event}::text[], ${col.body}::text[],
      ${col.entry}::int[], ${col.at}::timestamptz[]) -- unordered: an insert`,
  ];
}

export interface DeliveryKey {
  customerId: Id;
  eventId: string;
}

export interface TakenDelivery extends DeliveryKey {
  event: string;
  body: string;
  /** Attempts before this one. */
  attempts: number;
}

interface Ask {
  endpoint: string;
  token: string;
  now: Instant;
  until: Instant;
  limit: number;
}

const FREE = (now: Instant) => sql`d.state = 'open' AND (d.not_before IS NULL OR d.not_before <= ${ts(now)})
  AND (d.lease_until IS NULL OR d.lease_until < ${ts(now)})`;

/**
 * Takes what may go to an endpoint now, what was never tried first. A row whose lease ran out was perhaps sent: it counts an attempt whose
 * end nobody knows. In two statements, since rows of many customers cannot be locked by SELECT where they lie on many machines.
 */
export async function takeDeliveries(trx: Trx, ask: Ask): Promise<TakenDelivery[]> {
  const { rows: found } = await sql<DeliveryKey>`
    SELECT customer_id AS "customerId", event_id AS "eventId" FROM webhook_delivery d
    WHERE d.endpoint = ${ask.endpoint} AND ${FREE(ask.now)}
    ORDER BY d.attempts, d.made_at, d.customer_id, d.entry, d.event_id LIMIT ${ask.limit}`.execute(trx);
  if (found.length === 0) return [];
  const { rows } = await sql<TakenDelivery & { madeAt: Instant; entry: number }>`
    UPDATE webhook_delivery d SET lease = ${ask.token}, lease_until = ${ts(ask.until)}, attempts = d.attempts + (d.lease IS NOT NULL)::int,
      unknowns = d.unknowns + (d.lease IS NOT NULL)::int
    FROM unnest(${found.map((row) => row.customerId)}::bigint[], ${found.map((row) => row.eventId)}::text[]) AS u (customer, event_id)
    WHERE d.customer_id = u.customer AND d.event_id = u.event_id AND d.endpoint = ${ask.endpoint} AND ${FREE(ask.now)}
    RETURNING d.customer_id AS "customerId", d.event_id AS "eventId", d.event, d.body, d.attempts, d.made_at AS "madeAt", d.entry
    -- unordered: sorted below`.execute(trx);
  rows.sort((a, b) => a.attempts - b.attempts || a.madeAt - b.madeAt || a.customerId - b.customerId || a.entry - b.entry);
  return rows.map(({ customerId, eventId, event, body, attempts }) => ({ customerId, eventId, event, body, attempts }));
}

/** Gives back what was taken and never sent. */
export async function releaseDeliveries(db: Db, endpoint: string, token: string): Promise<void> {
  await sql`UPDATE webhook_delivery SET lease = NULL, lease_until = NULL WHERE endpoint = ${endpoint} AND lease = ${token}`.execute(db);
}

export interface DeliveryEnd extends DeliveryKey {
  endpoint: string;
  state: "open" | "done" | "given_up";
  unknown: boolean;
  notBefore: Instant | null;
  answer: string;
  endedAt: Instant | null;
}

/** False: the lease was lost meanwhile; its successor's word counts. */
export async function endDelivery(trx: Trx, token: string, end: DeliveryEnd): Promise<boolean> {
  const done = await sql`
    UPDATE webhook_delivery SET state = ${end.state}, lease = NULL, lease_until = NULL, attempts = attempts + 1,
      unknowns = unknowns + ${end.unknown ? 1 : 0}, not_before = ${tsOrNull(end.notBefore)}, answer = ${end.answer}, ended_at = ${tsOrNull(end.endedAt)}
    WHERE customer_id = ${end.customerId} AND event_id = ${end.eventId} AND endpoint = ${end.endpoint} AND lease = ${token}`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** What was given up goes again, and what waits for its next attempt goes at once. */
export async function reopenDeliveries(trx: Trx, endpoint: string): Promise<void> {
  await sql`
    UPDATE webhook_delivery SET state = 'open', attempts = 0, not_before = NULL, ended_at = NULL
    WHERE endpoint = ${endpoint} AND state IN ('open', 'given_up')`.execute(trx);
}

export async function dropDeliveries(trx: Trx, endpoint: string): Promise<void> {
  await sql`DELETE FROM webhook_delivery WHERE endpoint = ${endpoint}`.execute(trx);
}

/** What ended before an instant, and has no use any more. */
export async function purgeDeliveries(db: Db, doneBefore: Instant, givenUpBefore: Instant): Promise<void> {
  await sql`DELETE FROM webhook_delivery
    WHERE (state = 'done' AND ended_at < ${ts(doneBefore)}) OR (state = 'given_up' AND ended_at < ${ts(givenUpBefore)})`.execute(db);
}

/** How many wait and how many were given up, by endpoint. */
export async function countDeliveries(db: Db): Promise<{ endpoint: string; open: number; givenUp: number }[]> {
  const { rows } = await sql<{ endpoint: string; open: number; givenUp: number }>`
    SELECT endpoint, count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'given_up') AS "givenUp"
    FROM webhook_delivery WHERE state <> 'done' GROUP BY endpoint ORDER BY endpoint`.execute(db);
  return rows;
}
