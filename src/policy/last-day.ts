// The last day on which an invoice can be paid before its service is suspended: what some make a habit of. Pure.
import type { Day } from "../kernel/time.ts";
import { ladderFor, type Policy } from "./compile.ts";
import { project } from "./project.ts";
import { sampleCustomer } from "./timeline.ts";

/** Beyond the step's own day the calendar moves a suspension by a long weekend; past this the policy has none that comes by itself. */
const MOVED_DAYS = 40;

/** In cents: above any remainder that a policy lets be. */
const WORTH_SUSPENDING = 100_000_000;

/** From the last banking day before the suspension to its own day (both included), as days on which the money was paid. */
export interface LastDays {
  dueOn: Day;
  from: Day;
  to: Day;
}

/**
 * For somebody on the policy's own ladder who was told in time and said nothing; played by the same rules as the run, so that weekends,
 * holidays and gaps count. Null: nothing is suspended.
 */
export function lastDays(policy: Policy, dueOn: Day): LastDays | null {
  const days = played.get(policy) ?? new Map<Day, LastDays | null>();
  played.set(policy, days);
  const known = days.get(dueOn);
  if (known !== undefined) return known;
  const found = play(policy, dueOn);
  days.set(dueOn, found);
  return found;
}

/** A due date costs 1.5 ms to play, a report asks for hundreds, and they never change while the policy stands. */
const played = new WeakMap<Policy, Map<Day, LastDays | null>>();

function play(policy: Policy, dueOn: Day): LastDays | null {
  const { zone, calendar } = policy;
  const who = sampleCustomer({ issuedOn: dueOn - 10, dueOn, amount: WORTH_SUSPENDING, currency: "BRL" });
  const step = ladderFor(policy, who, null, dueOn).steps.find(({ act }) => act === "suspend");
  if (step === undefined || step.day === "issued") return null;
  const horizon = zone.startOf(calendar.effectiveDue(dueOn) + Math.max(0, step.day) + MOVED_DAYS);
  const placed = project(who, policy, zone.startOf(dueOn - 10), horizon).decisions.find(({ decision }) => decision.place.length > 0);
  if (placed === undefined) return null;
  const to = zone.dayOf(placed.at);
  let from = to - 1;
  while (from > dueOn && !calendar.isBankingDay(from)) from -= 1;
  return { dueOn, from, to };
}
