// The customers of a measurement of lists: a provider's whole base as it stands on a Tuesday, from who never was late to who is down, with its past.
import type pg from "pg";
import { BUCKETS } from "../src/kernel/ids.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { NOW } from "./place.ts";

/** Of every thousand customers: 80 are late, ten of them down; 200 more have an invoice that is not due yet; all others have paid. */
export const LATE_OF_1000 = 80;
const DOWN_OF_1000 = 10;
const OPEN_OF_1000 = 280;

const WORDS = `Padaria Farmácia Oficina Escola Livraria Mercado Clínica Estúdio Papelaria Floricultura Pousada Restaurante Cartório Gráfica
  Barbearia Marcenaria Autopeças Imobiliária Academia Lavanderia`.split(/\s+/u);
const NAMES = `Central Aurora Primavera Ipiranga Esperança Horizonte Bandeirante Guarani Araucária Atlântica Boa-Vista Cruzeiro Estrela
  Farol Girassol Harmonia Iguaçu Jatobá Litoral Moderna Nascente Oliveira Planalto Quatro-Rios Recanto Serrana Tropical União
  Veredas Xingu`.split(/\s+/u);

/** What the n-th customer is found by. */
export const refOf = (n: number): string => `C${padded(n, 7)}`;
export const nameOf = (n: number): string => `${WORDS[n % WORDS.length] ?? ""} ${NAMES[Math.floor(n / WORDS.length) % NAMES.length] ?? ""}`;
export const domainOf = (n: number): string => `loja${n}.example`;
export const taxIdOf = (n: number): string => padded((n * 7_919) % 100_000_000_000, 11);
export const invoiceOf = (n: number): string => `2026-${padded(n, 7)}`;
/** Only who has paid has one. */
export const endToEndOf = (n: number): string => `E18236120202609101200${padded(n, 12)}`;

function padded(n: number, digits: number): string {
  return String(n).padStart(digits, "0");
}

/**
 * Builds customers numbered from 1 in empty tables: a service and an invoice of this month each, for who has paid with its receipt of the last sixty
 * days; of who is late with what was said to them; and the messages of the last month.
 */
export async function buildCrowd(owner: pg.Client, customers: number, part: (doing: string) => void): Promise<void> {
  // The index of words is made at the end: filled row by row it costs ten times as much.
  await owner.query("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'");
  await owner.query("DROP INDEX customer_search_terms");
  for (const [doing, text] of steps(customers)) {
    part(doing);
    await owner.query(text);
  }
  part("indexing the words");
  await owner.query("CREATE INDEX customer_search_terms ON customer_search USING gin (terms)");
  // The sequence hands out blocks; the first free one lies above all that was built.
  await owner.query("SELECT setval('regua_id', (6 * $1::bigint / 1000 + 1) * 1000 + 1)", [customers]);
  part("vacuuming");
  await owner.query("VACUUM (ANALYZE)");
}

const AT = `timestamptz '${formatInstant(NOW)}'`;
const TODAY = "date '2026-10-20'";
/** Due days of who is late are spread over four months; those of who is not due yet, over the next ten days. */
const DUE = `CASE WHEN n % 1000 < ${LATE_OF_1000} THEN ${TODAY} - 6 - (n / 1000 % 120)::int WHEN n % 1000 < ${OPEN_OF_1000} THEN ${TODAY} + (n % 10)::int
  ELSE ${TODAY} - (n % 60)::int END`;
/** Spread over sixty days in the order in which receipts come, as they do. */
const PAID_AT = (customers: number): string => `${AT} - (${customers} - n) * interval '60 days' / ${customers}`;

function steps(customers: number): [doing: string, text: string][] {
  return [...whoOwes(customers), ...whatHappened(customers)];
}

/** Customers, their services and invoices, and the numbers of all three. */
function whoOwes(customers: number): [doing: string, text: string][] {
  const all = `FROM generate_series(1, ${customers}) n`;
  const list = (words: readonly string[]): string => `(ARRAY[${words.map((word) => `'${word}'`).join(",")}])`;
  const name = `${list(WORDS)}[n % ${WORDS.length} + 1] || ' ' || ${list(NAMES)}[n / ${WORDS.length} % ${NAMES.length} + 1]`;
  const ref = "'C' || lpad(n::text, 7, '0')";
  const invoice = "'2026-' || lpad(n::text, 7, '0')";
  const down = `n % 1000 < ${DOWN_OF_1000}`;
  const open = `n % 1000 < ${OPEN_OF_1000}`;
  return [
    [
      "customers",
      `INSERT INTO customer (customer_id, bucket, next_check_at, evidence_hash, ref, name, email, tax_id, lang, since, created_at, attention)
       SELECT n, n / 64 % ${BUCKETS}, CASE WHEN ${open} THEN ${AT} + (1 + n % 72) * interval '1 hour' END, encode(sha256(convert_to(${ref}, 'UTF8')), 'hex'), ${ref},
         ${name}, 'financeiro@loja' || n || '.example', lpad((n * 7919::bigint % 100000000000)::text, 11, '0'), 'pt-BR', '2024-03-01', ${AT},
         CASE WHEN n % 500 = 1 THEN '{no_address}'::text[] ELSE '{}' END ${all}`,
    ],
    [
      "services",
      `INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, desired, desired_cause, actual, confirmed, suspended_by_us,
         access_seq, actual_since, created_at)
       SELECT n, ${customers} + n, 'S' || lpad(n::text, 7, '0'), 'loja' || n || '.example', 'plus', 4990, 'sandbox', 'loja' || n,
         CASE WHEN ${down} THEN 'suspended' ELSE 'active' END, CASE WHEN ${down} THEN ${invoice} END, CASE WHEN ${down} THEN 'suspended' ELSE 'active' END,
         CASE WHEN ${down} THEN 'suspended' ELSE 'active' END, ${down}, (${down})::int, ${AT}, ${AT} ${all}`,
    ],
    [
      "invoices",
      `INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, paid_cents, currency, state, settled_at, created_at)
       SELECT n, 2 * ${customers} + n, ${customers} + n, ${invoice}, ${DUE} - 10, ${DUE}, 4990 + n % 700, CASE WHEN ${open} THEN 0 ELSE 4990 + n % 700 END,
         'BRL', CASE WHEN ${open} THEN 'open' ELSE 'paid' END, CASE WHEN NOT (${open}) THEN ${PAID_AT(customers)} END, ${AT} ${all}`,
    ],
    [
      "numbers",
      `INSERT INTO ref_index (kind, ref, customer_id, row_id)
       SELECT kind, CASE kind WHEN 'customer' THEN ${ref} WHEN 'service' THEN 'S' || lpad(n::text, 7, '0') ELSE ${invoice} END, n,
         CASE kind WHEN 'customer' THEN n WHEN 'service' THEN ${customers} + n ELSE 2 * ${customers} + n END
       FROM (VALUES ('customer'), ('service'), ('invoice')) AS kinds (kind), generate_series(1, ${customers}) n ORDER BY 1, 2`,
    ],
  ];
}

