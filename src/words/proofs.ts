// The sentences of a payment proof's checks: what was found, in words that a person would accept when they are read aloud.
import type { Lang } from "../kernel/lang.ts";
import { formatMoney, type Currency } from "../kernel/money.ts";
import { PROOFS_EN } from "./proofs.en.ts";
import { PROOFS_PT_BR } from "./proofs.pt-BR.ts";
import type { ProofTexts } from "./proofs-texts.ts";

/** A check as it is stored; the shapes of the rules themselves are not needed to say it. */
export interface SaidCheck {
  rule: string;
  because: string;
  unsure: boolean;
  details: Readonly<Record<string, string | number>>;
}

const TEXTS: Readonly<Record<Lang, ProofTexts>> = { "pt-BR": PROOFS_PT_BR, en: PROOFS_EN };

export function proofTexts(lang: Lang): ProofTexts {
  return TEXTS[lang];
}

/** Details that are amounts, in cents. */
const AMOUNTS = new Set(["cents", "open"]);

/** A whole sentence. A cause that a later version knows and this one does not is shown as it stands. */
export function checkSentence(check: SaidCheck, lang: Lang, currency: Currency): string {
  const { rules, unsure } = TEXTS[lang];
  const text = rules[check.rule]?.says[check.because];
  if (text === undefined) return `${check.rule}: ${check.because}`;
  const filled = text.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = check.details[name] ?? "";
    return AMOUNTS.has(name) && typeof value === "number" ? formatMoney(value, currency, lang) : String(value);
  });
  return check.unsure ? `${filled} ${unsure}` : filled;
}
