// Collects the evidence of one customer during a unit of work, each entry chained to the one before.
import { chain, type Entry } from "../kernel/chain.ts";
import type { Json } from "../kernel/hash.ts";
import { formatInstant, type Instant, type Zone } from "../kernel/time.ts";

export class Journal {
  readonly entries: Entry[] = [];
  readonly #ref: string;
  readonly #at: string;
  readonly #local: string;
  #head: { seq: number; hash: string };

  constructor(ref: string, head: { seq: number; hash: string }, stamp: Stamp) {
    this.#ref = ref;
    this.#head = head;
    this.#at = stamp.at;
    this.#local = stamp.local;
  }

  get head(): { seq: number; hash: string } {
    return this.#head;
  }

  /** Adds an entry. `actor` is a person, `policy:<version>` or the part of the program that saw it. */
  add(kind: string, actor: string, body: Json): void {
    const entry = chain(this.#ref, this.#head, { kind, at: this.#at, local: this.#local, actor, body });
    this.entries.push(entry);
    this.#head = { seq: entry.seq, hash: entry.hash };
  }
}

/** One instant written both ways; made once for a batch, since local time costs a zone look-up. */
export interface Stamp {
  at: string;
  local: string;
}

export function stampOf(now: Instant, zone: Zone): Stamp {
  return { at: formatInstant(now), local: zone.format(now) };
}
