// What goes wrong, and how often: each seed switches each kind off with one chance in two, else draws its rate.
import { stream, type Random } from "./random.ts";

/** The highest rate of each kind: per call for calls, per day for what happens by itself. */
export const KINDS = {
  panel_refuses: 0.4,
  panel_lost_before: 0.3,
  panel_lost_after: 0.3,
  panel_read_fails: 0.3,
  operator_toggles: 0.4,
  mail_4xx: 0.4,
  mail_5xx: 0.05,
  mail_lost_before: 0.2,
  mail_lost_after: 0.3,
  crash_before_effect: 0.1,
  crash_after_effect: 0.1,
  crash_anywhere: 0.15,
  crash_in_use_case: 0.15,
  stall_past_lease: 0.1,
  second_worker: 0.3,
  payment_during_call: 0.5,
  receipt_twice: 0.4,
  receipt_late: 0.4,
  clock_jumps: 0.2,
  scheduler_asleep: 0.06,
  policy_edited: 0.05,
  invoice_voided: 0.1,
  hold_placed: 0.3,
} as const;

export type FaultKind = keyof typeof KINDS;

export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly #rates = new Map<FaultKind, { rate: number; random: Random }>();
  #calm = false;

  constructor(seed: number) {
    for (const [kind, most] of Object.entries(KINDS) as [FaultKind, number][]) {
      const random = stream(seed, `fault ${kind}`);
      if (random.chance(0.5)) this.#rates.set(kind, { rate: random.unit() * most, random });
    }
  }

  /** Whether it happens now; counted when it does. */
  hit(kind: FaultKind): boolean {
    const drawn = this.#rates.get(kind);
    if (!drawn || this.#calm || !drawn.random.chance(drawn.rate)) return false;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return true;
  }

  /** From now on nothing goes wrong. */
  stop(): void {
    this.#calm = true;
  }
}
