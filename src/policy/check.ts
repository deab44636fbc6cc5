// Checks what a policy means: whether its ladder can be climbed as written, and whether the law lets it. The schema checked its form.
import { ReguaError } from "../kernel/errors.ts";
import { formatTimeOfDay, parseTimeOfDay, Zone } from "../kernel/time.ts";
import { compilePolicy, type Policy } from "./compile.ts";
import { isoWeekday, type PolicyDoc, type StepDoc, type WhenDoc } from "./schema.ts";

/** Something to know before a policy is put in force. With an error it is refused; a warning is shown. */
export interface Finding {
  severity: "error" | "warning";
  /** `ladder[2].day`. */
  place: string;
  problem: string;
  cure: string;
}

/** Lei 8.078/1990 (CDC), art. 52 §1. */
const FINE_PERCENT_MAX = 2;
/** Código Civil art. 406 with CTN art. 161 §1: the rate that contracts may state without further ground. */
const INTEREST_PERCENT_MAX = 1;
/** More than a year, so that every holiday is met once. */
const PROBE_DAYS = 400;

/** Everything found, errors first. A policy without errors can be put in force. */
export function checkPolicy(doc: PolicyDoc): Finding[] {
  const findings: Finding[] = [
    ...checkCalendar(doc),
    ...checkLadder(doc, "ladder", doc.ladder),
    ...doc.segments.flatMap((segment, i) => checkLadder(doc, `segments[${i}].ladder`, segment.ladder)),
    ...checkSegments(doc),
    ...checkLateFee(doc),
    ...checkBreaker(doc),
  ];
  return [...findings.filter((f) => f.severity === "error"), ...findings.filter((f) => f.severity === "warning")];
}

/** Whether the calendar opens at all, and what needs an open one. The zone does not matter: closed times are local. */
function checkCalendar(doc: PolicyDoc): Finding[] {
  let policy: Policy;
  try {
    policy = compilePolicy(doc, new Zone("UTC"));
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    return [{ severity: "error", place: placeOf(error, doc), problem: error.message, cure: error.cure }];
  }
  return checkPromises(doc, policy);
}

function placeOf(error: ReguaError, doc: PolicyDoc): string {
  if (error.code === "holidays_unknown") return "calendar.holidays";
  if (error.code === "calendar_never_open") return String(error.details.field);
  return error.details.value === doc.small_remainder ? "small_remainder" : "promises.max_amount";
}

function checkPromises(doc: PolicyDoc, policy: Policy): Finding[] {
  const { promises } = doc;
  if (!promises.enabled) return [];
  const findings: Finding[] = [];
  const minute = parseTimeOfDay(promises.deadline_at);
  let ends = false;
  for (let day = 0; day < PROBE_DAYS && !ends; day += 1)
    ends = policy.calendar.isBankingDay(day) && policy.calendar.suspendOpenAt(policy.zone.at(day, minute)) === null;
  if (!ends)
    findings.push({
      severity: "error",
      place: "promises.deadline_at",
      problem: `at ${promises.deadline_at} a suspension may start on no banking day, so no promise could ever end`,
      cure: "Choose a time outside never_suspend_on, and not before the suspend step's own time of day.",
    });
  if (policy.calendar.quietAt(policy.zone.at(0, minute)))
    findings.push({
      severity: "warning",
      place: "promises.deadline_at",
      problem: `${promises.deadline_at} lies in the quiet hours, and the message that a promise ended goes out at that time`,
      cure: "Choose a time outside quiet_hours.",
    });
  if (promises.max_days === 0)
    findings.push({
      severity: "warning",
      place: "promises.max_days",
      problem: "a promise of 0 days can only end on the day it is asked",
      cure: "Give it some days, or write enabled: false.",
    });
  return findings;
}

