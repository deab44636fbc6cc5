// What protects an invoice from the ladder: a promise, money on its way, a hold on collection, a claim, or being too small.
import type { Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { Because } from "./decision.ts";
import type { CustomerFacts, HoldFacts, InvoiceFacts, PromiseFacts } from "./facts.ts";

/** One protection of one invoice. While any stands, nothing hardens because of it. */
export interface Cover {
  because: Because;
  /** When it ends by itself; null: only when something happens. */
  until: Instant | null;
  /** It also gives access back where an overdue hold is in place. A claim that a person must look at first does not. */
  releases: boolean;
}

/** An expired hold protects and suspends nothing, even before it is lifted. */
export function holdRuns(hold: HoldFacts, now: Instant): boolean {
  return hold.until === null || now < hold.until;
}

/** All that protects an invoice now. `promises` are those that this decision has not ended. */
export function coversOf(
  facts: CustomerFacts,
  promises: readonly PromiseFacts[],
  policy: Policy,
  invoice: InvoiceFacts,
  now: Instant,
): readonly Cover[] {
  const covers: Cover[] = [];
  const about = { invoice: invoice.ref };
  for (const promise of promises) {
    if (!promise.invoiceIds.includes(invoice.id)) continue;
    const because: Because = { rule: "promise_running", ...about, promise: promise.protocol, until: promise.until };
    covers.push({ because, until: promise.until, releases: true });
  }
  if (invoice.clearingUntil !== null && now < invoice.clearingUntil)
    covers.push({
      because: { rule: "clearing", ...about, until: invoice.clearingUntil },
      until: invoice.clearingUntil,
      releases: true,
    });
  for (const hold of facts.holds) {
    if (hold.effect !== "collection" || !holdRuns(hold, now)) continue;
    if (hold.invoiceId !== null && hold.invoiceId !== invoice.id) continue;
    if (hold.serviceId !== null && hold.serviceId !== invoice.serviceId) continue;
    const because: Because = { rule: "collection_hold", ...about, hold: hold.kind, ...(hold.until === null ? {} : { until: hold.until }) };
    covers.push({ because, until: hold.until, releases: true });
  }
  for (const claim of facts.claims) {
    if (claim.invoiceId !== invoice.id || now >= claim.reviewUntil) continue;
    if (claim.releaseUntil !== null && now < claim.releaseUntil)
      covers.push({
        because: { rule: "claim_release", ...about, until: claim.releaseUntil },
        until: claim.releaseUntil,
        releases: true,
      });
    else
      covers.push({
        because: { rule: "claim_under_review", ...about, until: claim.reviewUntil },
        until: claim.reviewUntil,
        releases: false,
      });
  }
  if (invoice.open <= policy.smallRemainder)
    covers.push({ because: { rule: "small_remainder", ...about, cents: invoice.open }, until: null, releases: true });
  return covers;
}

/** The cover that lasts longest: while it stands, looking again is useless. */
export function longest(covers: readonly Cover[]): Cover | null {
  let best: Cover | null = null;
  for (const cover of covers) {
    if (best === null || (best.until !== null && (cover.until === null || cover.until > best.until))) best = cover;
  }
  return best;
}
