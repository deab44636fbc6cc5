// Receipts as rows; a receipt is known by its source and that source's own id, once.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { Part, Payable } from "../ledger/allocate.ts";
import type { Held } from "../ledger/reverse.ts";
import { ts, type Db, type Trx } from "./database.ts";
import type { Identity } from "./money-keys.ts";

/** Money seen, as a source reports it. */
export interface NewReceipt {
  customerId: Id;
  /** Where it was seen: `staff`, `api`, `import`, a gateway's name, or a bank account. */
  source: string;
  /** The source's own id; (source, externalId) is unique. */
  externalId: string;
  amount: Cents;
  currency: Currency;
  /** The day the money was paid, by the receiver's bank data. */
  paidOn: Day;
  /** The day it was in the account; absent or null: declared or captured, and not there yet. */
  settledOn?: Day | null;
  /** What has gone back already when it is first heard of: booked, and never applied. */
  returned?: Cents;
  /** What it is known by whoever tells of it. */
  identities?: readonly Identity[];
  /** The invoice it names, in the provider's numbers. */
  invoiceRef: string | null;
  reason: string | null;
  actor: string;
}

export interface OpenInvoice extends Payable {
  /** A payment proof of it is under review: when money settles it, the bank has spoken. */
  claimed: boolean;
}

/** Open invoices of the customers, for allocation. */
export async function payables(trx: Trx, customerIds: readonly Id[]): Promise<Map<Id, OpenInvoice[]>> {
  const { rows } = await sql<OpenInvoice & { customer_id: Id }>`
    SELECT customer_id, invoice_id AS id, ref, due_on AS "dueOn", amount_cents - paid_cents AS open, fee_paid_cents AS "feePaid", EXISTS (
      SELECT 1 FROM claim k WHERE k.customer_id = i.customer_id AND k.invoice_id = i.invoice_id AND k.state = 'under_review') AS claimed
    FROM invoice i WHERE customer_id = ANY(${customerIds}::bigint[]) AND state = 'open' ORDER BY customer_id, due_on, invoice_id`.execute(
    trx,
  );
  const found = new Map<Id, OpenInvoice[]>();
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
  returned: Cents;
  allocations: readonly (Part & { allocationId: Id })[];
}

export async function insertReceipts(trx: Trx, booked: readonly Booked[], now: Instant): Promise<void> {
  await sql`
    INSERT INTO receipt (customer_id, receipt_id, source, external_id, amount_cents, allocated_cents, credit_cents, refunded_cents, currency,
      paid_on, settled_on, recorded_at, named_invoice, reason, actor)
    SELECT u.customer_id, u.receipt_id, u.source, u.external_id, u.amount, u.amount - u.credit - u.returned, u.credit, u.returned, u.currency,
      u.paid_on, u.settled_on, ${ts(now)}::timestamptz, n.named, n.reason, n.actor
    FROM unnest(${booked.map((b) => b.customerId)}::bigint[], ${booked.map((b) => b.receiptId)}::bigint[], ${booked.map((b) => b.source)}::text[],
      ${booked.map((b) => b.externalId)}::text[], ${booked.map((b) => b.amount)}::bigint[], ${booked.map((b) => b.credit)}::bigint[],
      ${booked.map((b) => b.returned)}::bigint[], ${booked.map((b) => b.currency)}::text[], ${booked.map((b) => formatDay(b.paidOn))}::date[],
      ${booked.map((b) => dayOrNull(b.settledOn))}::date[])
      WITH ORDINALITY AS u (customer_id, receipt_id, source, external_id, amount, credit, returned, currency, paid_on, settled_on, n)
      JOIN unnest(${booked.map((b) => b.invoiceRef)}::text[], ${booked.map((b) => b.reason)}::text[], ${booked.map((b) => b.actor)}::text[])
      WITH ORDINALITY AS n (named, reason, actor, n) ON n.n = u.n -- unordered: an insert`.execute(trx);
}

function dayOrNull(day: Day | null | undefined): string | null {
  return day === null || day === undefined ? null : formatDay(day);
}

/** A receipt as it stands, under its customer's lock. */
export interface ReceiptNow extends Held {
  id: Id;
  source: string;
  externalId: string;
  amount: Cents;
  returned: Cents;
  currency: Currency;
  paidOn: Day;
  settledOn: Day | null;
  namedInvoice: string | null;
}

const RECEIPT_COLUMNS = sql`receipt_id AS id, source, external_id AS "externalId", amount_cents AS amount, refunded_cents AS returned, credit_cents AS credit,
    currency, paid_on AS "paidOn", settled_on AS "settledOn", named_invoice AS "namedInvoice"`;

/** Null: the customer has no such receipt. */
export async function receiptNow(trx: Trx, customerId: Id, receiptId: Id): Promise<ReceiptNow | null> {
  const { rows } = await sql<Omit<ReceiptNow, "allocations">>`
    SELECT ${RECEIPT_COLUMNS} FROM receipt WHERE customer_id = ${customerId} AND receipt_id = ${receiptId} -- one row`.execute(trx);
  const [row] = rows;
  return row ? { ...row, allocations: await netAllocations(trx, customerId, receiptId) } : null;
}

