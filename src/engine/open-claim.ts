// A payment proof is a claim, never a payment: it opens a review, and by policy a short release until the bank can have spoken.
import { ReguaError } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import { REVIEW_MS } from "../policy/clearing.ts";
import { ladderFor, type Policy } from "../policy/compile.ts";
import type { CustomerFacts, InvoiceFacts } from "../policy/facts.ts";
import { contradictedBefore } from "../store/claim-proofs.ts";
import { claimsBarred, insertClaim, releasedByClaim } from "../store/claims.ts";
import { markSignOfLife } from "../store/receipts.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { whoIs, type Who } from "./who.ts";

export interface ClaimRequest {
  /** By the provider's number. */
  invoice: string;
  /** Access is given back until then while the bank confirms; null: a person looks first. */
  releaseUntil: Instant | null;
  by: string;
  /** A payment that is only ordered: the bank can speak from then on. */
  expectedBy?: Instant | null;
  /** What was read from a file, and what the checks say of it; absent where somebody only says that it was paid. */
  proof?: { [key: string]: Json };
}

export interface EnteredClaim {
  claimId: Id;
  invoiceId: Id;
  releaseUntil: Instant | null;
  /** Without the bank's word the review ends then. */
  reviewUntil: Instant;
}

/**
 * Opens a claim of a customer. A second claim of an invoice that was released once gives no second release, and neither does any claim
 * of a customer whose earlier one was contradicted.
 * @throws ReguaError `claims_closed` where the policy takes none from this customer, `claim_open`, `invoice_unknown`, `customer_unknown`
 */
export async function openClaim(engine: Engine, request: ClaimRequest & { customer: Who }): Promise<EnteredClaim> {
  const customerId = await whoIs(engine.db, request.customer);
  return changeCustomer(engine, customerId, (unit, { facts }) => enterClaim(engine, unit, facts, request));
}

/** The same in a unit of work that has taken the customer. */
export async function enterClaim(engine: Engine, unit: Unit, facts: CustomerFacts, request: ClaimRequest): Promise<EnteredClaim> {
  const invoice = claimable(unit.setting.policy, facts, request.invoice);
  if ((await claimsBarred(unit.trx, facts.id)) !== null) throw new ReguaError("claims_closed");
  // One release without settlement; and who sent a proof that the bank contradicted has a person look at the next one.
  const again = (await releasedByClaim(unit.trx, facts.id, invoice.id)) || (await contradictedBefore(unit.trx, facts.id));
  const releaseUntil = again ? null : request.releaseUntil;
  const claimId = (await engine.ids.take(1)).next();
  const reviewUntil = Math.max(unit.now, releaseUntil ?? 0, request.expectedBy ?? 0) + REVIEW_MS;
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
    ...(request.proof ? { proof: request.proof } : {}),
  });
  return { claimId, invoiceId: invoice.id, releaseUntil, reviewUntil };
}

/** Whether the policy takes proofs from a customer with these tags; a segment may still take none for some invoices. */
export function takesClaimsOf({ doc: { claims } }: Policy, tags: readonly string[]): boolean {
  return claims.accept && !tags.some((tag) => claims.refuse_tags.includes(tag));
}

/**
 * The invoice that a claim can be opened for now.
 * @throws ReguaError `claims_closed`, `claim_open`, `invoice_unknown`
 */
export function claimable(policy: Policy, facts: CustomerFacts, ref: string): InvoiceFacts {
  if (!takesClaimsOf(policy, facts.tags)) throw new ReguaError("claims_closed");
  const invoice = facts.invoices.find((each) => each.ref === ref);
  if (!invoice) throw new ReguaError("invoice_unknown", { value: ref });
  const plan = facts.services.find((service) => service.id === invoice.serviceId)?.plan ?? null;
  if (!ladderFor(policy, facts, plan, invoice.dueOn).acceptsClaims) throw new ReguaError("claims_closed");
  if (facts.claims.some((claim) => claim.invoiceId === invoice.id)) throw new ReguaError("claim_open", { value: invoice.ref });
  return invoice;
}
