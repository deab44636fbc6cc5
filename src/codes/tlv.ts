// The tag–length–value notation of EMV QR codes: two digits of id, two of length, the value; read with positions, and written.
import { assert } from "../kernel/assert.ts";

export interface TlvField {
  /** `00` to `99`. */
  id: string;
  value: string;
  /** Where its id stands, counted from the beginning of the whole text. */
  at: number;
}

/** What is wrong: an id or a length that is not two digits, or a length that goes beyond the end. */
export type TlvProblem = { code: "id" | "length" | "short"; at: number };

export type TlvReading = { ok: true; fields: TlvField[]; end: number } | { ok: false; problem: TlvProblem };

const TWO_DIGITS = /^\d{2}$/u;
/** The field that ends a BR Code: its check sum. */
export const CRC_ID = "63";
const VALUE_MAX = 99;

/**
 * Reads fields until the text ends or, with `until`, until that field has been read. Total. Lengths count characters (UTF-16 units), as
 * the programs that make these codes do: `6008BRASÍLIA`.
 * @param from where the text stands in a larger one
 */
export function readTlv(text: string, from = 0, until?: string): TlvReading {
  const fields: TlvField[] = [];
  let at = 0;
  while (at < text.length) {
    const [id, length] = [text.slice(at, at + 2), text.slice(at + 2, at + 4)];
    if (!TWO_DIGITS.test(id)) return wrong("id", from + at);
    if (!TWO_DIGITS.test(length)) return wrong("length", from + at + 2);
    const end = at + 4 + Number(length);
    if (end > text.length) return wrong("short", from + at + 2);
    fields.push({ id, value: text.slice(at + 4, end), at: from + at });
    at = end;
    if (id === until) break;
  }
  return { ok: true, fields, end: from + at };
}

function wrong(code: TlvProblem["code"], at: number): TlvReading {
  return { ok: false, problem: { code, at } };
}

export function writeTlv(id: string, value: string): string {
  assert(value.length <= VALUE_MAX, `a field of ${value.length} characters`);
  return id + String(value.length).padStart(2, "0") + value;
}