function checkSegments(doc: PolicyDoc): Finding[] {
  const findings: Finding[] = [];
  for (const [i, { segment, when }] of doc.segments.entries()) {
    const place = `segments[${i}]`;
    const before = doc.segments.slice(0, i);
    if (before.some((other) => other.segment === segment))
      findings.push({ severity: "error", place: `${place}.segment`, problem: `two segments are named “${segment}”`, cure: "Rename one." });
    if (when.tenure_days_from !== undefined && when.tenure_days_below !== undefined && when.tenure_days_from >= when.tenure_days_below) {
      const problem = `nobody is a customer for at least ${when.tenure_days_from} and fewer than ${when.tenure_days_below} days`;
      findings.push({ severity: "error", place: `${place}.when`, problem, cure: "Make tenure_days_from the smaller number." });
    }
    const earlier = before.find((other) => covers(other.when, when));
    if (earlier) {
      const problem = `nobody reaches this segment: the segment “${earlier.segment}” before it takes all its customers`;
      findings.push({ severity: "error", place, problem, cure: "Put the narrower segment first, or take it out." });
    }
  }
  return findings;
}

/** Whether every customer of `narrow` belongs to `wide`. */
function covers(wide: WhenDoc, narrow: WhenDoc): boolean {
  const within = (outer: readonly string[] | undefined, inner: readonly string[] | undefined): boolean =>
    outer === undefined || (inner !== undefined && inner.every((one) => outer.includes(one)));
  return (
    within(wide.tags, narrow.tags) &&
    within(wide.plans, narrow.plans) &&
    (wide.tenure_days_below === undefined ||
      (narrow.tenure_days_below !== undefined && narrow.tenure_days_below <= wide.tenure_days_below)) &&
    (wide.tenure_days_from === undefined || wide.tenure_days_from === 0 || (narrow.tenure_days_from ?? 0) >= wide.tenure_days_from)
  );
}

function checkLateFee(doc: PolicyDoc): Finding[] {
  const { fine_percent: fine, interest_percent_month: interest, legal_basis: basis } = doc.late_fee;
  if (basis !== undefined) return [];
  const severity = doc.regime === "general" ? "warning" : "error";
  const cure = "Lower it, or state in late_fee.legal_basis what allows more.";
  const findings: Finding[] = [];
  if (fine > FINE_PERCENT_MAX) {
    const problem = `a fine of ${fine} % is above the ${FINE_PERCENT_MAX} % that consumer law in Brazil allows (CDC art. 52 §1)`;
    findings.push({ severity, place: "late_fee.fine_percent", problem, cure });
  }
  if (interest > INTEREST_PERCENT_MAX) {
    const problem = `interest of ${interest} % a month is above the ${INTEREST_PERCENT_MAX} % a month that a contract may state in Brazil`;
    findings.push({ severity, place: "late_fee.interest_percent_month", problem, cure });
  }
  return findings;
}

function checkBreaker(doc: PolicyDoc): Finding[] {
  if (doc.breaker !== "none") return [];
  const problem = "without a breaker, one import with wrong due dates can suspend every customer";
  return [{ severity: "warning", place: "breaker", problem, cure: "Leave the key out to have the default limits." }];
}

/** A step with its place in the file and its time, in minutes from the start of the due day; null: the day of issue. */
interface Rung {
  place: string;
  step: StepDoc;
  minutes: number | null;
}

const DAY_MINUTES = 1440;
/** Anatel RGC (Resolução 765/2023): days from the proven notice to the suspension, and from there to the end of the contract. */
const TELECOM_SUSPEND_DAYS = 15;
const TELECOM_TERMINATE_DAYS = 60;
/** Less time than this to fetch one's data is short in any regime. */
const TERMINATE_DAYS = 15;

