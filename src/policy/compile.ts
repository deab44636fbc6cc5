// A policy made ready for deciding: times as numbers, the calendar built, ladders in order, a version that names its content.
import { sha256 } from "../kernel/hash.ts";
import { parseAmount, type Cents } from "../kernel/money.ts";
import { formatDay, HOUR_MS, parseTimeOfDay, type Day, type MinuteOfDay, type Zone } from "../kernel/time.ts";
import { Calendar, type ClosedReason, type ClosedRule } from "./calendar/calendar.ts";
import type { StepAct } from "./decision.ts";
import type { Channel, CustomerFacts } from "./facts.ts";
import { isoWeekday, type ClosedDoc, type PolicyDoc, type StepDoc, type WhenDoc } from "./schema.ts";

export interface Step {
  index: number;
  name: string;
  day: number | "issued";
  minute: MinuteOfDay;
  act: StepAct;
  channels: readonly Channel[];
  gapMs: number;
}

export interface Ladder {
  segment: string | null;
  when: WhenDoc | null;
  steps: readonly Step[];
  /** Payment proofs are taken for the invoices on it. */
  acceptsClaims: boolean;
}

export interface Policy {
  /** `name@12 first digits of its hash`: written into every decision. */
  version: string;
  doc: PolicyDoc;
  zone: Zone;
  calendar: Calendar;
  /** Segments first, the common ladder last. */
  ladders: readonly Ladder[];
  smallRemainder: Cents;
  promiseDeadlineMinute: MinuteOfDay;
  promiseMaxAmount: Cents | null;
}

/** The hash a policy version is known by: of its meaning (defaults filled in), not of its spelling. */
export function policyHash(doc: PolicyDoc): string {
  return sha256(JSON.stringify(doc));
}

export function policyVersion(doc: PolicyDoc): string {
  return `${doc.policy}@${policyHash(doc).slice(0, 12)}`;
}

export function compilePolicy(doc: PolicyDoc, zone: Zone): Policy {
  return {
    version: policyVersion(doc),
    doc,
    zone,
    calendar: new Calendar({
      country: doc.calendar.holidays,
      weekend: doc.calendar.weekend.map(isoWeekday),
      neverSuspendOn: [...doc.never_suspend_on.map(closedRule), ...beforeHours(doc)],
      quietHours:
        doc.quiet_hours === "none" ? null : { from: parseTimeOfDay(doc.quiet_hours.from), to: parseTimeOfDay(doc.quiet_hours.to) },
      zone,
    }),
    ladders: [
      ...doc.segments.map((segment) => ({
        segment: segment.segment,
        when: segment.when,
        steps: segment.ladder.map(compileStep(doc)),
        acceptsClaims: doc.claims.accept && segment.accept_claims !== false,
      })),
      { segment: null, when: null, steps: doc.ladder.map(compileStep(doc)), acceptsClaims: doc.claims.accept },
    ],
    smallRemainder: parseAmount(doc.small_remainder),
    promiseDeadlineMinute: parseTimeOfDay(doc.promises.deadline_at),
    promiseMaxAmount: doc.promises.max_amount === undefined ? null : parseAmount(doc.promises.max_amount),
  };
}

function compileStep(doc: PolicyDoc): (step: StepDoc, index: number) => Step {
  return (step, index) => ({
    index,
    name: step.step,
    day: step.day,
    minute: parseTimeOfDay(step.at),
    act: step.do,
    channels: step.channels,
    gapMs: (step.gap_hours ?? doc.gap_hours) * HOUR_MS,
  });
}

function closedRule(doc: ClosedDoc): ClosedRule {
  if (typeof doc !== "string")
    return { kind: "weekday", weekday: isoWeekday(doc.weekday), from: parseTimeOfDay(doc.from), to: parseTimeOfDay(doc.to) };
  if (doc === "friday_afternoon") return { kind: "weekday", weekday: 5, from: 720, to: 1440 };
  return { kind: doc };
}

/**
 * A suspension that the calendar moved, or that waited for a gap or a promise, comes at the hours the ladder suspends at and not at midnight:
 * before the earliest `at` of a suspend step every day is closed.
 */
function beforeHours(doc: PolicyDoc): ClosedRule[] {
  const steps = [doc.ladder, ...doc.segments.map((segment) => segment.ladder)].flat().filter((step) => step.do === "suspend");
  const first = Math.min(...steps.map((step) => parseTimeOfDay(step.at)));
  if (steps.length === 0 || first === 0) return [];
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ kind: "weekday", weekday, from: 0, to: first }));
}

/** Which rule closes the calendar, for the trail of reasons: `weekend`, `weekday`, `holiday:2026-12-25`, `eve:2026-12-25`. */
export function sayClosed(reason: ClosedReason): string {
  return reason.holiday ? `${reason.rule.kind}:${formatDay(reason.holiday.day)}` : reason.rule.kind;
}

/**
 * The ladder of one invoice: the first segment that fits the customer and the plan billed, else the common one. Tenure is measured on the
 * day the invoice is due, so that no ladder changes under an invoice because time passed.
 */
export function ladderFor(policy: Policy, customer: Pick<CustomerFacts, "tags" | "since">, plan: string | null, dueOn: Day): Ladder {
  const fits = (when: WhenDoc): boolean =>
    (when.tags === undefined || when.tags.some((tag) => customer.tags.includes(tag))) &&
    (when.plans === undefined || (plan !== null && when.plans.includes(plan))) &&
    (when.tenure_days_below === undefined || dueOn - customer.since < when.tenure_days_below) &&
    (when.tenure_days_from === undefined || dueOn - customer.since >= when.tenure_days_from);
  for (const ladder of policy.ladders) if (ladder.when === null || fits(ladder.when)) return ladder;
  return policy.ladders[policy.ladders.length - 1] as Ladder;
}
