// Which days are holidays: Brazil's banking calendar is ours, other countries come from a library, "none" has none.
import { createRequire } from "node:module";
import type Holidays from "date-holidays";
import { ReguaError } from "../../kernel/errors.ts";
import { civil, HOUR_MS, parseDay, type Day } from "../../kernel/time.ts";
import { addHoliday, bankHolidaysOfBrazil, type HolidayName } from "./holidays-br.ts";

/** The holidays of one country. Constant time after the first look at a year. */
export interface HolidaySource {
  /** The holiday on this day, or null. Days of the weekend are holidays only when something is celebrated. */
  on(day: Day): HolidayName | null;
}

/** Years kept per country. A runaway date must not grow the map without bound. */
const MAX_YEARS = 200;

const NONE: HolidaySource = { on: () => null };
const sources = new Map<string, HolidaySource>([
  ["NONE", NONE],
  ["BR", byYear(bankHolidaysOfBrazil)],
]);

/**
 * The holidays of a country: `BR` the banking calendar ({@link bankHolidaysOfBrazil}), `none`, or an ISO 3166-1 code known to
 * the library date-holidays, of which the public and the bank holidays of the whole country count.
 *
 * Limits of the library's data: holidays of a state or province are left out; holidays of the Islamic calendar end in the 2070s and may
 * differ by a day from what is proclaimed.
 * @throws ReguaError `holidays_unknown`
 */
export function holidaysOf(country: string): HolidaySource {
  const code = country.toUpperCase();
  let source = sources.get(code);
  if (!source) {
    source = fromLibrary(code);
    sources.set(code, source);
  }
  return source;
}

function byYear(compute: (year: number) => ReadonlyMap<Day, HolidayName>): HolidaySource {
  const years = new Map<number, ReadonlyMap<Day, HolidayName>>();
  return {
    on(day) {
      const { year } = civil(day);
      let holidays = years.get(year);
      if (!holidays) {
        holidays = compute(year);
        if (years.size >= MAX_YEARS) years.clear();
        years.set(year, holidays);
      }
      return holidays.get(day) ?? null;
    },
  };
}

// Loaded on first use: the library takes 120–240 ms and 37 MB, which a provider in Brazil never needs.
// Its code is ISC; its data is CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/), by the contributors of date-holidays, mostly from
// Wikipedia, credited per country in its data files. We read it from the package and ship no copy.
const require = createRequire(import.meta.url);

function fromLibrary(country: string): HolidaySource {
  const Library = require("date-holidays") as typeof Holidays;
  if (!Object.hasOwn(new Library().getCountries(), country)) throw new ReguaError("holidays_unknown", { value: country });
  const library = new Library(country, { types: ["public", "bank"] });
  return byYear((year) => {
    const holidays = new Map<Day, HolidayName>();
    // The year before as well: a feast of several days may run past 31 December (Incwala in Eswatini).
    for (const from of [year - 1, year]) {
      const english = new Map(library.getHolidays(from, "en").map((holiday) => [holiday.date + holiday.rule, holiday.name]));
      for (const holiday of library.getHolidays(from, "pt")) {
        const name = { "pt-BR": holiday.name, en: english.get(holiday.date + holiday.rule) ?? holiday.name };
        const first = parseDay(holiday.date.slice(0, 10));
        for (let day = first; day < first + wholeDays(holiday); day += 1) if (civil(day).year === year) addHoliday(holidays, day, name);
      }
    }
    return holidays;
  });
}

/**
 * Whole days off, one hour of daylight saving forgiven. A holiday that starts at noon or 14:00 (24 December in Germany) has none:
 * banks work that morning, as on Ash Wednesday in Brazil.
 */
function wholeDays(holiday: { start: Date; end: Date }): number {
  return Math.floor((holiday.end.getTime() - holiday.start.getTime() + HOUR_MS) / (24 * HOUR_MS));
}
