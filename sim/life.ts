// A thread that lives seeds: one life at a time, as it is asked.
import { parentPort } from "node:worker_threads";
import { assert } from "../src/kernel/assert.ts";
import { run, type RunOptions } from "./run.ts";

const asker = parentPort;
assert(asker, "this file is a thread of sim/lives.ts");
asker.on("message", (ask: RunOptions) => void run(ask).then((result) => asker.postMessage(result)));
