// Reads who a payment could be of: customers by tax number, by name and amount, and what each of them owes and has paid.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import type { PaidBy } from "../ledger/told.ts";
import type { Db } from "./database.ts";

/** Beyond this many customers who owe the same amount, the amount says nothing. */
const ALIKE_MAX = 3;

/** What names of a payer are looked for with: `%JOAO%SILVA%`. */
const PLAIN_NAME = sql`translate(upper(c.name), 'ÁÀÂÃÄÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑ', 'AAAAAEEEEIIIIOOOOOUUUUCN')`;

/** Customers whose tax number fits one of the patterns; `_` stands for a hidden digit. One look at the whole base, however many patterns. */
export async function customersByTaxId(db: Db, patterns: readonly string[]): Promise<Id[]> {
  if (patterns.length === 0) return [];
  const { rows } = await sql<{ id: Id }>`
    SELECT customer_id AS id FROM customer WHERE translate(upper(tax_id), './- ', '') LIKE ANY(${[...patterns]}::text[])
    ORDER BY customer_id LIMIT 2000`.execute(db);
  return rows.map((row) => row.id);
}

/**
 * Customers who owe exactly one of the amounts, and whose name fits the pattern beside it. Where only a few owe that amount, they are
 * answered whatever their names.
 */
export async function customersByAmount(db: Db, wanted: readonly { amount: Cents; name: string | null }[]): Promise<Id[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ id: Id }>`
    WITH u AS (
      SELECT DISTINCT amount, name FROM unnest(${wanted.map((w) => w.amount)}::bigint[], ${wanted.map((w) => w.name)}::text[]) AS w (amount, name)
    ), owing AS (
      SELECT i.customer_id, a.amount, count(*) OVER (PARTITION BY a.amount) AS alike
      FROM (SELECT DISTINCT amount FROM u) a JOIN invoice i ON i.state = 'open' AND i.amount_cents - i.paid_cents = a.amount
    )
    SELECT DISTINCT o.customer_id AS id FROM owing o
    WHERE o.alike <= ${ALIKE_MAX} OR EXISTS (
      SELECT 1 FROM u JOIN customer c ON c.customer_id = o.customer_id WHERE u.amount = o.amount AND ${PLAIN_NAME} LIKE u.name)
    ORDER BY id LIMIT 5000`.execute(db);
  return rows.map((row) => row.id);
}

/** Customers with a receipt of one of the amounts, of about the day beside it, that no statement explains. */
export async function customersByReceipt(db: Db, wanted: readonly { amount: Cents; day: Day; name: string }[]): Promise<Id[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ id: Id }>`
    SELECT DISTINCT r.customer_id AS id
    FROM unnest(${wanted.map((w) => w.amount)}::bigint[], ${wanted.map((w) => formatDay(w.day))}::date[], ${wanted.map((w) => w.name)}::text[])
      AS u (amount, day, name)
      JOIN receipt r ON r.paid_on BETWEEN u.day - 4 AND u.day + 4 AND r.amount_cents = u.amount
      JOIN customer c ON c.customer_id = r.customer_id AND ${PLAIN_NAME} LIKE u.name
    ORDER BY id LIMIT 2000`.execute(db);
  return rows.map((row) => row.id);
}

/**
 * Receipts of a customer over that amount and of these days that the other side told of: a statement's where a gateway's money is asked
 * about, and where a line is, those that no line explains. `known`: by an EndToEndId.
 */
export async function receiptsAlike(
  db: Db,
  ask: { customerId: Id; origin: "gateway" | "statement"; amount: Cents; from: Day; to: Day },
): Promise<{ source: string; externalId: string; known: boolean }[]> {
  const ofStatement = ask.origin === "gateway";
  const { rows } = await sql<{ id: Id; source: string; externalId: string }>`
    SELECT receipt_id AS id, source, external_id AS "externalId" FROM receipt
    WHERE customer_id = ${ask.customerId} AND amount_cents = ${ask.amount} AND refunded_cents = 0
      AND paid_on BETWEEN ${formatDay(ask.from)} AND ${formatDay(ask.to)} AND (source LIKE 'bank:%') = ${ofStatement}
    ORDER BY paid_on, receipt_id`.execute(db);
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const explained = ofStatement ? new Set<Id>() : await withLines(db, ids);
  const known = await withEndToEnd(db, ids);
  return rows.filter(({ id }) => !explained.has(id)).map(({ id, source, externalId }) => ({ source, externalId, known: known.has(id) }));
}

