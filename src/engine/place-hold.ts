// An exception written down: a dispute, a decision of staff, a legal order or abuse stops the ladder or takes a service down.
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import type { CustomerFacts, HoldFacts, HoldKind } from "../policy/facts.ts";
import { insertHold } from "../store/holds.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

export interface HoldRequest {
  customer: Who;
  kind: Exclude<HoldKind, "overdue">;
  /** `access` takes the service down, `collection` stops the ladder. Default: `access` for abuse, else `collection`. */
  effect?: HoldFacts["effect"];
  /** By the provider's numbers; absent: the whole account. */
  service?: string;
  /** The invoice it is about; absent: all of them. Only for `collection`. */
  invoice?: string;
  /** When it ends by itself. A hold on collection must say so, a legal order excepted: exceptions without an end are forgotten. */
  until?: Instant;
  reason: string;
  /** Who answers for it. */
  by: string;
}

/** A request in words that were looked at already. */
export type HoldIn = Omit<HoldRequest, "customer">;

/**
 * Places a hold, and decides the customer anew with it.
 * @throws ReguaError `hold_invalid`, `hold_needs_end`, `words_missing`, `customer_unknown`, `service_unknown`, `invoice_unknown`
 */
export async function placeHold(engine: Engine, request: HoldRequest): Promise<{ holdId: Id }> {
  const by = required("by", request.by);
  const reason = required("reason", request.reason);
  const customerId = await whoIs(engine.db, request.customer);
  return changeCustomer(engine, customerId, async (unit, { facts }) => ({
    holdId: await placeIn(engine, unit, facts, { ...request, by, reason }),
  }));
}

/** The same within a unit of work. `more` goes into the evidence beside it. */
export async function placeIn(
  engine: Engine,
  unit: Unit,
  facts: CustomerFacts,
  request: HoldIn,
  more: Readonly<Record<string, Json>> = {},
): Promise<Id> {
  const { kind, by, reason, until = null } = request;
  const effect = request.effect ?? (kind === "abuse" ? "access" : "collection");
  check(request, effect);
  if (until !== null && until <= unit.now)
    throw new ReguaError("hold_invalid", { problem: inEach("its end lies in the past", "o fim dele já passou") });
  const about = subjectOf(facts, request);
  const holdId = (await engine.ids.take(1)).next();
  await insertHold(unit.trx, {
    id: holdId,
    customerId: facts.id,
    kind,
    effect,
    ...about,
    placedAt: unit.now,
    placedBy: by,
    reason,
    until,
  });
  unit.record(facts.id, "hold.placed", by, {
    kind,
    effect,
    service: request.service ?? null,
    invoice: request.invoice ?? null,
    until: until === null ? null : formatInstant(until),
    reason,
    ...more,
  });
  return holdId;
}

function check(request: HoldIn, effect: HoldFacts["effect"]): void {
  const wrong = (problem: InEach) => new ReguaError("hold_invalid", { problem });
  if (request.kind === "dispute" && effect === "access")
    throw wrong(inEach("a dispute protects the customer and takes nothing down", "uma contestação protege o cliente e não derruba nada"));
  if (request.invoice !== undefined && effect === "access")
    throw wrong(
      inEach(
        "a hold that takes a service down names a service, not an invoice",
        "um bloqueio que derruba um serviço indica um serviço, não uma fatura",
      ),
    );
  if (effect === "collection" && request.kind !== "legal" && request.until === undefined) throw new ReguaError("hold_needs_end");
}

function subjectOf(facts: CustomerFacts, request: HoldIn): { serviceId: Id | null; invoiceId: Id | null } {
  const service = facts.services.find((each) => each.ref === request.service);
  if (request.service !== undefined && !service) throw new ReguaError("service_unknown", { value: request.service });
  const invoice = facts.invoices.find((each) => each.ref === request.invoice);
  if (request.invoice !== undefined && !invoice) throw new ReguaError("invoice_unknown", { value: request.invoice });
  // Both must fit for the ladder to stop, so that a pair that never does would be a hold without effect.
  if (service && invoice && invoice.serviceId !== service.id)
    throw new ReguaError("hold_invalid", {
      problem: inEach(
        `invoice ${invoice.ref} does not bill service ${service.ref}`,
        `a fatura ${invoice.ref} não cobra o serviço ${service.ref}`,
      ),
    });
  return { serviceId: service?.id ?? null, invoiceId: invoice?.id ?? null };
}