function checkLadder(doc: PolicyDoc, place: string, steps: readonly StepDoc[]): Finding[] {
  const rungs = steps.map((step, i): Rung => ({
    place: `${place}[${i}]`,
    step,
    minutes: step.day === "issued" ? null : step.day * DAY_MINUTES + parseTimeOfDay(step.at),
  }));
  const findings = [...rungs.flatMap((rung, i) => checkRung(doc, rungs, rung, i)), ...checkEnd(doc, rungs)];
  if (!steps.some((step) => step.do === "suspend")) {
    const problem = "the ladder never suspends: after its last message nothing follows";
    findings.push({ severity: "warning", place, problem, cure: "Add a warn and a suspend step, if that is not what you want." });
  }
  return findings;
}

function checkRung(doc: PolicyDoc, rungs: readonly Rung[], rung: Rung, i: number): Finding[] {
  const findings: Finding[] = [];
  const { step, place, minutes } = rung;
  const add = (severity: Finding["severity"], key: string, problem: string, cure: string): void =>
    void findings.push({ severity, place: `${place}.${key}`, problem, cure });
  const before = rungs.slice(0, i);
  if (before.some((other) => other.step.step === step.step))
    add("error", "step", `two steps are named “${step.step}”`, "Rename one: a step is known by its name.");
  const last = before.findLast((other) => other.minutes !== null);
  if (last && (minutes === null || minutes < (last.minutes ?? 0)))
    add("error", "day", `it comes before the step “${last.step.step}” above it`, "Write the steps in the order of their times.");
  else if (last && minutes !== null) {
    const gap = step.gap_hours ?? doc.gap_hours;
    const apart = (minutes - (last.minutes ?? 0)) / 60;
    if (gap > apart)
      add(
        "error",
        "gap_hours",
        `it waits ${gap} hours for the step “${last.step.step}”, which stands only ${apart} hours before: it would always be late`,
        "Set the steps further apart, or the gap_hours of this one lower.",
      );
  }
  if (step.do === "suspend" || step.do === "terminate") findings.push(...checkHarm(doc, rungs, rung, i));
  else if (quiet(doc, parseTimeOfDay(step.at)))
    add(
      "warning",
      "at",
      `${step.at} lies in the quiet hours: the message always waits for their end`,
      "Choose a time outside quiet_hours.",
    );
  if (new Set(step.channels).size < step.channels.length)
    add("warning", "channels", "a channel is named twice; the second time says nothing", "Name each channel once.");
  if (step.do === "warn" && !step.channels.includes("email"))
    add("warning", "channels", "who has only an e-mail address cannot be warned, and is put before a person", "Add email to the channels.");
  return findings;
}

/** What a suspension or a termination needs: a day after the due date, and the steps that go before it. */
function checkHarm(doc: PolicyDoc, rungs: readonly Rung[], rung: Rung, i: number): Finding[] {
  const findings: Finding[] = [];
  const { step, place } = rung;
  const error = (key: string, problem: string, cure: string): void =>
    void findings.push({ severity: "error", place: `${place}.${key}`, problem, cure });
  const before = rungs.slice(0, i);
  if (before.some((other) => other.step.do === step.do)) error("do", `the ladder has a second ${step.do} step`, "Keep one of them.");
  if (step.day === "issued" || step.day < 1) error("day", "the invoice may still be paid on that day", "Write 1 or more.");
  if (step.do === "terminate") return findings;
  const warning = before.findLast((other) => other.step.do === "warn");
  if (!warning) error("do", "nobody is suspended without a warning, and no warn step stands before this one", "Add a warn step above it.");
  else if (warning.minutes !== null && rung.minutes !== null && before.at(-1) !== warning) {
    const apart = (rung.minutes - warning.minutes) / 60;
    if ((step.gap_hours ?? doc.gap_hours) > apart)
      error(
        "gap_hours",
        `the warning stands only ${apart} hours before: the suspension would always be late`,
        "Warn earlier, or lower the gap.",
      );
  }
  if (alwaysClosed(doc, parseTimeOfDay(step.at)))
    error("at", `never_suspend_on closes ${step.at} on every day of the week`, "Choose a time at which suspensions may start.");
  if (doc.regime === "telecom-br" && warning) {
    const cure = `Keep ${TELECOM_SUSPEND_DAYS} days between the two, and write gap_hours: ${TELECOM_SUSPEND_DAYS * 24} or more at the suspension.`;
    const short = (rung.minutes ?? 0) - (warning.minutes ?? 0) < TELECOM_SUSPEND_DAYS * DAY_MINUTES;
    if (short || (step.gap_hours ?? doc.gap_hours) < TELECOM_SUSPEND_DAYS * 24)
      error(
        "gap_hours",
        `the regulator allows a suspension only ${TELECOM_SUSPEND_DAYS} days after the proven notice (RGC, Resolução 765/2023)`,
        cure,
      );
  }
  return findings;
}

