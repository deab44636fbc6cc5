// Brazilian banking holidays, computed for any year: the days the ANBIMA calendar lists.
import type { Lang } from "../../kernel/lang.ts";
import { dayOf, type Day } from "../../kernel/time.ts";

/** A holiday's name, in both languages. */
export type HolidayName = Readonly<Record<Lang, string>>;

/**
 * The days of a year on which Brazilian banks do not settle, apart from weekends. Holidays that fall on a weekend are
 * listed too: their eve still counts for `never_suspend_on`.
 *
 * Sources: Lei 662/1949 as amended by Lei 10.607/2002 (seven fixed dates), Lei 6.802/1980 (12 October),
 * Lei 14.759/2023 (20 November, first observed in 2024), Lei 9.093/1995 (Good Friday); Resolução CMN 4.880/2020, after
 * 2.932/2002, 2.875/2001 and 2.516/1998, adds Carnival Monday and Tuesday, Corpus Christi and 2 November.
 *
 * What it holds for: 2000 onwards. Until 1999 Maundy Thursday was not a banking day either (Resolução 2.516/1998), and that
 * is left out: no invoice is that old. Not banking holidays, as in ANBIMA's list: Ash Wednesday and 24 December (shorter hours), the last
 * banking day of the year (no public service, yet money settles), state and municipal holidays, 20 November before 2024.
 */
export function bankHolidaysOfBrazil(year: number): Map<Day, HolidayName> {
  const easter = easterSunday(year);
  const holidays = new Map<Day, HolidayName>();
  for (const [month, day, name, since] of FIXED) if (year >= since) holidays.set(dayOf(year, month, day), name);
  for (const [offset, name] of MOVABLE) addHoliday(holidays, easter + offset, name);
  return holidays;
}

/** Two holidays may share a day, and both names are kept: Good Friday met Tiradentes in 2000 and will again in 2079. */
export function addHoliday(holidays: Map<Day, HolidayName>, day: Day, name: HolidayName): void {
  const other = holidays.get(day);
  const both = other && other.en !== name.en && { "pt-BR": `${other["pt-BR"]} / ${name["pt-BR"]}`, en: `${other.en} / ${name.en}` };
  holidays.set(day, both || name);
}

const FIXED: readonly (readonly [month: number, day: number, name: HolidayName, since: number])[] = [
  [1, 1, { "pt-BR": "Confraternização Universal", en: "New Year's Day" }, 0],
  [4, 21, { "pt-BR": "Tiradentes", en: "Tiradentes Day" }, 0],
  [5, 1, { "pt-BR": "Dia do Trabalho", en: "Labour Day" }, 0],
  [9, 7, { "pt-BR": "Independência do Brasil", en: "Independence Day" }, 0],
  [10, 12, { "pt-BR": "Nossa Senhora Aparecida", en: "Our Lady of Aparecida" }, 0],
  [11, 2, { "pt-BR": "Finados", en: "All Souls' Day" }, 0],
  [11, 15, { "pt-BR": "Proclamação da República", en: "Republic Day" }, 0],
  [11, 20, { "pt-BR": "Dia da Consciência Negra", en: "Black Awareness Day" }, 2024],
  [12, 25, { "pt-BR": "Natal", en: "Christmas Day" }, 0],
];

/** Days from Easter Sunday. */
const MOVABLE: readonly (readonly [offset: number, name: HolidayName])[] = [
  [-48, { "pt-BR": "Segunda-feira de Carnaval", en: "Carnival Monday" }],
  [-47, { "pt-BR": "Terça-feira de Carnaval", en: "Carnival Tuesday" }],
  [-2, { "pt-BR": "Sexta-feira Santa", en: "Good Friday" }],
  [60, { "pt-BR": "Corpus Christi", en: "Corpus Christi" }],
];

/** Easter Sunday of the Gregorian calendar: the anonymous computus of 1876, as in Meeus, Astronomical Algorithms (1991), chapter 8. */
function easterSunday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}
