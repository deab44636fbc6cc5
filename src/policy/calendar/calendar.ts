// The policy's calendar: banking days, when suspension is allowed, when we may speak.
import { assert } from "../../kernel/assert.ts";
import { inEach, ReguaError } from "../../kernel/errors.ts";
import { dayOf, weekday, type Day, type Instant, type MinuteOfDay, type Zone } from "../../kernel/time.ts";
import { Closures, MAX_CLOSED_DAYS, MAX_DAYS_KEPT, type Closure } from "./closures.ts";
import type { HolidayName } from "./holidays-br.ts";
import { holidaysOf, type HolidaySource } from "./holidays.ts";

/** A time at which nothing is suspended: an item of the policy's `never_suspend_on`. */
export type ClosedRule =
  /** A part of one weekday (1 Monday … 7 Sunday), `to` excluded. `friday_afternoon` is weekday 5 from 720 to 1440. */
  | { kind: "weekday"; weekday: number; from: MinuteOfDay; to: MinuteOfDay }
  /** `weekend`: the days of `calendar.weekend`. */
  | { kind: "weekend" }
  /** `holiday`: the holidays of `calendar.holidays`. */
  | { kind: "holiday" }
  /** `eve`: the whole day before a holiday. Whoever is suspended then finds the banks shut. */
  | { kind: "eve" };

export interface CalendarSpec {
  /** `calendar.holidays`: `BR`, an ISO 3166 country code, or `none`. */
  country: string;
  /** `calendar.weekend` as ISO weekdays; `[6, 7]` is `[saturday, sunday]`. */
  weekend: readonly number[];
  /** `never_suspend_on`; where several rules apply, the first gives the reason. */
  neverSuspendOn: readonly ClosedRule[];
  /** `quiet_hours`, `to` excluded; may cross midnight; `from` equal to `to` means none. */
  quietHours: { from: MinuteOfDay; to: MinuteOfDay } | null;
  /** The provider's time zone. */
  zone: Zone;
}

/** Why nothing is suspended at an instant. */
export interface ClosedReason {
  rule: ClosedRule;
  /** The holiday behind `holiday` and `eve`; for an eve it is the next day's. */
  holiday: { day: Day; name: HolidayName } | null;
  /** The first instant at which suspension is allowed again. */
  until: Instant;
}

type Why = Omit<ClosedReason, "until">;

/** A calendar compiled from a policy. Answers are remembered per day: a batch asks for the same few days a million times. */
export class Calendar {
  readonly zone: Zone;
  readonly #holidays: HolidaySource;
  readonly #weekend: ReadonlySet<number>;
  /** No weekend and no holidays: every day is a banking day. */
  readonly #everyDay: boolean;
  readonly #nextBankingDay = new Map<Day, Day>();
  readonly #suspension: Closures<Why> | null;
  readonly #quiet: Closures<true> | null;

