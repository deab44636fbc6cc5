// The calendar by example: banking days, the default never_suspend_on, quiet hours, and the odd days of daylight saving.
import { describe, expect, it } from "vitest";
import { parseDay, parseInstant, Zone, type Instant } from "../../kernel/time.ts";
import { Calendar, type CalendarSpec, type ClosedRule } from "./calendar.ts";

const FRIDAY_AFTERNOON: ClosedRule = { kind: "weekday", weekday: 5, from: 720, to: 1440 };
const DEFAULT_RULES: ClosedRule[] = [FRIDAY_AFTERNOON, { kind: "weekend" }, { kind: "holiday" }, { kind: "eve" }];

function calendar(spec: Partial<Omit<CalendarSpec, "zone">> & { zone?: string } = {}): Calendar {
  return new Calendar({
    country: "BR",
    weekend: [6, 7],
    neverSuspendOn: DEFAULT_RULES,
    quietHours: { from: 1200, to: 480 },
    ...spec,
    zone: new Zone(spec.zone ?? "America/Sao_Paulo"),
  });
}

const day = parseDay;
const at = parseInstant;
function local(zone: string, instant: Instant): string {
  return new Zone(zone).format(instant).replace(":00.000", "");
}

describe("banking days", () => {
  it("move a due date on a weekend to Monday", () => {
    expect(calendar().effectiveDue(day("2026-11-21"))).toBe(day("2026-11-23"));
  });

  it("move a due date on Carnival Saturday to Ash Wednesday", () => {
    expect(calendar().effectiveDue(day("2026-02-14"))).toBe(day("2026-02-18"));
  });

  it("leave a due date on a banking day where it is", () => {
    expect(calendar().effectiveDue(day("2026-12-31"))).toBe(day("2026-12-31"));
  });

  it("go back over a long weekend", () => {
    expect(calendar().previousBankingDay(day("2026-02-17"))).toBe(day("2026-02-13"));
    expect(calendar().previousBankingDay(day("2026-02-18"))).toBe(day("2026-02-18"));
  });

  it("are neither the weekend's nor holidays", () => {
    const dates = ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"];
    expect(dates.map((date) => calendar().isBankingDay(day(date)))).toEqual([true, false, false, false, true]);
  });

  it.each([
    ["2026-11-19", 1, "2026-11-23"],
    ["2026-11-21", 0, "2026-11-23"],
    ["2026-11-21", 1, "2026-11-24"],
    ["2026-11-23", -1, "2026-11-19"],
    ["2026-11-21", -1, "2026-11-18"],
    ["2026-11-23", 21, "2026-12-22"],
    ["2026-12-22", -21, "2026-11-23"],
  ])("count from %s by %i to %s", (from, count, to) => {
    expect(calendar().addBankingDays(day(from), count)).toBe(day(to));
  });

  it("follow the weekend of the policy", () => {
    const gulf = calendar({ country: "none", weekend: [5, 6] });
    expect(gulf.effectiveDue(day("2026-11-20"))).toBe(day("2026-11-22"));
  });

  it("are all days with no weekend and no holidays", () => {
    const plain = calendar({ country: "none", weekend: [], neverSuspendOn: DEFAULT_RULES.slice(1), quietHours: null });
    expect(plain.effectiveDue(day("2026-12-25"))).toBe(day("2026-12-25"));
    expect(plain.addBankingDays(day("2026-12-25"), -3)).toBe(day("2026-12-22"));
    expect(plain.previousBankingDay(day("2026-12-25"))).toBe(day("2026-12-25"));
    expect(plain.suspendOpenAt(at("2026-12-25T03:00:00Z"))).toBeNull();
    expect(plain.nextSpeakable(at("2026-12-25T03:00:00Z"))).toBe(at("2026-12-25T03:00:00Z"));
  });
});

