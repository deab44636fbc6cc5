// That staff looked at a customer's personal data, in that customer's evidence: at most once an hour for each person, so that it stays cheap.
import { HOUR_MS } from "../kernel/time.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { whoIs } from "./who.ts";

/** A page opened, by whom, and what it showed. */
export interface View {
  /** The provider's number of the customer. */
  customer: string;
  by: string;
  what: string;
}

/** More than the people of a provider open in an hour; past it the oldest are forgotten, and noted once more. */
const REMEMBERED = 20_000;

/** Notes views for one process; what was noted within the hour is not written again. */
export function noteViews(engine: Engine): (view: View) => Promise<void> {
  const noted = new Map<string, number>();
  return async ({ customer, by, what }) => {
    const key = `${by}\n${customer}`;
    const now = engine.motorClock.now();
    const last = noted.get(key);
    if (last !== undefined && now - last < HOUR_MS) return;
    noted.delete(key);
    noted.set(key, now);
    if (noted.size > REMEMBERED) noted.delete(noted.keys().next().value ?? "");
    const customerId = await whoIs(engine.db, customer);
    await changeCustomer(engine, customerId, async (unit) => unit.record(customerId, "record.viewed", by, { what }));
  };
}
