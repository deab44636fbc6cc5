// A person ends an exception before its time. An overdue hold is not one: money or a promise ends it.
import { ReguaError } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatInstant } from "../kernel/time.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { markHoldLifted } from "../store/holds.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

/**
 * Lifts a standing hold, and decides the customer anew without it.
 * @throws ReguaError `hold_unknown`, `hold_is_overdue`, `words_missing`, `customer_unknown`
 */
export async function releaseHold(engine: Engine, request: { customer: Who; holdId: Id; by: string; reason: string }): Promise<void> {
  const by = required("by", request.by);
  const reason = required("reason", request.reason);
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => liftIn(unit, facts, { ...request, by, reason }));
}

/** The same within a unit of work. `more` goes into the evidence beside it. @throws ReguaError `hold_unknown`, `hold_is_overdue` */
export async function liftIn(
  unit: Unit,
  facts: CustomerFacts,
  { holdId, by, reason }: { holdId: Id; by: string; reason: string },
  more: Readonly<Record<string, Json>> = {},
): Promise<void> {
  const hold = facts.holds.find((each) => each.id === holdId);
  if (hold?.kind === "overdue") throw new ReguaError("hold_is_overdue", { invoice: hold.reason });
  if (!hold || !(await markHoldLifted(unit.trx, facts.id, hold.id, by, unit.now))) throw new ReguaError("hold_unknown", { value: holdId });
  // Our own ids mean nothing to an outsider: the hold is known by its kind and the moment it was placed.
  const { kind, effect, placedAt } = hold;
  unit.record(facts.id, "hold.released", by, { kind, effect, placed_at: formatInstant(placedAt), reason, ...more });
}
