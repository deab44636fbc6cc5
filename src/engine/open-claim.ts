// A payment proof is a claim, never a payment: it opens a review, and by policy a short release until the bank can have spoken.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { DAY_MS, formatInstant, type Instant } from "../kernel/time.ts";
import { insertClaim, releasedByClaim } from "../store/claims.ts";
import { markSignOfLife } from "../store/receipts.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { whoIs, type Who } from "./who.ts";

export interface ClaimRequest {
  customer: Who;
  /** By the provider's number. */
  invoice: string;
  /** Access is given back until then while the bank confirms; null: a person looks first. */
  releaseUntil: Instant | null;
  by: string;
}

/** A review that nobody ends expires by itself after this. */
const REVIEW_MS = 5 * DAY_MS;

/**
 * Opens a claim. A second claim of an invoice that was released once gives no second release.
 * @throws ReguaError `claims_closed` where the policy takes none from this customer, `claim_open`, `invoice_unknown`, `customer_unknown`
 */
export async function openClaim(engine: Engine, request: ClaimRequest): Promise<{ claimId: Id; releaseUntil: Instant | null }> {
  const customerId = await whoIs(engine.db, request.customer);
  return changeCustomer(engine, customerId, async (unit, { facts }) => {
    const { claims } = unit.setting.policy.doc;
    if (!claims.accept || facts.tags.some((tag) => claims.refuse_tags.includes(tag))) throw new ReguaError("claims_closed");
    const invoice = facts.invoices.find((each) => each.ref === request.invoice);
    if (!invoice) throw new ReguaError("invoice_unknown", { value: request.invoice });
    if (facts.claims.some((claim) => claim.invoiceId === invoice.id)) throw new ReguaError("claim_open", { value: invoice.ref });
    const again = await releasedByClaim(unit.trx, facts.id, invoice.id);
    const releaseUntil = again ? null : request.releaseUntil;
    const claimId = (await engine.ids.take(1)).next();
    const reviewUntil = Math.max(unit.now + REVIEW_MS, releaseUntil ?? 0);
    await insertClaim(unit.trx, {
      id: claimId,
      customerId: facts.id,
      invoiceId: invoice.id,
      receivedAt: unit.now,
      releaseUntil,
      reviewUntil,
    });
    await markSignOfLife(unit.trx, [facts.id], unit.now);
    unit.record(facts.id, "claim.opened", request.by, {
      invoice: invoice.ref,
      release_until: releaseUntil === null ? null : formatInstant(releaseUntil),
      review_until: formatInstant(reviewUntil),
    });
    return { claimId, releaseUntil };
  });
}
