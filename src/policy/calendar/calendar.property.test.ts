// The calendar's laws, against a plain reading of the rules: the wall clock and nothing remembered.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf, DAY_MS, MINUTE_MS, weekday, Zone, type Day, type Instant } from "../../kernel/time.ts";
import { Calendar, type CalendarSpec, type ClosedRule } from "./calendar.ts";
import { holidaysOf } from "./holidays.ts";

const ZONES = [
  "America/Sao_Paulo",
  "Europe/Lisbon",
  "America/New_York",
  "Australia/Lord_Howe",
  "Atlantic/Azores",
  "Asia/Beirut",
  "UTC",
].map((id) => new Zone(id));

const FIRST = dayOf(2012, 1, 1);
const LAST = dayOf(2030, 12, 31);

/** Days on which a zone's clock jumps, from its own day lengths. */
const ODD_DAYS = new Map(
  ZONES.map((zone) => [
    zone,
    Array.from({ length: LAST - FIRST }, (_, index) => FIRST + index).filter((day) => zone.startOf(day + 1) - zone.startOf(day) !== DAY_MS),
  ]),
);

const minute = fc.integer({ min: 0, max: 1440 });
const weekdayRule: fc.Arbitrary<ClosedRule> = fc
  .record({ weekday: fc.integer({ min: 1, max: 7 }), from: fc.integer({ min: 0, max: 1439 }), length: fc.integer({ min: 1, max: 1440 }) })
  .map(({ weekday: on, from, length }) => ({ kind: "weekday", weekday: on, from, to: Math.min(1440, from + length) }));
const rule: fc.Arbitrary<ClosedRule> = fc.oneof(
  weekdayRule,
  fc.constantFrom<ClosedRule>(
    { kind: "weekend" },
    { kind: "holiday" },
    { kind: "eve" },
    { kind: "weekday", weekday: 5, from: 720, to: 1440 },
  ),
);
const spec: fc.Arbitrary<CalendarSpec> = fc.record({
  country: fc.constantFrom("BR", "PT", "US", "none"),
  weekend: fc.constantFrom([6, 7], [7], [], [5, 6]),
  neverSuspendOn: fc.array(rule, { maxLength: 5 }),
  quietHours: fc.option(fc.record({ from: minute, to: minute }).filter(({ from, to }) => to - from < 1440)),
  zone: fc.constantFrom(...ZONES),
});
const anyDay = fc.integer({ min: FIRST, max: LAST });

/** A calendar, and an instant of whole minutes that often lies within three days before the end of an odd day. */
const situation = fc
  .record({ of: spec, day: anyDay, odd: fc.nat(), nearOdd: fc.boolean(), offset: fc.integer({ min: -3 * 1440, max: 1500 }) })
  .map(({ of, day, odd, nearOdd, offset }) => {
    const oddDays = ODD_DAYS.get(of.zone) ?? [];
    const start = (nearOdd && oddDays[odd % Math.max(1, oddDays.length)]) || day;
    return { of, instant: of.zone.startOf(start) + offset * MINUTE_MS };
  });

function closedByTheClock(of: CalendarSpec, instant: Instant): boolean {
  const { day, minute: now } = of.zone.local(instant);
  const holidays = holidaysOf(of.country);
  return of.neverSuspendOn.some((closed) => {
    if (closed.kind === "weekday") return closed.weekday === weekday(day) && closed.from <= now && now < closed.to;
    if (closed.kind === "weekend") return of.weekend.includes(weekday(day));
    return holidays.on(closed.kind === "holiday" ? day : day + 1) !== null;
  });
}

function quietByTheClock(of: CalendarSpec, instant: Instant): boolean {
  if (!of.quietHours) return false;
  const { from, to } = of.quietHours;
  const now = of.zone.local(instant).minute;
  return from <= to ? from <= now && now < to : from <= now || now < to;
}

function bankingDay(of: CalendarSpec, day: Day): boolean {
  return !of.weekend.includes(weekday(day)) && holidaysOf(of.country).on(day) === null;
}

