// Inputs for fuzzing: seeds bent by chance. The same seed, name and number give the same bytes, so that a finding can be met again.

/** No input is longer: a bank statement of a year, or ten pages of text. */
export const INPUT_MAX = 262_144;

/** Chance from a number (mulberry32): small, fast, and the same on every machine. */
export class Chance {
  #state: number;

  constructor(...seeds: readonly (number | string)[]) {
    this.#state = 0x9e3779b9;
    for (const letter of seeds.join("/")) this.#state = Math.imul(this.#state ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    // The first numbers of neighbouring seeds are alike.
    for (let i = 0; i < 8; i += 1) this.below(2);
  }

  /** A whole number from 0 to one below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  of<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}

/** What formats stumble over. */
const STUMBLES = [
  "\0",
  "\n",
  "\r\n",
  "\t",
  "  ",
  "\ufeff",
  "\u2028",
  "é",
  "💶",
  "0",
  "9".repeat(20),
  "-",
  ".",
  ",",
  "*",
  "<",
  ">",
  "&amp;",
  "</",
  "=",
  "000201",
  "6304",
  "99",
  "1e999",
  "2026-02-30",
  "00000000",
].map((text) => new TextEncoder().encode(text));

/** A seed bent one to eight times; now and then bytes that nobody wrote, or the seed itself. */
export function makeInput(seeds: readonly Uint8Array[], chance: Chance): Uint8Array {
  const kind = chance.below(20);
  if (kind === 0) return noise(chance, chance.below(4_096));
  let bytes = chance.of(seeds) ?? new Uint8Array();
  if (kind > 1) for (let times = 1 + chance.below(8); times > 0; times -= 1) bytes = bend(bytes, seeds, chance);
  return bytes.slice(0, INPUT_MAX);
}

function bend(bytes: Uint8Array, seeds: readonly Uint8Array[], chance: Chance): Uint8Array {
  const at = chance.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + chance.below(chance.below(4) === 0 ? bytes.length + 1 : 12));
  const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (chance.below(9)) {
    case 0:
      return join(
        head,
        part.map((byte) => byte ^ (1 << chance.below(8))),
        tail,
      );
    case 1:
      return join(head, noise(chance, 1 + chance.below(16)), tail);
    case 2:
      return join(head, tail);
    case 3:
      return join(head, ...repeated(part, 2 + chance.below(8)), tail);
    case 4:
      return join(head, ...repeated(part, chance.below(40) === 0 ? 20_000 : 60), tail);
    case 5:
      return join(head, chance.of(STUMBLES) ?? head, tail);
    case 6:
      return join(head, chance.of(STUMBLES) ?? head, part, tail);
    case 7:
      return join(head, (chance.of(seeds) ?? head).subarray(chance.below(64)));
    default:
      return chance.below(2) === 0 ? head : join(tail, part, head);
  }
}

function repeated(part: Uint8Array, times: number): Uint8Array[] {
  const fits = Math.floor(INPUT_MAX / Math.max(1, part.length));
  return Array<Uint8Array>(Math.min(times, fits)).fill(part);
}

function noise(chance: Chance, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => chance.below(256));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts)).subarray(0, INPUT_MAX);
}
