// Whether the books balance: every cent received is applied, credit, or went back, and every sum is the sum of its parts.
import { sql } from "kysely";
import type { Cents } from "../kernel/money.ts";
import type { Db } from "./database.ts";

/** A row whose sums differ, or a key that leads nowhere; `found` and `right` in cents, or as counts. */
export interface Imbalance {
  rule: "receipt_parts" | "receipt_allocations" | "invoice_principal" | "invoice_fees" | "keys" | "waiting" | "gateway" | "statement";
  row: string;
  found: number;
  right: number;
}

export interface Balance {
  balanced: boolean;
  received: Cents;
  allocated: Cents;
  credit: Cents;
  returned: Cents;
  /** Money without an owner that was not put aside and did not go back. */
  waiting: Cents;
  /** The first hundred. */
  imbalances: Imbalance[];
}

/** Reads every receipt, allocation and key, across all tables of one machine: for tests and the simulator. */
export async function booksBalance(db: Db): Promise<Balance> {
  const { rows: imbalances } = await sql<Imbalance>`
    SELECT * FROM (
      SELECT 'receipt_parts' AS rule, source || ' ' || external_id AS row, allocated_cents + credit_cents + refunded_cents AS found,
        amount_cents AS right FROM receipt WHERE amount_cents <> allocated_cents + credit_cents + refunded_cents
      UNION ALL
      SELECT 'receipt_allocations', r.source || ' ' || r.external_id, COALESCE(a.sum, 0), r.allocated_cents
      FROM receipt r LEFT JOIN (SELECT customer_id, receipt_id, sum(amount_cents)::bigint AS sum FROM allocation GROUP BY 1, 2) a
        ON a.customer_id = r.customer_id AND a.receipt_id = r.receipt_id
      WHERE COALESCE(a.sum, 0) <> r.allocated_cents
      UNION ALL
      SELECT k.rule, i.ref, COALESCE(a.sum, 0), CASE k.kind WHEN 'principal' THEN i.paid_cents ELSE i.fee_paid_cents END
      FROM invoice i CROSS JOIN (VALUES ('invoice_principal', 'principal'), ('invoice_fees', 'late_fee')) AS k (rule, kind)
        LEFT JOIN (SELECT customer_id, invoice_id, kind, sum(amount_cents)::bigint AS sum FROM allocation GROUP BY 1, 2, 3) a
        ON a.customer_id = i.customer_id AND a.invoice_id = i.invoice_id AND a.kind = k.kind
      WHERE COALESCE(a.sum, 0) <> CASE k.kind WHEN 'principal' THEN i.paid_cents ELSE i.fee_paid_cents END
      UNION ALL
      SELECT 'keys', r.source || ' ' || r.external_id, count(k.receipt_id), 1
      FROM receipt r LEFT JOIN receipt_key k ON k.source = r.source AND k.external_id = r.external_id
        AND k.customer_id = r.customer_id AND k.receipt_id = r.receipt_id
      GROUP BY r.customer_id, r.receipt_id HAVING count(k.receipt_id) <> 1
      UNION ALL
      SELECT 'keys', k.source || ' ' || k.external_id, 0, 1
      FROM receipt_key k LEFT JOIN receipt r ON r.customer_id = k.customer_id AND r.receipt_id = k.receipt_id
        LEFT JOIN waiting_money w ON k.customer_id IS NULL AND w.money_id = k.receipt_id AND w.state <> 'assigned'
      WHERE r.receipt_id IS NULL AND w.money_id IS NULL
      UNION ALL
      SELECT 'keys', i.kind || ' ' || i.value, 0, 1
      FROM money_identity i LEFT JOIN receipt r ON r.customer_id = i.customer_id AND r.receipt_id = i.receipt_id
        LEFT JOIN waiting_money w ON i.customer_id IS NULL AND w.money_id = i.receipt_id AND w.state <> 'assigned'
      WHERE r.receipt_id IS NULL AND w.money_id IS NULL
      UNION ALL
      SELECT 'waiting', w.source || ' ' || w.external_id, count(r.receipt_id), 1
      FROM waiting_money w LEFT JOIN receipt r ON r.customer_id = w.customer_id AND r.receipt_id = w.money_id
      WHERE w.state = 'assigned' GROUP BY w.money_id HAVING count(r.receipt_id) <> 1
      UNION ALL
      SELECT 'gateway', g.gateway || ' ' || g.external_id, 0, 1
      FROM gateway_payment g LEFT JOIN receipt_key k ON k.source = g.gateway AND k.external_id = g.external_id WHERE k.receipt_id IS NULL
      UNION ALL
      SELECT 'statement', l.account || ' ' || l.line_key, 0, 1
      FROM bank_line l
        LEFT JOIN receipt r ON r.receipt_id = l.receipt_id LEFT JOIN waiting_money w ON w.money_id = l.receipt_id
      WHERE l.state IN ('explained', 'waiting') AND r.receipt_id IS NULL AND w.money_id IS NULL
    ) b ORDER BY rule, row LIMIT 100`.execute(db);
  const { rows: sums } = await sql<Omit<Balance, "balanced" | "imbalances">>`
    SELECT COALESCE(sum(amount_cents), 0)::bigint AS received, COALESCE(sum(allocated_cents), 0)::bigint AS allocated,
      COALESCE(sum(credit_cents), 0)::bigint AS credit, COALESCE(sum(refunded_cents), 0)::bigint AS returned,
      (SELECT COALESCE(sum(amount_cents - returned_cents), 0)::bigint FROM waiting_money WHERE state = 'waiting') AS waiting
    FROM receipt -- one row`.execute(db);
  const [sum] = sums;
  const { received = 0, allocated = 0, credit = 0, returned = 0, waiting = 0 } = sum ?? {};
  const balanced = imbalances.length === 0 && received === allocated + credit + returned;
  return { balanced, received, allocated, credit, returned, waiting, imbalances };
}
