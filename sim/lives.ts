// Threads that live seeds side by side, each with connections of its own. With one, the lives are lived here.
import { Worker } from "node:worker_threads";
import { deadline } from "../src/kernel/clock.ts";
import { run, type RunOptions, type RunResult } from "./run.ts";

const LIFE = new URL("./life.ts", import.meta.url);
/** A life takes seconds, on a crowded machine a minute. One that takes longer goes round in a circle and never ends by itself. */
const LIFE_MS = 300_000;

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
      const asked = this.#lived.get(thread);
      asked?.resolve(result);
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
    // The kernel's deadline cannot be taken back: one that comes when this life has ended finds another in its place, or none.
    deadline(LIFE_MS).addEventListener("abort", () => {
      if (this.#lived.get(thread) === asked) void this.#giveUp(thread);
    });
    thread.postMessage(asked.ask);
  }

  /** A life without an end is a violation like any other, and its thread makes room for one that works. */
  async #giveUp(thread: Worker): Promise<void> {
    const asked = this.#lived.get(thread);
    this.#lived.delete(thread);
    await thread.terminate();
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    this.#start();
    asked?.resolve(endless(asked.ask));
    this.#next();
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

function endless({ seed, people }: RunOptions): RunResult {
  const text = `no end after ${LIFE_MS / 1_000} s: something goes round in a circle`;
  return {
    seed,
    people: people ?? [],
    digest: "",
    violations: [{ invariant: "error", text }],
    log: [],
    serviceDays: 0,
    faults: {},
    occasions: {},
    crashes: 0,
    notices: 0,
    suspensions: 0,
    edges: [],
    statements: 0,
  };
}
