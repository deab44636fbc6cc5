// Whether the billing system may suspend a service by itself, asked by its hook right before; and where it is about to, although we keep the service up.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { holdRuns } from "../policy/cover.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { knownRows } from "../store/billing.ts";
import type { Engine } from "./engine.ts";
import { withCase } from "./one-case.ts";

export interface Word {
  allow: boolean;
  /** Why: `not_ours`, `ladder` and `unprotected` allow; all others abort. */
  because: "not_ours" | "ladder" | "unprotected" | "promise" | "claim" | "hold" | "clearing" | "ladder_not_there_yet";
  /** Until when, where that is known. */
  until: Instant | null;
}

/**
 * Aborts while a promise, a claim, a hold or money on its way protects what the customer owes; and for a service that is tied to an account
 * here for as long as our ladder keeps it up, since then the ladder is what suspends it.
 */
export async function mayBillingSuspend(engine: Engine, billingId: number): Promise<Word> {
  const row = (await knownRows(engine.db, "service", [billingId])).get(billingId);
  if (!row) return { allow: true, because: "not_ours", until: null };
  return withCase(engine, row.customerId, ({ found: { facts }, now }) => {
    const service = facts.services.find(({ id }) => id === row.rowId);
    if (!service) return Promise.resolve({ allow: true, because: "not_ours", until: null } as const);
    // Our own word to its module asks here as well.
    if (service.desired === "suspended") return Promise.resolve({ allow: true, because: "ladder", until: null } as const);
    return Promise.resolve(protection(facts, service.id, service.linked, now));
  });
}

function protection(facts: CustomerFacts, serviceId: Id, linked: boolean, now: Instant): Word {
  const about = facts.invoices.filter((invoice) => invoice.serviceId === null || invoice.serviceId === serviceId);
  const ids = new Set(about.map(({ id }) => id));
  const promise = facts.promises.find(({ invoiceIds, until }) => until > now && invoiceIds.some((id) => ids.has(id)));
  if (promise) return { allow: false, because: "promise", until: promise.until };
  const claim = facts.claims.find(({ invoiceId, reviewUntil }) => ids.has(invoiceId) && reviewUntil > now);
  if (claim) return { allow: false, because: "claim", until: claim.reviewUntil };
  const hold = facts.holds.find(
    (each) =>
      each.effect === "collection" &&
      holdRuns(each, now) &&
      (each.serviceId === null || each.serviceId === serviceId) &&
      (each.invoiceId === null || ids.has(each.invoiceId)),
  );
  if (hold) return { allow: false, because: "hold", until: hold.until };
  const clearing = about.find(({ clearingUntil }) => clearingUntil !== null && clearingUntil > now);
  if (clearing) return { allow: false, because: "clearing", until: clearing.clearingUntil };
  return linked ? { allow: false, because: "ladder_not_there_yet", until: null } : { allow: true, because: "unprotected", until: null };
}
