// Amounts and dates in free text, as Brazilian and English papers write them.
import type { Cents } from "../kernel/money.ts";
import { civil, dayOf, type Day } from "../kernel/time.ts";
import { FOUND_MAX, isWordLetter, TEXT_MAX, type Found } from "./find.ts";

export interface FoundAmount extends Found {
  cents: Cents;
  /** The sign in front: `R$` and BRL give BRL. Null without one: two decimals can then be something else. */
  currency: "BRL" | "USD" | "EUR" | null;
  /** `1.234,56`, `1,234.56`, or no decimals at all. */
  notation: "br" | "en" | "whole";
}

const SIGN = /(?:(R\$|BRL)|(US\$|USD|\$)|(€|EUR))[\s\u00a0]{0,3}([-−]?)[\s\u00a0]?$/u;
const BR = /^(?:\d{1,3}(?:\.\d{3})+|\d+),\d{2}$/u;
const EN = /^(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}$/u;
/** Only after a sign: whole amounts, and one decimal. */
const BR_SIGNED = /^(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d)?$/u;
const EN_SIGNED = /^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d)?$/u;
const DIGITS_MAX = 15;
const BEFORE = 12;

/** Amounts with two decimals, or with a currency's sign. Percentages, dates and parts of longer codes are none. */
export function findAmounts(text: string): FoundAmount[] {
  const within = text.slice(0, TEXT_MAX);
  const found: FoundAmount[] = [];
  for (const match of within.matchAll(/\d[\d.,]*/gu)) {
    if (found.length >= FOUND_MAX) break;
    const next = amountAt(within, match.index, match[0].replace(/[.,]{1,3}$/u, ""));
    if (next) found.push(next);
  }
  return found;
}

function amountAt(text: string, at: number, written: string): FoundAmount | null {
  const end = at + written.length;
  if (written.length > DIGITS_MAX + 5) return null;
  const sign = SIGN.exec(text.slice(Math.max(0, at - BEFORE), at));
  const [before, after] = [text[at - 1], text[end]];
  if (!sign && (isWordLetter(before) || before === "/" || before === "." || before === ",")) return null;
  if (isWordLetter(after) || /^[\s\u00a0]?%/u.test(text.slice(end, end + 2))) return null;
  const notation = notationOf(written, sign !== null);
  if (!notation) return null;
  const [whole = "", decimals = ""] = notation === "en" ? written.replaceAll(",", "").split(".") : written.replaceAll(".", "").split(",");
  const cents = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  if (!Number.isSafeInteger(cents)) return null;
  const begin = sign ? at - sign[0].length : at;
  const negative = sign?.[4] !== undefined && sign[4] !== "" ? true : isMinus(text, begin);
  const currency = sign?.[1] ? "BRL" : sign?.[2] ? "USD" : sign?.[3] ? "EUR" : null;
  return { at: begin, end, cents: negative ? -cents : cents, currency, notation };
}

function notationOf(written: string, signed: boolean): FoundAmount["notation"] | null {
  if (BR.test(written)) return "br";
  if (EN.test(written)) return "en";
  if (!signed) return null;
  if (/^\d+$/u.test(written)) return "whole";
  // `1.500` after a sign is fifteen hundred: three digits after a point are thousands in both notations.
  if (BR_SIGNED.test(written)) return "br";
  return EN_SIGNED.test(written) ? "en" : null;
}

/** A minus that stands alone, not the dash between two words or numbers. */
function isMinus(text: string, begin: number): boolean {
  const before = text[begin - 1];
  return (before === "-" || before === "−") && !isWordLetter(text[begin - 2]);
}

export interface FoundDate extends Found {
  day: Day;
  /** Minutes since midnight as written, and seconds; null without a time. */
  minute: number | null;
  second: number | null;
  /** Minutes east of UTC, when the text says so; null: the clock of whoever wrote it. */
  offset: number | null;
}

const MONTHS = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"];
const ENGLISH: Readonly<Record<string, number>> = { feb: 2, apr: 4, may: 5, aug: 8, sep: 9, oct: 10, dec: 12 };
const LONG: readonly string[] =
  "janeiro fevereiro março marco abril maio junho julho agosto setembro outubro novembro dezembro january february march april june july august september october november december sept".split(
    " ",
  );

