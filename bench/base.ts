// The customers of a measurement: each with a service and an open invoice, a third due for each of three steps.
import type pg from "pg";
import { bucketOf } from "../src/kernel/ids.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { NOW } from "./place.ts";

/** What a customer is due for: its number modulo three. */
export const THIRDS = ["reminder", "warning", "suspend"] as const;

/** How many of `customers` are in each third. */
export function thirdsOf(customers: number): Record<(typeof THIRDS)[number], number> {
  const size = (rest: number): number => Math.floor((customers + ((3 - rest) % 3)) / 3);
  return { reminder: size(0), warning: size(1), suspend: size(2) };
}

/**
 * Empties the tables and builds the customers anew. All were due last week, and have had what comes before their step: the first third
 * nothing, the second the reminder (accepted a day ago), the last the reminder and the warning.
 */
export async function build(owner: pg.Client, customers: number): Promise<void> {
  await owner.query("TRUNCATE customer, service, invoice, hold, notice, outbox, evidence, regua_jobs.job CASCADE");
  const now = formatInstant(NOW);
  await owner.query(
    `INSERT INTO customer (customer_id, bucket, next_check_at, evidence_hash, ref, name, email, tax_id, lang, since, created_at)
     SELECT n, ($3::int[])[n], $2, encode(sha256(convert_to('regua evidence of customer ' || ref, 'UTF8')), 'hex'), ref,
       'Padaria São José ' || n || ' Ltda', 'financeiro@padaria' || n || '.example', lpad(n::text, 14, '0'), 'pt-BR', '2024-03-01', $2
     FROM (SELECT n, 'C' || lpad(n::text, 7, '0') AS ref FROM generate_series(1, $1::int) n) AS numbered`,
    [customers, now, Array.from({ length: customers }, (_, i) => bucketOf(i + 1))],
  );
  await owner.query(
    `INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, actual, actual_since, created_at)
     SELECT n, $1 + n, 'S' || lpad(n::text, 7, '0'), 'Hospedagem Plus', 'plus', 4990, 'sandbox', 'cliente' || n, 'active', $2, $2
     FROM generate_series(1, $1::int) n`,
    [customers, now],
  );
  await owner.query(
    `INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, currency, created_at)
     SELECT n, 2 * $1 + n, $1 + n, '2026-' || lpad(n::text, 7, '0'), '2026-10-01',
       CASE n % 3 WHEN 2 THEN date '2026-10-15' ELSE date '2026-10-16' END, 4990 + n % 700, 'BRL', $2
     FROM generate_series(1, $1::int) n`,
    [customers, now],
  );
  // The sequence hands out blocks; the first free one lies above all that was built.
  await owner.query("SELECT setval('regua_id', (3 * $1::bigint / 1000 + 1) * 1000 + 1)", [customers]);
  await owner.query(
    `INSERT INTO notice (customer_id, key, outbox_id, invoice_id, service_id, step, channel, warning, state, decided_at, ended_at)
     SELECT n, 'I:' || 2 * $1 + n || ':' || step || ':email', 3 * $1 + n, 2 * $1 + n, $1 + n, step, 'email', step = 'warning', 'accepted',
       $2::timestamptz - days * interval '1 day', $2::timestamptz - days * interval '1 day'
     FROM generate_series(1, $1::int) n
       JOIN (VALUES (1, 'reminder', 1), (2, 'reminder', 2), (2, 'warning', 1)) AS past (third, step, days) ON third = n % 3`,
    [customers, now],
  );
  await owner.query("VACUUM (ANALYZE) customer, service, invoice, hold, notice, outbox, evidence");
}
