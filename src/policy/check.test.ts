// What a policy means: every refusal and every hint has its case here, beside one that is let through.
import { describe, expect, it } from "vitest";
import { plain, preset, type PolicyChange } from "../../test/support/timeline.ts";
import { checkPolicy } from "./check.ts";
import type { Finding } from "./finding.ts";

/** What is found beyond the missing breaker of the plain example. */
const found = (change: PolicyChange): Finding[] => checkPolicy(plain({ breaker: {}, promises: { deadline_at: "18:00" }, ...change }));
const places = (change: PolicyChange): string[] => found(change).map(({ severity, place }) => `${severity} ${place}`);
const problem = (change: PolicyChange): string => found(change)[0]?.problem.en ?? "nothing found";

const notify = (day: number | string, more: Record<string, unknown> = {}) => ({
  step: `notify-${day}`,
  day,
  at: "00:00",
  do: "notify",
  ...more,
});
const warn = (day: number, more: Record<string, unknown> = {}) => ({ step: "warning", day, at: "00:00", do: "warn", ...more });
const suspend = (day: number | string, more: Record<string, unknown> = {}) => ({
  step: "suspend",
  day,
  at: "00:00",
  do: "suspend",
  ...more,
});
const announceEnd = (day: number, more: Record<string, unknown> = {}) => ({
  step: "end-warning",
  day,
  at: "00:00",
  do: "warn_termination",
  ...more,
});
const terminate = (day: number, more: Record<string, unknown> = {}) => ({ step: "terminate", day, at: "00:00", do: "terminate", ...more });

describe("a sound policy", () => {
  it("has no finding; a ladder with an end neither", () => {
    expect(found({})).toEqual([]);
    expect(found({ ladder: [notify("issued"), notify(-3), notify(0), warn(4), suspend(5), announceEnd(30), terminate(45)] })).toEqual([]);
    expect(checkPolicy(preset("hospedagem-br"))).toEqual([]);
  });

  it("with findings has the errors first", () => {
    expect(places({ ladder: [suspend(1), notify(0)], breaker: "none" })).toEqual([
      "error ladder[0].do",
      "error ladder[1].day",
      "warning breaker",
    ]);
  });
});

