// The end of a claim's review: confirmed, contradicted or refused. None of them is money; a receipt is.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { claimRow } from "../store/claim-proofs.ts";
import { closeClaim, closeClaimsOf } from "../store/claims.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";
import { claimStateIn } from "../words/inserts.ts";

/** How a person, or the bank's word, ends a review. Time ends it as expired. */
export type ClaimVerdict = "confirmed" | "contradicted" | "refused";

/**
 * Ends a claim; the customer is decided anew, so that a contradicted one returns access to what it was.
 * @throws ReguaError `claim_unknown`, `words_missing`
 */
export async function endClaim(
  engine: Engine,
  request: { customer: Who; claimId: Id; end: ClaimVerdict; reason: string; by: string },
): Promise<void> {
  const reason = required("reason", request.reason);
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const { claimId: id, end: state, by } = request;
    const closed = await closeClaim(unit.trx, { customerId, id, state, reason, by, at: unit.now });
    if (!closed) throw new ReguaError("claim_unknown", { value: id });
    const invoice = facts.invoices.find((each) => each.id === closed.invoiceId);
    unit.record(customerId, `claim.${state}`, by, { invoice: invoice?.ref ?? null, reason });
  });
}

/**
 * The same by the claim's own number, as staff have it before them.
 * @throws ReguaError `claim_not_known`, `claim_not_open`, `words_missing`
 */
export async function decideClaim(engine: Engine, request: { claimId: Id; end: ClaimVerdict; reason: string; by: string }): Promise<void> {
  required("reason", request.reason);
  const claim = await claimRow(engine.db, request.claimId);
  if (!claim) throw new ReguaError("claim_not_known", { value: request.claimId });
  if (claim.state !== "under_review") throw new ReguaError("claim_not_open", { value: claim.id, state: claimStateIn(claim.state) });
  await endClaim(engine, { ...request, customer: claim.customerId });
}

/** What the evidence says of an end that nobody wrote a reason for. */
const SETTLED = "the invoice was settled by money received";
const WITHDRAWN = "the invoice was withdrawn";

/** The bank has spoken: claims of invoices that money settled end as confirmed, in the transaction that books it. */
export async function confirmSettled(unit: Unit, customerId: Id, invoices: readonly Id[]): Promise<void> {
  await endAll(unit, customerId, { invoices, paid: true, state: "confirmed", reason: SETTLED, by: "bank" });
}

/** Nothing is owed by a voided invoice: what was claimed of it is neither confirmed nor contradicted. */
export async function withdrawClaims(unit: Unit, customerId: Id, invoice: Id, by: string): Promise<void> {
  await endAll(unit, customerId, { invoices: [invoice], paid: false, state: "refused", reason: WITHDRAWN, by });
}

type Ends = Omit<Parameters<typeof closeClaimsOf>[1], "customerId" | "at">;

async function endAll(unit: Unit, customerId: Id, ends: Ends): Promise<void> {
  if (ends.invoices.length === 0) return;
  for (const { invoice } of await closeClaimsOf(unit.trx, { ...ends, customerId, at: unit.now }))
    unit.record(customerId, `claim.${ends.state}`, ends.by, { invoice, reason: ends.reason });
}
