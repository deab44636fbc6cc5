// How money that went back is taken out of the books: credit first, then what was allocated last.
import { assert } from "../kernel/assert.ts";
import type { Cents } from "../kernel/money.ts";
import type { Part } from "./allocate.ts";

/** What became of a receipt so far. */
export interface Held {
  credit: Cents;
  /** Net amounts by invoice and kind, none below zero, in the order they were first made. */
  allocations: readonly Part[];
}

export interface Reversal {
  /** Taken from the credit. */
  credit: Cents;
  /** Amounts below zero. */
  allocations: readonly Part[];
}

/**
 * Takes `amount` out of a receipt. An overpayment is given back before a debt is opened again, and the debt opened first is the one
 * paid last. amount = credit − sum of allocations.
 */
export function reverse(held: Held, amount: Cents): Reversal {
  const total = held.credit + held.allocations.reduce((sum, part) => sum + part.amount, 0);
  assert(amount > 0 && amount <= total, `${amount} cannot go back of a receipt that holds ${total}`);
  const credit = Math.min(amount, held.credit);
  const allocations: Part[] = [];
  let left = amount - credit;
  for (const part of held.allocations.toReversed()) {
    const taken = Math.min(left, part.amount);
    if (taken === 0) continue;
    left -= taken;
    allocations.push({ ...part, amount: -taken });
  }
  return { credit, allocations };
}
