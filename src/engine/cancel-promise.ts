// Staff ends a running promise before its deadline, with a written reason; access follows in the same transaction.
import { ReguaError } from "../kernel/errors.ts";
import { formatInstant } from "../kernel/time.ts";
import { markPromiseCancelled } from "../store/promises.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

/**
 * Cancels a running promise. It does not count against the customer. The ladder goes on from where it stopped, and where the
 * promise gave access back, the service goes down again at the next moment the calendar allows.
 * @throws ReguaError `promise_unknown`, `words_missing`, `customer_unknown`
 */
export async function cancelPromise(
  engine: Engine,
  request: { customer: Who; protocol: string; by: string; reason: string },
): Promise<void> {
  const by = required("by", request.by);
  const reason = required("reason", request.reason);
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const promise = facts.promises.find((each) => each.protocol === request.protocol);
    if (!promise || !(await markPromiseCancelled(unit.trx, facts.id, promise.id, unit.now)))
      throw new ReguaError("promise_unknown", { value: request.protocol });
    unit.record(facts.id, "promise.cancelled", by, { protocol: promise.protocol, until: formatInstant(promise.until), reason });
  });
}
