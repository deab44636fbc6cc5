// WHMCS's answers as they really come: numbers as text, an empty list as "", lists nested twice, zero dates, names with HTML's entities.
import { z } from "zod";
import { inEach, type InEach } from "../../kernel/errors.ts";
import type { Cents } from "../../kernel/money.ts";
import { dayOf, formatDay, type Day } from "../../kernel/time.ts";

/** A row that cannot be read; its page goes on. */
export class Unreadable extends Error {
  override name = "Unreadable";
  readonly field: string;
  readonly value: string;
  readonly problem: InEach;

  constructor(field: string, value: unknown, problem: InEach) {
    super(problem.en);
    this.problem = problem;
    this.field = field;
    this.value = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 60);
  }
}

const row = z.record(z.string(), z.unknown());
export type Row = z.infer<typeof row>;

/** `{invoices: {invoice: [..]}}`, `{invoices: ""}`, `{invoices: []}`, and one lone row without its list. */
export function listOf(answer: Row, outer: string, inner: string): Row[] | null {
  const held = answer[outer];
  if (held === undefined || held === null || held === "") return held === undefined ? null : [];
  if (Array.isArray(held)) return held.length === 0 ? [] : null;
  const nested = (held as Row)[inner];
  if (nested === undefined || nested === null || nested === "") return [];
  const rows = Array.isArray(nested) ? nested : [nested];
  const read = z.array(row).safeParse(rows);
  return read.success ? read.data : null;
}

/** A whole number, `2` or `"2"`. */
export function numberOf(from: Row, field: string): number {
  const value = from[field];
  const read = typeof value === "number" ? value : typeof value === "string" && /^\d{1,15}$/u.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isSafeInteger(read) || read < 0)
    throw new Unreadable(field, value, inEach(`${field} is not a number`, `${field} não é um número`));
  return read;
}

/** The same; 0, "" and absent say that there is none. */
export function idOrNull(from: Row, field: string): number | null {
  const value = from[field];
  if (value === undefined || value === null || value === "" || value === "0" || value === 0) return null;
  return numberOf(from, field);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** WHMCS keeps what people typed with HTML's entities, and its API gives it so: `O&#039;Brien &amp; Filhos`. */
export function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,5}));/giu, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

/** Text on one line; null where nothing stands. */
export function textOf(from: Row, field: string): string | null {
  const value = from[field];
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = decode(String(value)).replace(/\s+/gu, " ").trim();
  return text === "" ? null : text;
}

/** Text of several lines, as it was typed. */
export function longTextOf(from: Row, field: string): string {
  const value = from[field];
  return typeof value === "string" ? decode(value).replaceAll("\r\n", "\n").replaceAll("\0", "") : "";
}

/** `2016-01-01` of a date or a moment; null for `0000-00-00`, "" and absent. */
export function dayOrNull(from: Row, field: string): Day | null {
  const value = from[field];
  if (value === undefined || value === null || value === "") return null;
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]|$)/u.exec(typeof value === "string" ? value : "") ?? [];
  if (year === undefined) throw new Unreadable(field, value, inEach(`${field} is not a date`, `${field} não é uma data`));
  if (year === "0000" || month === "00") return null;
  const read = dayOf(Number(year), Number(month), Number(day));
  if (formatDay(read) !== `${year}-${month}-${day}`)
    throw new Unreadable(field, value, inEach(`${field} is a day that no month has`, `${field} é um dia que não existe em nenhum mês`));
  return read;
}

/** `"15.95"`, `15.95` or `"15"` as cents, exactly; WHMCS writes a point and never thousands. Absent is nothing. */
export function centsOf(from: Row, field: string): Cents {
  const value = from[field];
  if (value === undefined || value === null || value === "") return 0;
  const text = typeof value === "number" ? value.toFixed(2) : typeof value === "string" ? value.trim() : "";
  const [, sign, whole, fraction = ""] = /^(-?)(\d{1,12})(?:\.(\d{1,4}))?$/u.exec(text) ?? [];
  if (whole === undefined || /[1-9]/u.test(fraction.slice(2)))
    throw new Unreadable(field, value, inEach(`${field} is not an amount`, `${field} não é um valor`));
  const cents = Number(whole) * 100 + Number(fraction.slice(0, 2).padEnd(2, "0"));
  return sign === "-" ? -cents : cents;
}

/** `on`, `1`, `true` as WHMCS writes a ticked box; anything else is not ticked. */
export const isOn = (value: unknown): boolean => value === true || value === 1 || value === "1" || value === "on" || value === "true";
