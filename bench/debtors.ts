// The customers of a measurement of payments: each suspended for one open invoice, as the ladder left it days ago; and what they must be after it.
import type pg from "pg";
import { assert } from "../src/kernel/assert.ts";
import { bucketOf } from "../src/kernel/ids.ts";
import { DAY_MS, formatDay, formatInstant, type Instant } from "../src/kernel/time.ts";

/** What each of them owes. */
export const OWED_CENTS = 4990;

/** The invoice of the n-th customer, and its account at the panel. */
export const invoiceOf = (n: number): string => `F-${String(n).padStart(7, "0")}`;
export const accountOf = (n: number): string => `cliente${n}`;

/** Builds customers numbered from 1 in empty tables: a service that is down for an invoice twenty days past due, by our own act. */
export async function buildDebtors(owner: pg.Client, customers: number, now: Instant): Promise<void> {
  const at = formatInstant(now - 10 * DAY_MS);
  const due = formatDay(Math.floor(now / DAY_MS) - 20);
  await owner.query(
    `INSERT INTO customer (customer_id, bucket, next_check_at, evidence_hash, ref, name, email, tax_id, lang, since, created_at)
     SELECT n, ($3::int[])[n], NULL, encode(sha256(convert_to('regua evidence of customer ' || ref, 'UTF8')), 'hex'), ref,
       'Padaria São José ' || n || ' Ltda', 'financeiro@padaria' || n || '.example', lpad(n::text, 14, '0'), 'pt-BR', '2024-03-01', $2
     FROM (SELECT n, 'C' || lpad(n::text, 7, '0') AS ref FROM generate_series(1, $1::int) n) AS numbered`,
    [customers, at, Array.from({ length: customers }, (_, i) => bucketOf(i + 1))],
  );
  await owner.query(
    `INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, desired, desired_cause, actual, confirmed,
       suspended_by_us, access_seq, actual_since, created_at)
     SELECT n, $1 + n, 'S' || lpad(n::text, 7, '0'), 'Hospedagem Plus', 'plus', 4990, 'sandbox', 'cliente' || n, 'suspended',
       'F-' || lpad(n::text, 7, '0'), 'suspended', 'suspended', true, 1, $2, $2
     FROM generate_series(1, $1::int) n`,
    [customers, at],
  );
  await owner.query(
    `INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, currency, created_at)
     SELECT n, 2 * $1 + n, $1 + n, 'F-' || lpad(n::text, 7, '0'), $2::date - 10, $2::date, $3, 'BRL', $4 FROM generate_series(1, $1::int) n`,
    [customers, due, OWED_CENTS, at],
  );
  await owner.query(
    `INSERT INTO ref_index (kind, ref, customer_id, row_id)
     SELECT 'invoice', 'F-' || lpad(n::text, 7, '0'), n, 2 * $1 + n FROM generate_series(1, $1::int) n`,
    [customers],
  );
  await owner.query(
    `INSERT INTO hold (customer_id, hold_id, kind, effect, service_id, invoice_id, placed_at, placed_by, reason)
     SELECT n, 3 * $1 + n, 'overdue', 'access', $1 + n, 2 * $1 + n, $2, 'policy:hospedagem-br@0123456789ab', 'F-' || lpad(n::text, 7, '0')
     FROM generate_series(1, $1::int) n`,
    [customers, at],
  );
  await owner.query(
    `INSERT INTO notice (customer_id, key, outbox_id, invoice_id, service_id, step, channel, warning, state, decided_at, ended_at)
     SELECT n, 'I:' || 2 * $1 + n || ':' || step || ':email', 4 * $1 + n, 2 * $1 + n, $1 + n, step, 'email', step = 'warning', 'accepted', $2, $2
     FROM generate_series(1, $1::int) n JOIN (VALUES ('reminder'), ('warning')) AS past (step) ON true`,
    [customers, at],
  );
  // The sequence hands out blocks; the first free one lies above all that was built.
  await owner.query("SELECT setval('regua_id', (5 * $1::bigint / 1000 + 1) * 1000 + 1)", [customers]);
  await owner.query("VACUUM (ANALYZE) customer, service, invoice, hold, notice, outbox, evidence, ref_index, receipt");
}

/** Everything that the payments owe to these customers. Throws with what differs: a fast run that forgot something is worth nothing. */
export async function checkPaid(owner: pg.Client, customers: number): Promise<void> {
  const { rows } = await owner.query<{ what: string; count: number }>(
    `SELECT 1 AS place, 'receipts of the whole amount, on their invoice' AS what, count(*)::int AS count FROM receipt r
       JOIN allocation a USING (customer_id, receipt_id) JOIN invoice i USING (customer_id, invoice_id)
       WHERE r.amount_cents = $1 AND a.amount_cents = $1 AND i.state = 'paid'
     UNION ALL SELECT 2, 'receipts', count(*)::int FROM receipt
     UNION ALL SELECT 3, 'services up again', count(*)::int FROM service
       WHERE desired = 'active' AND actual = 'active' AND confirmed = 'active' AND NOT suspended_by_us AND call_outbox_id IS NULL
     UNION ALL SELECT 4, 'panel calls made, each at its first attempt', count(*)::int FROM outbox
       WHERE kind = 'access' AND state = 'done' AND attempts = 1
     UNION ALL SELECT 5, 'holds lifted', count(*)::int FROM hold WHERE lifted_at IS NOT NULL
     UNION ALL SELECT 6, 'events read', count(*)::int FROM hook_event WHERE state = 'done' AND answer = 'read' AND attempts = 1
     UNION ALL SELECT 7, 'customers whose evidence tells of the money and of the panel', count(*)::int FROM (
       SELECT customer_id FROM evidence WHERE kind IN ('receipt', 'access.active') GROUP BY customer_id HAVING count(*) = 2) AS told
     ORDER BY place`,
    [OWED_CENTS],
  );
  for (const { what, count } of rows) assert(count === customers, `${count} of ${customers} ${what}`);
}