/** Money that came, promises, messages, and the words that all are found by. */
function whatHappened(customers: number): [doing: string, text: string][] {
  const all = `FROM generate_series(1, ${customers}) n`;
  return [
    [
      "receipts",
      `INSERT INTO receipt (customer_id, receipt_id, source, external_id, amount_cents, allocated_cents, credit_cents, currency, paid_on, settled_on, recorded_at, actor)
       SELECT customer_id, 3 * ${customers} + customer_id, 'mercadopago', customer_id, amount_cents, amount_cents, 0, 'BRL', settled_at::date, settled_at::date,
         settled_at, 'gateway:mercadopago' FROM invoice WHERE state = 'paid' ORDER BY customer_id`,
    ],
    [
      "allocations",
      `INSERT INTO allocation (customer_id, allocation_id, receipt_id, invoice_id, amount_cents, allocated_at)
       SELECT customer_id, 4 * ${customers} + customer_id, 3 * ${customers} + customer_id, invoice_id, amount_cents, settled_at
       FROM invoice WHERE state = 'paid' ORDER BY customer_id`,
    ],
    [
      "identities of money",
      `INSERT INTO money_identity (kind, value, customer_id, receipt_id)
       SELECT 'end_to_end', 'E18236120202609101200' || lpad(customer_id::text, 12, '0'), customer_id, receipt_id FROM receipt ORDER BY 2`,
    ],
    [
      "promises",
      `INSERT INTO promise (customer_id, promise_id, protocol, kind, invoice_ids, owed_cents, reason, asked_by, owner, conditions, granted_at, until, over_weekend,
         state, ended_at)
       SELECT n, 5 * ${customers} + n, 'P' || n, 'postponement', ARRAY[2 * ${customers} + n]::bigint[], 4990, 'salário', 'cliente', 'portal', '{}',
         ${AT} - (1 + n / 1000 % 60) * interval '1 day', ${AT} - (n / 1000 % 60 - 3) * interval '1 day', n % 3000 > 1500,
         CASE WHEN n / 1000 % 60 < 3 THEN 'running' WHEN n % 2 = 0 THEN 'kept' ELSE 'broken' END,
         CASE WHEN n / 1000 % 60 >= 3 THEN ${AT} - (n / 1000 % 60 - 3) * interval '1 day' END
       ${all} WHERE n % 1000 IN (20, 41, 62)`,
    ],
    [
      "messages",
      `INSERT INTO outbox (customer_id, outbox_id, kind, key, service_id, payload, state, attempts, not_before, decided_at, ended_at)
       SELECT n, 5 * ${customers} + n, 'message', 'I:' || 2 * ${customers} + n || ':reminder:email', ${customers} + n, '{"to":"financeiro@loja.example"}', 'done', 1,
         at, at, at + interval '2 seconds'
       FROM (SELECT n, ${AT} - (${customers} - n) * interval '30 days' / ${customers} AS at ${all} WHERE n % 10 < 3) told`,
    ],
    [
      "notices",
      `INSERT INTO notice (customer_id, key, outbox_id, invoice_id, service_id, step, channel, warning, state, decided_at, ended_at)
       SELECT customer_id, key, outbox_id, 2 * ${customers} + customer_id, service_id, 'reminder', 'email', false,
         CASE WHEN customer_id % 400 = 1 THEN 'undeliverable' ELSE 'accepted' END, decided_at, ended_at FROM outbox`,
    ],
    [
      "words",
      `INSERT INTO customer_search (customer_id, terms)
       SELECT customer_id, array_to_tsvector(array_remove(regexp_split_to_array(text, '\\s+') || regexp_split_to_array(text, '[^a-z0-9]+'), ''))
       FROM (SELECT c.customer_id, translate(lower(concat_ws(' ', c.ref, c.name, c.email, c.tax_id, s.ref, s.name, s.account)), 'áàâãéêíóôõúç', 'aaaaeeiooouc') AS text
         FROM customer c JOIN service s ON s.customer_id = c.customer_id) t`,
    ],
  ];
}
