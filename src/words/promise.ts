// What a person reads about a request for more time: each reason, what would change it, and each condition, in one calm sentence.
import { inEach, type InEach } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney, type Currency } from "../kernel/money.ts";
import type { Day, Zone } from "../kernel/time.ts";
import type { Condition, Offer, Reason, WouldChange } from "../policy/offer.ts";
import { oneLine } from "./clean.ts";
import { sayDay, sayMoment, sayOnDay } from "./dates.ts";
import { PROMISE_EN } from "./promise.en.ts";
import { PROMISE_PT_BR } from "./promise.pt-BR.ts";
import type { PromiseTexts, PromiseView } from "./promise-texts.ts";

/** In whose words: a year is left out when `today` is in the same one. */
export interface Tongue {
  lang: Lang;
  zone: Zone;
  currency: Currency;
  today: Day | null;
}

const TEXTS: Readonly<Record<Lang, PromiseTexts>> = { "pt-BR": PROMISE_PT_BR, en: PROMISE_EN };

const WORD_MAX = 120;
const INVOICES_MAX = 5;

const EMPTY: PromiseView = {
  count: null,
  limit: null,
  days: null,
  amount: null,
  limitAmount: null,
  day: null,
  onDay: null,
  until: null,
  promise: null,
  detail: null,
  invoices: [],
  fine: null,
  interest: null,
};

/** The sentence of a reason. The provider's own note about a bar by staff is not in it. */
export function sayReason(reason: Reason, tongue: Tongue): string {
  const { lang, currency } = tongue;
  return TEXTS[lang].reasons[reason.rule]({
    ...EMPTY,
    ...dayIn(reason.day, tongue),
    count: reason.count ?? null,
    limit: reason.limit ?? null,
    days: reason.days ?? null,
    amount: reason.cents === undefined ? null : formatMoney(reason.cents, currency, lang),
    limitAmount: reason.limitCents === undefined ? null : formatMoney(reason.limitCents, currency, lang),
    promise: reason.promise === undefined ? null : oneLine(reason.promise, WORD_MAX),
    detail: reason.detail === undefined ? null : oneLine(reason.detail, WORD_MAX),
  });
}

/** The rules that refused, within an error's sentence: English keeps their names, as machines have always been given them. */
export function rulesIn(reasons: readonly Reason[], tongue: Tongue): InEach {
  const sentences = reasons.map((reason) => sayReason(reason, { ...tongue, lang: "pt-BR" }).replace(/\.$/u, ""));
  const within = sentences.map((text) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`);
  return inEach(reasons.map(({ rule }) => rule).join(", "), within.join("; "));
}

/** The sentence of what would lead to another answer. */
export function sayChange(change: WouldChange, tongue: Tongue): string {
  return TEXTS[tongue.lang].changes[change.what]({
    ...EMPTY,
    ...dayIn(change.day, tongue),
    count: change.count ?? null,
    amount: change.cents === undefined ? null : formatMoney(change.cents, tongue.currency, tongue.lang),
  });
}

/** The sentence of a condition, as it is shown and accepted. */
export function sayCondition(condition: Condition, tongue: Tongue): string {
  const { lang, zone, currency, today } = tongue;
  const texts = TEXTS[lang];
  const cents = "cents" in condition ? condition.cents : null;
  const fee = condition.condition === "late_fee_counts" ? condition : null;
  return texts.conditions[condition.condition]({
    ...EMPTY,
    days: "days" in condition ? condition.days : null,
    amount: cents === null ? null : formatMoney(cents, currency, lang),
    until: "until" in condition ? sayMoment(condition.until, lang, zone, today) : null,
    invoices: "invoices" in condition ? named(condition.invoices) : [],
    detail: "hold" in condition ? condition.hold : null,
    fine: fee && fee.finePercent !== "0" ? texts.percent(fee.finePercent) : null,
    interest: fee && fee.interestPercentMonth !== "0" ? texts.percent(fee.interestPercentMonth) : null,
  });
}

/** The whole answer as paragraphs: granted with its conditions, or refused with each reason and what would change it. */
export function sayOffer(offer: Offer, suspended: boolean, tongue: Tongue): string[] {
  const texts = TEXTS[tongue.lang];
  if (!offer.granted) {
    const { lead, close } = texts.refused[suspended ? "down" : "up"];
    const reasons = offer.reasons.map((reason) => `${sayReason(reason, tongue)} ${sayChange(reason.wouldChange, tongue)}`);
    return [lead, ...reasons, close];
  }
  const until = sayMoment(offer.until, tongue.lang, tongue.zone, tongue.today);
  return [texts.granted({ ...EMPTY, until }), ...offer.conditions.map((condition) => sayCondition(condition, tongue))];
}

function dayIn(day: Day | undefined, { lang, today }: Tongue): Pick<PromiseView, "day" | "onDay"> {
  return day === undefined ? { day: null, onDay: null } : { day: sayDay(day, lang, today), onDay: sayOnDay(day, lang, today) };
}

/** Refs that somebody else chose, each fit for one line; a long list keeps its first ones and says that there are more. */
function named(refs: readonly string[]): string[] {
  const shown = refs.slice(0, INVOICES_MAX).map((ref) => oneLine(ref, 40));
  return refs.length > INVOICES_MAX ? [...shown, "…"] : shown;
}
