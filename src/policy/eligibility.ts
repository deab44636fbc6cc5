// Whether a customer gets more time: a pure answer, granted or refused, with every reason and what would change it.
import type { Day, Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import { CEILING_DAYS, chooseDeadline, firstDeadline } from "./deadline.ts";
import type { PaymentHistory } from "./history.ts";
import { againstPast, courtesyUsed, paidOnTime } from "./merit.ts";
import type { Condition, Granted, Offer, OfferRequest, Reason, Refusal, RefusalRule, Scene, WouldChange } from "./offer.ts";
import { closedRunFrom, daysBeforeClosedRun, openDayAfter, releasedDaysCost, weekendTricks } from "./weekend.ts";

/** Not to be set aside by anybody: there is nothing to promise, or the promise would break its own law. */
const FIRM: ReadonlySet<RefusalRule> = new Set<RefusalRule>(["nothing_due", "promise_running", "beyond_ceiling"]);

/** Whether the request is granted, until when and on which conditions; a refusal carries all its reasons, not only the first. */
export function promiseOffer(history: PaymentHistory, policy: Policy, request: OfferRequest): Offer {
  const scene = sceneOf(history, policy, request);
  const against = [...againstPast(scene), ...againstMatter(scene), ...againstTime(scene)];
  const insists = overrides(request);
  const standing = insists ? against.filter((refusal) => FIRM.has(refusal.rule)) : against;
  if (scene.until === null || standing.length > 0) return { granted: false, reasons: standing.length > 0 ? standing : against };
  return grant(scene, scene.until, against);
}

function overrides(request: OfferRequest): boolean {
  return request.by === "staff" && (request.override ?? "").trim() !== "";
}

function sceneOf(history: PaymentHistory, policy: Policy, request: OfferRequest): Scene {
  const { promises: terms } = policy.doc;
  const { now } = request;
  const today = policy.zone.dayOf(now);
  const broken = history.promises
    .filter((promise) => promise.state === "broken")
    .map((promise) => ({ promise, day: policy.zone.dayOf(promise.endedAt ?? promise.until) }))
    .filter(({ day }) => today - day < terms.memory_days)
    .sort((a, b) => a.day - b.day);
  const isNew = today - history.since < terms.min_tenure_days;
  const courtesy = isNew && terms.courtesy_days > 0 && !courtesyUsed(history);
  const longest = courtesy ? Math.min(terms.courtesy_days, terms.max_days) : terms.max_days;
  const earned = longest - broken.length * terms.broken_costs_days;
  // A weekend is what was misused: asked on any day, time is given up to it and not over it.
  const misused = terms.weekend === "refuse" && request.by === "customer" && weekendTricks(history, policy, now).length > 0;
  const days = misused ? Math.min(earned, daysBeforeClosedRun(policy, today, Math.max(0, earned))) : earned;
  const scene = { history, policy, request, today, broken, courtesy, days, earned };
  return { ...scene, until: deadlineOf(scene) };
}

function deadlineOf({ policy, request, days, earned }: Omit<Scene, "until">): Instant | null {
  const { requestedUntil: asked, now } = request;
  if (!overrides(request)) return earned < 1 ? null : chooseDeadline(policy, now, asked, days);
  if (asked !== null) return chooseDeadline(policy, now, asked, CEILING_DAYS);
  const longest = policy.doc.promises.max_days;
  return chooseDeadline(policy, now, null, longest) ?? chooseDeadline(policy, now, policy.zone.dayOf(now), CEILING_DAYS);
}

function againstMatter(scene: Scene): Refusal[] {
  const { history, policy, today, days, until } = scene;
  const found: Refusal[] = [];
  const { open } = history.matter;
  const [oldest] = open.map((invoice) => invoice.dueOn).sort((a, b) => a - b);
  const last = until === null ? today + Math.max(0, days) : policy.zone.dayOf(until);
  if (oldest === undefined) found.push({ rule: "nothing_due", wouldChange: { what: "none_needed" } });
  else if (oldest > last)
    found.push({
      rule: "nothing_due",
      day: oldest,
      wouldChange: { what: "ask_from", day: Math.max(today + 1, oldest - Math.max(0, days)) },
    });

  // Counted up to the policy's longest promise, whatever this customer's own is: otherwise a broken promise, which
  // shortens the next and so leaves out an invoice due later, could bring the sum back under the limit.
  const horizon = today + policy.doc.promises.max_days;
  const owed = open.filter((invoice) => invoice.dueOn <= horizon).reduce((sum, invoice) => sum + invoice.open, 0);
  const limitCents = policy.promiseMaxAmount;
  if (limitCents !== null && owed > limitCents)
    found.push({ rule: "amount_above", cents: owed, limitCents, wouldChange: { what: "pay_part", cents: owed - limitCents } });
  return found;
}

function againstTime(scene: Scene): Refusal[] {
  const { history, policy, request, today, days, until } = scene;
  const { requestedUntil: asked, now } = request;
  const found: Refusal[] = [];
  const closedFrom = closedRunFrom(policy, today);
  const tricks = weekendTricks(history, policy, now);
  if (policy.doc.promises.weekend === "refuse" && tricks.length > 0 && closedFrom !== null && (asked === null || asked >= closedFrom)) {
    const day = openDayAfter(policy, closedFrom);
    const cost = releasedDaysCost(history.matter.monthPrice, day - today);
    const numbers = { count: tricks.length, days: day - today, ...(cost === null ? {} : { cents: cost }) };
    found.push({ rule: "weekend_pattern", ...numbers, wouldChange: { what: "ask_from", day } });
  }
  if (until === null && (scene.earned >= 1 || overrides(request)) && !found.some((f) => f.rule === "weekend_pattern"))
    found.push(noDeadline(policy, now, today, days));
  if (request.by === "staff" && asked !== null) {
    const allowed = days < 1 ? null : chooseDeadline(policy, now, asked, days);
    const allowedDay = allowed === null ? null : policy.zone.dayOf(allowed);
    const wouldChange: WouldChange = allowedDay === null ? { what: "staff" } : { what: "ask_until", day: allowedDay };
    if (allowedDay === null || allowedDay < asked)
      found.push({ rule: "beyond_max", days: asked - today, limit: Math.max(0, days), wouldChange });
    if (asked > today + CEILING_DAYS)
      found.push({
        rule: "beyond_ceiling",
        days: asked - today,
        limit: CEILING_DAYS,
        wouldChange: { what: "ask_until", day: today + CEILING_DAYS },
      });
  }
  return found;
}

function noDeadline(policy: Policy, now: Instant, today: Day, days: number): Refusal {
  const first = firstDeadline(policy, now);
  if (first === null) return { rule: "no_deadline", limit: Math.max(0, days), wouldChange: { what: "staff" } };
  const day = policy.zone.dayOf(first);
  return { rule: "no_deadline", limit: days, day, wouldChange: { what: "ask_from", day: Math.max(today + 1, day - days) } };
}

function grant(scene: Scene, until: Instant, overridden: readonly Refusal[]): Granted {
  const { history, policy, courtesy } = scene;
  const untilDay = policy.zone.dayOf(until);
  const invoices = history.matter.open.filter((invoice) => invoice.dueOn <= untilDay);
  const owed = invoices.reduce((sum, invoice) => sum + invoice.open, 0);
  const refs = invoices.map((invoice) => invoice.ref);
  return {
    granted: true,
    kind: courtesy ? "courtesy" : history.matter.suspended ? "release" : "postponement",
    until,
    invoices: refs,
    owed,
    conditions: conditionsOf(scene, until, { condition: "pay_by", until, cents: owed, invoices: refs }),
    reasons: reasonsFor(scene, untilDay),
    overridden,
  };
}

function chargesWeekend({ history, policy, request, today }: Scene, untilDay: Day): boolean {
  const closedFrom = closedRunFrom(policy, today);
  return (
    policy.doc.promises.weekend === "charge" &&
    closedFrom !== null &&
    untilDay >= closedFrom &&
    weekendTricks(history, policy, request.now).length > 0
  );
}

function conditionsOf(scene: Scene, until: Instant, payBy: Condition): Condition[] {
  const { history, policy, today } = scene;
  const { matter } = history;
  const { promises: terms, late_fee: fee } = policy.doc;
  const untilDay = policy.zone.dayOf(until);
  const days = untilDay - today;
  const cost = { days, cents: releasedDaysCost(matter.monthPrice, days) };
  const conditions: Condition[] = [
    payBy,
    matter.suspended ? { condition: "access_ends", until } : { condition: "ladder_continues", until },
  ];
  if (terms.broken_costs_days > 0) conditions.push({ condition: "lowers_next", days: terms.broken_costs_days });
  if (chargesWeekend(scene, untilDay)) conditions.push({ condition: "weekend_charged", ...cost });
  else if (terms.charge_released_days && matter.suspended && days > 0) conditions.push({ condition: "released_days_charged", ...cost });
  if (fee.fine_percent > 0 || fee.interest_percent_month > 0)
    conditions.push({
      condition: "late_fee_counts",
      finePercent: String(fee.fine_percent),
      interestPercentMonth: String(fee.interest_percent_month),
    });
  if (matter.otherHold !== null) conditions.push({ condition: "other_hold_stays", hold: matter.otherHold });
  return conditions;
}

function reasonsFor(scene: Scene, untilDay: Day): Reason[] {
  const { history, policy, request, today, broken, courtesy, days } = scene;
  const { promises: terms } = policy.doc;
  const reasons: Reason[] = [{ rule: courtesy ? "courtesy" : "tenure", days: today - history.since, wouldChange: null }];
  const onTime = paidOnTime(scene);
  if (onTime > 0) reasons.push({ rule: "paid_on_time", count: onTime, limit: terms.min_paid_on_time, wouldChange: null });
  const kept = history.promises.filter((promise) => promise.state === "kept").length;
  if (kept > 0) reasons.push({ rule: "promises_kept", count: kept, wouldChange: null });
  if (broken.length > 0 && terms.broken_costs_days > 0 && !overrides(request))
    reasons.push({ rule: "shortened_broken", count: broken.length, days: broken.length * terms.broken_costs_days, wouldChange: null });
  if (scene.days < scene.earned) reasons.push({ rule: "shortened_weekend", days: scene.days, wouldChange: null });
  if (request.requestedUntil !== null && untilDay < request.requestedUntil)
    reasons.push({ rule: "shortened_max", limit: days, day: request.requestedUntil, wouldChange: null });
  if (chargesWeekend(scene, untilDay))
    reasons.push({ rule: "weekend_charged", count: weekendTricks(history, policy, request.now).length, wouldChange: null });
  return reasons;
}
