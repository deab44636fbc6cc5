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
  idDb: Db;
  settings: Settings;
  clock: ManualClock;
}

export class Program {
  readonly name: string;
  readonly engine: Engine;
  alive = true;
  /** No panel or mail call was made under the present claim. */
  first = true;
  /** Other things happen once the effect of the present call is there. */
  later = false;
  /** Where in the order of things the present claim was taken. */
  claimedAt = 0;
  /** Held longer than its lease: what it says afterwards counts for nothing. */
  zombie = false;
  #fuse: number | null = null;
  #tokens = 0;

  constructor(name: string, machine: Machine) {
    this.name = name;
    const { clock, settings } = machine;
    const ids = new SequenceIds(machine.idDb);
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
      wake: null,
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
  }

  dispatcher(outside: Outside, order: () => number): Dispatcher {
    const newToken = (): string => {
      this.#beat();
      this.first = true;
      this.zombie = false;
      this.later = false;
      this.claimedAt = order();
      this.#tokens += 1;
      return `${this.name}/${this.#tokens}`;
    };
    // One call at a time: the order of calls and recordings is then the same in every run.
    return { engine: this.engine, outside, newToken, parallel: 1, steady: true };
  }

  #beat(): void {
    if (this.alive && this.#fuse !== null) {
      this.#fuse -= 1;
      if (this.#fuse < 0) this.alive = false;
    }
    if (!this.alive) throw new Crash(`${this.name} died`);
  }
}
