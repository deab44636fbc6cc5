// Amounts of OFX files: the standard's decimal point, and the decimal comma that Brazilian banks write instead.
import type { Cents } from "../../../kernel/money.ts";

/**
 * Reads a signed amount; null when it is none or could be two. `-33.3`, `74,40`, `1.234,56` and `1,234.56` are read; one separator with three digits
 * behind it (`1.234`) is a thousand in one dialect and a little more than one in the other, and is not guessed.
 */
export function readOfxAmount(text: string): Cents | null {
  const match = /^([+-]?)\s*(\d[\d.,]*)$/u.exec(text.trim());
  if (!match) return null;
  const [, sign, digits = ""] = match;
  const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  const cents = last < 0 ? wholeUnits(digits) : decimal(digits, last);
  if (cents === null || !Number.isSafeInteger(cents)) return null;
  return sign === "-" && cents !== 0 ? -cents : cents;
}

function wholeUnits(digits: string): number {
  return Number(digits) * 100;
}

function decimal(digits: string, last: number): number | null {
  const [whole, fraction] = [digits.slice(0, last), digits.slice(last + 1)];
  const grouping = digits[last] === "," ? "." : ",";
  // Thousands in groups of three by the other sign, or no grouping at all.
  if (!/^\d*$/u.test(whole) && !new RegExp(`^\\d{1,3}(?:[${grouping}]\\d{3})+$`, "u").test(whole)) return null;
  const kept = fraction.replace(/0+$/u, "");
  if (kept.length > 2) return null;
  // Zeros beyond the cent (`100.0000`) say nothing new; exactly three digits and no other separator could be thousands.
  if (fraction.length === 3 && /^\d{1,3}$/u.test(whole) && !/^0+$/u.test(whole)) return null;
  return Number(whole.replaceAll(grouping, "")) * 100 + Number(kept.padEnd(2, "0"));
}
