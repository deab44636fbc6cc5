// Work done together: while one batch is in hand, what arrives gathers for the next. Where little arrives, each goes at once and alone.

/** `work` answers for each of its items, in their order. What it throws is thrown at each of them. */
export class Gathering<T, R> {
  readonly #work: (items: readonly T[]) => Promise<readonly R[]>;
  readonly #most: number;
  #waiting: { item: T; resolve: (answer: R) => void; reject: (error: unknown) => void }[] = [];
  #working = false;

  /** `most`: items of one batch. */
  constructor(most: number, work: (items: readonly T[]) => Promise<readonly R[]>) {
    this.#most = most;
    this.#work = work;
  }

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#working) void this.#goOn();
    });
  }

  /** Never throws. */
  async #goOn(): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#most);
      try {
        const answers = await this.#work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => resolve(answers[i] as R));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#working = false;
  }
}
