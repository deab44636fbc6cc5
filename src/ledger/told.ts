// What a gateway tells of a payment, in any order and however often, and what the books must do so that they say the same.
import type { Cents } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";

/** How a payment came, as its gateway says. */
export type PaidBy = "pix" | "boleto" | "card" | "other";

/** One reading of a payment. */
export interface Told {
  amount: Cents;
  phase: "captured" | "settled";
  refunded: Cents;
  chargedBack: boolean;
  /** When the reading began. */
  askedAt: Instant;
}

/**
 * Two readings as one. What only grows (the phase, refunds) is taken from whichever has more, so that the order does not matter;
 * a chargeback can be won again, so the later reading has the word.
 */
export function merge(known: Told, told: Told): Told {
  const later = told.askedAt >= known.askedAt;
  return {
    amount: known.amount,
    phase: known.phase === "settled" ? "settled" : told.phase,
    refunded: Math.min(known.amount, Math.max(known.refunded, told.refunded)),
    chargedBack: later ? told.chargedBack : known.chargedBack,
    askedAt: later ? told.askedAt : known.askedAt,
  };
}

/** How much of the payment is not ours any more. */
export function returned(told: Pick<Told, "amount" | "refunded" | "chargedBack">): Cents {
  return told.chargedBack ? told.amount : told.refunded;
}