/** The next open instant by walking the minutes. */
function walk(from: Instant, closed: (instant: Instant) => boolean): Instant {
  let at = from;
  while (closed(at)) at += MINUTE_MS;
  return at;
}

describe("effectiveDue", () => {
  it("is a banking day, on or after the due date, with no banking day between, and its own effective due date", () => {
    fc.assert(
      fc.property(spec, anyDay, (of, dueOn) => {
        const calendar = new Calendar(of);
        const due = calendar.effectiveDue(dueOn);
        expect(bankingDay(of, due)).toBe(true);
        for (let day = dueOn; day < due; day += 1) expect(bankingDay(of, day)).toBe(false);
        expect(due).toBeGreaterThanOrEqual(dueOn);
        expect(calendar.effectiveDue(due)).toBe(due);
        expect(calendar.isBankingDay(dueOn)).toBe(bankingDay(of, dueOn));
      }),
      { numRuns: 500 },
    );
  });

  it("never puts a later due date earlier", () => {
    fc.assert(
      fc.property(spec, anyDay, fc.nat(40), (of, dueOn, later) => {
        const calendar = new Calendar(of);
        expect(calendar.effectiveDue(dueOn + later)).toBeGreaterThanOrEqual(calendar.effectiveDue(dueOn));
      }),
      { numRuns: 500 },
    );
  });
});

describe("addBankingDays", () => {
  it("passes exactly that many banking days, and back again", () => {
    fc.assert(
      fc.property(spec, anyDay, fc.nat(60), (of, day, count) => {
        const calendar = new Calendar(of);
        const from = calendar.nextBankingDay(day);
        const to = calendar.addBankingDays(day, count);
        let passed = 0;
        for (let at = from; at < to; at += 1) if (bankingDay(of, at)) passed += 1;
        expect(bankingDay(of, to)).toBe(true);
        expect(passed).toBe(count);
        expect(calendar.addBankingDays(to, -count)).toBe(from);
        expect(calendar.previousBankingDay(day)).toBe(bankingDay(of, day) ? day : calendar.addBankingDays(from, -1));
      }),
      { numRuns: 500 },
    );
  });
});

describe("nextSuspendOpen", () => {
  it("is the first open minute of the wall clock, and open; suspendOpenAt agrees", () => {
    fc.assert(
      fc.property(situation, ({ of, instant }) => {
        const calendar = new Calendar(of);
        const open = walk(instant, (at) => closedByTheClock(of, at));
        expect(calendar.nextSuspendOpen(instant)).toBe(open);
        expect(calendar.suspendOpenAt(open)).toBeNull();
        expect(calendar.suspendOpenAt(instant)?.until ?? instant).toBe(open);
      }),
      { numRuns: 600 },
    );
  });

  it("is no earlier for a later instant, whatever was asked before", () => {
    fc.assert(
      fc.property(situation, fc.array(fc.integer({ min: -5 * 1440, max: 5 * 1440 }), { maxLength: 20 }), ({ of, instant }, offsets) => {
        const warm = new Calendar(of);
        const asked = offsets.map((offset) => instant + offset * MINUTE_MS);
        const answers = asked.map((at) => warm.nextSuspendOpen(at));
        expect(answers).toEqual(asked.map((at) => new Calendar(of).nextSuspendOpen(at)));
        const sorted = asked.toSorted((a, b) => a - b).map((at) => warm.nextSuspendOpen(at));
        expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });
});

describe("nextSpeakable", () => {
  it("is the first minute of the wall clock outside the quiet hours", () => {
    fc.assert(
      fc.property(situation, ({ of, instant }) => {
        const calendar = new Calendar(of);
        const speakable = walk(instant, (at) => quietByTheClock(of, at));
        expect(calendar.nextSpeakable(instant)).toBe(speakable);
        expect(calendar.quietAt(instant)).toBe(speakable !== instant);
        expect(calendar.quietAt(speakable)).toBe(false);
      }),
      { numRuns: 600 },
    );
  });
});
