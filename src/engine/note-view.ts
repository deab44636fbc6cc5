// That staff looked at a customer's personal data, in that customer's evidence: at most once an hour for each person, so that it stays cheap.
import type { Id } from "../kernel/ids.ts";
import { HOUR_MS } from "../kernel/time.ts";
import { claimRow } from "../store/claim-proofs.ts";
import { findRef } from "../store/customers.ts";
import { changeCustomer } from "./change.ts";
import { readConversationId } from "./conversations.ts";
import type { Engine } from "./engine.ts";

/** What a view is named by. */
export type ViewOf = "customer" | "service" | "invoice" | "claim" | "conversation";

/** A page opened, by whom, and what it showed. */
export interface View {
  /** The provider's number of the customer, service or invoice; a claim's own. */
  about: { kind: ViewOf; value: string };
  by: string;
  what: string;
}

/** More than the people of a provider open in an hour; past it the oldest are forgotten, and noted once more. */
const REMEMBERED = 20_000;

/** Notes views for one process; what was noted within the hour is not written again. */
export function noteViews(engine: Engine): (view: View) => Promise<void> {
  const noted = new Map<string, number>();
  return async ({ about, by, what }) => {
    const customerId = await whose(engine, about);
    if (customerId === null) return;
    const key = `${by}\n${customerId}`;
    const now = engine.motorClock.now();
    const last = noted.get(key);
    if (last !== undefined && now - last < HOUR_MS) return;
    noted.delete(key);
    noted.set(key, now);
    if (noted.size > REMEMBERED) noted.delete(noted.keys().next().value ?? "");
    try {
      await changeCustomer(engine, customerId, async (unit) => unit.record(customerId, "record.viewed", by, { what }));
    } catch (error) {
      // Not written, so not noted: the next look tries again.
      noted.delete(key);
      throw error;
    }
  };
}

async function whose({ db }: Engine, { kind, value }: View["about"]): Promise<Id | null> {
  if (kind === "claim") return (await claimRow(db, Number(value)))?.customerId ?? null;
  if (kind === "conversation") {
    const of = readConversationId(value);
    return "customerId" in of ? of.customerId : null;
  }
  return (await findRef(db, kind, value))?.customerId ?? null;
}
