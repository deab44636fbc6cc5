// What a panel adapter must remember between two calls because the panel itself forgets it.

/** Small texts kept per account and key, on durable storage: a crash between two calls must not lose them. */
export interface PanelMemory {
  recall(account: string, key: string): Promise<string | null>;
  /** `null` forgets. */
  remember(account: string, key: string, value: string | null): Promise<void>;
}

/** Forgets with the process: for tests, rehearsals and the simulator. */
export class InMemoryPanelMemory implements PanelMemory {
  readonly #values = new Map<string, string>();

  recall(account: string, key: string): Promise<string | null> {
    return Promise.resolve(this.#values.get(`${account}\n${key}`) ?? null);
  }

  remember(account: string, key: string, value: string | null): Promise<void> {
    if (value === null) this.#values.delete(`${account}\n${key}`);
    else this.#values.set(`${account}\n${key}`, value);
    return Promise.resolve();
  }
}
