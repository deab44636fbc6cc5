// The end of a claim's review: confirmed, contradicted or refused. None of them is money; a receipt is.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { closeClaim } from "../store/claims.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

/**
 * Ends a claim; the customer is decided anew, so that a contradicted one returns access to what it was.
 * @throws ReguaError `claim_unknown`, `words_missing`
 */
export async function endClaim(
  engine: Engine,
  request: { customer: Who; claimId: Id; end: "confirmed" | "contradicted" | "refused"; reason: string; by: string },
): Promise<void> {
  const reason = required("reason", request.reason);
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const { claimId: id, end: state } = request;
    const closed = await closeClaim(unit.trx, { customerId, id, state, reason, at: unit.now });
    if (!closed) throw new ReguaError("claim_unknown", { value: id });
    const invoice = facts.invoices.find((each) => each.id === closed.invoiceId);
    unit.record(customerId, `claim.${state}`, request.by, { invoice: invoice?.ref ?? null, reason });
  });
}
