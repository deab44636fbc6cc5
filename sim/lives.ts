// Threads that live seeds side by side, each with connections of its own. With one, the lives are lived here.
import { Worker } from "node:worker_threads";
import { run, type RunOptions, type RunResult } from "./run.ts";

const LIFE = new URL("./life.ts", import.meta.url);

interface Asked {
  ask: RunOptions;
  resolve: (result: RunResult) => void;
  reject: (error: Error) => void;
}

export class Lives {
  readonly #threads: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #waiting: Asked[] = [];
  readonly #lived = new Map<Worker, Asked>();

  constructor(threads: number) {
    if (threads > 1) for (let i = 0; i < threads; i += 1) this.#start();
  }

  #start(): void {
    const thread = new Worker(LIFE);
    this.#threads.push(thread);
    this.#idle.push(thread);
    thread.on("message", (result: RunResult) => {
      this.#lived.get(thread)?.resolve(result);
      this.#lived.delete(thread);
      this.#idle.push(thread);
      this.#next();
    });
    thread.on("error", (error: Error) => this.#lived.get(thread)?.reject(error));
  }

  #next(): void {
    const thread = this.#idle.pop();
    const asked = thread && this.#waiting.shift();
    if (!thread) return;
    if (!asked) {
      this.#idle.push(thread);
      return;
    }
    this.#lived.set(thread, asked);
    thread.postMessage(asked.ask);
  }

  /** Lives a seed in the database given. */
  live(ask: RunOptions): Promise<RunResult> {
    if (this.#threads.length === 0) return run(ask);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      this.#next();
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
