// The customer asks to leave, now or at the end of the term: recorded with its day; while it is open no release on trust is given.
import { ReguaError } from "../kernel/errors.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { civil, dayOf, formatDay, type Day } from "../kernel/time.ts";
import type { ServiceFacts } from "../policy/facts.ts";
import { clearCancellation, latestInvoice, markCancellation } from "../store/services.ts";
import { feesPaid } from "../store/allocations.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { feeDue } from "./fees.ts";
import { withCase, type OneCase } from "./one-case.ts";
import { whoIs, type Who } from "./who.ts";

/** @throws ReguaError `customer_unknown`, `service_unknown` */
export async function askCancellation(
  engine: Engine,
  request: { customer: Who; service: string; on: Day; by: string; reason?: string },
): Promise<void> {
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const service = facts.services.find((each) => each.ref === request.service);
    if (!service) throw new ReguaError("service_unknown", { value: request.service });
    await markCancellation(unit.trx, { customerId, serviceId: service.id, askedAt: unit.now, on: request.on });
    const reason = request.reason?.trim() ?? "";
    unit.record(customerId, "cancellation.asked", request.by, {
      service: service.ref,
      on: formatDay(request.on),
      ...(reason === "" ? {} : { reason }),
    });
  });
}

/** @throws ReguaError `cancellation_not_open`, `customer_unknown`, `service_unknown` */
export async function withdrawCancellation(engine: Engine, request: { customer: Who; service: string; by: string }): Promise<void> {
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const service = serviceOf(facts.services, request.service);
    if (service.cancelOn === null) throw new ReguaError("cancellation_not_open", { value: service.ref });
    await clearCancellation(unit.trx, { customerId, serviceId: service.id });
    unit.record(customerId, "cancellation.withdrawn", request.by, { service: service.ref, was_on: formatDay(service.cancelOn) });
  });
}

/** What leaving would mean, before it is asked. */
export interface CancellationTerms {
  service: string;
  name: string;
  today: Day;
  /** The last day that the newest invoice bills; today where there is none, or where it is past. */
  termEnds: Day;
  /** Open for this service, fees included where they are asked for: leaving does not change it. */
  owedCents: Cents;
  currency: Currency;
  /** Asked already, for this day. */
  cancelOn: Day | null;
}

/** Nothing is written. @throws ReguaError `customer_unknown`, `service_unknown` */
export async function cancellationTerms(engine: Engine, ask: { customer: Who; service: string }): Promise<CancellationTerms> {
  return withCase(engine, ask.customer, (one) => termsOf(one, ask.service));
}

async function termsOf({ trx, found: { facts }, setting, now }: OneCase, ref: string): Promise<CancellationTerms> {
  const service = serviceOf(facts.services, ref);
  const today = setting.zone.dayOf(now);
  const fees = await feesPaid(trx, facts.id);
  const open = facts.invoices.filter((invoice) => invoice.serviceId === service.id);
  const collect = setting.policy.doc.late_fee.collect === true;
  const owedCents = open.reduce((sum, invoice) => {
    const { total } = feeDue(setting.policy, { ...invoice, feePaid: fees.get(invoice.id) ?? 0 }, today);
    return sum + (collect ? total : invoice.open);
  }, 0);
  const dueOn = await latestInvoice(trx, facts.id, service.id);
  return {
    service: service.ref,
    name: service.name,
    today,
    termEnds: Math.max(today, dueOn === null ? today : monthLater(dueOn) - 1),
    owedCents,
    currency: open[0]?.currency ?? setting.currency,
    cancelOn: service.cancelOn,
  };
}

function serviceOf(services: readonly ServiceFacts[], ref: string): ServiceFacts {
  const service = services.find((each) => each.ref === ref);
  if (!service) throw new ReguaError("service_unknown", { value: ref });
  return service;
}

/** Prepaid by the month: an invoice due on the 31st bills up to the last day before the next due date, whatever the month's length. */
function monthLater(day: Day): Day {
  const { year, month, day: dayOfMonth } = civil(day);
  const lastOfNext = dayOf(year, month + 2, 1) - 1;
  return Math.min(dayOf(year, month + 1, dayOfMonth), lastOfNext);
}