describe("never_suspend_on", () => {
  it("is open on a plain morning", () => {
    expect(calendar().suspendOpenAt(at("2026-11-18T10:00:00-03:00"))).toBeNull();
  });

  it("closes on Friday from noon, to the minute, until Monday", () => {
    const cal = calendar();
    expect(cal.suspendOpenAt(at("2026-11-27T11:59:59.999-03:00"))).toBeNull();
    expect(cal.suspendOpenAt(at("2026-11-27T12:00:00-03:00"))).toEqual({
      rule: FRIDAY_AFTERNOON,
      holiday: null,
      until: at("2026-11-30T00:00:00-03:00"),
    });
  });

  it("names the holiday, and the holiday an eve is of", () => {
    const cal = calendar();
    const name = { "pt-BR": "Dia da Consciência Negra", en: "Black Awareness Day" };
    const until = at("2026-11-23T00:00:00-03:00");
    const holiday = { day: day("2026-11-20"), name };
    expect(cal.suspendOpenAt(at("2026-11-19T00:00:00-03:00"))).toEqual({ rule: { kind: "eve" }, holiday, until });
    expect(cal.suspendOpenAt(at("2026-11-20T11:00:00-03:00"))).toEqual({ rule: { kind: "holiday" }, holiday, until });
    expect(cal.holidayOn(day("2026-11-20"))).toEqual(name);
  });

  it("gives the first rule of the policy when several apply", () => {
    const holidayFirst = calendar({ neverSuspendOn: [{ kind: "holiday" }, { kind: "weekend" }] });
    const weekendFirst = calendar({ neverSuspendOn: [{ kind: "weekend" }, { kind: "holiday" }] });
    const sundayHoliday = at("2026-11-15T10:00:00-03:00");
    expect(holidayFirst.suspendOpenAt(sundayHoliday)?.rule.kind).toBe("holiday");
    expect(weekendFirst.suspendOpenAt(sundayHoliday)?.rule.kind).toBe("weekend");
  });

  it("stays closed from the eve of Carnival's weekend to Ash Wednesday", () => {
    expect(calendar().nextSuspendOpen(at("2026-02-13T12:00:00-03:00"))).toBe(at("2026-02-18T00:00:00-03:00"));
  });

  it("uses the provider's midnight, not UTC's", () => {
    expect(calendar().suspendOpenAt(at("2026-11-30T02:59:00Z"))?.rule.kind).toBe("weekend");
    expect(calendar().suspendOpenAt(at("2026-11-30T03:00:00Z"))).toBeNull();
  });

  it("refuses a policy that never opens, naming the field", () => {
    const everyDay: ClosedRule[] = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ kind: "weekday", weekday, from: 0, to: 1440 }));
    expect(() => calendar({ neverSuspendOn: everyDay })).toThrow(
      expect.objectContaining({ code: "calendar_never_open", details: expect.objectContaining({ field: "never_suspend_on" }) }),
    );
    expect(() => calendar({ weekend: [1, 2, 3, 4, 5, 6, 7], neverSuspendOn: [] })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: "calendar.weekend" }) }),
    );
    expect(() => calendar({ quietHours: { from: 0, to: 1440 } })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: "quiet_hours" }) }),
    );
  });

  it("accepts a policy that opens one minute a week", () => {
    const closed: ClosedRule[] = [1, 2, 4, 5, 6, 7].map((weekday) => ({ kind: "weekday", weekday, from: 0, to: 1440 }));
    const narrow = calendar({
      country: "none",
      neverSuspendOn: [...closed, { kind: "weekday", weekday: 3, from: 0, to: 600 }, { kind: "weekday", weekday: 3, from: 601, to: 1440 }],
    });
    expect(narrow.nextSuspendOpen(at("2026-11-18T10:01:00-03:00"))).toBe(at("2026-11-25T10:00:00-03:00"));
  });

  it("takes rules out of range for a defect", () => {
    expect(() => calendar({ neverSuspendOn: [{ kind: "weekday", weekday: 0, from: 0, to: 60 }] })).toThrow("weekday out of range");
    expect(() => calendar({ neverSuspendOn: [{ kind: "weekday", weekday: 1, from: 60, to: 60 }] })).toThrow("not a part of a day");
    expect(() => calendar({ neverSuspendOn: [{ kind: "weekday", weekday: 1, from: 60, to: 1441 }] })).toThrow("not a part of a day");
  });
});

