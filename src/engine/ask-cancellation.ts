// The customer asks to leave: recorded with its day; while it is open no release on trust is given.
import { ReguaError } from "../kernel/errors.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { markCancellation } from "../store/services.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { whoIs, type Who } from "./who.ts";

/** @throws ReguaError `customer_unknown`, `service_unknown` */
export async function askCancellation(engine: Engine, request: { customer: Who; service: string; on: Day; by: string }): Promise<void> {
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const service = facts.services.find((each) => each.ref === request.service);
    if (!service) throw new ReguaError("service_unknown", { value: request.service });
    await markCancellation(unit.trx, { customerId, serviceId: service.id, askedAt: unit.now, on: request.on });
    unit.record(customerId, "cancellation.asked", request.by, { service: service.ref, on: formatDay(request.on) });
  });
}
