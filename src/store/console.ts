// What the console's lists and first page are made of: pages found by index, and sums over what is open or happened lately. Reads only.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { idArray } from "./columns.ts";
import { ts, type Db } from "./database.ts";
import { findByWords } from "./search.ts";

export const MATTER_FILTERS = ["all", "owing", "late", "suspended", "attention", "promised"] as const;
export type MatterFilter = (typeof MATTER_FILTERS)[number];

export interface MatterPage {
  filter: MatterFilter;
  /** Of the invoice open longest, for `owing` and `late`. */
  dueFrom: Day | null;
  dueThrough: Day | null;
  /** The place of the last row of the page before; `due` where the order is by it. */
  after: { id: Id; due: Day | null } | null;
  limit: number;
  /** A query over the search terms; null: everybody. */
  query: string | null;
}

/** Ids of a page, with the day that orders it. */
export async function pageMatters(db: Db, page: MatterPage): Promise<{ id: Id; due: Day | null }[]> {
  return page.query === null && (page.filter === "owing" || page.filter === "late") ? pageByDue(db, page) : pageById(db, page);
}

/** Who owes longest comes first: along the index of open invoices, each customer at the first of theirs. */
async function pageByDue(db: Db, { dueFrom, dueThrough, after, limit }: MatterPage): Promise<{ id: Id; due: Day | null }[]> {
  const { rows } = await sql<{ id: Id; due: Day }>`
    SELECT i.customer_id AS id, i.due_on AS due FROM invoice i
    WHERE i.state = 'open'
      ${dueFrom === null ? sql`` : sql`AND i.due_on >= ${formatDay(dueFrom)}::date`}
      ${dueThrough === null ? sql`` : sql`AND i.due_on <= ${formatDay(dueThrough)}::date`}
      ${after === null ? sql`` : sql`AND (i.due_on, i.customer_id) > (${formatDay(after.due ?? 0)}::date, ${after.id}::bigint)`}
      AND NOT EXISTS (
        SELECT 1 FROM invoice e WHERE e.customer_id = i.customer_id AND e.state = 'open' AND (e.due_on, e.invoice_id) < (i.due_on, i.invoice_id))
    ORDER BY i.due_on, i.customer_id LIMIT ${limit}`.execute(db);
  return rows;
}

async function pageById(db: Db, page: MatterPage): Promise<{ id: Id; due: null }[]> {
  const after = page.after?.id ?? 0;
  const few = page.query === null ? null : await findByWords(db, page.query, after);
  if (few?.length === 0) return [];
  const first = sourceOf(page, after, few);
  const { rows } = await sql<{ id: Id }>`
    SELECT id FROM (
      ${first}
    ) found ORDER BY id LIMIT ${page.limit}`.execute(db);
  return rows.map(({ id }) => ({ id, due: null }));
}

const OPEN = (page: MatterPage) => sql`
  EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = x.customer_id AND i.state = 'open'
    ${page.dueFrom === null ? sql`` : sql`AND i.due_on >= ${formatDay(page.dueFrom)}::date`}
    ${page.dueThrough === null ? sql`` : sql`AND i.due_on <= ${formatDay(page.dueThrough)}::date`})`;
const DOWN = sql`
  EXISTS (SELECT 1 FROM service s WHERE s.customer_id = x.customer_id AND s.terminated_at IS NULL
    AND (s.desired = 'suspended' OR s.actual = 'suspended'))`;
const ASKS = sql`EXISTS (SELECT 1 FROM customer c WHERE c.customer_id = x.customer_id AND (c.attention <> '{}' OR c.fault IS NOT NULL))`;
const PROMISED = sql`EXISTS (SELECT 1 FROM promise p WHERE p.customer_id = x.customer_id AND p.state = 'running')`;

