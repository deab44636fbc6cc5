// What is to happen, by its time; what falls together happens in the order in which it was set down.
import type { Instant } from "../src/kernel/time.ts";

interface Event {
  at: Instant;
  order: number;
  run: () => Promise<void>;
}

export class Agenda {
  #events: Event[] = [];
  #made = 0;

  add(at: Instant, run: () => Promise<void>): void {
    this.#made += 1;
    this.#events.push({ at, order: this.#made, run });
    this.#events.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /** The next one, which stays. */
  get first(): Event | undefined {
    return this.#events[0];
  }

  take(): void {
    this.#events.shift();
  }
}
