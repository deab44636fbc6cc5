// Sums for the reports: when invoices are paid, what each step brings back, and how old the debt is. Reads only.
import { sql } from "kysely";
import type { Cents } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import type { Db } from "./database.ts";

export interface CurveRow {
  /** Days between the due date and the payment; negative: before it. */
  offset: number;
  invoices: number;
  cents: Cents;
}

/** Invoices due in a range, by how many days after the due date they were paid; what is still open is in no row. */
export async function paymentCurve(db: Db, from: Day, through: Day): Promise<{ rows: CurveRow[]; total: number; totalCents: Cents }> {
  const { rows } = await sql<CurveRow>`
    SELECT GREATEST(-30, LEAST(60, paid_on - due_on)) AS "offset", count(*) AS invoices, sum(amount_cents)::bigint AS cents
    FROM (
      SELECT i.due_on, i.amount_cents, COALESCE(max(r.paid_on), i.settled_at::date) AS paid_on
      FROM invoice i
        LEFT JOIN allocation a ON a.customer_id = i.customer_id AND a.invoice_id = i.invoice_id AND a.amount_cents > 0
        LEFT JOIN receipt r ON r.customer_id = a.customer_id AND r.receipt_id = a.receipt_id
      WHERE i.state = 'paid' AND i.due_on BETWEEN ${formatDay(from)}::date AND ${formatDay(through)}::date
      GROUP BY i.customer_id, i.invoice_id
    ) paid WHERE paid_on IS NOT NULL GROUP BY 1 ORDER BY 1`.execute(db);
  const all = await sql<{ total: number; cents: Cents }>`
    SELECT count(*) AS total, COALESCE(sum(amount_cents), 0)::bigint AS cents FROM invoice
    WHERE state IN ('open', 'paid') AND due_on BETWEEN ${formatDay(from)}::date AND ${formatDay(through)}::date -- one row`.execute(db);
  return { rows, total: all.rows[0]?.total ?? 0, totalCents: all.rows[0]?.cents ?? 0 };
}

export interface RecoveryRow {
  step: string;
  channel: string;
  /** Invoices that were told of by this step. */
  told: number;
  /** Of those, settled later, with no later step between. */
  settled: number;
  cents: Cents;
}

/** By the last step that was told before the invoice was settled: what people answer to. */
export async function recovery(db: Db, from: Day, through: Day): Promise<RecoveryRow[]> {
  const { rows } = await sql<RecoveryRow>`
    WITH told AS (
      SELECT n.customer_id, n.invoice_id, n.step, n.channel, i.state = 'paid' AS paid, i.amount_cents,
        row_number() OVER (PARTITION BY n.customer_id, n.invoice_id ORDER BY n.decided_at DESC, n.key) = 1 AS last
      FROM invoice i JOIN notice n ON n.customer_id = i.customer_id AND n.invoice_id = i.invoice_id
      WHERE i.due_on BETWEEN ${formatDay(from)}::date AND ${formatDay(through)}::date AND n.state = 'accepted'
        AND (i.settled_at IS NULL OR n.decided_at <= i.settled_at)
    )
    SELECT step, channel, count(*) AS told, count(*) FILTER (WHERE last AND paid) AS settled,
      COALESCE(sum(amount_cents) FILTER (WHERE last AND paid), 0)::bigint AS cents
    FROM told GROUP BY 1, 2 ORDER BY told DESC, step, channel`.execute(db);
  return rows;
}

export interface AgeRow {
  /** Lowest number of days past due of the group; negative: not yet due. */
  from: number;
  /** Highest; null: and above. */
  to: number | null;
  invoices: number;
  customers: number;
  cents: Cents;
}

const AGES: readonly (readonly [from: number, to: number | null])[] = [
  [-100_000, 0],
  [1, 5],
  [6, 15],
  [16, 30],
  [31, 60],
  [61, 90],
  [91, null],
];

/** What is open, by how long it is past due. */
export async function ageing(db: Db, today: Day): Promise<AgeRow[]> {
  const { rows } = await sql<AgeRow>`
    SELECT g.lo AS "from", g.hi AS "to", count(i.invoice_id) AS invoices, count(DISTINCT i.customer_id) AS customers,
      COALESCE(sum(i.amount_cents - i.paid_cents), 0)::bigint AS cents
    FROM unnest(${AGES.map(([from]) => from)}::int[], ${AGES.map(([, to]) => to)}::int[]) AS g (lo, hi)
      LEFT JOIN invoice i ON i.state = 'open' AND ${formatDay(today)}::date - i.due_on >= g.lo
        AND (g.hi IS NULL OR ${formatDay(today)}::date - i.due_on <= g.hi)
    GROUP BY g.lo, g.hi ORDER BY g.lo`.execute(db);
  return rows;
}

export interface Reactivation {
  count: number;
  /** Seconds from the money's entry to the panel's answer. */
  median: number | null;
  p95: number | null;
}

/** From the decision to give access back to the panel's answer. */
export async function reactivations(db: Db, from: Day): Promise<Reactivation> {
  const { rows } = await sql<Reactivation>`
    SELECT count(*) AS count, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
      percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95
    FROM (
      SELECT extract(epoch FROM ended_at - decided_at)::float8 AS seconds FROM outbox
      WHERE kind = 'access' AND state = 'done' AND payload::jsonb ->> 'desired' = 'active' AND decided_at >= ${formatDay(from)}::date
    ) t -- one row`.execute(db);
  return rows[0] ?? { count: 0, median: null, p95: null };
}
