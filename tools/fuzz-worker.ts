// The thread in which one parser is fuzzed: it says where it stands in shared memory, so that a hang can be seen from outside.
import { parentPort, workerData } from "node:worker_threads";
import type { FuzzTarget } from "./fuzz-targets.ts";
import { inputOf, nothingTried, tryOne, type Tried } from "./fuzz-try.ts";

/** What the thread is told. */
export interface Task {
  /** The module that holds FUZZ_TARGETS, as a URL. */
  module: string;
  name: string;
  seed: number;
  /** The first input's number. */
  from: number;
  count: number;
  seconds: number;
  /** One number: the input that is being tried, -1 while the parser is loaded. */
  place: SharedArrayBuffer;
}

export type Message = { ready: true } | { tried: Tried };

/** How often the clock is read and others are let in. */
const STRIDE = 64;

const task = workerData as Task;
const place = new Int32Array(task.place);
const { FUZZ_TARGETS } = (await import(task.module)) as { FUZZ_TARGETS: readonly FuzzTarget[] };
const target = FUZZ_TARGETS.find(({ name }) => name === task.name);
if (!target) throw new Error(`there is no parser ${task.name}`);
const seeds = target.seeds();
if (seeds.length === 0) throw new Error(`${task.name} has no seeds`);
parentPort?.postMessage({ ready: true } satisfies Message);

let tried = nothingTried();
const until = performance.now() + task.seconds * 1_000;
for (let number = task.from; number < task.from + task.count; number += 1) {
  Atomics.store(place, 0, number);
  await tryOne(target, inputOf(target, seeds, task.seed, number), number, tried);
  if (number % STRIDE !== 0) continue;
  // Told in parts: what is told survives the thread, should a later input end it.
  parentPort?.postMessage({ tried } satisfies Message);
  tried = nothingTried();
  if (performance.now() > until) break;
}
parentPort?.postMessage({ tried } satisfies Message);
