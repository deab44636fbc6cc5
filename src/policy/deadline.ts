// When a promise may end: on a banking day, at the policy's time, at a moment when a suspension may start.
import { weekday, type Day, type Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";

/** No promise is longer, whoever grants it: the schema's own limit of `promises.max_days`. */
export const CEILING_DAYS = 60;

/** How far ahead a first possible deadline is looked for when none is near. */
const SEARCH_DAYS = 400;

/** The moment a promise would end on this day; null when it cannot end then, or that moment is not after `now`. */
function deadlineOn(policy: Policy, day: Day, now: Instant): Instant | null {
  if (!policy.calendar.isBankingDay(day)) return null;
  const at = policy.zone.at(day, policy.promiseDeadlineMinute);
  return at > now && policy.calendar.suspendOpenAt(at) === null ? at : null;
}

/**
 * The deadline of a promise of at most `limit` days from today. With a day asked for, the first deadline on or after it, since who
 * offers to pay on Saturday cannot pay before Monday; where that is too late, and with no day asked for, the last one within the limit.
 */
export function chooseDeadline(policy: Policy, now: Instant, asked: Day | null, limit: number): Instant | null {
  const today = policy.zone.dayOf(now);
  let last: Instant | null = null;
  for (let day = today; day <= today + limit; day += 1) {
    const at = deadlineOn(policy, day, now);
    if (at === null) continue;
    last = at;
    if (asked !== null && day >= asked) return at;
  }
  return last;
}

/** The first possible deadline after now, however far. Null: the calendar is never open at the policy's time of day. */
export function firstDeadline(policy: Policy, now: Instant): Instant | null {
  const today = policy.zone.dayOf(now);
  for (let day = today; day <= today + SEARCH_DAYS; day += 1) {
    const at = deadlineOn(policy, day, now);
    if (at !== null) return at;
  }
  return null;
}

/** Whether a Saturday or Sunday lies between the two, their own days included. */
export function spansWeekend(policy: Policy, from: Instant, until: Instant): boolean {
  const first = policy.zone.dayOf(from);
  const last = policy.zone.dayOf(until);
  for (let day = first; day <= last; day += 1) if (weekday(day) >= 6) return true;
  return false;
}
