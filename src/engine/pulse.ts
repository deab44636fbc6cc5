// A value that changes whenever something changes about a customer: so that a page learns of a payment by asking for a few bytes.
import type { Id } from "../kernel/ids.ts";
import { versionOf } from "../store/customers.ts";
import type { Engine } from "./engine.ts";

/** Every write about a customer counts its version; the day is in it because what is owed and said depends on it. */
export async function pulseOf(engine: Engine, customerId: Id): Promise<string> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  return `${(await versionOf(engine.db, customerId)) ?? 0}.${zone.dayOf(now)}`;
}
