// The bars of a boleto: Interleaved 2 of 5, two digits at a time, one in the bars and one in the spaces between them.
import { assert } from "../kernel/assert.ts";

/** A wide bar against a narrow one: 3 to 1, the widest that ISO/IEC 16390 allows, and what boletos are printed with. */
const WIDE = 3;

/** Which two of a digit's five bars are wide (ISO/IEC 16390, table 1). */
const DIGITS = ["nnWWn", "WnnnW", "nWnnW", "WWnnn", "nnWnW", "WnWnn", "nWWnn", "nnnWW", "WnnWn", "nWnWn"] as const;

const widthOf = (mark: string | undefined): number => (mark === "W" ? WIDE : 1);

/** Widths in narrow bars, a bar first and then a space by turns; the last is a bar. For an even count of digits. */
export function itfBars(digits: string): number[] {
  assert(/^(?:\d\d)+$/u.test(digits), "two digits are drawn together");
  const widths = [1, 1, 1, 1];
  for (let at = 0; at < digits.length; at += 2) {
    const [bars, spaces] = [DIGITS[Number(digits[at])] ?? "", DIGITS[Number(digits[at + 1])] ?? ""];
    for (let i = 0; i < 5; i += 1) widths.push(widthOf(bars[i]), widthOf(spaces[i]));
  }
  return [...widths, WIDE, 1, 1];
}
