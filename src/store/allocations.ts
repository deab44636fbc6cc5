// Allocations as rows: money applied to invoices and taken back from them, and what that leaves open.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Part } from "../ledger/allocate.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** Below zero: taken back. */
export interface AllocationRow extends Part {
  allocationId: Id;
  customerId: Id;
  receiptId: Id;
}

/** Writes allocations and what they leave open; an invoice fully paid is settled, one whose payment went back is open again. */
export async function insertAllocations(trx: Trx, rows: readonly AllocationRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return;
  const at = ts(now);
  await sql`
    INSERT INTO allocation (customer_id, allocation_id, receipt_id, invoice_id, amount_cents, kind, allocated_at)
    SELECT u.*, ${at}::timestamptz FROM unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.allocationId)}::bigint[],
      ${rows.map((r) => r.receiptId)}::bigint[], ${rows.map((r) => r.invoiceId)}::bigint[], ${rows.map((r) => r.amount)}::bigint[],
      ${rows.map((r) => r.kind)}::text[]) AS u (customer, id, receipt, invoice, amount, kind)
      -- unordered: an insert`.execute(trx);
  const totals = new Map<Id, { customerId: Id; principal: Cents; fee: Cents }>();
  for (const { invoiceId, customerId, kind, amount } of rows) {
    const total = totals.get(invoiceId) ?? { customerId, principal: 0, fee: 0 };
    totals.set(invoiceId, total);
    if (kind === "principal") total.principal += amount;
    else total.fee += amount;
  }
  await sql`
    UPDATE invoice i SET paid_cents = i.paid_cents + u.principal, fee_paid_cents = i.fee_paid_cents + u.fee,
      state = CASE WHEN i.state NOT IN ('open', 'paid') THEN i.state WHEN i.paid_cents + u.principal = i.amount_cents THEN 'paid' ELSE 'open' END,
      settled_at = CASE WHEN i.state NOT IN ('open', 'paid') OR (i.state = 'paid' AND i.paid_cents + u.principal = i.amount_cents) THEN i.settled_at
        WHEN i.paid_cents + u.principal = i.amount_cents THEN ${at}::timestamptz END,
      reopened_at = CASE WHEN i.state = 'paid' AND i.paid_cents + u.principal < i.amount_cents THEN ${at}::timestamptz ELSE i.reopened_at END,
      clearing_until = NULL
    FROM unnest(${[...totals.values()].map((t) => t.customerId)}::bigint[], ${[...totals.keys()]}::bigint[],
      ${[...totals.values()].map((t) => t.principal)}::bigint[], ${[...totals.values()].map((t) => t.fee)}::bigint[])
      AS u (customer, invoice, principal, fee)
    WHERE i.customer_id = u.customer AND i.invoice_id = u.invoice`.execute(trx);
}

/** The provider's numbers of invoices of one customer. */
export async function invoiceRefs(db: Db, customerId: Id, ids: readonly Id[]): Promise<Map<Id, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: Id; ref: string }>`
    SELECT invoice_id AS id, ref FROM invoice WHERE customer_id = ${customerId} AND invoice_id = ANY(${[...ids]}::bigint[])
    ORDER BY invoice_id`.execute(db);
  return new Map(rows.map((row) => [row.id, row.ref]));
}

/** Fine and interest paid so far, by invoice, for the open invoices of a customer. */
export async function feesPaid(db: Db, customerId: Id): Promise<Map<Id, Cents>> {
  const { rows } = await sql<{ id: Id; paid: Cents }>`
    SELECT invoice_id AS id, fee_paid_cents AS paid FROM invoice WHERE customer_id = ${customerId} AND state = 'open'
    ORDER BY invoice_id`.execute(db);
  return new Map(rows.map((row) => [row.id, row.paid]));
}