/** Each filter starts from the index that holds only its rows; with a search, from the search's. */
function sourceOf(page: MatterPage, after: Id, few: readonly Id[] | null) {
  const { filter, query, limit } = page;
  if (query !== null) {
    const and = { all: sql`true`, owing: OPEN(page), late: OPEN(page), suspended: DOWN, attention: ASKS, promised: PROMISED }[filter];
    if (few !== null)
      return sql`SELECT x.customer_id AS id FROM unnest(${idArray(few)}::bigint[]) AS x (customer_id) WHERE ${and} -- unordered: the outer query orders`;
    return sql`SELECT x.customer_id AS id FROM customer_search x WHERE x.terms @@ ${query}::tsquery AND x.customer_id > ${after} AND ${and}
      -- unordered: the outer query orders`;
  }
  if (filter === "suspended")
    return sql`SELECT DISTINCT customer_id AS id FROM service
      WHERE terminated_at IS NULL AND (desired = 'suspended' OR actual = 'suspended') AND customer_id > ${after}
      -- unordered: the outer query orders`;
  if (filter === "attention")
    return sql`SELECT customer_id AS id FROM customer WHERE (attention <> '{}' OR fault IS NOT NULL) AND customer_id > ${after}
      -- unordered: the outer query orders`;
  if (filter === "promised")
    return sql`SELECT DISTINCT customer_id AS id FROM promise WHERE state = 'running' AND customer_id > ${after}
      -- unordered: the outer query orders`;
  return sql`SELECT customer_id AS id FROM customer WHERE customer_id > ${after} ORDER BY customer_id LIMIT ${limit}`;
}

export interface TodayCounts {
  customers: number;
  lateCustomers: number;
  lateCents: Cents;
  openCents: Cents;
  suspendedServices: number;
  attention: number;
  claims: number;
  waitingMoney: number;
  waitingCents: Cents;
  promisesRunning: number;
  promisesDue: number;
  proposals: number;
  /** Invoices whose giving up waits for a second person. */
  writeOffs: number;
  undeliverable: number;
  /** Webhooks that were stopped, since nobody answered or wanted them. */
  webhooksStopped: number;
  outboxOpen: number;
}

/** `dueThrough`: the last due date that is past due; `dayEnd`: the end of tomorrow; `since`: from when undeliverable messages count. */
export async function countToday(db: Db, ask: { dueThrough: Day; dayEnd: Instant; since: Instant }): Promise<TodayCounts> {
  const { rows } = await sql<TodayCounts>`
    SELECT (SELECT CASE WHEN reltuples < 10000 THEN (SELECT count(*) FROM customer) ELSE reltuples::bigint END
        FROM pg_class WHERE oid = 'customer'::regclass) AS customers,
      late.customers AS "lateCustomers", late.cents AS "lateCents",
      (SELECT COALESCE(sum(amount_cents - paid_cents), 0)::bigint FROM invoice WHERE state = 'open') AS "openCents",
      (SELECT count(*) FROM service WHERE terminated_at IS NULL AND (desired = 'suspended' OR actual = 'suspended')) AS "suspendedServices",
      (SELECT count(*) FROM customer WHERE attention <> '{}' OR fault IS NOT NULL) AS attention,
      (SELECT count(*) FROM claim WHERE state = 'under_review') AS claims,
      (SELECT count(*) FROM waiting_money WHERE state = 'waiting') AS "waitingMoney",
      (SELECT COALESCE(sum(amount_cents - returned_cents), 0)::bigint FROM waiting_money WHERE state = 'waiting') AS "waitingCents",
      (SELECT count(*) FROM promise WHERE state = 'running') AS "promisesRunning",
      (SELECT count(*) FROM promise WHERE state = 'running' AND until < ${ts(ask.dayEnd)}) AS "promisesDue",
      (SELECT count(*) FROM termination WHERE state = 'proposed') AS proposals,
      (SELECT count(*) FROM write_off WHERE state = 'proposed') AS "writeOffs",
      (SELECT count(*) FROM notice WHERE state = 'undeliverable' AND decided_at >= ${ts(ask.since)}) AS undeliverable,
      (SELECT count(*) FROM webhook_endpoint WHERE state = 'stopped') AS "webhooksStopped",
      (SELECT count(*) FROM outbox WHERE state = 'open') AS "outboxOpen"
    FROM (
      SELECT count(*) AS customers, COALESCE(sum(cents), 0)::bigint AS cents FROM (
        SELECT customer_id, sum(amount_cents - paid_cents) AS cents FROM invoice
        WHERE state = 'open' AND due_on <= ${formatDay(ask.dueThrough)}::date GROUP BY customer_id -- unordered: summed
      ) each
    ) late -- one row`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("counts without a row");
  return row;
}

export interface Range {
  from: Instant;
  to: Instant;
}

