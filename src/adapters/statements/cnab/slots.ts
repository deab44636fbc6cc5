// Fixed columns: what stands where in a record of a return file, and reading it strictly. A column that holds anything else is a fault.
import { inEach, type InEach } from "../../../kernel/errors.ts";
import type { Cents } from "../../../kernel/money.ts";
import { civil, dayOf, type Day } from "../../../kernel/time.ts";

/** First and last column, both from 1 as the banks' manuals write them. */
export type Slot = readonly [from: number, to: number];

/** A column that does not hold what the layout says. */
export class SlotFault extends Error {
  override name = "SlotFault";
  readonly column: number;
  readonly reason: InEach;

  constructor(column: number, reason: InEach) {
    super(reason.en);
    this.column = column;
    this.reason = reason;
  }
}

/** What a column holds instead: `name` is the column's, in each language. */
export function holds(name: InEach, written: string, en: string, ptBR: string): InEach {
  return inEach(`${name.en} holds “${written.trim()}”${en}`, `${name["pt-BR"]} contém “${written.trim()}”${ptBR}`);
}

export function text(record: string, [from, to]: Slot): string {
  return record.slice(from - 1, to).trim();
}

/** Cents; the layout's two decimals are implied. Blank counts as nothing: some banks leave amounts out that do not apply. */
export function cents(record: string, slot: Slot, name: InEach): Cents {
  const written = record.slice(slot[0] - 1, slot[1]);
  if (written.trim() === "" && written.length === slot[1] - slot[0] + 1) return 0;
  if (written.length !== slot[1] - slot[0] + 1 || !/^\d+$/u.test(written))
    throw new SlotFault(slot[0], holds(name, written, ", no number", ", que não é um número"));
  const value = Number(written);
  if (!Number.isSafeInteger(value))
    throw new SlotFault(slot[0], inEach(`${name.en} is larger than any amount`, `${name["pt-BR"]} é maior que qualquer valor`));
  return value;
}

/** `ddmmaa` (of this century), `ddmmaaaa` or, where the layout says so, `aaaammdd`. Zeros and blanks are no date. */
export function day(record: string, slot: Slot, name: InEach, yearFirst = false): Day | null {
  const written = record.slice(slot[0] - 1, slot[1]);
  if (/^[0 ]*$/u.test(written)) return null;
  const digits = yearFirst ? `${written.slice(6, 8)}${written.slice(4, 6)}${written.slice(0, 4)}` : written;
  const match = /^(\d{2})(\d{2})(\d{2}|\d{4})$/u.exec(digits);
  if (match) {
    const [date, month, short] = [Number(match[1]), Number(match[2]), match[3] ?? ""];
    const year = short.length === 2 ? 2000 + Number(short) : Number(short);
    const number = dayOf(year, month, date);
    const back = civil(number);
    if (year >= 1990 && back.year === year && back.month === month && back.day === date) return number;
  }
  throw new SlotFault(slot[0], holds(name, written, ", no date", ", que não é uma data"));
}

/** The number without leading zeros, for comparing; null where there is none. */
export function bareNumber(written: string): string | null {
  const digits = written.replace(/\D/gu, "").replace(/^0+/u, "");
  return digits === "" ? null : digits;
}