const NUMERIC = /(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})/uy;
const ISO = /(\d{4})-(\d{2})-(\d{2})/uy;
const WORDS = /(\d{1,2})[º°o]?[\s\u00a0/.-]{0,3}(?:de[\s\u00a0]{1,3})?(\p{L}{3,9})\.?[\s\u00a0/.,-]{0,3}(?:de[\s\u00a0]{1,3})?(\d{4})/uy;
const ENGLISH_WORDS = /(\p{L}{3,9})\.?[\s\u00a0]{1,3}(\d{1,2})(?:st|nd|rd|th)?,?[\s\u00a0]{1,3}(\d{4})/uy;
const TIME =
  /(?:[\s\u00a0]{0,3}(?:[,T–—-]|às|as|at)?[\s\u00a0]{0,3})(\d{1,2})(?::|h)(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:[\s\u00a0]?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?/uy;

/** Days as `22/11/2026`, `2026-11-22`, `22 de novembro de 2026`, `22 NOV 2026` or `November 22, 2026`, with the time that follows. */
export function findDates(text: string): FoundDate[] {
  const within = text.slice(0, TEXT_MAX);
  const found: FoundDate[] = [];
  let after = 0;
  for (const match of within.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (found.length >= FOUND_MAX) break;
    if (match.index < after) continue;
    const next = dateAt(within, match.index);
    if (!next) continue;
    found.push(next);
    after = next.end;
  }
  return found;
}

function dateAt(text: string, at: number): FoundDate | null {
  for (const read of [isoAt, numericAt, wordsAt, englishAt]) {
    const date = read(text, at);
    if (!date || /\d/u.test(text[date.end] ?? "")) continue;
    // `10/22/11/2026` and `3.22.11.2026` are something else.
    if (/[\d][/.-]$/u.test(text.slice(Math.max(0, at - 2), at))) continue;
    return { at, ...date, ...timeAfter(text, date.end) };
  }
  return null;
}

type DateEnd = { day: Day; end: number } | null;

function isoAt(text: string, at: number): DateEnd {
  const match = stick(ISO, text, at);
  return match && civilDay(Number(match[1]), Number(match[2]), Number(match[3]), ISO.lastIndex);
}

function numericAt(text: string, at: number): DateEnd {
  const match = stick(NUMERIC, text, at);
  if (!match || (match[4]?.length === 2 && match[2] !== "/")) return null;
  const year = Number(match[4]) + (match[4]?.length === 2 ? 2000 : 0);
  return civilDay(year, Number(match[3]), Number(match[1]), NUMERIC.lastIndex);
}

function wordsAt(text: string, at: number): DateEnd {
  const match = stick(WORDS, text, at);
  return match && civilDay(Number(match[3]), monthOf(match[2] ?? ""), Number(match[1]), WORDS.lastIndex);
}

function englishAt(text: string, at: number): DateEnd {
  const match = stick(ENGLISH_WORDS, text, at);
  return match && civilDay(Number(match[3]), monthOf(match[1] ?? ""), Number(match[2]), ENGLISH_WORDS.lastIndex);
}

function stick(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** 1 to 12, or 0 for another word: `novembro`, `NOV`, `november`. */
function monthOf(word: string): number {
  const small = word.toLowerCase();
  if (small.length > 3 && !LONG.includes(small)) return 0;
  const start = small.slice(0, 3);
  return ENGLISH[start] ?? MONTHS.indexOf(start) + 1;
}

/** Null for a day that no calendar has, and outside the years a payment can be of. */
function civilDay(year: number, month: number, dayOfMonth: number, end: number): DateEnd {
  if (year < 1990 || year > 2100) return null;
  const day = dayOf(year, month, dayOfMonth);
  const back = civil(day);
  return back.month === month && back.day === dayOfMonth ? { day, end } : null;
}

function timeAfter(text: string, end: number): Partial<Found> & Pick<FoundDate, "minute" | "second" | "offset"> {
  const match = stick(TIME, text, end);
  const [hours, minutes, seconds] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  if (!match || hours > 23 || minutes > 59 || seconds > 59) return { minute: null, second: null, offset: null };
  const second = match[3] === undefined ? null : seconds;
  return { end: TIME.lastIndex, minute: hours * 60 + minutes, second, offset: offsetOf(match[4]) };
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (/^[A-Z]/u.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}
