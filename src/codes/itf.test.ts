// Bars of Interleaved 2 of 5: a pattern worked out by hand, and a reader of one's own that gets every number back.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itfBars } from "./itf.ts";

/** Each digit's five widths, as the weights 1, 2, 4, 7 and parity name them: two are wide, and their weights add up to the digit. */
function digitOf(widths: readonly number[]): number {
  const sum = [1, 2, 4, 7, 0].reduce((total, weight, i) => total + (widths[i] === 3 ? weight : 0), 0);
  return sum === 11 ? 0 : sum;
}

function read(bars: readonly number[]): string {
  let digits = "";
  for (let at = 4; at < bars.length - 3; at += 10) {
    const pair = bars.slice(at, at + 10);
    digits += String(digitOf(pair.filter((_, i) => i % 2 === 0))) + String(digitOf(pair.filter((_, i) => i % 2 === 1)));
  }
  return digits;
}

describe("the bars of digits", () => {
  it("are start, the first digit in the bars and the second in the spaces, and stop", () => {
    // 0 is n n W W n, and 1 is W n n n W.
    expect(itfBars("01")).toEqual([1, 1, 1, 1, ...[1, 3, 1, 1, 3, 1, 3, 1, 1, 3], 3, 1, 1]);
  });

  it("read back as the digits they were drawn of, whichever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 30 }), (pairs) => {
        const digits = pairs.map((pair) => String(pair).padStart(2, "0")).join("");
        expect(read(itfBars(digits))).toBe(digits);
      }),
    );
  });

  it("of a boleto's 44 digits are 227 bars and spaces, 405 narrow bars wide", () => {
    const bars = itfBars("23795693400002717161234054000000480560123456".padEnd(44, "0"));
    expect(bars).toHaveLength(227);
    expect(bars.reduce((sum, width) => sum + width, 0)).toBe(405);
  });

  it("are never drawn of an odd count of digits", () => {
    expect(() => itfBars("123")).toThrow();
  });
});
