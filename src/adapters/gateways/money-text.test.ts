// Amounts as gateways write them: exact both ways, and nothing guessed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centsOf, decimalCents, decimalNumber, decimalOf } from "./money-text.ts";

describe("amounts as text", () => {
  it("come back to the cent, as text and as a JSON number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (cents) => {
        expect(centsOf(decimalOf(cents))).toBe(cents);
        expect(decimalCents.parse(JSON.parse(JSON.stringify(decimalNumber(cents))))).toBe(cents);
      }),
    );
  });

  it("with fewer decimals than two are read, with more refused", () => {
    expect(["123", "123.4", "123.45", "0.01"].map(centsOf)).toEqual([12_300, 12_340, 12_345, 1]);
    for (const text of ["123.456", "1,50", "1.234,50", "-1.00", "1e3", "", ".5", "5.", " 1.00", "NaN", "Infinity", "12345678901234.00"]) {
      expect(centsOf(text)).toBeNull();
    }
  });

  it("that a sum of binary fractions spoilt are refused, not rounded", () => {
    expect(decimalCents.safeParse(0.1 + 0.2).success).toBe(false);
    expect(decimalCents.parse(0.3)).toBe(30);
  });
});
