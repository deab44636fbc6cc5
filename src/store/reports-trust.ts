// Sums for the reports on trust: how releases end, what weekends cost, who pays on the last day, and proofs that the bank did not bear out. Reads only.
import { sql } from "kysely";
import type { Cents } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { LastDays } from "../policy/last-day.ts";
import type { Range } from "./console.ts";
import { ts, type Db } from "./database.ts";

/** `to` is not of the range; `zone`: the provider's, in which its days and months begin. */
export interface LocalRange extends Range {
  zone: { id: string };
}

/** Promises by the instant they were granted, payment proofs by the instant they were received. */
const RELEASES = ({ from, to, zone }: LocalRange) => sql`
  SELECT p.customer_id, 'promise' AS what, p.granted_at AS at, p.granted_at AT TIME ZONE ${zone.id} AS local_at, p.until, p.ended_at, p.state AS outcome,
    p.owed_cents AS cents, p.protocol AS ref, p.promise_id AS id
  FROM promise p WHERE p.granted_at >= ${ts(from)} AND p.granted_at < ${ts(to)}
  UNION ALL
  SELECT k.customer_id, 'claim', k.received_at, k.received_at AT TIME ZONE ${zone.id}, k.review_until, k.ended_at, k.state, i.amount_cents, i.ref, k.claim_id
  FROM claim k JOIN invoice i ON i.customer_id = k.customer_id AND i.invoice_id = k.invoice_id
  WHERE k.received_at >= ${ts(from)} AND k.received_at < ${ts(to)}
  -- unordered: the outer query orders`;

export type ReleaseKind = "promise" | "claim";

export interface ReleaseRow {
  /** `2026-11` */
  month: string;
  what: ReleaseKind;
  outcome: string;
  count: number;
  cents: Cents;
}

export async function releasesByMonth(db: Db, range: LocalRange): Promise<ReleaseRow[]> {
  const { rows } = await sql<ReleaseRow>`
    SELECT to_char(local_at, 'YYYY-MM') AS month, what, outcome, count(*) AS count, sum(cents)::bigint AS cents
    FROM (
      ${RELEASES(range)}
    ) r GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2 DESC, 3`.execute(db);
  return rows;
}

export interface ReleaseListed {
  customer: string;
  name: string;
  what: ReleaseKind;
  /** A promise's protocol; of a proof, its invoice. */
  ref: string;
  at: Instant;
  until: Instant;
  endedAt: Instant | null;
  outcome: string;
  cents: Cents;
}

export interface ReleaseFilter {
  month?: string | undefined;
  what?: ReleaseKind | undefined;
  outcome?: string | undefined;
  /** Asked from Friday to Sunday, or not. */
  weekend?: boolean | undefined;
}

