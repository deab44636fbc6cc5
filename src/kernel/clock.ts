// Where "now" comes from: passed in, so that the sandbox, the simulator and the tests own time.
import type { Instant } from "./time.ts";

/** A source of the present instant. Live: the machine's clock. Sandbox: a date the user moves. */
export interface Clock {
  now(): Instant;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until moved; for the sandbox, the simulator and tests. */
export class ManualClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock, also backwards: clocks do jump. */
  set(instant: Instant): void {
    this.#now = instant;
  }
}

/** Waits on the machine's own time. The only timer outside the motor. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Deals with what has arrived meanwhile, then goes on: a long stretch of computing holds up every other connection. */
export function letOthersIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Calls `work` again and again until stopped; a call that is still running is not overlapped. */
export function every(ms: number, work: () => Promise<void>): { stop: () => Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    if (stopped || busy) return;
    busy = true;
    running = work().finally(() => {
      busy = false;
    });
  }, ms);
  let busy = false;
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** An abort signal that fires after a time: the deadline of a call to the outside. */
export function deadline(ms: number): AbortSignal {
  return AbortSignal.timeout(ms);
}
