// An invoice that should not have been: nothing is owed by it any more, and access follows in the same transaction.
import { ReguaError } from "../kernel/errors.ts";
import { markVoid, readInvoice } from "../store/records.ts";
import { changeCustomer } from "./change.ts";
import { withdrawClaims } from "./end-claim.ts";
import type { Engine } from "./engine.ts";
import { invoiceNamed } from "./save-invoice.ts";
import { required } from "./who.ts";
import { invoiceStateIn } from "../words/inserts.ts";

/**
 * Voids an open invoice on which nothing was paid. What was paid on one goes back as a refund, which is another act.
 * @throws ReguaError `invoice_unknown`, `invoice_not_open`, `words_missing`
 */
export async function voidInvoice(engine: Engine, request: { invoice: string; reason: string; by: string }): Promise<void> {
  const by = required("by", request.by);
  const reason = required("reason", request.reason);
  const { customerId, id } = await invoiceNamed(engine, request.invoice);
  await changeCustomer(engine, customerId, async (unit) => {
    if (!(await markVoid(unit.trx, customerId, id, unit.now))) {
      const found = await readInvoice(unit.trx, customerId, id);
      const state = found?.state === "open" ? "partly paid" : (found?.state ?? "gone");
      throw new ReguaError("invoice_not_open", { value: request.invoice, state: invoiceStateIn(state) });
    }
    unit.record(customerId, "invoice.voided", by, { invoice: request.invoice, reason });
    await withdrawClaims(unit, customerId, id, by);
  });
}