describe("the ladder", () => {
  it("is refused when it suspends without a warning before", () => {
    expect(places({ ladder: [notify(3), suspend(5)] })).toEqual(["error ladder[1].do"]);
    expect(places({ ladder: [suspend(3), warn(5)] })).toEqual(["error ladder[0].do"]);
  });

  it("is refused out of order, the day of issue included", () => {
    expect(places({ ladder: [warn(4), notify(3), suspend(9)] })).toEqual(["error ladder[1].day"]);
    expect(places({ ladder: [warn(4), suspend(5, { at: "09:00" }), notify(5)] })).toEqual(["error ladder[2].day"]);
    expect(places({ ladder: [notify(0), notify("issued"), warn(4), suspend(5)] })).toEqual(["error ladder[1].day"]);
  });

  it("is refused with two steps of one name, and with a second suspension or termination", () => {
    expect(places({ ladder: [notify(1, { step: "a" }), notify(2, { step: "a" }), warn(4), suspend(5)] })).toEqual(["error ladder[1].step"]);
    expect(places({ ladder: [warn(4), suspend(5), suspend(7, { step: "again" })] })).toEqual(["error ladder[2].do"]);
    const end = [announceEnd(30), terminate(45), terminate(60, { step: "again" })];
    expect(places({ ladder: [warn(4), suspend(5), ...end] })).toEqual(["error ladder[4].do"]);
  });

  it("is refused when a gap is longer than the distance it spans", () => {
    expect(problem({ ladder: [warn(4), suspend(4, { at: "12:00" })] })).toMatch(/waits 24 hours .* only 12 hours before/u);
    expect(places({ ladder: [warn(4), suspend(5, { gap_hours: 25 })] })).toEqual(["error ladder[1].gap_hours"]);
    expect(places({ gap_hours: 25 })).toEqual(["error ladder[1].gap_hours", "error ladder[2].gap_hours"]);
    // The gap to the warning counts too, over a step between.
    const between = (gap: number) => [warn(4), notify(5, { gap_hours: 1 }), suspend(6, { gap_hours: gap, at: "00:00" })];
    expect(places({ ladder: between(24) })).toEqual([]);
    expect(places({ ladder: [warn(4), notify(4, { at: "01:00", gap_hours: 1 }), suspend(4, { at: "03:00", gap_hours: 3.5 })] })).toEqual([
      "error ladder[2].gap_hours",
      "error ladder[2].gap_hours",
    ]);
    expect(problem({ ladder: [warn(4), notify(4, { at: "01:00", gap_hours: 0 }), suspend(4, { at: "03:00", gap_hours: 2.5 })] })).toMatch(
      /2.5 hours/u,
    );
    // No distance is known from the day of issue.
    expect(places({ ladder: [notify("issued"), warn(1), suspend(2)] })).toEqual([]);
  });

  it("is refused when it suspends on the due date or before", () => {
    for (const day of [0, -1]) expect(places({ ladder: [warn(-5), suspend(day)] })).toEqual(["error ladder[1].day"]);
    expect(places({ ladder: [warn(-5), suspend(1)] })).toEqual([]);
    expect(places({ ladder: [warn(-5), suspend("issued")] })).toContain("error ladder[1].day");
  });

  it("is refused when a service ends without a suspension and a termination warning before", () => {
    expect(places({ ladder: [warn(4), announceEnd(30), terminate(45)] })).toContain("error ladder[2].do");
    expect(places({ ladder: [warn(4), suspend(5), terminate(45)] })).toEqual(["error ladder[2].do"]);
    expect(places({ ladder: [warn(3), announceEnd(4), suspend(5), terminate(45)] })).toEqual(["error ladder[3].do"]);
  });

  it("that ends a service within 15 days of its suspension is pointed out", () => {
    expect(places({ ladder: [warn(4), suspend(5), announceEnd(10), terminate(19)] })).toEqual(["warning ladder[3].day"]);
    expect(places({ ladder: [warn(4), suspend(5), announceEnd(10), terminate(20)] })).toEqual([]);
  });

  it("that never suspends is pointed out", () => {
    expect(places({ ladder: [notify(3)] })).toEqual(["warning ladder"]);
  });

  it("of a segment is held to the same, at its own place", () => {
    const segments = [{ segment: "a", when: { tags: ["a"] }, ladder: [suspend(5)] }];
    expect(places({ segments })).toEqual(["error segments[0].ladder[0].do"]);
  });

  it("is pointed out where a message waits every time for the quiet hours to end", () => {
    expect(places({ quiet_hours: { from: "20:00", to: "08:00" } })).toEqual(["warning ladder[0].at", "warning ladder[1].at"]);
    const at = { at: "08:00" };
    const ladder = [notify(3, at), warn(4, at), suspend(5, at)];
    expect(places({ ladder, quiet_hours: { from: "20:00", to: "08:00" } })).toEqual([]);
    expect(places({ ladder, quiet_hours: { from: "17:00", to: "08:00" } })).toEqual(["warning promises.deadline_at"]);
  });

  it("is pointed out where a warning leaves out e-mail, or a channel is named twice", () => {
    expect(places({ ladder: [warn(4, { channels: ["sms"] }), suspend(5)] })).toEqual(["warning ladder[0].channels"]);
    expect(places({ ladder: [warn(4, { channels: ["email", "sms", "email"] }), suspend(5)] })).toEqual(["warning ladder[0].channels"]);
  });
});

describe("the calendar", () => {
  const week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

  it("is refused when it never opens, and for a country nobody knows", () => {
    expect(places({ never_suspend_on: week.map((weekday) => ({ weekday })) })).toEqual(["error never_suspend_on", "error ladder[2].at"]);
    expect(places({ calendar: { holidays: "none", weekend: week } })).toEqual(["error calendar.weekend"]);
    expect(places({ calendar: { holidays: "XX", weekend: [] } })).toEqual(["error calendar.holidays"]);
  });

  it("is refused when the suspension's hour is closed on all seven days", () => {
    const closed = (days: readonly string[]) => days.map((weekday) => ({ weekday, to: "10:00" }));
    const ladder = [warn(4, { at: "09:00" }), suspend(5, { at: "09:00" })];
    const promises = { deadline_at: "18:00" };
    expect(places({ ladder, promises, never_suspend_on: closed(week) })).toEqual(["error ladder[1].at"]);
    expect(places({ ladder, promises, never_suspend_on: closed(week.slice(1)) })).toEqual([]);
    const words = {
      never_suspend_on: ["weekend", ...closed(week.slice(0, 5))],
      calendar: { holidays: "none", weekend: ["saturday", "sunday"] },
    };
    expect(places({ ladder, promises, ...words })).toEqual(["error ladder[1].at"]);
  });

  it("is refused when an amount is larger than can be counted", () => {
    expect(places({ small_remainder: "99999999999999999.00" })).toEqual(["error small_remainder"]);
    expect(places({ promises: { max_amount: "99999999999999999.00", deadline_at: "00:00" } })).toEqual(["error promises.max_amount"]);
  });
});

