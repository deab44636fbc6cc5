// Days and times in words, without Intl: a run writes hundreds of thousands of them.
import type { Lang } from "../kernel/lang.ts";
import { remembering } from "../kernel/remember.ts";
import { civil, weekday, type Day, type Instant, type Zone } from "../kernel/time.ts";

const WEEKDAYS: Record<Lang, readonly string[]> = {
  "pt-BR": ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
  en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

const MONTHS: Record<Lang, readonly string[]> = {
  "pt-BR": ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
  en: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
};

const dateOf = remembering(civil);

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** `sexta-feira, 27 de novembro` or `Friday, 27 November`; the year is said unless `today` is in the same one. */
export function sayDay(day: Day, lang: Lang, today: Day | null): string {
  const date = dateOf(day);
  const name = WEEKDAYS[lang][weekday(day) - 1] ?? "";
  const month = MONTHS[lang][date.month - 1] ?? "";
  const sameYear = today !== null && dateOf(today).year === date.year;
  if (lang === "en") return `${name}, ${date.day} ${month}${sameYear ? "" : ` ${date.year}`}`;
  // The first of a month is an ordinal in Portuguese.
  const dayOfMonth = date.day === 1 ? "1º" : String(date.day);
  return `${name}, ${dayOfMonth} de ${month}${sameYear ? "" : ` de ${date.year}`}`;
}

/** The day with its preposition: `na sexta-feira, …`, `no sábado, …`, `on Friday, …`. */
export function sayOnDay(day: Day, lang: Lang, today: Day | null): string {
  return on(day, lang) + sayDay(day, lang, today);
}

/** `23/11/2026`, and in English `23 Nov 2026`, which no country reads the other way round. */
export function sayShortDay(day: Day, lang: Lang): string {
  const { year, month, day: d } = dateOf(day);
  if (lang === "en") return `${d} ${(MONTHS.en[month - 1] ?? "").slice(0, 3)} ${year}`;
  return `${two(d)}/${two(month)}/${year}`;
}

/** A moment on the provider's clock: `sexta-feira, 27 de novembro, às 9h` or `Friday, 27 November, 9:00`. */
export function sayMoment(instant: Instant, lang: Lang, zone: Zone, today: Day | null): string {
  const { day, minute } = zone.local(instant);
  return sayDay(day, lang, today) + sayTime(minute, lang);
}

/** The moment with its preposition: `na sexta-feira, 27 de novembro, às 9h`. */
export function sayOnMoment(instant: Instant, lang: Lang, zone: Zone, today: Day | null): string {
  const { day, minute } = zone.local(instant);
  return on(day, lang) + sayDay(day, lang, today) + sayTime(minute, lang);
}

function on(day: Day, lang: Lang): string {
  if (lang === "en") return "on ";
  return weekday(day) >= 6 ? "no " : "na ";
}

function sayTime(minute: number, lang: Lang): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  if (lang === "en") return `, ${hours}:${two(minutes)}`;
  return `, ${hours === 1 ? "à" : "às"} ${hours}h${minutes === 0 ? "" : two(minutes)}`;
}
