// How money received is applied: the invoice it names, else the oldest due first; what is left over is credit.
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";

/** An open invoice as the ledger sees it. */
export interface Payable {
  id: Id;
  ref: string;
  dueOn: Day;
  open: Cents;
}

export interface Application {
  /** Amounts by invoice; each at most what was open. */
  allocations: readonly { invoiceId: Id; amount: Cents }[];
  /** What no invoice took. amount = sum of allocations + credit. */
  credit: Cents;
}

/**
 * Applies one receipt. A receipt that names an invoice pays only that one: money meant for one debt is not moved to another
 * without its owner's word (Código Civil, art. 352). `open` of the invoices is lowered in place, so that several receipts follow one another.
 */
export function allocate(amount: Cents, named: string | null, invoices: Payable[]): Application {
  assert(amount > 0, "a receipt is more than nothing");
  const order =
    named === null ? [...invoices].sort((a, b) => a.dueOn - b.dueOn || a.id - b.id) : invoices.filter((invoice) => invoice.ref === named);
  const allocations: { invoiceId: Id; amount: Cents }[] = [];
  let left = amount;
  for (const invoice of order) {
    const part = Math.min(left, invoice.open);
    if (part === 0) continue;
    invoice.open -= part;
    left -= part;
    allocations.push({ invoiceId: invoice.id, amount: part });
  }
  return { allocations, credit: left };
}
