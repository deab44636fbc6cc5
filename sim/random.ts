// Chance that can be repeated: one seed, and a stream of its own for each concern, so that a new fault does not move the others.
import { sha256 } from "../src/kernel/hash.ts";

/** xoshiro128** (Blackman and Vigna, 2018), its state taken from the SHA-256 of a name. */
export class Random {
  readonly #s: Uint32Array;

  constructor(name: string) {
    const digest = sha256(name);
    this.#s = Uint32Array.from([0, 8, 16, 24].map((at) => Number.parseInt(digest.slice(at, at + 8), 16)));
  }

  /** 32 bits. */
  next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#s;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const c1 = c ^ a;
    const d1 = d ^ b;
    this.#s.set([a ^ d1, b ^ c1, c1 ^ (b << 9), rotate(d1, 11)]);
    return result;
  }

  /** At least 0, below 1. */
  unit(): number {
    return this.next() / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T;
  }
}

function rotate(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** The stream of one concern under a seed. */
export function stream(seed: number, concern: string): Random {
  return new Random(`regua simulation ${seed} ${concern}`);
}

/** Streams by concern and by whom it is about: leaving a customer out of a history moves nobody else's chance. */
export class Streams {
  readonly #seed: number;
  readonly #made = new Map<string, Random>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  of(concern: string): Random {
    let random = this.#made.get(concern);
    if (!random) this.#made.set(concern, (random = stream(this.#seed, concern)));
    return random;
  }
}

/** One of several by lot. Each name draws a lot of its own, and the lowest wins: it stays the one when others are left out. */
export function drawn<T>(seed: number, concern: string, list: readonly T[], nameOf: (item: T) => string): T | undefined {
  let winner: T | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const item of list) {
    const lot = stream(seed, `${concern} ${nameOf(item)}`).unit();
    if (lot < lowest) [winner, lowest] = [item, lot];
  }
  return winner;
}
