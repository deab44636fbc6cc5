// Closed stretches of local time, such as "Friday from noon", as instants: is it closed now, and when does it open?
import { ReguaError, type InEach } from "../../kernel/errors.ts";
import { DAY_MS, MINUTE_MS, type Day, type Instant, type MinuteOfDay, type Zone } from "../../kernel/time.ts";

/** A part of one local day that is closed, `to` excluded; 0 to 1440 is the whole day. */
export interface Closure<R> {
  from: MinuteOfDay;
  to: MinuteOfDay;
  reason: R;
}

/** How far ahead an opening is looked for. More than a year, so that every holiday has passed once. */
export const MAX_CLOSED_DAYS = 400;

/** About thirty years of days; a runaway date must not grow the map without bound. */
export const MAX_DAYS_KEPT = 12_000;

/** A closure of one day, as instants. */
interface Span<R> {
  from: Instant;
  to: Instant;
  reason: R;
  /** When nothing is closed any more, which may be days after `to`; found on first need. */
  opens: Instant | null;
}

interface DayPlan<R> {
  start: Instant;
  end: Instant;
  /** In the order of the rules; they may overlap. */
  spans: Span<R>[];
}

/**
 * Answers for instants what the rules say of local days. The wall clock decides: when daylight saving repeats an hour, the hour is closed both
 * times; when it skips one, nothing is closed there. Each day is worked out once, so that an answer is a few look-ups.
 */
export class Closures<R> {
  readonly #zone: Zone;
  readonly #closuresOn: (day: Day) => readonly Closure<R>[];
  readonly #neverOpen: { what: InEach; field: string };
  readonly #plans = new Map<Day, DayPlan<R>>();
  // A batch asks about one instant, or one day, many times over.
  #last: DayPlan<R> | null = null;

  /** @param neverOpen words for the error: what has no room, and the policy's field that leaves none. */
  constructor(zone: Zone, closuresOn: (day: Day) => readonly Closure<R>[], neverOpen: { what: InEach; field: string }) {
    this.#zone = zone;
    this.#closuresOn = closuresOn;
    this.#neverOpen = neverOpen;
  }

  /** Why this instant is closed: the first rule that says so; null when it is open. */
  reasonAt(instant: Instant): R | null {
    return this.#spanAt(instant)?.reason ?? null;
  }

  /**
   * The first open instant at or after this one.
   * @throws ReguaError `calendar_never_open` when the next 400 days are closed
   */
  nextOpen(instant: Instant): Instant {
    const span = this.#spanAt(instant);
    if (span === null) return instant;
    span.opens ??= this.#search(span.to);
    return span.opens;
  }

  #search(from: Instant): Instant {
    let at = from;
    while (at - from < MAX_CLOSED_DAYS * DAY_MS) {
      const span = this.#spanAt(at);
      if (span === null) return at;
      at = span.opens ?? span.to;
    }
    throw new ReguaError("calendar_never_open", { ...this.#neverOpen, days: MAX_CLOSED_DAYS });
  }

  #spanAt(instant: Instant): Span<R> | null {
    for (const span of this.#planAt(instant).spans) if (instant >= span.from && instant < span.to) return span;
    return null;
  }

  #planAt(instant: Instant): DayPlan<R> {
    if (this.#last !== null && instant >= this.#last.start && instant < this.#last.end) return this.#last;
    const day = this.#zone.dayOf(instant);
    let plan = this.#plans.get(day);
    if (plan === undefined) {
      plan = this.#plan(day);
      if (this.#plans.size >= MAX_DAYS_KEPT) this.#plans.clear();
      this.#plans.set(day, plan);
    }
    this.#last = plan;
    return plan;
  }

  #plan(day: Day): DayPlan<R> {
    const start = this.#zone.startOf(day);
    const end = this.#zone.startOf(day + 1);
    const closures = this.#closuresOn(day);
    const spans: Span<R>[] = [];
    const stretches = closures.length === 0 ? [] : stretchesOf(this.#zone, start, end);
    for (const { from, to, reason } of closures) {
      for (const stretch of stretches) {
        const first = Math.max(from, stretch.minute);
        const last = Math.min(to, stretch.minute + stretch.minutes);
        const instantOf = (minute: MinuteOfDay): Instant => stretch.at + (minute - stretch.minute) * MINUTE_MS;
        if (first < last) spans.push({ from: instantOf(first), to: instantOf(last), reason, opens: null });
      }
    }
    return { start, end, spans };
  }
}

/** A stretch of a local day on which the wall clock runs evenly. */
interface Stretch {
  at: Instant;
  /** The wall clock at `at`. */
  minute: MinuteOfDay;
  minutes: number;
}

/** One stretch on an ordinary day, up to two on the days when daylight saving begins or ends. */
function stretchesOf(zone: Zone, start: Instant, end: Instant): Stretch[] {
  if (end - start === DAY_MS) return [{ at: start, minute: 0, minutes: 1440 }];
  const minutes = (end - start) / MINUTE_MS;
  const minute = zone.local(start).minute;
  const jumped = (elapsed: number): boolean => zone.local(start + elapsed * MINUTE_MS).minute !== minute + elapsed;
  // Where midnight itself was skipped, or the last hour of the day, the rest of the day runs evenly.
  if (!jumped(minutes - 1)) return [{ at: start, minute, minutes }];
  let before = 0;
  let after = minutes - 1;
  while (after - before > 1) {
    const middle = (before + after) >> 1;
    if (jumped(middle)) after = middle;
    else before = middle;
  }
  const at = start + after * MINUTE_MS;
  return [
    { at: start, minute, minutes: after },
    { at, minute: zone.local(at).minute, minutes: minutes - after },
  ];
}