/** Money received on each day of a range, by the day it was recorded in the provider's zone. `to` is not of the range. */
export async function receivedByDay(
  db: Db,
  { from, to }: Range,
  zone: { id: string },
): Promise<{ day: Day; cents: Cents; receipts: number }[]> {
  const { rows } = await sql<{ day: Day; cents: Cents; receipts: number }>`
    SELECT (recorded_at AT TIME ZONE ${zone.id})::date AS day, sum(amount_cents - refunded_cents)::bigint AS cents, count(*) AS receipts
    FROM receipt WHERE recorded_at >= ${ts(from)} AND recorded_at < ${ts(to)} GROUP BY 1 ORDER BY 1`.execute(db);
  return rows;
}

/** Of money that came in a range, what was paid after the due date: what the ladder brought back. */
export async function recoveredIn(db: Db, { from, to }: Range): Promise<{ cents: Cents; invoices: number }> {
  const { rows } = await sql<{ cents: Cents; invoices: number }>`
    SELECT COALESCE(sum(a.amount_cents), 0)::bigint AS cents, count(DISTINCT (a.customer_id, a.invoice_id)) AS invoices
    FROM receipt r
      JOIN allocation a ON a.customer_id = r.customer_id AND a.receipt_id = r.receipt_id
      JOIN invoice i ON i.customer_id = a.customer_id AND i.invoice_id = a.invoice_id
    WHERE r.recorded_at >= ${ts(from)} AND r.recorded_at < ${ts(to)} AND r.paid_on > i.due_on AND a.amount_cents > 0 -- one row`.execute(
    db,
  );
  return rows[0] ?? { cents: 0, invoices: 0 };
}

/** Messages since an instant, by step and how they ended. */
export async function noticesSince(db: Db, from: Instant): Promise<{ step: string; state: string; count: number }[]> {
  const { rows } = await sql<{ step: string; state: string; count: number }>`
    SELECT n.step, n.state, count(*) AS count
    FROM outbox o JOIN notice n ON n.customer_id = o.customer_id AND n.outbox_id = o.outbox_id
    WHERE o.kind = 'message' AND o.decided_at >= ${ts(from)} AND n.state <> 'superseded' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`.execute(db);
  return rows;
}

export interface PromiseListed {
  customer: string;
  name: string;
  protocol: string;
  kind: "release" | "postponement" | "courtesy";
  state: "running" | "kept" | "broken" | "cancelled";
  owedCents: Cents;
  reason: string;
  askedBy: string;
  owner: string;
  grantedAt: Instant;
  until: Instant;
  endedAt: Instant | null;
  overWeekend: boolean;
}

/** Promises that run, the first to end first; or those that ended last. */
export async function promisesIn(db: Db, state: "running" | "ended", limit: number): Promise<PromiseListed[]> {
  const [which, order] =
    state === "running"
      ? [sql`p.state = 'running'`, sql`p.until, p.promise_id`]
      : [sql`p.ended_at IS NOT NULL`, sql`p.ended_at DESC, p.promise_id`];
  const { rows } = await sql<PromiseListed>`
    SELECT c.ref AS customer, c.name, p.protocol, p.kind, p.state, p.owed_cents AS "owedCents", p.reason, p.asked_by AS "askedBy", p.owner,
      p.granted_at AS "grantedAt", p.until, p.ended_at AS "endedAt", p.over_weekend AS "overWeekend"
    FROM promise p JOIN customer c ON c.customer_id = p.customer_id WHERE ${which}
    ORDER BY ${order} LIMIT ${limit}`.execute(db);
  return rows;
}

/** Kept and broken, by how many days were promised, and whether over a weekend. */
export async function promiseOutcomes(db: Db): Promise<{ days: number; weekend: boolean; kept: number; broken: number; cents: Cents }[]> {
  const { rows } = await sql<{ days: number; weekend: boolean; kept: number; broken: number; cents: Cents }>`
    SELECT GREATEST(1, ceil(extract(epoch FROM until - granted_at) / 86400))::int AS days, over_weekend AS weekend,
      count(*) FILTER (WHERE state = 'kept') AS kept, count(*) FILTER (WHERE state = 'broken') AS broken,
      COALESCE(sum(owed_cents) FILTER (WHERE state = 'broken'), 0)::bigint AS cents
    FROM promise WHERE state IN ('kept', 'broken') GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  return rows;
}
