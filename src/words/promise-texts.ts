// What a language supplies about a request for more time, given the facts already in words.
import type { Condition, Reason, WouldChange } from "../policy/offer.ts";

/** The facts of a reason, a change or a condition in words; null where it does not carry them. */
export interface PromiseView {
  count: number | null;
  limit: number | null;
  days: number | null;
  amount: string | null;
  limitAmount: string | null;
  /** `quinta-feira, 26 de novembro`. */
  day: string | null;
  /** `na quinta-feira, 26 de novembro`. */
  onDay: string | null;
  /** `quinta-feira, 26 de novembro, às 18h`. */
  until: string | null;
  promise: string | null;
  detail: string | null;
  invoices: readonly string[];
  fine: string | null;
  interest: string | null;
}

type Say = (view: PromiseView) => string;

/** What a language supplies. */
export interface PromiseTexts {
  reasons: Readonly<Record<Reason["rule"], Say>>;
  changes: Readonly<Record<WouldChange["what"], Say>>;
  conditions: Readonly<Record<Condition["condition"], Say>>;
  /** First and last sentence of a refusal, for a service that is down and for one that is up. */
  refused: Readonly<Record<"down" | "up", { lead: string; close: string }>>;
  granted: Say;
  percent(text: string): string;
}
