// The hours that the simulated policies keep free, worked out apart from the program: closed times for suspensions, quiet hours for messages.
import { parseDay, type Day, type Instant, type Zone } from "../src/kernel/time.ts";

/**
 * Days without banks in Brazil, written down one by one: Lei 662/1949 with 10.607/2002 (1 January, 21 April, 1 May, 7 September, 2 and 15
 * November, 25 December), Lei 6.802/1980 (12 October), Lei 14.759/2023 (20 November), Lei 9.093/1995 (Good Friday), Resolução CMN 4.880/2020
 * (Carnival Monday and Tuesday, Corpus Christi). The leap day of 2028 is a Carnival Tuesday.
 */
const HOLIDAYS: ReadonlySet<Day> = new Set(
  `2026-01-01 2026-02-16 2026-02-17 2026-04-03 2026-04-21 2026-05-01 2026-06-04 2026-09-07 2026-10-12 2026-11-02 2026-11-15 2026-11-20 2026-12-25
   2027-01-01 2027-02-08 2027-02-09 2027-03-26 2027-04-21 2027-05-01 2027-05-27 2027-09-07 2027-10-12 2027-11-02 2027-11-15 2027-11-20 2027-12-25
   2028-01-01 2028-02-28 2028-02-29 2028-04-14 2028-04-21 2028-05-01 2028-06-15 2028-09-07 2028-10-12 2028-11-02 2028-11-15 2028-11-20 2028-12-25
   2029-01-01`
    .split(/\s+/u)
    .map(parseDay),
);

const FRIDAY = 5;
const NOON = 12 * 60;
/** The suspend step's own time of day, in all policies simulated: no suspension starts before it, whatever it waited for. */
const SUSPEND_FROM = 9 * 60;
const QUIET_FROM = 20 * 60;
const QUIET_TO = 8 * 60;

export class Hours {
  readonly #zone: Zone;

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  /** Why no suspension starts at an instant: `never_suspend_on` of the policies simulated, and their step's own time of day. */
  closed(at: Instant): string | null {
    const { day, minute } = this.#zone.local(at);
    if (HOLIDAYS.has(day)) return "on a holiday";
    if (HOLIDAYS.has(day + 1)) return "on the eve of a holiday";
    // 1970-01-01, day 0, was a Thursday.
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
    if (weekday > FRIDAY) return "at a weekend";
    if (weekday === FRIDAY && minute >= NOON) return "on a Friday afternoon";
    return minute < SUSPEND_FROM ? "before the working day" : null;
  }

  /** Whether reminders and warnings rest. */
  quiet(at: Instant): boolean {
    const { minute } = this.#zone.local(at);
    return minute >= QUIET_FROM || minute < QUIET_TO;
  }
}
