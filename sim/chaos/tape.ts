// The run's own time and the order of everything seen from outside: one clock and one counter for panel, mail server and people.
import { writeFileSync } from "node:fs";
import { systemClock } from "../../src/kernel/clock.ts";
import { formatInstant, MINUTE_MS, type Instant } from "../../src/kernel/time.ts";
import { fastTime, type Speed } from "../../test/support/fast-clock.ts";

/** A record's place: two things in one millisecond still have an order. */
export interface Mark {
  order: number;
  at: Instant;
}

export class Tape {
  readonly speed: Speed;
  readonly lines: string[] = [];
  #order = 0;

  #skipped = 0;

  /** `skips`: the file in which the program's processes find how far the clock was put ahead. */
  constructor(speed: number, skips: string) {
    this.speed = { from: systemClock.now(), speed, skips };
    writeFileSync(skips, "0");
  }

  /** The present instant, as the program's own clocks show it. */
  now(): Instant {
    return fastTime(this.speed, systemClock.now(), this.#skipped);
  }

  /** Puts the clock ahead; the program's processes have to be told. */
  skip(ms: number): void {
    this.#skipped += ms;
    writeFileSync(this.speed.skips, String(this.#skipped));
    this.say(`--- ${Math.round(ms / 1000)} s are skipped`);
  }

  get skippedMinutes(): number {
    return Math.round(this.#skipped / MINUTE_MS);
  }

  mark(): Mark {
    this.#order += 1;
    return { order: this.#order, at: this.now() };
  }

  /** A time of the program's clock as the machine's. */
  real(ms: number): number {
    return ms / this.speed.speed;
  }

  say(text: string): void {
    this.lines.push(`${formatInstant(this.now()).slice(11, 23)} ${text}`);
  }
}
