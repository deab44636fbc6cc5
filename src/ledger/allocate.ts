// How money received is applied: the invoice it names, else the oldest due first; fine and interest apart; what is left over is credit.
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";

/** What an allocation pays: the invoice itself, or fine and interest for its lateness. */
export type AllocationKind = "principal" | "late_fee";

/** An open invoice as the ledger sees it. */
export interface Payable {
  id: Id;
  ref: string;
  dueOn: Day;
  open: Cents;
  /** Fine and interest paid so far. */
  feePaid: Cents;
}

export interface Part {
  invoiceId: Id;
  kind: AllocationKind;
  amount: Cents;
}

/** Fine and interest, as the policy asks for them. */
export interface Fees {
  /** What is due beyond `open` on the day the money was paid, less what was paid of it already. */
  of(invoice: Payable): Cents;
  /** Fees come before the principal, so that what is missing stays open as principal. False: what is missing of the fees is not asked for. */
  collect: boolean;
}

const NO_FEES: Fees = { of: () => 0, collect: false };

export interface Application {
  /** At most what was open, and what was due of fees, of each invoice. */
  allocations: readonly Part[];
  /** What no invoice took. amount = sum of allocations + credit. */
  credit: Cents;
}

/**
 * Applies one receipt. A receipt that names an invoice pays only that one: money meant for one debt is not moved to another
 * without its owner's word (Código Civil, art. 352). `open` and `feePaid` are changed in place, so that several receipts follow one another.
 *
 * Where fees are collected they come first (art. 354). Else the creditor gives quittance of the principal, which the same article
 * allows: all principal first, then what is left pays fees.
 */
export function allocate(amount: Cents, named: string | null, invoices: Payable[], fees: Fees = NO_FEES): Application {
  assert(amount >= 0, "money is not less than nothing");
  const order =
    named === null ? [...invoices].sort((a, b) => a.dueOn - b.dueOn || a.id - b.id) : invoices.filter((invoice) => invoice.ref === named);
  // Before any of them is paid: a fee is due on what was open.
  const due = new Map(order.map((invoice) => [invoice.id, fees.of(invoice)]));
  const allocations: Part[] = [];
  let left = amount;
  const take = (invoice: Payable, kind: AllocationKind): void => {
    const part = Math.min(left, kind === "principal" ? invoice.open : (due.get(invoice.id) ?? 0));
    if (part === 0) return;
    if (kind === "principal") invoice.open -= part;
    else invoice.feePaid += part;
    left -= part;
    allocations.push({ invoiceId: invoice.id, kind, amount: part });
  };
  if (fees.collect) {
    for (const invoice of order) {
      take(invoice, "late_fee");
      take(invoice, "principal");
    }
  } else {
    for (const invoice of order) take(invoice, "principal");
    // A fee is asked for with the whole of its invoice, not with a part of it.
    for (const invoice of order) if (invoice.open === 0) take(invoice, "late_fee");
  }
  return { allocations, credit: left };
}
