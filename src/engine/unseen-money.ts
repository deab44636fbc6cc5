// What finance must hear of: money that was declared as paid and that no account has seen for a week, and money that waits for its owner.
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { declaredTotal, waitingTotal, type DeclaredTotal } from "../store/reconcile.ts";
import type { Engine } from "./engine.ts";

/** Declared money that no account has seen after this is told to finance. */
export const DECLARED_DAYS = 7;

export interface UnseenMoney {
  declared: DeclaredTotal;
  waiting: { count: number; amount: Cents; oldestOn: Day | null };
  currency: Currency;
}

/** As of today, in the provider's zone. Changes nothing. */
export async function unseenMoney(engine: Engine): Promise<UnseenMoney> {
  const now = engine.clock.now();
  const { zone, currency } = await engine.settings.load(engine.db, now);
  const declared = await declaredTotal(engine.db, zone.dayOf(now) - DECLARED_DAYS);
  return { declared, waiting: await waitingTotal(engine.db), currency };
}