/** The releases behind a number, the latest first. */
export async function releasesLike(db: Db, range: LocalRange, filter: ReleaseFilter, limit: number): Promise<ReleaseListed[]> {
  const { month = null, what = null, outcome = null, weekend = null } = filter;
  const { rows } = await sql<ReleaseListed>`
    SELECT c.ref AS customer, c.name, r.what, r.ref, r.at, r.until, r.ended_at AS "endedAt", r.outcome, r.cents
    FROM (
      ${RELEASES(range)}
    ) r JOIN customer c ON c.customer_id = r.customer_id
    WHERE (${month}::text IS NULL OR to_char(r.local_at, 'YYYY-MM') = ${month}) AND (${what}::text IS NULL OR r.what = ${what})
      AND (${outcome}::text IS NULL OR r.outcome = ${outcome})
      AND (${weekend}::boolean IS NULL OR (extract(isodow FROM r.local_at) >= 5) = ${weekend})
    ORDER BY r.at DESC, r.id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

export interface WeekdayRow {
  /** Asked from Friday to Sunday; else from Monday to Thursday. */
  weekend: boolean;
  releases: number;
  customers: number;
  kept: number;
  broken: number;
  /** Local days from each grant to its end, or to now. */
  days: number;
  owedCents: Cents;
  /** Paid for the promised invoices up to the deadline, and after it. */
  inTimeCents: Cents;
  laterCents: Cents;
  /** Broken, or followed by a request to end a service: their number, their days, and those days at the services' monthly price. */
  lost: number;
  lostDays: number;
  lostCents: Cents;
}

/** Promises by the day of the week on which they were granted. `leftWithin`: days after the deadline in which a cancellation counts. */
export async function promisesByWeekday(db: Db, range: LocalRange, now: Instant, leftWithin: number): Promise<WeekdayRow[]> {
  const zone = range.zone.id;
  const { rows } = await sql<WeekdayRow>`
    WITH given AS (
      SELECT p.*, extract(isodow FROM p.granted_at AT TIME ZONE ${zone}) >= 5 AS weekend,
        (LEAST(p.until, COALESCE(p.ended_at, ${ts(now)})) AT TIME ZONE ${zone})::date - (p.granted_at AT TIME ZONE ${zone})::date AS days,
        p.state = 'broken' OR EXISTS (
          SELECT 1 FROM service s WHERE s.customer_id = p.customer_id AND s.cancel_asked_at >= p.granted_at
            AND s.cancel_asked_at <= p.until + make_interval(days => ${leftWithin}::int)) AS lost
      FROM promise p WHERE p.granted_at >= ${ts(range.from)} AND p.granted_at < ${ts(range.to)}
    )
    SELECT g.weekend, count(*) AS releases, count(DISTINCT g.customer_id) AS customers, count(*) FILTER (WHERE g.state = 'kept') AS kept,
      count(*) FILTER (WHERE g.state = 'broken') AS broken, sum(g.days)::bigint AS days, sum(g.owed_cents)::bigint AS "owedCents",
      COALESCE(sum(m.in_time), 0)::bigint AS "inTimeCents", COALESCE(sum(m.later), 0)::bigint AS "laterCents",
      count(*) FILTER (WHERE g.lost) AS lost, COALESCE(sum(g.days) FILTER (WHERE g.lost), 0)::bigint AS "lostDays",
      COALESCE(sum(round(m.price * g.days / 30.0)) FILTER (WHERE g.lost), 0)::bigint AS "lostCents"
    FROM given g CROSS JOIN LATERAL (
      SELECT
        (SELECT sum(a.amount_cents) FROM allocation a WHERE a.customer_id = g.customer_id AND a.invoice_id = ANY (g.invoice_ids)
          AND a.allocated_at >= g.granted_at AND a.allocated_at <= g.until) AS in_time,
        (SELECT sum(a.amount_cents) FROM allocation a WHERE a.customer_id = g.customer_id AND a.invoice_id = ANY (g.invoice_ids)
          AND a.allocated_at > g.until) AS later,
        (SELECT sum(s.price_cents) FROM service s WHERE s.customer_id = g.customer_id AND s.service_id IN (
          SELECT i.service_id FROM invoice i WHERE i.customer_id = g.customer_id AND i.invoice_id = ANY (g.invoice_ids)
          -- unordered: a set
        )) AS price -- one row
    ) m
    GROUP BY g.weekend ORDER BY g.weekend DESC`.execute(db);
  return rows;
}

export interface LastDayPayer {
  customer: string;
  name: string;
  /** Invoices paid on the last day, of those that were paid. */
  lastDay: number;
  paid: number;
  cents: Cents;
}

export interface LastDayTotals {
  paid: number;
  lastDay: number;
  cents: Cents;
  customers: number;
  /** Customers who did so at least as often as makes a habit. */
  often: number;
}

/**
 * Of invoices due on the days given, those paid on the last of them before the suspension, and not suspended for; with the customers who
 * do so most. `often`: from how many times on it is a habit.
 */
export async function lastDayPayers(
  db: Db,
  days: readonly LastDays[],
  ask: { zone: { id: string }; often: number; limit: number },
): Promise<{ totals: LastDayTotals; payers: LastDayPayer[] }> {
  const text = (which: "dueOn" | "from" | "to"): string[] => days.map((each) => formatDay(each[which]));
  const { rows } = await sql<LastDayPayer & { all: LastDayTotals }>`
    WITH last AS (
      SELECT u.due_on, u.first, u.last FROM unnest(${text("dueOn")}::date[], ${text("from")}::date[], ${text("to")}::date[]) AS u (due_on, first, last)
      -- unordered: joined
    ), paid AS (
      SELECT i.customer_id, i.invoice_id, i.amount_cents, l.first, l.last,
        COALESCE(max(r.paid_on), (i.settled_at AT TIME ZONE ${ask.zone.id})::date) AS paid_on
      FROM last l JOIN invoice i ON i.due_on = l.due_on AND i.state = 'paid'
        LEFT JOIN allocation a ON a.customer_id = i.customer_id AND a.invoice_id = i.invoice_id AND a.amount_cents > 0
        LEFT JOIN receipt r ON r.customer_id = a.customer_id AND r.receipt_id = a.receipt_id
      GROUP BY i.customer_id, i.invoice_id, l.first, l.last
      -- unordered: counted
    ), each AS (
      SELECT p.customer_id, p.amount_cents, p.paid_on BETWEEN p.first AND p.last AND NOT EXISTS (
        SELECT 1 FROM hold h WHERE h.customer_id = p.customer_id AND h.invoice_id = p.invoice_id AND h.kind = 'overdue') AS on_last
      FROM paid p -- unordered: counted
    ), who AS (
      SELECT customer_id, count(*) AS paid, count(*) FILTER (WHERE on_last) AS times, COALESCE(sum(amount_cents) FILTER (WHERE on_last), 0)::bigint AS cents
      FROM each GROUP BY customer_id -- unordered: the outer query orders
    ), total AS (
      SELECT jsonb_build_object('paid', COALESCE(sum(paid), 0), 'lastDay', COALESCE(sum(times), 0), 'cents', COALESCE(sum(cents), 0),
        'customers', count(*) FILTER (WHERE times > 0), 'often', count(*) FILTER (WHERE times >= ${ask.often})) AS "all" FROM who -- one row
    )
    SELECT total."all", c.ref AS customer, c.name, w.times AS "lastDay", w.paid, w.cents
    FROM total LEFT JOIN who w ON w.times > 0 LEFT JOIN customer c ON c.customer_id = w.customer_id
    ORDER BY w.times DESC NULLS LAST, w.paid, w.customer_id LIMIT ${ask.limit}`.execute(db);
  const totals = rows[0]?.all ?? { paid: 0, lastDay: 0, cents: 0, customers: 0, often: 0 };
  const payers =
    totals.customers === 0 ? [] : rows.map(({ customer, name, lastDay, paid, cents }) => ({ customer, name, lastDay, paid, cents }));
  return { totals, payers };
}

export interface ProofCheckRow {
  /** The check that spoke against the proof; null: none did, the bank's own data or a person decided. */
  rule: string | null;
  contradicted: number;
  refused: number;
  customers: number;
  cents: Cents;
}

const ENDED_BADLY = ({ from, to }: Range) => sql`
  k.received_at >= ${ts(from)} AND k.received_at < ${ts(to)} AND k.state IN ('contradicted', 'refused')`;

/** Proofs contradicted or refused, by the checks that spoke against them; one that two checks contradict counts at both. */
export async function proofsByCheck(db: Db, range: Range): Promise<ProofCheckRow[]> {
  const { rows } = await sql<ProofCheckRow>`
    SELECT x.rule, count(*) FILTER (WHERE k.state = 'contradicted') AS contradicted, count(*) FILTER (WHERE k.state = 'refused') AS refused,
      count(DISTINCT k.customer_id) AS customers, sum(i.amount_cents)::bigint AS cents
    FROM claim k JOIN invoice i ON i.customer_id = k.customer_id AND i.invoice_id = k.invoice_id
      LEFT JOIN claim_document d ON d.customer_id = k.customer_id AND d.claim_id = k.claim_id
      LEFT JOIN LATERAL (SELECT DISTINCT each ->> 'rule' AS rule FROM jsonb_array_elements(d.checks) each
        WHERE each ->> 'verdict' = 'contradicts' -- unordered: grouped
      ) x ON true
    WHERE ${ENDED_BADLY(range)} GROUP BY x.rule ORDER BY count(*) DESC, x.rule NULLS LAST`.execute(db);
  return rows;
}

export interface ProofTotals {
  received: number;
  contradicted: number;
  refused: number;
  /** Of the invoices that the contradicted ones were sent for. */
  contradictedCents: Cents;
}

export async function countProofs(db: Db, { from, to }: Range): Promise<ProofTotals> {
  const { rows } = await sql<ProofTotals>`
    SELECT count(*) AS received, count(*) FILTER (WHERE k.state = 'contradicted') AS contradicted, count(*) FILTER (WHERE k.state = 'refused') AS refused,
      COALESCE(sum(i.amount_cents) FILTER (WHERE k.state = 'contradicted'), 0)::bigint AS "contradictedCents"
    FROM claim k JOIN invoice i ON i.customer_id = k.customer_id AND i.invoice_id = k.invoice_id
    WHERE k.received_at >= ${ts(from)} AND k.received_at < ${ts(to)} -- one row`.execute(db);
  return rows[0] ?? { received: 0, contradicted: 0, refused: 0, contradictedCents: 0 };
}

export interface ProofSender {
  customer: string;
  name: string;
  contradicted: number;
  refused: number;
  lastOn: Day;
}

/** Who sent two or more that were contradicted or refused; who was contradicted most comes first. */
export async function repeatSenders(db: Db, range: LocalRange, limit: number): Promise<ProofSender[]> {
  const { rows } = await sql<ProofSender>`
    SELECT c.ref AS customer, c.name, count(*) FILTER (WHERE k.state = 'contradicted') AS contradicted,
      count(*) FILTER (WHERE k.state = 'refused') AS refused, (max(k.received_at) AT TIME ZONE ${range.zone.id})::date AS "lastOn"
    FROM claim k JOIN customer c ON c.customer_id = k.customer_id
    WHERE ${ENDED_BADLY(range)} GROUP BY c.customer_id HAVING count(*) >= 2
    ORDER BY 3 DESC, 4 DESC, c.customer_id LIMIT ${limit}`.execute(db);
  return rows;
}
