// A claim's lease as its holder sees it: renewed while there is work, and not trusted once it may have run out.
import type { Engine } from "../engine/engine.ts";
import { every } from "../kernel/clock.ts";
import type { Instant } from "../kernel/time.ts";
import { renewLeases } from "../store/outbox.ts";
import { CALL_DEADLINE_MS } from "./call.ts";

/** A dead worker's rows are free after this; it outlasts a call's deadline, and a living worker renews. */
export const LEASE_MS = 40_000;
const RENEW_MS = 10_000;

export class HeldLease {
  readonly #engine: Engine;
  readonly #token: string;
  readonly #timer: { stop: () => Promise<void> };
  #until: Instant;
  #renewing: Promise<void> | null = null;

  /** `claimedAt`: a moment at or before the claim, by the motor's clock. */
  constructor(engine: Engine, token: string, claimedAt: Instant) {
    this.#engine = engine;
    this.#token = token;
    this.#until = claimedAt + LEASE_MS;
    this.#timer = every(RENEW_MS, () => this.#renew());
  }

  /**
   * Whether a call may begin: it ends before anybody else may take its row. A worker that slept past its lease (a paused machine, a database
   * away for long) goes on with nothing: what it holds has perhaps been done by another, and a message would arrive a second time unmarked.
   */
  async covers(): Promise<boolean> {
    if (this.#left() < CALL_DEADLINE_MS) await this.#renew();
    return this.#left() >= CALL_DEADLINE_MS;
  }

  stop(): Promise<void> {
    return this.#timer.stop();
  }

  #left(): number {
    return this.#until - this.#engine.motorClock.now();
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#extend().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #extend(): Promise<void> {
    if (this.#left() <= 0) return;
    const until = this.#engine.motorClock.now() + LEASE_MS;
    try {
      await renewLeases(this.#engine.db, this.#token, until);
      this.#until = until;
    } catch {
      // The database is away: what is left of the lease counts, and no call begins that it would not cover.
    }
  }
}
