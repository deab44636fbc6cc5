// One calm sentence for each reason of a decision, with the numbers it rests on: for explain, rehearse and the console.
import type { Lang } from "../kernel/lang.ts";
import { formatMoney, type Cents, type Currency } from "../kernel/money.ts";
import type { Zone } from "../kernel/time.ts";
import type { Because, StepAct } from "../policy/decision.ts";
import { oneLine } from "./clean.ts";
import { sayMoment, sayOnMoment } from "./dates.ts";
import { ACTS_EN, HOLDS_EN, REASONS_EN, STEPS_EN } from "./reasons.en.ts";
import { ACTS_PT_BR, HOLDS_PT_BR, REASONS_PT_BR, STEPS_PT_BR } from "./reasons.pt-BR.ts";
import type { Reasons } from "./texts.ts";

const SENTENCES: Readonly<Record<Lang, Reasons>> = { "pt-BR": REASONS_PT_BR, en: REASONS_EN };
const ACTS: Readonly<Record<Lang, Readonly<Record<StepAct, string>>>> = { "pt-BR": ACTS_PT_BR, en: ACTS_EN };
const STEPS: Readonly<Record<Lang, Readonly<Record<string, string>>>> = { "pt-BR": STEPS_PT_BR, en: STEPS_EN };
const HOLDS: Readonly<Record<Lang, Readonly<Record<string, string>>>> = { "pt-BR": HOLDS_PT_BR, en: HOLDS_EN };

const WORD_MAX = 120;

/**
 * The sentence of a reason, dates in full with their year. A reason holds an amount without its currency: give the
 * customer's; without it the amount is written bare.
 */
export function sayBecause(because: Because, lang: Lang, zone: Zone, currency: Currency | null = null): string {
  const word = (text: string | undefined): string | null => (text === undefined || text === "" ? null : oneLine(text, WORD_MAX));
  const moment = because.until;
  return SENTENCES[lang][because.rule]({
    invoice: word(because.invoice),
    service: word(because.service),
    step: because.step === undefined ? null : sayStep(because.step, lang),
    promise: word(because.promise),
    hold: because.hold === undefined ? null : (HOLDS[lang][because.hold] ?? word(because.hold)),
    days: because.days ?? null,
    amount: because.cents === undefined ? null : amountOf(because.cents, currency, lang),
    onAt: because.at === undefined ? null : sayOnMoment(because.at, lang, zone, null),
    until: moment === undefined ? null : sayMoment(moment, lang, zone, null),
    onUntil: moment === undefined ? null : sayOnMoment(moment, lang, zone, null),
    detail: word(because.detail),
  });
}

/** What a step does: `aviso de suspensão`, `suspension`. */
export function sayAct(act: StepAct, lang: Lang): string {
  return ACTS[lang][act];
}

/** A step by its name in the policy; a name of the provider's own making stands between quotation marks. */
export function sayStep(step: string, lang: Lang): string {
  return STEPS[lang][step.replaceAll("_", "-")] ?? `“${oneLine(step, WORD_MAX)}”`;
}

function amountOf(amount: Cents, currency: Currency | null, lang: Lang): string {
  if (currency !== null) return formatMoney(amount, currency, lang);
  const digits = String(Math.abs(amount)).padStart(3, "0");
  return `${amount < 0 ? "-" : ""}${digits.slice(0, -2)}${lang === "en" ? "." : ","}${digits.slice(-2)}`;
}
