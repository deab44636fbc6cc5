// The program under test as a process that can die: everything it reaches for goes through a fuse, and once dead it reaches nothing.
import type { Engine } from "../src/engine/engine.ts";
import type { Settings } from "../src/engine/setting.ts";
import type { Dispatcher } from "../src/jobs/dispatch.ts";
import type { Outside } from "../src/jobs/call.ts";
import type { ManualClock } from "../src/kernel/clock.ts";
import type { Db } from "../src/store/database.ts";
import { SequenceIds } from "../src/store/ids.ts";

/** The process is gone: whatever it had not committed did not happen. */
export class Crash extends Error {
  override name = "Crash";
}

export interface Machine {
  db: Db;
  stocks: Stocks;
  settings: Settings;
  clock: ManualClock;
}

/** The ids that processes of a kind have in stock, so that each does not begin with asking; a process that dies takes its stock with it. */
export class Stocks {
  readonly #db: Db;
  readonly #kinds = new Map<string, SequenceIds>();

  constructor(db: Db) {
    this.#db = db;
  }

  of(kind: string): SequenceIds {
    let ids = this.#kinds.get(kind);
    if (!ids) this.#kinds.set(kind, (ids = new SequenceIds(this.#db)));
    return ids;
  }

  lose(kind: string): void {
    this.#kinds.delete(kind);
  }
}

export class Program {
  readonly name: string;
  readonly kind: string;
  readonly engine: Engine;
  alive = true;
  /** Its line to the database may break: whoever runs it tries again. */
  fragile: boolean;
  /** No panel or mail call was made under the present claim. */
  first = true;
  /** Other things happen once the effect of the present call is there. */
  later = false;
  /** A panel was too slow for the present claim. */
  slow = false;
  /** Where in the order of things the present claim was taken, when, and its name. */
  claimedAt = 0;
  claimedOn = 0;
  token = "";
  /** Claims whose recording did not come through. */
  readonly unwritten = new Set<string>();
  /** Held longer than its lease: what it says afterwards counts for nothing. */
  zombie = false;
  readonly #lose: () => void;
  readonly #clock: ManualClock;
  #fuse: number | null = null;
  #tokens = 0;

  /** `kind`: what it does, as `motor`; `number`: of the processes so far; `woken`: rows were written for the outbox. */
  constructor(kind: string, number: number, machine: Machine, woken: () => void) {
    this.name = `${kind}-${number}`;
    this.kind = kind;
    this.fragile = kind === "motor" || kind === "second";
    const { clock, settings, stocks } = machine;
    this.#clock = clock;
    this.#lose = () => stocks.lose(kind);
    const ids = stocks.of(kind);
    const beat = (): void => this.#beat();
    this.engine = {
      get db() {
        beat();
        return machine.db;
      },
      settings,
      ids: {
        take: async (count) => {
          beat();
          return await ids.take(count);
        },
      },
      clock: {
        now: () => {
          beat();
          return clock.now();
        },
      },
      motorClock: clock,
      // Not bound to the transaction: a worker that finds nothing has looked once too often.
      wake: () => Promise.resolve(woken()),
    };
  }

  /** Dies at the so many-th time that it reaches for anything: before, inside or after a transaction. */
  light(steps: number): void {
    this.#fuse = steps;
  }

  /** The danger is over. */
  quench(): void {
    this.#fuse = null;
  }

  /** Whether a call of this process still leaves it. */
  get reaches(): boolean {
    return this.alive && !this.zombie;
  }

  die(): void {
    this.alive = false;
    this.#lose();
  }

  dispatcher(outside: Outside, order: () => number): Dispatcher {
    const newToken = (): string => {
      this.#beat();
      this.first = true;
      this.zombie = false;
      this.later = false;
      this.slow = false;
      this.claimedAt = order();
      this.claimedOn = this.#clock.now();
      this.#tokens += 1;
      this.token = `${this.name}/${this.#tokens}`;
      return this.token;
    };
    // One call at a time: the order of calls and recordings is then the same in every run.
    return { engine: this.engine, outside, newToken, parallel: 1, steady: true };
  }

  #beat(): void {
    if (this.alive && this.#fuse !== null) {
      this.#fuse -= 1;
      if (this.#fuse < 0) this.die();
    }
    if (!this.alive) throw new Crash(`${this.name} died`);
  }
}
