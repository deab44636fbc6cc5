// Receipts and allocations as rows; a receipt is known by its source and that source's own id, once.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { Payable } from "../ledger/allocate.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** Money seen, as a source reports it. */
export interface NewReceipt {
  customerId: Id;
  /** Where it was seen: `staff`, `api`, `import`, later a gateway's or bank's name. */
  source: string;
  /** The source's own id; (source, externalId) is unique. */
  externalId: string;
  amount: Cents;
  currency: Currency;
  /** The day the money was paid, by the receiver's bank data. */
  paidOn: Day;
  /** The invoice it names, in the provider's numbers. */
  invoiceRef: string | null;
  reason: string | null;
  actor: string;
}

/** Claims the keys of receipts; answers those that were not there before. A delivery running at the same moment is waited for. */
export async function claimReceiptKeys(
  trx: Trx,
  receipts: readonly { source: string; externalId: string; customerId: Id; receiptId: Id }[],
): Promise<Set<Id>> {
  const { rows } = await sql<{ receipt_id: Id }>`
    INSERT INTO receipt_key (source, external_id, customer_id, receipt_id)
    SELECT * FROM unnest(${receipts.map((r) => r.source)}::text[], ${receipts.map((r) => r.externalId)}::text[],
      ${receipts.map((r) => r.customerId)}::bigint[], ${receipts.map((r) => r.receiptId)}::bigint[]) -- unordered: an insert
    ON CONFLICT (source, external_id) DO NOTHING RETURNING receipt_id`.execute(trx);
  return new Set(rows.map((row) => row.receipt_id));
}

/** Open invoices of the customers, for allocation. */
export async function payables(trx: Trx, customerIds: readonly Id[]): Promise<Map<Id, (Payable & { currency: Currency })[]>> {
  const { rows } = await sql<Payable & { customer_id: Id; currency: Currency }>`
    SELECT customer_id, invoice_id AS id, ref, due_on AS "dueOn", amount_cents - paid_cents AS open, currency
    FROM invoice WHERE customer_id = ANY(${customerIds}::bigint[]) AND state = 'open' ORDER BY customer_id, due_on, invoice_id`.execute(
    trx,
  );
  const found = new Map<Id, (Payable & { currency: Currency })[]>();
  for (const { customer_id, ...invoice } of rows) {
    const list = found.get(customer_id);
    if (list) list.push(invoice);
    else found.set(customer_id, [invoice]);
  }
  return found;
}

/** A receipt with what became of it. */
export interface Booked extends NewReceipt {
  receiptId: Id;
  credit: Cents;
  allocations: readonly { allocationId: Id; invoiceId: Id; amount: Cents }[];
}

export async function insertReceipts(trx: Trx, booked: readonly Booked[], now: Instant): Promise<void> {
  await sql`
    INSERT INTO receipt (customer_id, receipt_id, source, external_id, amount_cents, allocated_cents, credit_cents, currency, paid_on,
      recorded_at, named_invoice, reason, actor)
    SELECT u.customer_id, u.receipt_id, u.source, u.external_id, u.amount, u.allocated, u.credit, u.currency, u.paid_on, ${ts(now)}::timestamptz,
      n.named, n.reason, n.actor
    FROM unnest(${booked.map((b) => b.customerId)}::bigint[], ${booked.map((b) => b.receiptId)}::bigint[], ${booked.map((b) => b.source)}::text[],
      ${booked.map((b) => b.externalId)}::text[], ${booked.map((b) => b.amount)}::bigint[], ${booked.map((b) => b.amount - b.credit)}::bigint[],
      ${booked.map((b) => b.credit)}::bigint[], ${booked.map((b) => b.currency)}::text[], ${booked.map((b) => formatDay(b.paidOn))}::date[])
      WITH ORDINALITY AS u (customer_id, receipt_id, source, external_id, amount, allocated, credit, currency, paid_on, n)
      JOIN unnest(${booked.map((b) => b.invoiceRef)}::text[], ${booked.map((b) => b.reason)}::text[], ${booked.map((b) => b.actor)}::text[])
      WITH ORDINALITY AS n (named, reason, actor, n) ON n.n = u.n -- unordered: an insert`.execute(trx);
}

/** Writes allocations and what they leave open; an invoice fully paid is settled. */
export async function insertAllocations(trx: Trx, booked: readonly Booked[], now: Instant): Promise<void> {
  const rows = booked.flatMap((b) => b.allocations.map((a) => ({ ...a, customerId: b.customerId, receiptId: b.receiptId })));
  if (rows.length === 0) return;
  const at = ts(now);
  await sql`
    INSERT INTO allocation (customer_id, allocation_id, receipt_id, invoice_id, amount_cents, allocated_at)
    SELECT u.customer, u.id, u.receipt, u.invoice, u.amount, ${at}::timestamptz FROM unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.allocationId)}::bigint[],
      ${rows.map((r) => r.receiptId)}::bigint[], ${rows.map((r) => r.invoiceId)}::bigint[], ${rows.map((r) => r.amount)}::bigint[])
      AS u (customer, id, receipt, invoice, amount)
      -- unordered: an insert`.execute(trx);
  const totals = new Map<Id, { customerId: Id; amount: Cents }>();
  for (const row of rows)
    totals.set(row.invoiceId, { customerId: row.customerId, amount: (totals.get(row.invoiceId)?.amount ?? 0) + row.amount });
  await sql`
    UPDATE invoice i SET paid_cents = i.paid_cents + u.amount,
      state = CASE WHEN i.paid_cents + u.amount = i.amount_cents THEN 'paid' ELSE 'open' END,
      settled_at = CASE WHEN i.paid_cents + u.amount = i.amount_cents THEN ${at}::timestamptz END,
      clearing_until = NULL
    FROM unnest(${[...totals.values()].map((t) => t.customerId)}::bigint[], ${[...totals.keys()]}::bigint[],
      ${[...totals.values()].map((t) => t.amount)}::bigint[]) AS u (customer, invoice, amount)
    WHERE i.customer_id = u.customer AND i.invoice_id = u.invoice`.execute(trx);
}

/** Money is a sign of life: a termination keeps its distance from it. */
export async function markSignOfLife(trx: Trx, customerIds: readonly Id[], now: Instant): Promise<void> {
  await sql`UPDATE customer SET last_sign_of_life_at = ${ts(now)} WHERE customer_id = ANY(${customerIds}::bigint[])`.execute(trx);
}

/** Receipts that the sandbox lets arrive on a day, removed from its store in the same transaction as they are booked. */
export async function arrivingReceipts(db: Db, through: Day, limit: number): Promise<(NewReceipt & { arrivesOn: Day })[]> {
  const { rows } = await sql<NewReceipt & { arrivesOn: Day }>`
    SELECT customer_id AS "customerId", source, external_id AS "externalId", amount_cents AS amount, currency, arrives_on AS "paidOn",
      invoice_ref AS "invoiceRef", NULL AS reason, 'sandbox' AS actor, arrives_on AS "arrivesOn"
    FROM sandbox_receipt WHERE arrives_on <= ${formatDay(through)} ORDER BY arrives_on, customer_id, external_id LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

export async function forgetArrived(db: Db, receipts: readonly NewReceipt[]): Promise<void> {
  await sql`
    DELETE FROM sandbox_receipt s USING unnest(${receipts.map((r) => r.customerId)}::bigint[], ${receipts.map((r) => r.source)}::text[],
      ${receipts.map((r) => r.externalId)}::text[]) AS u (customer, source, external)
    WHERE s.customer_id = u.customer AND s.source = u.source AND s.external_id = u.external`.execute(db);
}
