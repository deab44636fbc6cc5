// What goes wrong, and how often: each seed switches each kind off with one chance in two, else draws its rate.
import { stream, Streams } from "./random.ts";

/** The highest rate of each kind: per call for calls, per statement or transaction for the line, per day for what happens by itself. */
export const KINDS = {
  panel_refuses: 0.4,
  panel_lost_before: 0.3,
  panel_lost_after: 0.3,
  panel_read_fails: 0.3,
  panel_slow: 0.2,
  panel_down: 0.1,
  operator_toggles: 0.4,
  account_missing: 0.15,
  service_relinked: 0.1,
  mail_4xx: 0.4,
  mail_5xx: 0.05,
  mail_lost_before: 0.2,
  mail_lost_after: 0.3,
  crash_before_effect: 0.1,
  crash_after_effect: 0.1,
  crash_anywhere: 0.15,
  crash_in_use_case: 0.15,
  commit_lost: 0.03,
  connection_lost: 0.006,
  stall_past_lease: 0.1,
  second_worker: 0.3,
  worker_between: 0.04,
  payment_during_call: 0.5,
  payment_between: 0.04,
  news_during_call: 0.3,
  news_between: 0.03,
  receipt_twice: 0.4,
  receipt_late: 0.4,
  receipt_lost: 0.4,
  receipt_altered: 0.3,
  receipt_refunded: 0.2,
  receipt_misnamed: 0.1,
  receipt_unknown: 0.1,
  event_lost: 0.5,
  event_late: 0.4,
  event_twice: 0.4,
  event_untrue: 0.3,
  event_forged: 0.2,
  gateway_down: 0.1,
  gateway_read_fails: 0.3,
  gateway_page_cut: 0.5,
  gateway_refund: 0.2,
  gateway_chargeback: 0.2,
  paid_though_void: 0.8,
  crash_in_money: 0.15,
  statement_late: 0.4,
  statement_twice: 0.4,
  statement_bare: 0.3,
  statement_strange: 0.2,
  statement_during_reading: 0.3,
  event_during_statement: 0.8,
  reader_fails: 0.3,
  trespass: 0.2,
  clock_jumps: 0.2,
  clock_set_back: 0.2,
  scheduler_asleep: 0.06,
  policy_edited: 0.05,
  invoice_voided: 0.1,
  hold_placed: 0.3,
  abuse: 0.1,
} as const;

export type FaultKind = keyof typeof KINDS;

/**
 * Drawn as often as the program reaches for its database, or around the first call of a claim: a history with more sweeps in it reaches more
 * often, and claims together what another claims apart, so it meets them elsewhere, by right.
 */
export const BY_REACH: readonly FaultKind[] = [
  "crash_anywhere",
  "commit_lost",
  "connection_lost",
  "worker_between",
  "payment_between",
  "news_between",
  "payment_during_call",
  "news_during_call",
  "second_worker",
  "stall_past_lease",
];

/** What seeds and people bring with them; counted beside the faults, so that a long run shows that all of it happened. */
export const OCCASIONS = [
  "daylight_saving",
  "leap_day",
  "quick_end",
  "service_ended",
  "signed_twice_by_one",
  "no_channel",
  "not_linked",
  "proof_forged",
  "proof_paid",
  "proof_scheduled",
  "proof_malformed",
  "proof_plausible",
  "proof_reused",
  "proof_reused_id",
  "proof_picture",
  "proof_again",
  "cancellation",
  "weekend_trick",
] as const;
export type Occasion = (typeof OCCASIONS)[number];

export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly occasions: Partial<Record<Occasion, number>> = {};
  readonly #rates = new Map<FaultKind, number>();
  readonly #streams: Streams;
  #calm = false;

  /** `without`: these never happen, whatever the seed drew; `needs`: these happen as often as they may. */
  constructor(seed: number, without: readonly FaultKind[] = [], needs: readonly FaultKind[] = []) {
    this.#streams = new Streams(seed);
    for (const [kind, most] of Object.entries(KINDS) as [FaultKind, number][]) {
      const random = stream(seed, `fault ${kind}`);
      const drawn = random.chance(0.5) ? random.unit() * most : null;
      const rate = needs.includes(kind) ? most : drawn;
      if (rate !== null && !without.includes(kind)) this.#rates.set(kind, rate);
    }
  }

  /** Whether it happens now, to this account, customer or day; counted when it does. */
  hit(kind: FaultKind, about: string): boolean {
    const rate = this.#rates.get(kind);
    if (rate === undefined || this.#calm || !this.#streams.of(`fault ${kind} ${about}`).chance(rate)) return false;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return true;
  }

  /** It happened. */
  note(occasion: Occasion): void {
    this.occasions[occasion] = (this.occasions[occasion] ?? 0) + 1;
  }

  /** From now on nothing goes wrong. */
  stop(): void {
    this.#calm = true;
  }

  get stopped(): boolean {
    return this.#calm;
  }
}

/** Kinds that a run never met: nothing is known of them then. */
export function neverDrawn(counts: Readonly<Partial<Record<FaultKind | Occasion, number>>>): (FaultKind | Occasion)[] {
  return [...(Object.keys(KINDS) as FaultKind[]), ...OCCASIONS].filter((kind) => (counts[kind] ?? 0) === 0);
}
