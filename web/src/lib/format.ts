// Money, days and moments as people write them, in the reader's language and the provider's time zone.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "./me.ts";

export interface Format {
  money(cents: number, currency?: string): string;
  /** Whole units, for axes. */
  short(cents: number): string;
  /** 23/11/2026, or 23 Nov 2026. */
  day(day: string): string;
  /** 23 nov. */
  dayShort(day: string): string;
  /** segunda-feira, 23 de novembro. */
  dayLong(day: string): string;
  /** 23 nov., 09:00. */
  moment(at: string): string;
  /** segunda-feira, 23 de novembro, às 09:00. */
  momentLong(at: string): string;
  time(at: string): string;
  number(value: number): string;
  percent(share: number): string;
  /** The provider's day of an instant. */
  dayOf(at: string): string;
}

const DAY_MS = 86_400_000;

/** Days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function makeFormat(lang: string, timeZone: string, currency: string): Format {
  const of = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(lang, options);
  const utc = { timeZone: "UTC" } as const;
  const asDate = (day: string): Date => new Date(`${day}T00:00:00Z`);
  const day = of({ ...utc, day: "2-digit", month: lang === "en" ? "short" : "2-digit", year: "numeric" });
  const dayShort = of({ ...utc, day: "numeric", month: "short" });
  const dayLong = of({ ...utc, weekday: "long", day: "numeric", month: "long" });
  const moment = of({ timeZone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const momentLong = of({ timeZone, weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  const time = of({ timeZone, hour: "2-digit", minute: "2-digit" });
  const iso = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const number = new Intl.NumberFormat(lang);
  const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
  const monies = new Map<string, Intl.NumberFormat>();
  const moneyOf = (code: string): Intl.NumberFormat => {
    const found = monies.get(code) ?? new Intl.NumberFormat(lang, { style: "currency", currency: code });
    monies.set(code, found);
    return found;
  };
  const round = new Intl.NumberFormat(lang, { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 });
  return {
    money: (cents, code = currency) => moneyOf(code).format(cents / 100),
    short: (cents) => round.format(cents / 100),
    day: (text) => day.format(asDate(text)),
    dayShort: (text) => dayShort.format(asDate(text)),
    dayLong: (text) => dayLong.format(asDate(text)),
    moment: (at) => moment.format(new Date(at)),
    momentLong: (at) => momentLong.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    dayOf: (at) => iso.format(new Date(at)),
  };
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { provider } = useMe();
  return useMemo(
    () => makeFormat(i18n.language, provider.timeZone, provider.currency),
    [i18n.language, provider.timeZone, provider.currency],
  );
}