  /**
   * A calendar without one banking day, opening or speakable hour is refused here, not found at night.
   * @throws ReguaError `holidays_unknown`, `calendar_never_open`
   */
  constructor(spec: CalendarSpec) {
    spec.weekend.forEach(assertWeekday);
    spec.neverSuspendOn.forEach(assertRule);
    this.zone = spec.zone;
    this.#holidays = holidaysOf(spec.country);
    this.#weekend = new Set(spec.weekend);
    const hasHolidays = spec.country.toLowerCase() !== "none";
    this.#everyDay = this.#weekend.size === 0 && !hasHolidays;
    const applies = { weekday: true, weekend: this.#weekend.size > 0, holiday: hasHolidays, eve: hasHolidays };
    const rules = spec.neverSuspendOn.filter((rule) => applies[rule.kind]);
    this.#suspension = rules.length > 0 ? new Closures(spec.zone, (day) => this.#closedOn(day, rules), NO_SUSPENSION) : null;
    const quiet = spec.quietHours && quietClosures(spec.quietHours);
    this.#quiet = quiet && quiet.length > 0 ? new Closures(spec.zone, () => quiet, NO_MESSAGE) : null;

    // Any day serves: what is closed for 400 days from here is closed for good.
    const probe = dayOf(2024, 1, 1);
    this.nextBankingDay(probe);
    this.nextSuspendOpen(spec.zone.startOf(probe));
    this.nextSpeakable(spec.zone.startOf(probe));
  }

  /** The holiday on this day, whatever its weekday. */
  holidayOn(day: Day): HolidayName | null {
    return this.#holidays.on(day);
  }

  /** Neither of the weekend nor a holiday. */
  isBankingDay(day: Day): boolean {
    return this.nextBankingDay(day) === day;
  }

  /** The first banking day on or after this day. */
  nextBankingDay(day: Day): Day {
    if (this.#everyDay) return day;
    const known = this.#nextBankingDay.get(day);
    if (known !== undefined) return known;
    const next = this.#seekBankingDay(day, 1);
    if (this.#nextBankingDay.size >= MAX_DAYS_KEPT) this.#nextBankingDay.clear();
    this.#nextBankingDay.set(day, next);
    return next;
  }

  /** The last banking day on or before this day. */
  previousBankingDay(day: Day): Day {
    return this.#everyDay ? day : this.#seekBankingDay(day, -1);
  }

  /**
   * The day the ladder counts from: a due date on a non-banking day moves to the next banking day, because until then the customer
   * may pay without interest (Lei 7.089/1983, art. 1; FEBRABAN: without any surcharge). The waiver asks for payment on that day: a
   * debt paid later bears interest from the day written on the invoice (STJ, REsp 1.954.924), so keep both dates.
   */
  effectiveDue(dueOn: Day): Day {
    return this.nextBankingDay(dueOn);
  }

  /**
   * `count` banking days later, or earlier when negative. Counting starts on a banking day: a Saturday is taken as the Monday after (when
   * negative, the Friday before), as a bank treats a boleto paid on Saturday, so Saturday + 1 is Tuesday and Saturday + 0 is Monday.
   */
  addBankingDays(day: Day, count: number): Day {
    assert(Number.isInteger(count), `banking days must be whole: ${count}`);
    if (this.#everyDay) return day + count;
    let at = count < 0 ? this.previousBankingDay(day) : this.nextBankingDay(day);
    for (let left = count; left > 0; left -= 1) at = this.nextBankingDay(at + 1);
    for (let left = count; left < 0; left += 1) at = this.previousBankingDay(at - 1);
    return at;
  }

  /** Null when suspension is allowed at this instant, else the first rule against it. */
  suspendOpenAt(instant: Instant): ClosedReason | null {
    const why = this.#suspension?.reasonAt(instant) ?? null;
    return why && { ...why, until: this.nextSuspendOpen(instant) };
  }

  /** The first instant, this one or later, at which suspension is allowed. */
  nextSuspendOpen(instant: Instant): Instant {
    return this.#suspension === null ? instant : this.#suspension.nextOpen(instant);
  }

  /** Whether the instant lies in the quiet hours. Money is never quiet: this is for messages only. */
  quietAt(instant: Instant): boolean {
    return this.#quiet !== null && this.#quiet.reasonAt(instant) !== null;
  }

  /** The first instant, this one or later, outside the quiet hours. */
  nextSpeakable(instant: Instant): Instant {
    return this.#quiet === null ? instant : this.#quiet.nextOpen(instant);
  }

  #seekBankingDay(day: Day, step: 1 | -1): Day {
    assert(Number.isInteger(day), `a day is a whole number: ${day}`);
    for (let tried = 0, at = day; tried < MAX_CLOSED_DAYS; tried += 1, at += step) {
      if (!this.#weekend.has(weekday(at)) && this.#holidays.on(at) === null) return at;
    }
    throw new ReguaError("calendar_never_open", {
      what: inEach("a banking day", "um dia bancário"),
      field: "calendar.weekend",
      days: MAX_CLOSED_DAYS,
    });
  }

  #closedOn(day: Day, rules: readonly ClosedRule[]): Closure<Why>[] {
    const closures: Closure<Why>[] = [];
    for (const rule of rules) {
      if (rule.kind === "weekday") {
        if (rule.weekday === weekday(day)) closures.push({ from: rule.from, to: rule.to, reason: { rule, holiday: null } });
      } else if (rule.kind === "weekend") {
        if (this.#weekend.has(weekday(day))) closures.push({ ...WHOLE_DAY, reason: { rule, holiday: null } });
      } else {
        const on = rule.kind === "eve" ? day + 1 : day;
        const name = this.#holidays.on(on);
        if (name) closures.push({ ...WHOLE_DAY, reason: { rule, holiday: { day: on, name } } });
      }
    }
    return closures;
  }
}

const WHOLE_DAY = { from: 0, to: 1440 } as const;
const NO_SUSPENSION = { what: inEach("a suspension", "uma suspensão"), field: "never_suspend_on" };
const NO_MESSAGE = { what: inEach("a message", "uma mensagem"), field: "quiet_hours" };

function assertWeekday(day: number): void {
  assert(Number.isInteger(day) && day >= 1 && day <= 7, `weekday out of range: ${day}`);
}

function assertRule(rule: ClosedRule): void {
  if (rule.kind !== "weekday") return;
  assertWeekday(rule.weekday);
  assert(rule.from >= 0 && rule.from < rule.to && rule.to <= 1440, `not a part of a day: ${rule.from} to ${rule.to}`);
}

/** Hours that cross midnight are the end of each day and the beginning of each day. */
function quietClosures({ from, to }: { from: MinuteOfDay; to: MinuteOfDay }): Closure<true>[] {
  assert(from >= 0 && from <= 1440 && to >= 0 && to <= 1440, `quiet hours out of range: ${from} to ${to}`);
  const parts =
    from <= to
      ? [{ from, to }]
      : [
          { from: 0, to },
          { from, to: 1440 },
        ];
  return parts.filter((part) => part.from < part.to).map((part) => ({ ...part, reason: true }));
}
