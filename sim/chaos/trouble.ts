// What befalls the program's processes and its database: killed, stopped past the lease, cut off, at random moments and in the middle of calls.
import { wait } from "../../src/kernel/clock.ts";
import { stream, type Random } from "../random.ts";
import type { Fleet, Life } from "./fleet.ts";
import type { Postgres } from "./postgres.ts";
import type { Mark, Tape } from "./tape.ts";
import { PAST_LEASE_MS, SECOND_MS } from "./times.ts";
import type { Weather } from "./weather.ts";

/** How long to wait for a call to strike in the middle of, in the machine's milliseconds. */
const AMBUSH_MS = 1_500;

/** Between two of each kind, in the machine's milliseconds: at least fifty kills in five minutes. */
export interface Paces {
  kill: readonly [number, number];
  stop: readonly [number, number];
  terminate: readonly [number, number];
  restart: readonly [number, number];
}

interface Ambush {
  stage: "before" | "after";
  strike: () => void;
}

export class Trouble {
  stops = 0;
  stopsPastLease = 0;
  /** Kills and stops that came while a call of that process was with the panel or the mail server. */
  midCall = 0;
  /** Times at which any process may have lost its database. */
  readonly cuts: Mark[] = [];
  readonly #fleet: Fleet;
  readonly #postgres: Postgres;
  readonly #tape: Tape;
  readonly #seed: number;
  readonly #ambushes = new Map<number, Ambush>();
  #over = false;

  constructor(options: { fleet: Fleet; postgres: Postgres; tape: Tape; seed: number }) {
    this.#fleet = options.fleet;
    this.#postgres = options.postgres;
    this.#tape = options.tape;
    this.#seed = options.seed;
  }

  /** A call of a process stands at this point: whoever lies in wait for it strikes. */
  moment(door: number, stage: "before" | "after"): void {
    const ambush = this.#ambushes.get(door);
    if (ambush?.stage !== stage) return;
    this.#ambushes.delete(door);
    this.midCall += 1;
    ambush.strike();
  }

  /** Until {@link stop}; returns when every process runs again. */
  async rage(paces: Paces, weathers: readonly Weather<string>[]): Promise<void> {
    await Promise.all([
      this.#repeat("kill", paces.kill, (random) => this.#kill(random)),
      this.#repeat("stop", paces.stop, (random) => this.#stop(random)),
      this.#repeat("terminate", paces.terminate, (random) => this.#terminate(random)),
      this.#repeat("restart", paces.restart, () => this.#restart()),
      this.#repeat("weather", [5_000, 15_000], () => {
        for (const weather of weathers) weather.change();
        return Promise.resolve();
      }),
    ]);
    for (const weather of weathers) weather.calm();
  }

  stop(): void {
    this.#over = true;
  }

  async #repeat(kind: string, [low, high]: readonly [number, number], work: (random: Random) => Promise<void>): Promise<void> {
    const random = stream(this.#seed, `chaos ${kind}`);
    for (;;) {
      await this.#pause(random.between(low, high));
      if (this.#over) return;
      await work(random);
    }
  }

  /** Waits, but not beyond the end. */
  async #pause(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !this.#over; left -= 100) await wait(Math.min(left, 100));
  }

  /** Strikes at once, or in the middle of the next call of that process. */
  async #strike(random: Random, life: Life, strike: () => void): Promise<void> {
    if (life.up === null || random.chance(0.3)) return strike();
    const ambush: Ambush = { stage: random.pick(["before", "after"] as const), strike };
    this.#ambushes.set(life.door, ambush);
    const waiting = (): boolean => this.#ambushes.get(life.door) === ambush;
    for (let waited = 0; waited < AMBUSH_MS && waiting() && !this.#over; waited += 50) await wait(50);
    if (!waiting()) return;
    this.#ambushes.delete(life.door);
    strike();
  }

  async #kill(random: Random): Promise<void> {
    // One in ten while it starts.
    const lives = this.#fleet.running(random.chance(0.9));
    if (lives.length === 0) return;
    const life = random.pick(lives);
    await this.#strike(random, life, () => void this.#fleet.kill(life));
  }

  async #stop(random: Random): Promise<void> {
    const lives = this.#fleet.running(true);
    if (lives.length === 0) return;
    const life = random.pick(lives);
    const pastLease = random.chance(0.7);
    const ms = pastLease ? PAST_LEASE_MS + random.between(0, 20) * SECOND_MS : random.between(1, 25) * SECOND_MS;
    let stopped = false;
    await this.#strike(random, life, () => (stopped = this.#fleet.stop(life, pastLease)));
    if (!stopped) return;
    this.#tape.say(`process ${life.door} is stopped for ${Math.round(ms / SECOND_MS)} s`);
    // To its end, also when the faults are over: a stop past the lease is one.
    await wait(this.#tape.real(ms));
    this.#fleet.go(life);
    this.stops += 1;
    if (pastLease) this.stopsPastLease += 1;
  }

  async #terminate(random: Random): Promise<void> {
    this.cuts.push(this.#tape.mark());
    await this.#postgres.terminate(random).catch(() => undefined);
  }

  async #restart(): Promise<void> {
    this.#tape.say("PostgreSQL is stopped at once");
    this.cuts.push(this.#tape.mark());
    await this.#postgres.restart();
    this.cuts.push(this.#tape.mark());
    this.#tape.say("PostgreSQL is back");
  }
}