/** Receipts of the customer that still have credit, oldest first. */
export async function receiptsWithCredit(trx: Trx, customerId: Id): Promise<Omit<ReceiptNow, "allocations">[]> {
  const { rows } = await sql<Omit<ReceiptNow, "allocations">>`
    SELECT ${RECEIPT_COLUMNS} FROM receipt WHERE customer_id = ${customerId} AND credit_cents > 0 ORDER BY paid_on, receipt_id`.execute(
    trx,
  );
  return rows;
}

/** Customers who have credit and owe something. */
export async function customersWithCredit(db: Db, limit: number): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT DISTINCT r.customer_id AS id FROM receipt r WHERE r.credit_cents > 0
      AND EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = r.customer_id AND i.state = 'open')
    ORDER BY id LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** What of a receipt stands allocated, by invoice and kind, in the order it was first allocated. */
async function netAllocations(trx: Trx, customerId: Id, receiptId: Id): Promise<Part[]> {
  const { rows } = await sql<Part>`
    SELECT invoice_id AS "invoiceId", kind, sum(amount_cents)::bigint AS amount FROM allocation
    WHERE customer_id = ${customerId} AND receipt_id = ${receiptId}
    GROUP BY invoice_id, kind HAVING sum(amount_cents) > 0 ORDER BY min(allocation_id)`.execute(trx);
  return rows;
}

/** A receipt by its own source and id. */
export interface ReceiptName {
  source: string;
  externalId: string;
}

/** What receipts are named by. */
export async function receiptKeys(db: Db, receipts: readonly { customerId: Id; id: Id }[]): Promise<Map<Id, ReceiptName>> {
  if (receipts.length === 0) return new Map();
  const { rows } = await sql<ReceiptName & { id: Id }>`
    SELECT r.receipt_id AS id, r.source, r.external_id AS "externalId"
    FROM receipt r JOIN unnest(${receipts.map((r) => r.customerId)}::bigint[], ${receipts.map((r) => r.id)}::bigint[]) AS u (customer, id)
      ON r.customer_id = u.customer AND r.receipt_id = u.id ORDER BY r.receipt_id`.execute(db);
  return new Map(rows.map(({ id, ...name }) => [id, name]));
}

/** Moves amounts between what a receipt paid, its credit, and what went back; the three changes add up to nothing. */
export async function moveReceipt(
  trx: Trx,
  customerId: Id,
  moves: readonly { receiptId: Id; allocated: Cents; credit: Cents; returned: Cents }[],
): Promise<void> {
  if (moves.length === 0) return;
  await sql`
    UPDATE receipt r SET allocated_cents = r.allocated_cents + u.allocated, credit_cents = r.credit_cents + u.credit,
      refunded_cents = r.refunded_cents + u.returned
    FROM unnest(${moves.map((m) => m.receiptId)}::bigint[], ${moves.map((m) => m.allocated)}::bigint[], ${moves.map((m) => m.credit)}::bigint[],
      ${moves.map((m) => m.returned)}::bigint[]) AS u (receipt, allocated, credit, returned)
    WHERE r.customer_id = ${customerId} AND r.receipt_id = u.receipt`.execute(trx);
}

/** Notes the day on which money was in the account; answers the receipts that had none, with what evidence needs to name them. */
export async function markSettled(
  trx: Trx,
  settled: readonly { customerId: Id; receiptId: Id; on: Day }[],
): Promise<{ customerId: Id; receiptId: Id; source: string; externalId: string; on: Day }[]> {
  if (settled.length === 0) return [];
  const { rows } = await sql<{ customerId: Id; receiptId: Id; source: string; externalId: string; on: Day }>`
    UPDATE receipt r SET settled_on = u.day
    FROM unnest(${settled.map((s) => s.customerId)}::bigint[], ${settled.map((s) => s.receiptId)}::bigint[],
      ${settled.map((s) => formatDay(s.on))}::date[]) AS u (customer, receipt, day)
    WHERE r.customer_id = u.customer AND r.receipt_id = u.receipt AND r.settled_on IS NULL
    RETURNING r.customer_id AS "customerId", r.receipt_id AS "receiptId", r.source, r.external_id AS "externalId", r.settled_on AS "on"
    -- unordered: sorted below`.execute(trx);
  return rows.sort((a, b) => a.receiptId - b.receiptId);
}

/** Money is a sign of life: a termination keeps its distance from it. */
export async function markSignOfLife(trx: Trx, customerIds: readonly Id[], now: Instant): Promise<void> {
  await sql`UPDATE customer SET last_sign_of_life_at = ${ts(now)} WHERE customer_id = ANY(${customerIds}::bigint[])`.execute(trx);
}

/** Receipts that the sandbox lets arrive on a day, removed from its store in the same transaction as they are booked. */
export async function arrivingReceipts(db: Db, through: Day, limit: number): Promise<(NewReceipt & { arrivesOn: Day })[]> {
  const { rows } = await sql<NewReceipt & { arrivesOn: Day }>`
    SELECT customer_id AS "customerId", source, external_id AS "externalId", amount_cents AS amount, currency, arrives_on AS "paidOn", arrives_on AS "settledOn",
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
