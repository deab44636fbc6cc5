// Days as other programs write them: the order of day and month is decided by the whole file, never by one cell.
import { inEach } from "../../../kernel/errors.ts";
import { civil, dayOf, type Day } from "../../../kernel/time.ts";
import { fileProblem, shown } from "./problem.ts";

export const DATE_FORMATS = ["dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd", "dd/mm/yy", "mm/dd/yy"] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

type Order = "dmy" | "mdy";

/** A time of day after the date is let pass and left out. */
const TIME = String.raw`(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[AaPp][Mm])?)?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})${TIME}$`, "u");
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${TIME}$`, "u");

/** Dates before the first hosting companies or beyond any invoice are a mistaken column, not a date. */
const FIRST_YEAR = 1980;
const LAST_YEAR = 2100;

function dayOrNull(year: number, month: number, day: number): Day | null {
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const number = dayOf(year, month, day);
  const back = civil(number);
  return back.year === year && back.month === month && back.day === day ? number : null;
}

/** What MySQL writes where there is no date, and what other programs write instead of nothing. */
export function isNoDate(text: string): boolean {
  return text === "" || /^0{4}-0{2}-0{2}/u.test(text) || /^00?([/.-])00?\1(?:0000)/u.test(text);
}

interface Seen {
  text: string;
  line: number;
}

/** Gathers what the dates of one file say about their order. */
export class DateEvidence {
  #dmy: Seen | null = null;
  #mdy: Seen | null = null;
  #either: Seen | null = null;

  add(text: string, line: number): void {
    if (this.#dmy && this.#mdy) return;
    const match = YEAR_LAST.exec(text);
    if (!match || match[4]?.length !== 4) return;
    const [a, b, year] = [Number(match[1]), Number(match[3]), Number(match[4])];
    const dmy = dayOrNull(year, b, a);
    const mdy = dayOrNull(year, a, b);
    if (dmy === mdy) return;
    if (mdy === null) this.#dmy ??= { text, line };
    else if (dmy === null) this.#mdy ??= { text, line };
    else this.#either ??= { text, line };
  }

  /** @throws ReguaError `import_file_invalid` when the dates leave it open, or say both */
  decide(name: string, told: DateFormat | undefined): DateFormat {
    if (told) return told;
    if (this.#dmy && this.#mdy)
      throw fileProblem(
        name,
        inEach(
          `its dates are written in two orders: “${shown(this.#dmy.text)}” in line ${this.#dmy.line} is day first, “${shown(this.#mdy.text)}” in line ${this.#mdy.line} month first`,
          `as datas estão escritas em duas ordens: “${shown(this.#dmy.text)}” na linha ${this.#dmy.line} começa pelo dia, “${shown(this.#mdy.text)}” na linha ${this.#mdy.line}, pelo mês`,
        ),
        inEach(
          "Say `dates: dd/mm/yyyy` or `dates: mm/dd/yyyy` in the map; the lines that do not fit are then refused one by one.",
          "Diga `dates: dd/mm/yyyy` ou `dates: mm/dd/yyyy` no mapa; as linhas que não couberem são então recusadas uma a uma.",
        ),
      );
    if (!this.#dmy && !this.#mdy && this.#either)
      throw fileProblem(
        name,
        inEach(
          `nothing in it tells whether day or month comes first: no date has a day above 12 (“${shown(this.#either.text)}” in line ${this.#either.line})`,
          `nada nele diz se vem primeiro o dia ou o mês: nenhuma data tem dia acima de 12 (“${shown(this.#either.text)}” na linha ${this.#either.line})`,
        ),
        inEach("Say `dates: dd/mm/yyyy` or `dates: mm/dd/yyyy` in the map.", "Diga `dates: dd/mm/yyyy` ou `dates: mm/dd/yyyy` no mapa."),
      );
    return this.#mdy ? "mm/dd/yyyy" : "dd/mm/yyyy";
  }
}

/**
 * Reads one date, null when it is none. A year of four digits in front says its own order and is always taken.
 * Two digits are a year of this century, and only where the map says so.
 */
export function readDate(text: string, format: DateFormat): Day | null {
  const front = YEAR_FIRST.exec(text);
  if (front) {
    // Without separators only the full eight digits are a date: 2012115 could be two days.
    if (front[2] === "" && !/^\d{8}(?:\D|$)/u.test(text)) return null;
    return dayOrNull(Number(front[1]), Number(front[3]), Number(front[4]));
  }
  const match = YEAR_LAST.exec(text);
  if (!match || format === "yyyy-mm-dd") return null;
  const short = match[4]?.length === 2;
  if (short !== format.endsWith("/yy")) return null;
  const order: Order = format.startsWith("dd") ? "dmy" : "mdy";
  const year = Number(match[4]) + (short ? 2000 : 0);
  const [a, b] = [Number(match[1]), Number(match[3])];
  return order === "dmy" ? dayOrNull(year, b, a) : dayOrNull(year, a, b);
}
