// Amounts as gateways write them, to the cent: decimal text and JSON numbers, with no binary fraction in between.
import { z } from "zod";
import type { Cents } from "../../kernel/money.ts";

const DECIMAL = /^(\d{1,13})(?:\.(\d{1,2}))?$/u;

/** `123.45`, `123.4` or `123` as cents; null for anything else: three decimals, signs, exponents, a decimal comma. */
export function centsOf(text: string): Cents | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

/** `123.45`. */
export function decimalOf(cents: Cents): string {
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** An amount written as a decimal, in a string or as a JSON number. A double prints the shortest text that means it: the one that was sent. */
export const decimalCents = z.union([z.string(), z.number()]).transform((value, context) => {
  const cents = centsOf(String(value));
  if (cents !== null) return cents;
  context.addIssue({ code: "custom", message: "not an amount with at most two decimals" });
  return z.NEVER;
});

/** An amount as a JSON number. `JSON.stringify` writes it as {@link decimalOf} does, but for final zeros. */
export const decimalNumber = (cents: Cents): number => Number(decimalOf(cents));
