// Lets a few through at a time, in the order they came; whoever waits past his deadline leaves the line.

export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** True: a place was taken, and must be left. False: the signal fired first. */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const called = (): void => resolve(true);
    const gaveUp = (): void => {
      const place = this.#waiting.indexOf(called);
      // Called at the same moment: the place is taken, and is left by whoever asked.
      if (place >= 0) {
        this.#waiting.splice(place, 1);
        resolve(false);
      }
    };
    this.#waiting.push(called);
    signal.addEventListener("abort", gaveUp, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", gaveUp);
    }
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