describe("promises", () => {
  it("are refused when no suspension could ever start at their deadline", () => {
    const ladder = [warn(4, { at: "09:00" }), suspend(5, { at: "09:00" })];
    expect(places({ ladder, promises: { deadline_at: "08:00" } })).toEqual(["error promises.deadline_at"]);
    expect(places({ ladder, promises: { deadline_at: "08:00", enabled: false } })).toEqual([]);
    expect(places({ ladder, promises: { deadline_at: "09:00" } })).toEqual([]);
  });

  it("of 0 days are pointed out", () => {
    expect(places({ promises: { max_days: 0, deadline_at: "00:00" } })).toEqual(["warning promises.max_days"]);
  });
});

describe("segments", () => {
  const segment = (name: string, when: Record<string, unknown>) => ({ segment: name, when, ladder: plain().ladder });

  it("are refused where nobody can reach them", () => {
    expect(places({ segments: [segment("a", { tags: ["x", "y"] }), segment("b", { tags: ["x"], plans: ["p"] })] })).toEqual([
      "error segments[1]",
    ]);
    expect(places({ segments: [segment("a", { tags: ["x"], plans: ["p"] }), segment("b", { tags: ["x", "y"] })] })).toEqual([]);
    expect(places({ segments: [segment("a", { tenure_days_below: 90 }), segment("b", { tenure_days_below: 30 })] })).toEqual([
      "error segments[1]",
    ]);
    expect(places({ segments: [segment("a", { tenure_days_below: 30 }), segment("b", { tenure_days_below: 90 })] })).toEqual([]);
    expect(places({ segments: [segment("a", { tenure_days_from: 30 }), segment("b", { tenure_days_from: 90 })] })).toEqual([
      "error segments[1]",
    ]);
    expect(places({ segments: [segment("a", { tenure_days_from: 0 }), segment("b", { tags: ["x"] })] })).toEqual(["error segments[1]"]);
    expect(places({ segments: [segment("a", { tenure_days_from: 90, tenure_days_below: 90 })] })).toEqual(["error segments[0].when"]);
  });

  it("are refused with one name for two", () => {
    expect(places({ segments: [segment("a", { tags: ["x"] }), segment("a", { tags: ["y"] })] })).toEqual(["error segments[1].segment"]);
  });
});

describe("the law", () => {
  const fee = (fine: number, interest: number, more: Record<string, unknown> = {}) => ({
    fine_percent: fine,
    interest_percent_month: interest,
    ...more,
  });

  it("allows a fine of 2 % and interest of 1 % a month, and more only with a stated basis", () => {
    for (const regime of ["prepaid-br", "general"]) expect(places({ regime, late_fee: fee(2, 1) })).toEqual([]);
    expect(places({ regime: "prepaid-br", late_fee: fee(2.01, 1) })).toEqual(["error late_fee.fine_percent"]);
    // 0.33 % a day, as real contracts have it, is ten times over.
    expect(places({ regime: "prepaid-br", late_fee: fee(2, 9.9) })).toEqual(["error late_fee.interest_percent_month"]);
    expect(places({ regime: "prepaid-br", late_fee: fee(10, 3, { legal_basis: "contract between companies, art. 406 CC" }) })).toEqual([]);
    expect(places({ regime: "general", late_fee: fee(10, 3) })).toEqual([
      "warning late_fee.fine_percent",
      "warning late_fee.interest_percent_month",
    ]);
  });

  it("of telecommunications asks for 15 days after the accepted warning", () => {
    const telecom = (ladder: unknown[]): string[] => places({ regime: "telecom-br", ladder });
    expect(telecom([warn(4), suspend(19, { gap_hours: 360 })])).toEqual([]);
    expect(telecom([warn(4), suspend(18, { gap_hours: 330 })])).toEqual(["error ladder[1].gap_hours"]);
    // Days apart on the calendar are not days since the warning was accepted.
    expect(telecom([warn(4), suspend(19)])).toEqual(["error ladder[1].gap_hours"]);
    expect(places({ ladder: [warn(4), suspend(18, { gap_hours: 330 })] })).toEqual([]);
  });

  it("of telecommunications asks for 60 days from the suspension to the end, by the calendar and by the gaps", () => {
    const base = [warn(4), suspend(19, { gap_hours: 360 })];
    const telecom = (...end: unknown[]): string[] => places({ regime: "telecom-br", ladder: [...base, ...end] });
    expect(telecom(announceEnd(49, { gap_hours: 720 }), terminate(79, { gap_hours: 720 }))).toEqual([]);
    expect(telecom(announceEnd(49, { gap_hours: 720 }), terminate(78, { gap_hours: 696 }))).toEqual(["error ladder[3].gap_hours"]);
    expect(telecom(announceEnd(49), terminate(79))).toEqual(["error ladder[3].gap_hours"]);
    expect(telecom(terminate(79, { gap_hours: 1440 }))).toEqual(["error ladder[2].do"]);
  });
});
