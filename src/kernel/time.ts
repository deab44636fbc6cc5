// Days, instants and time zones: integer day numbers in the hot path, Temporal at the edges.
import { Temporal } from "temporal-polyfill";
import { assert } from "./assert.ts";
import { ReguaError } from "./errors.ts";

/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** A calendar day, as the number of days since 1970-01-01. No time zone. */
export type Day = number;

/** Minutes since local midnight, 0 to 1439. */
export type MinuteOfDay = number;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** ISO weekday of a day: 1 Monday … 7 Sunday. */
export function weekday(day: Day): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  // 1970-01-01 was a Thursday (4).
  return (((((day + 3) % 7) + 7) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

/** Day number of a civil date. Proleptic Gregorian; no range check (see {@link parseDay}). */
export function dayOf(year: number, month: number, dayOfMonth: number): Day {
  return Math.round(Date.UTC(year, month - 1, dayOfMonth) / DAY_MS);
}

/** Year, month (1–12) and day of month of a day number. */
export function civil(day: Day): { year: number; month: number; day: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** `2026-11-22`. */
export function formatDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Reads `2026-11-22`. Impossible dates are refused, never rolled over.
 * @throws ReguaError `date_unreadable`
 */
export function parseDay(text: string): Day {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(text.trim());
  if (match) {
    const [year, month, dayOfMonth] = [Number(match[1]), Number(match[2]), Number(match[3])];
    const day = dayOf(year, month, dayOfMonth);
    const back = civil(day);
    if (back.year === year && back.month === month && back.day === dayOfMonth) return day;
  }
  throw new ReguaError("date_unreadable", { value: text });
}

/** `2026-11-22T12:00:00.000Z`. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/**
 * Reads an ISO 8601 instant with an offset or Z.
 * @throws ReguaError `date_unreadable`
 */
export function parseInstant(text: string): Instant {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new ReguaError("date_unreadable", { value: text });
  }
}

/** Reads `09:00` as minutes since midnight. `24:00` is the end of the day. */
export function parseTimeOfDay(text: string): MinuteOfDay {
  const match = /^(\d{2}):(\d{2})$/u.exec(text);
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (!(minute >= 0 && minute <= 1440) || Number(match?.[2]) > 59) throw new ReguaError("date_unreadable", { value: text });
  return minute;
}

/** `09:00`. */
export function formatTimeOfDay(minute: MinuteOfDay): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** A local date and time of day. */
export interface Local {
  day: Day;
  minute: MinuteOfDay;
}

/**
 * A time zone with its day boundaries remembered: a ladder asks for the same few days a million times,
 * and one Temporal addition costs about 6 µs.
 */
export class Zone {
  readonly id: string;
  readonly #starts = new Map<Day, Instant>();

  /** @throws ReguaError `zone_unknown` */
  constructor(id: string) {
    try {
      Temporal.Now.zonedDateTimeISO(id);
    } catch {
      throw new ReguaError("zone_unknown", { value: id });
    }
    this.id = id;
  }

  /** The first instant of a local day. Where daylight saving skips midnight, that is 01:00. */
  startOf(day: Day): Instant {
    let start = this.#starts.get(day);
    if (start === undefined) {
      const { year, month, day: d } = civil(day);
      start = Temporal.PlainDate.from({ year, month, day: d }).toZonedDateTime(this.id).epochMilliseconds;
      // About thirty years of days; a runaway date must not grow the map without bound.
      if (this.#starts.size > 12_000) this.#starts.clear();
      this.#starts.set(day, start);
    }
    return start;
  }

  /** The instant of a time of day. A time that daylight saving skips is taken just after the gap. */
  at(day: Day, minute: MinuteOfDay): Instant {
    assert(minute >= 0 && minute <= 1440, `minute of day out of range: ${minute}`);
    const start = this.startOf(day);
    const end = this.startOf(day + 1);
    // Days of 24 hours need no zone rules; the two odd ones a year ask Temporal.
    if (end - start === DAY_MS) return start + minute * MINUTE_MS;
    if (minute === 1440) return end;
    const { year, month, day: d } = civil(day);
    return Temporal.PlainDateTime.from({ year, month, day: d, hour: Math.floor(minute / 60), minute: minute % 60 }).toZonedDateTime(this.id)
      .epochMilliseconds;
  }

  /** The local day an instant falls on. */
  dayOf(instant: Instant): Day {
    // Zones lie within 14 hours of UTC, so the answer is within one day of the UTC day.
    let day = Math.floor(instant / DAY_MS);
    while (this.startOf(day) > instant) day -= 1;
    while (this.startOf(day + 1) <= instant) day += 1;
    return day;
  }

  /** The local day and time of day of an instant. */
  local(instant: Instant): Local {
    const day = this.dayOf(instant);
    const start = this.startOf(day);
    if (this.startOf(day + 1) - start === DAY_MS) return { day, minute: Math.floor((instant - start) / MINUTE_MS) };
    const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.id);
    return { day, minute: zoned.hour * 60 + zoned.minute };
  }

  /** `2026-11-22T09:00:00.000-03:00`, the form kept beside UTC in the evidence. */
  format(instant: Instant): string {
    return Temporal.Instant.fromEpochMilliseconds(instant).toString({ timeZone: this.id, fractionalSecondDigits: 3 });
  }
}

/**
 * Reads until when something holds, as people write it: a day is meant to its end, an instant is taken as it is.
 * @throws ReguaError `date_unreadable`
 */
export function parseEnd(text: string, zone: Zone): Instant {
  return text.includes("T") ? parseInstant(text) : zone.startOf(parseDay(text) + 1);
}
