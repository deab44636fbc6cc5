// Reads what a customer paid, promised and asked for before: the past that decides about more time.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { PastPromise, Past } from "../policy/history.ts";
import type { Db } from "./database.ts";

interface ServiceRow {
  id: Id;
  ref: string;
  price: Cents | null;
  asked: Instant | null;
  open: boolean;
}

/**
 * The past of one customer and the monthly price of each service that has one; five statements, whatever the customer's age. An invoice
 * settled without a receipt (imported as paid) counts as paid on the local day it was settled. Null: no such customer.
 */
export async function readHistory(
  db: Db,
  customerId: Id,
  zone: { id: string },
): Promise<{ past: Past; prices: ReadonlyMap<Id, Cents> } | null> {
  const { rows } = await sql<{ since: Day; barred: string | null }>`
    SELECT since, release_barred AS barred FROM customer WHERE customer_id = ${customerId} -- one row`.execute(db);
  const [customer] = rows;
  if (!customer) return null;
  const services = await readServices(db, customerId);
  const past: Past = {
    since: customer.since,
    barred: customer.barred,
    paid: await readPaid(db, customerId, zone.id),
    promises: await readPromises(db, customerId),
    cancellations: services.flatMap(({ ref, asked, open }) => (asked === null ? [] : [{ service: ref, askedAt: asked, open }])),
    contradictedAt: await readContradicted(db, customerId),
  };
  return { past, prices: new Map(services.flatMap(({ id, price }) => (price === null ? [] : [[id, price]]))) };
}

async function readPaid(db: Db, customerId: Id, zone: string): Promise<Past["paid"]> {
  const { rows } = await sql<{ dueOn: Day; paidOn: Day | null }>`
    SELECT i.due_on AS "dueOn", COALESCE(max(r.paid_on), (i.settled_at AT TIME ZONE ${zone})::date) AS "paidOn"
    FROM invoice i
      LEFT JOIN allocation a ON a.customer_id = i.customer_id AND a.invoice_id = i.invoice_id AND a.amount_cents > 0
      LEFT JOIN receipt r ON r.customer_id = a.customer_id AND r.receipt_id = a.receipt_id
    WHERE i.customer_id = ${customerId} AND i.state = 'paid'
    GROUP BY i.customer_id, i.invoice_id ORDER BY i.due_on, i.invoice_id`.execute(db);
  return rows;
}

async function readPromises(db: Db, customerId: Id): Promise<PastPromise[]> {
  const { rows } = await sql<PastPromise>`
    SELECT protocol, kind, state, granted_at AS "grantedAt", until, ended_at AS "endedAt", over_weekend AS "overWeekend"
    FROM promise WHERE customer_id = ${customerId} ORDER BY granted_at, promise_id`.execute(db);
  return rows;
}

/** Terminated services too: who left after a release is known by them. */
async function readServices(db: Db, customerId: Id): Promise<ServiceRow[]> {
  const { rows } = await sql<ServiceRow>`
    SELECT service_id AS id, ref, price_cents AS price, COALESCE(cancel_asked_at, cancel_on::timestamp AT TIME ZONE 'UTC') AS asked,
      terminated_at IS NULL AS open
    FROM service WHERE customer_id = ${customerId} ORDER BY service_id`.execute(db);
  return rows;
}

async function readContradicted(db: Db, customerId: Id): Promise<Instant[]> {
  const { rows } = await sql<{ at: Instant }>`
    SELECT COALESCE(ended_at, received_at) AS at FROM claim
    WHERE customer_id = ${customerId} AND state = 'contradicted' ORDER BY at, claim_id`.execute(db);
  return rows.map((row) => row.at);
}
