// The weekend trick: suspended on Thursday or Friday, released "until Monday", gone on Monday. How it is known, and what it costs.
import { share, type Cents } from "../kernel/money.ts";
import { DAY_MS, weekday, type Day, type Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { PastPromise, PaymentHistory } from "./history.ts";

/** Who asks to end a service within this many days after the deadline used the release to leave; later it is another matter. */
export const LEFT_WITHIN_DAYS = 7;

const THURSDAY = 4;

/**
 * The first closed day of the run that a request on this day is suspiciously near: one that is running, begins tomorrow (Friday, the eve
 * of a holiday) or, asked on a Thursday, the day after. Null on other days.
 */
export function closedRunFrom(policy: Policy, today: Day): Day | null {
  const near = weekday(today) === THURSDAY ? 2 : 1;
  for (let day = today; day <= today + near; day += 1) if (!policy.calendar.isBankingDay(day)) return day;
  return null;
}

/** Days from a request to the last day before the next closed run; for who used a release over a weekend, time ends there. */
export function daysBeforeClosedRun(policy: Policy, today: Day, limit: number): number {
  for (let days = 1; days <= limit; days += 1) if (!policy.calendar.isBankingDay(today + days)) return days - 1;
  return limit;
}

/** The first day on or after this one that is near no closed run. The search ends: a year without such a day leaves the day after. */
export function openDayAfter(policy: Policy, closed: Day): Day {
  for (let day = closed + 1; day <= closed + 366; day += 1) if (closedRunFrom(policy, day) === null) return day;
  return closed + 1;
}

/** Releases over a weekend that were not kept, or after which the customer asked to end a service; only as old as the memory. */
export function weekendTricks(history: PaymentHistory, policy: Policy, now: Instant): PastPromise[] {
  const today = policy.zone.dayOf(now);
  return history.promises.filter(
    (promise) =>
      promise.overWeekend &&
      today - policy.zone.dayOf(promise.grantedAt) < policy.doc.promises.memory_days &&
      (promise.state === "broken" ||
        history.cancellations.some(({ askedAt }) => askedAt >= promise.grantedAt && askedAt <= promise.until + LEFT_WITHIN_DAYS * DAY_MS)),
  );
}

/** What released days cost: the monthly price by days of a month of 30, to the cent; null when no price is known. */
export function releasedDaysCost(monthPrice: Cents | null, days: number): Cents | null {
  return monthPrice === null ? null : share(monthPrice, Math.max(0, days), 30);
}
