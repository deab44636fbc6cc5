// What is known of a customer when more time is asked for: what was paid and kept before, and what is open now.
import type { Cents } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { Id } from "../kernel/ids.ts";
import { holdRuns } from "./cover.ts";
import type { CustomerFacts, HoldKind, InvoiceFacts, PromiseKind } from "./facts.ts";

/** What the customer did before, as the store reads it. */
export interface Past {
  /** First day as a customer. */
  since: Day;
  /** Why staff bars this customer from releases, in writing; null: not barred. */
  barred: string | null;
  /** Settled invoices, oldest due first. `paidOn`: the last day on which the customer paid for it; null when nobody knows. */
  paid: readonly { dueOn: Day; paidOn: Day | null }[];
  /** Every promise ever made, oldest first, the running one included. */
  promises: readonly PastPromise[];
  /** Every request to end a service. `open`: neither withdrawn nor carried out. */
  cancellations: readonly { service: string; askedAt: Instant; open: boolean }[];
  /** When the bank's own data contradicted a payment proof, oldest first. */
  contradictedAt: readonly Instant[];
}

export interface PastPromise {
  protocol: string;
  kind: PromiseKind;
  state: "running" | "kept" | "broken" | "cancelled";
  grantedAt: Instant;
  until: Instant;
  endedAt: Instant | null;
  overWeekend: boolean;
}

/** What the promise would be about. */
export interface Matter {
  /** Open invoices, oldest due first. */
  open: readonly Pick<InvoiceFacts, "id" | "ref" | "dueOn" | "open">[];
  /** A service is down, or would be, because of one of them, and a promise would bring it back. */
  suspended: boolean;
  /** A hold of another kind keeps a service down whatever is promised. */
  otherHold: HoldKind | null;
  /** What the services concerned cost a month; null when none of them has a price. */
  monthPrice: Cents | null;
}

export interface PaymentHistory extends Past {
  matter: Matter;
}

/**
 * The matter of a promise about `named` invoices (null: all that are open). An invoice that keeps the same service down joins the
 * named ones: a release that leaves the service down because of its neighbour would be none.
 */
export function matterOf(
  facts: CustomerFacts,
  scope: "service" | "account",
  prices: ReadonlyMap<Id, Cents>,
  named: ReadonlySet<Id> | null,
  now: Instant,
): Matter {
  const overdue = facts.holds.filter((hold) => hold.kind === "overdue" && holdRuns(hold, now));
  const first = named === null ? overdue : overdue.filter((hold) => hold.invoiceId !== null && named.has(hold.invoiceId));
  const down = new Set(first.map((hold) => hold.serviceId));
  const joined = new Set(overdue.filter((hold) => down.has(hold.serviceId)).map((hold) => hold.invoiceId));
  const open = facts.invoices.filter((invoice) => named === null || named.has(invoice.id) || joined.has(invoice.id));
  const others = facts.holds.filter((hold) => hold.kind !== "overdue" && hold.effect === "access" && holdRuns(hold, now));
  const heldOtherwise = (serviceId: Id | null) => others.find((hold) => hold.serviceId === null || hold.serviceId === serviceId);
  const concerned = facts.services.filter(
    (service) =>
      down.has(service.id) || (scope === "account" && service.linked) || open.some((invoice) => invoice.serviceId === service.id),
  );
  const priced = concerned.map((service) => prices.get(service.id)).filter((price) => price !== undefined);
  return {
    open: open.map(({ id, ref, dueOn, open: left }) => ({ id, ref, dueOn, open: left })),
    suspended: [...down].some((serviceId) => heldOtherwise(serviceId) === undefined),
    otherHold: concerned.map((service) => heldOtherwise(service.id)).find((hold) => hold !== undefined)?.kind ?? null,
    monthPrice: priced.length === 0 ? null : priced.reduce((sum, price) => sum + price, 0),
  };
}