/** The end of a service: announced after the suspension, and far from it. */
function checkEnd(doc: PolicyDoc, rungs: readonly Rung[]): Finding[] {
  const end = rungs.findIndex(({ step }) => step.do === "terminate");
  const terminate = rungs[end];
  if (!terminate) return [];
  const down = rungs.findIndex(({ step }, i) => step.do === "suspend" && i < end);
  const announced = rungs.findIndex(({ step }, i) => step.do === "warn_termination" && i > down && i < end);
  const suspend = rungs[down];
  const place = `${terminate.place}.do`;
  if (!suspend)
    return [{ severity: "error", place, problem: "no suspend step stands before it", cure: "A service is suspended before it is ended." }];
  if (announced === -1) {
    const cure = "Add a warn_termination step between the suspension and this one.";
    return [{ severity: "error", place, problem: "nobody is told that the service will end", cure }];
  }
  const days = Math.floor(((terminate.minutes ?? 0) - (suspend.minutes ?? 0)) / DAY_MINUTES);
  // A late suspension moves what follows only through the gaps: the calendar alone would let the two come close.
  const hours = rungs.slice(down + 1, end + 1).reduce((sum, { step }) => sum + (step.gap_hours ?? doc.gap_hours), 0);
  if (doc.regime === "telecom-br" && (days < TELECOM_TERMINATE_DAYS || hours < TELECOM_TERMINATE_DAYS * 24)) {
    const problem = `the regulator allows the end of the contract only ${TELECOM_TERMINATE_DAYS} days after the suspension (RGC, Resolução 765/2023)`;
    const cure = `Keep ${TELECOM_TERMINATE_DAYS} days between the two, and gaps of ${TELECOM_TERMINATE_DAYS * 24} hours in all on the steps from one to the other.`;
    return [{ severity: "error", place: `${terminate.place}.gap_hours`, problem, cure }];
  }
  if (days >= TERMINATE_DAYS) return [];
  const problem = `the service ends ${days} days after its suspension, which is little time to fetch the data`;
  return [{ severity: "warning", place: `${terminate.place}.day`, problem, cure: `Leave ${TERMINATE_DAYS} days or more.` }];
}

function quiet(doc: PolicyDoc, minute: number): boolean {
  if (doc.quiet_hours === "none") return false;
  const { from, to } = doc.quiet_hours;
  const at = formatTimeOfDay(minute);
  return from <= to ? from <= at && at < to : from <= at || at < to;
}

/** Whether never_suspend_on closes a time of day on all seven days of the week, holidays aside. */
function alwaysClosed(doc: PolicyDoc, minute: number): boolean {
  const at = formatTimeOfDay(minute);
  const weekend = doc.calendar.weekend.map(isoWeekday);
  const closed = (day: number, rule: PolicyDoc["never_suspend_on"][number]): boolean => {
    if (rule === "friday_afternoon") return day === 5 && at >= "12:00";
    if (rule === "weekend") return weekend.some((one) => one === day);
    return typeof rule !== "string" && isoWeekday(rule.weekday) === day && rule.from <= at && at < rule.to;
  };
  return [1, 2, 3, 4, 5, 6, 7].every((day) => doc.never_suspend_on.some((rule) => closed(day, rule)));
}
