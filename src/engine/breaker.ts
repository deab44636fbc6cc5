// The breaker: too many suspensions in an hour, or right after a change, stop and ask a person.
import { DAY_MS, HOUR_MS, type Instant } from "../kernel/time.ts";
import { approveBreaker, readBreaker, suspensionRate, tripBreaker, type BreakerState } from "../store/breaker.ts";
import { releaseBlocked } from "../store/customers.ts";
import type { Db, Trx } from "../store/database.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";

/** A blocked suspension looks again after this time; an approval wakes it at once. */
export const BLOCKED_DELAY_MS = 5 * 60_000;

/** An approval lets suspensions go on this long: a wave and its retries, not the next policy mistake. */
export const APPROVAL_MS = HOUR_MS;

/** How many suspensions an hour may bring under the setting, and why; null: no limit. */
export function hourlyLimit(setting: Setting, services: number, now: Instant): { limit: number; rule: string } | null {
  const { breaker } = setting.policy.doc;
  if (breaker === "none") return null;
  const usual = Math.max(breaker.max_per_hour, Math.floor((services * breaker.max_percent) / 100));
  const changed = Math.max(setting.policySince, setting.clockJumpedAt ?? 0);
  // A small base must not trip on its first three cases: the stricter share never asks below ten.
  const strict = Math.max(10, Math.floor((services * breaker.after_change_percent) / 100));
  if (now - changed < DAY_MS && strict < usual) return { limit: strict, rule: "within a day of a policy or clock change" };
  return { limit: usual, rule: "in one hour" };
}

/** How many of the suspensions wanted may start now. Trips when they are more. */
export async function allowSuspensions(trx: Trx, setting: Setting, now: Instant, wanted: number): Promise<number> {
  const state = await readBreaker(trx);
  if (state.approvedUntil !== null && now < state.approvedUntil) return wanted;
  const { started, services } = await suspensionRate(trx, now - HOUR_MS);
  const limit = hourlyLimit(setting, services, now);
  if (limit === null) return wanted;
  if (state.trippedAt !== null) return 0;
  const left = Math.max(0, limit.limit - started);
  if (wanted <= left) return wanted;
  await tripBreaker(trx, now, `${started + wanted} suspensions ${limit.rule}, ${limit.limit} allowed`);
  return left;
}

/** A person lets the waiting suspensions go. */
export async function approveSuspensions(engine: Engine, by: string): Promise<{ released: number }> {
  const now = engine.clock.now();
  return inTransaction(engine.db, async (trx) => {
    await approveBreaker(trx, by, now, now + APPROVAL_MS);
    return { released: await releaseBlocked(trx, now) };
  });
}

export async function breakerState(db: Db): Promise<BreakerState> {
  return readBreaker(db);
}
