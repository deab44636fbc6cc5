// Money: integer cents and a currency, never a floating amount.
import { assert } from "./assert.ts";
import { ReguaError } from "./errors.ts";
import type { Lang } from "./lang.ts";

/** An amount in the smallest unit of its currency (centavos). Always a safe integer. */
export type Cents = number;

/** ISO 4217 code. All amounts of one customer are in one currency. */
export type Currency = string;

/**
 * Reads a decimal amount as people and spreadsheets write it: `1234.5`, `1.234,50`, `R$ 29,90`.
 * The last separator followed by one or two digits is the decimal one; more than two decimals are refused, never rounded.
 * @throws ReguaError `amount_unreadable`
 */
export function parseAmount(text: string): Cents {
  const bare = text
    .trim()
    .replace(/^[A-Z]{0,3}\$?\s*/u, "")
    .replace(/\s/gu, "");
  const match = /^(-?)(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?$/u.exec(bare);
  if (!match) throw new ReguaError("amount_unreadable", { value: text });
  const [, sign, whole = "", fraction = ""] = match;
  const units = Number(whole.replace(/[.,]/gu, ""));
  const value = units * 100 + Number(fraction.padEnd(2, "0"));
  if (!Number.isSafeInteger(value)) throw new ReguaError("amount_unreadable", { value: text });
  return sign === "-" ? -value : value;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Writes an amount for a person: `R$ 29,90` in pt-BR, `R$29.90` in en. */
export function formatMoney(amount: Cents, currency: Currency, lang: Lang): string {
  const key = `${lang}/${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang, { style: "currency", currency });
    formats.set(key, format);
  }
  return format.format(amount / 100).replace(/\u00a0/gu, " ");
}

/** Part of an amount, rounded half up to the cent: `amount × numerator / denominator`, exact in integers. */
export function share(amount: Cents, numerator: number, denominator: number): Cents {
  assert(denominator > 0 && amount >= 0 && numerator >= 0, "share of a negative amount");
  const product = BigInt(amount) * BigInt(numerator) * 2n + BigInt(denominator);
  return Number(product / (BigInt(denominator) * 2n));
}
