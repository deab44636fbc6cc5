// What holds at every moment, looked at each midnight: the tables against themselves, and the evidence against what it was (S3 S4 S7 S8 S10).
import type { Instant } from "../src/kernel/time.ts";
import type { Oracle } from "./oracle.ts";
import type { View } from "./support/view.ts";

/** The longest lease, and a second for what lies between a clock's two readings. */
const LEASE_MS = 41_000;

/** Looks at the database now and then, and remembers what it saw: two statements a look. */
export class Watch {
  /** By customer the heads of the evidence as they were seen, in order. */
  readonly heads = new Map<string, { seq: number; hash: string }[]>();
  /** The latest time that any clock showed: a lease taken before a clock was set back runs from there. */
  latest: Instant = 0;
  looks = 0;
  readonly #oracle: Oracle;
  readonly #view: View;

  constructor(oracle: Oracle, view: View) {
    this.#oracle = oracle;
    this.#view = view;
  }

  async look(): Promise<void> {
    this.looks += 1;
    this.latest = Math.max(this.latest, this.#oracle.world.clock.now());
    const { reopened } = this.#oracle.known;
    for (const { invariant, about, invoice, times } of await this.#view.wrongs(this.latest + LEASE_MS))
      if (invoice === null || times > 1 + (reopened.get(invoice) ?? 0)) this.#oracle.fault(invariant, about);
    await this.#grown();
  }

  /** S7: what was written stays as it is, and there is only ever more. */
  async #grown(): Promise<void> {
    const before = [...this.heads].map(([customer, heads]) => ({ customer, seq: heads.at(-1)?.seq ?? 0 }));
    for (const { customer, seq, hash, was } of await this.#view.heads(before)) {
      const heads = this.heads.get(customer) ?? [];
      this.heads.set(customer, heads);
      const last = heads.at(-1);
      if (last && seq < last.seq) this.#oracle.fault("S7", `${customer} had ${last.seq} entries of evidence and has ${seq}`);
      if (last && was !== last.hash) this.#oracle.fault("S7", `entry ${last.seq} of ${customer} is not what it was`);
      if (seq > (last?.seq ?? 0)) heads.push({ seq, hash });
    }
  }
}
