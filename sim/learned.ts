// What the program has taken in of money that gateway and bank told it of: known to the oracle from the moment it stands in the books.
import type { Instant } from "../src/kernel/time.ts";
import { bankSource } from "../src/store/bank-lines.ts";
import type { Known } from "./known.ts";
import type { Oracle } from "./oracle.ts";
import type { View } from "./support/view.ts";
import { GATEWAY, gone, paymentOf, type Capture } from "./till.ts";
import type { World } from "./world.ts";

/** The account that gateway and transfers pay into. */
export const ACCOUNT = "341/1234/567890";

/** The bank's number of the line of a payment. */
export function lineOf(id: string): string {
  return `FIT-${id}`;
}

/** Under which keys the books may have a payment. */
function keysOf(id: string): { source: string; id: string }[] {
  return [
    { source: GATEWAY, id: paymentOf(id) },
    { source: bankSource(ACCOUNT), id: lineOf(id) },
  ];
}

interface Heard {
  capture: Capture;
  /** What had gone back of it, each time it was told. */
  returned: Set<number>;
  /** The last of them. */
  last: number;
}

/**
 * A reading that was answered may be lost with the process that asked, and a file cut off in its middle: only the books say what of it
 * was taken in. Of them nothing is believed but that a payment is there; what it pays, and of whom, is the oracle's own reckoning.
 */
export class Learned {
  /** Something was told that the books may not have yet. */
  #dirty = false;
  /** Processes that take money in at this moment, one inside the other. */
  #under = 0;
  readonly #known: Known;
  readonly #world: World;
  readonly #oracle: Oracle;
  readonly #view: View;
  readonly #now: () => Instant;
  readonly #heard = new Map<string, Heard>();
  /** What had gone back of each payment that the books have, as far as is known. */
  readonly #booked = new Map<string, number>();

  constructor(stage: { known: Known; world: World; oracle: Oracle; view: View; now: () => Instant }) {
    this.#known = stage.known;
    this.#world = stage.world;
    this.#oracle = stage.oracle;
    this.#view = stage.view;
    this.#now = stage.now;
  }

  /** The program is told of these, as they are now. */
  tells(captures: readonly Capture[]): void {
    for (const capture of captures) {
      const last = gone(capture);
      const heard = this.#heard.get(capture.id);
      if (!heard && this.#booked.get(capture.id) === last) continue;
      this.#heard.set(capture.id, { capture, last, returned: new Set([...(heard?.returned ?? []), last]) });
      this.#dirty = true;
    }
  }

  /** A file with their lines is taken in: it says that they came, and not what became of them elsewhere. */
  hears(captures: readonly Capture[]): void {
    for (const capture of captures) {
      if (this.#booked.has(capture.id)) continue;
      const heard = this.#heard.get(capture.id);
      this.#heard.set(capture.id, { capture, last: heard?.last ?? 0, returned: new Set([...(heard?.returned ?? []), 0]) });
      this.#dirty = true;
    }
  }

  /** Money that waits is given to somebody. */
  asks(): void {
    this.#dirty = true;
  }

  has(id: string): boolean {
    return this.#booked.has(id);
  }

  /** Payments told of and not in the books: they wait for an owner. */
  get waiting(): boolean {
    return [...this.#heard.keys()].some((id) => !this.#booked.has(id));
  }

  /** While money is taken in, whoever else begins something looks first what of it is there. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#under += 1;
    try {
      return await work();
    } finally {
      this.#under -= 1;
      await this.learn();
    }
  }

  /** Looks which of what was told the books have by now. */
  async learn(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = this.#under > 0;
    const rows = await this.#view.booked([...this.#heard.keys()].flatMap(keysOf));
    const found = new Map(rows.map((row) => [`${row.source} ${row.id}`, row.returned]));
    const order = [...this.#heard.values()].sort((a, b) => a.capture.paidOn - b.capture.paidOn || (a.capture.id < b.capture.id ? -1 : 1));
    for (const { capture, returned, last } of order) {
      const [books] = keysOf(capture.id).flatMap(({ source, id }) => found.get(`${source} ${id}`) ?? []);
      if (books === undefined || !returned.has(books)) continue;
      this.#take(capture, books);
      if (books === last) this.#heard.delete(capture.id);
    }
  }

  #take({ id, customer, invoice, amount }: Capture, returned: number): void {
    const before = this.#booked.get(id);
    if (before === returned) return;
    this.#booked.set(id, returned);
    if (before === undefined) {
      this.#known.receipt(id, customer, invoice, amount, returned);
      this.#known.life.set(customer, this.#now());
    } else if (returned > before) this.#known.returned(id, returned - before);
    else this.#known.reinstated(id, before - returned);
    this.#oracle.told(customer);
    this.#world.say(
      `told: money ${id} of ${customer}, ${amount} ${invoice ?? ""}${returned === 0 ? "" : `, of which ${returned} went back`}`,
    );
  }
}
