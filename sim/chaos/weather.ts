// How often the panel and the mail server misbehave: drawn anew every so often, so that calm and storm follow each other.
import type { Random } from "../random.ts";

/** Highest chance of each kind, per call. Each drawing leaves out one kind in two. */
export class Weather<Kind extends string> {
  readonly counts: Partial<Record<Kind, number>> = {};
  readonly #most: Readonly<Record<Kind, number>>;
  readonly #random: Random;
  #rates: [Kind, number][] = [];

  constructor(most: Readonly<Record<Kind, number>>, random: Random) {
    this.#most = most;
    this.#random = random;
    this.change();
  }

  change(): void {
    const kinds = Object.entries(this.#most) as [Kind, number][];
    this.#rates = kinds.filter(() => this.#random.chance(0.5)).map(([kind, most]) => [kind, this.#random.unit() * most]);
  }

  calm(): void {
    this.#rates = [];
  }

  /** What befalls one call, if anything. */
  strike(): Kind | null {
    for (const [kind, rate] of this.#rates)
      if (this.#random.chance(rate)) {
        this.counts[kind] = (this.counts[kind] ?? 0) + 1;
        return kind;
      }
    return null;
  }

  /** A length of time between two. */
  between(low: number, high: number): number {
    return this.#random.between(low, high);
  }
}