describe("quiet hours", () => {
  it("cross midnight and end at their minute", () => {
    const cal = calendar();
    expect(cal.quietAt(at("2026-11-18T19:59:59-03:00"))).toBe(false);
    expect(cal.quietAt(at("2026-11-18T20:00:00-03:00"))).toBe(true);
    expect(cal.nextSpeakable(at("2026-11-18T20:00:00-03:00"))).toBe(at("2026-11-19T08:00:00-03:00"));
    expect(cal.nextSpeakable(at("2026-11-19T00:30:00-03:00"))).toBe(at("2026-11-19T08:00:00-03:00"));
    expect(cal.quietAt(at("2026-11-19T08:00:00-03:00"))).toBe(false);
  });

  it("may lie within a day", () => {
    const siesta = calendar({ quietHours: { from: 720, to: 840 } });
    expect(siesta.nextSpeakable(at("2026-11-18T12:30:00-03:00"))).toBe(at("2026-11-18T14:00:00-03:00"));
    expect(siesta.quietAt(at("2026-11-18T23:00:00-03:00"))).toBe(false);
  });

  it("may end at midnight or begin at it", () => {
    expect(calendar({ quietHours: { from: 1320, to: 1440 } }).nextSpeakable(at("2026-11-18T23:00:00-03:00"))).toBe(
      at("2026-11-19T00:00:00-03:00"),
    );
    expect(calendar({ quietHours: { from: 1440, to: 480 } }).nextSpeakable(at("2026-11-18T00:00:00-03:00"))).toBe(
      at("2026-11-18T08:00:00-03:00"),
    );
  });

  it("are none when they begin and end alike", () => {
    expect(calendar({ quietHours: { from: 480, to: 480 } }).quietAt(at("2026-11-18T08:00:00-03:00"))).toBe(false);
  });
});

describe("daylight saving", () => {
  it("opens at 01:00 on a day whose midnight São Paulo skipped", () => {
    // Sunday 2017-10-15 began at 01:00; with only Saturday closed, that is when it opens.
    const saturdays = calendar({ neverSuspendOn: [{ kind: "weekday", weekday: 6, from: 0, to: 1440 }] });
    expect(local("America/Sao_Paulo", saturdays.nextSuspendOpen(at("2017-10-14T10:00:00-03:00")))).toBe("2017-10-15T01:00-02:00");
  });

  it("keeps Saturday closed through the hour that São Paulo repeated", () => {
    // Saturday 2018-02-17 had 23:00 to 24:00 twice: 25 hours.
    const saturdays = calendar({ neverSuspendOn: [{ kind: "weekday", weekday: 6, from: 1380, to: 1440 }] });
    expect(saturdays.suspendOpenAt(at("2018-02-17T22:59:00-02:00"))).toBeNull();
    expect(local("America/Sao_Paulo", saturdays.nextSuspendOpen(at("2018-02-17T23:10:00-02:00")))).toBe("2018-02-18T00:00-03:00");
    expect(local("America/Sao_Paulo", saturdays.nextSuspendOpen(at("2018-02-17T23:10:00-03:00")))).toBe("2018-02-18T00:00-03:00");
  });

  it("is quiet in both passes of a repeated hour, and opens between them only when the clock says so", () => {
    const zone = "America/New_York";
    // 2026-11-01: 01:00–02:00 comes twice. Quiet until 01:30 means until 01:30 of each.
    const cal = calendar({ zone, country: "US", quietHours: { from: 0, to: 90 } });
    expect(local(zone, cal.nextSpeakable(at("2026-11-01T00:10:00-04:00")))).toBe("2026-11-01T01:30-04:00");
    expect(cal.quietAt(at("2026-11-01T01:45:00-04:00"))).toBe(false);
    expect(local(zone, cal.nextSpeakable(at("2026-11-01T01:10:00-05:00")))).toBe("2026-11-01T01:30-05:00");
  });

  it("ends quiet hours after the gap when their end is skipped", () => {
    // Lisbon, 2026-03-29: 01:00 becomes 02:00.
    const lisbon = calendar({ zone: "Europe/Lisbon", country: "PT", quietHours: { from: 1200, to: 90 } });
    expect(local("Europe/Lisbon", lisbon.nextSpeakable(at("2026-03-28T22:00:00Z")))).toBe("2026-03-29T02:00+01:00");
    const newYork = calendar({ zone: "America/New_York", country: "US" });
    expect(local("America/New_York", newYork.nextSpeakable(at("2026-03-07T23:00:00-05:00")))).toBe("2026-03-08T08:00-04:00");
  });

  it("passes over a day that never was", () => {
    // Samoa went from Thursday 2011-12-29 to Saturday 2011-12-31.
    const apia = calendar({
      zone: "Pacific/Apia",
      country: "none",
      neverSuspendOn: [{ kind: "weekday", weekday: 4, from: 0, to: 1440 }, FRIDAY_AFTERNOON],
    });
    expect(local("Pacific/Apia", apia.nextSuspendOpen(at("2011-12-29T12:00:00-10:00")))).toBe("2011-12-31T00:00+14:00");
  });
});