async function withLines(db: Db, receipts: readonly Id[]): Promise<Set<Id>> {
  const { rows } = await sql<{ id: Id }>`
    SELECT receipt_id AS id FROM bank_line WHERE receipt_id = ANY(${[...receipts]}::bigint[]) ORDER BY id`.execute(db);
  return new Set(rows.map((row) => row.id));
}

async function withEndToEnd(db: Db, receipts: readonly Id[]): Promise<Set<Id>> {
  const { rows } = await sql<{ id: Id }>`
    SELECT receipt_id AS id FROM money_identity WHERE kind = 'end_to_end' AND receipt_id = ANY(${[...receipts]}::bigint[])
    ORDER BY id`.execute(db);
  return new Set(rows.map((row) => row.id));
}

export interface MatterRow {
  customerId: Id;
  ref: string;
  name: string;
  taxId: string | null;
}

export interface MatterInvoiceRow {
  customerId: Id;
  id: Id;
  ref: string;
  dueOn: Day;
  open: Cents;
  feePaid: Cents;
}

export interface MatterReceiptRow {
  customerId: Id;
  id: Id;
  amount: Cents;
  paidOn: Day;
  invoice: string | null;
  declared: boolean;
  isPix: boolean;
  method: PaidBy | null;
}

/** The open invoices of the customers, the invoices named whatever their state, and receipts of these days that no statement explains. */
export async function readMatters(
  db: Db,
  ask: { customers: readonly Id[]; invoices: readonly Id[]; from: Day; to: Day },
): Promise<{ customers: MatterRow[]; invoices: MatterInvoiceRow[]; receipts: MatterReceiptRow[] }> {
  const ids = [...ask.customers];
  const customers = await sql<MatterRow>`
    SELECT customer_id AS "customerId", ref, name, tax_id AS "taxId" FROM customer WHERE customer_id = ANY(${ids}::bigint[])
    ORDER BY customer_id`.execute(db);
  const invoices = await sql<MatterInvoiceRow>`
    SELECT customer_id AS "customerId", invoice_id AS id, ref, due_on AS "dueOn", fee_paid_cents AS "feePaid",
      CASE WHEN state = 'open' THEN amount_cents - paid_cents ELSE 0 END AS open
    FROM invoice WHERE customer_id = ANY(${ids}::bigint[]) AND (state = 'open' OR invoice_id = ANY(${[...ask.invoices]}::bigint[]))
    ORDER BY customer_id, due_on, invoice_id`.execute(db);
  return { customers: customers.rows, invoices: invoices.rows, receipts: await unexplainedReceipts(db, ids, ask.from, ask.to) };
}

/**
 * Receipts of these days that no statement explains, by customer, day and id. Table by table: where they are distributed, receipts, lines
 * and gateways' payments lie on different machines.
 */
export async function unexplainedReceipts(db: Db, customers: readonly Id[], from: Day, to: Day): Promise<MatterReceiptRow[]> {
  const { rows } = await sql<
    Omit<MatterReceiptRow, "declared" | "isPix" | "method"> & { source: string; externalId: string; settled: boolean }
  >`
    SELECT customer_id AS "customerId", receipt_id AS id, amount_cents AS amount, paid_on AS "paidOn", named_invoice AS invoice, source,
      external_id AS "externalId", settled_on IS NOT NULL AS settled
    FROM receipt
    WHERE customer_id = ANY(${[...customers]}::bigint[]) AND paid_on BETWEEN ${formatDay(from)}::date AND ${formatDay(to)}::date
    ORDER BY customer_id, paid_on, receipt_id`.execute(db);
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const explained = await withLines(db, ids);
  const payments = await sql<{ gateway: string; externalId: string; method: MatterReceiptRow["method"] }>`
    SELECT g.gateway, g.external_id AS "externalId", g.method
    FROM gateway_payment g JOIN unnest(${rows.map((row) => row.source)}::text[], ${rows.map((row) => row.externalId)}::text[]) AS u (source, id)
      ON g.gateway = u.source AND g.external_id = u.id
    ORDER BY g.gateway, g.external_id`.execute(db);
  const known = await withEndToEnd(db, ids);
  const told = new Map(payments.rows.map((payment) => [`${payment.gateway} ${payment.externalId}`, payment.method]));
  return rows
    .filter((row) => !explained.has(row.id))
    .map(({ source, externalId, settled, ...row }) => {
      const key = `${source} ${externalId}`;
      return { ...row, declared: !settled && !told.has(key), isPix: known.has(row.id), method: told.get(key) ?? null };
    });
}
