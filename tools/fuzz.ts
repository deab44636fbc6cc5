// Fuzzing: `node tools/fuzz.ts --minutes M [--only NAME]` runs each parser of tools/fuzz-targets.ts on bent and random bytes for M minutes.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { FUZZ_TARGETS } from "./fuzz-targets.ts";
import { inputOf, keepFinding, nothingTried, said, SLOW_MS, type Finding, type Tried } from "./fuzz-try.ts";
import type { Message, Task } from "./fuzz-worker.ts";

const TARGETS = pathToFileURL(join(import.meta.dirname, "fuzz-targets.ts")).href;
const WORKER = new URL("./fuzz-worker.ts", import.meta.url);
/** Growth of the process's memory while a parser is tried. */
const MEMORY_MAX_MB = 200;
/** V8 collects no garbage before it must: without a limit its leisure would be taken for the parser's hunger. */
const HEAP = { maxOldGenerationSizeMb: 150, maxYoungGenerationSizeMb: 16 };
const LOOK_EVERY_MS = 100;
/** Times the patience for an input that takes no processor time: it waits for something that never comes. */
const STARVED_MAX = 15;
/** A parser with so many findings needs no more of them. */
const FOUND_MAX = 100;

export interface Fuzzed extends Tried {
  name: string;
  seconds: number;
  memoryMb: number;
}

export interface FuzzOptions {
  seed: number;
  seconds: number;
  count: number;
  /** Wall time on one input after which the thread is ended. */
  patienceMs?: number;
  /** Another module with FUZZ_TARGETS. */
  module?: string;
}

/** Fuzzes one parser in a thread; a thread that hangs or runs out of memory is replaced, and goes on behind the input that did it. */
export async function fuzz(name: string, options: FuzzOptions): Promise<Fuzzed> {
  const started = performance.now();
  const result: Fuzzed = { name, seconds: 0, memoryMb: 0, ...nothingTried() };
  for (let from = 0; from < options.count;) {
    const left = options.seconds - (performance.now() - started) / 1_000;
    if (left <= 0 || result.found > FOUND_MAX) break;
    const next = await oneThread(name, { ...options, seconds: left }, from, result);
    if (next === null) break;
    from = next;
  }
  result.seconds = (performance.now() - started) / 1_000;
  return result;
}

/** The number at which another thread goes on; null when all is done. */
async function oneThread(name: string, options: FuzzOptions, from: number, result: Fuzzed): Promise<number | null> {
  const place = new SharedArrayBuffer(4);
  const at = new Int32Array(place).fill(-1);
  const { seed, seconds, count, module = TARGETS, patienceMs = 20_000 } = options;
  const task: Task = { module, name, seed, from, count: count - from, seconds, place };
  const worker = new Worker(WORKER, { workerData: task, resourceLimits: HEAP });
  const ended = new Promise<Error | null>((resolve) => {
    worker.once("error", resolve);
    worker.once("exit", () => resolve(null));
  });
  let memory: number | null = null;
  worker.on("message", (message: Message) => {
    if ("ready" in message) memory = process.memoryUsage.rss();
    else add(result, message.tried);
  });
  const stop = async (kind: Finding["kind"], message: string): Promise<number> => {
    await worker.terminate();
    keepFinding(result, { kind, number: Atomics.load(at, 0), message, bytes: 0 });
    return Atomics.load(at, 0) + 1;
  };
  for (let [stands, since, spent] = [-1, performance.now(), process.cpuUsage()]; ;) {
    const error = await Promise.race([ended, wait(LOOK_EVERY_MS, "not yet" as const)]);
    const number = Atomics.load(at, 0);
    if (error !== "not yet") {
      if (error === null) return null;
      // What fails before the first input is no finding but a broken set-up.
      if (number < 0) throw error;
      return stop("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash", said(error));
    }
    const more = memory === null ? 0 : (process.memoryUsage.rss() - memory) / 1_048_576;
    result.memoryMb = Math.max(result.memoryMb, more);
    if (more > MEMORY_MAX_MB) return stop("memory", `${Math.round(more)} MB more than at the start`);
    if (number !== stands) [stands, since, spent] = [number, performance.now(), process.cpuUsage()];
    else if (number >= 0 && hangs(performance.now() - since, spent, patienceMs))
      return stop("hang", `no end after ${patienceMs / 1_000} s`);
  }
}

/**
 * On a machine that is busy elsewhere twenty seconds may pass in which the parser was let do nothing: in two hours three inputs of 60 to
 * 540 ms were called hangs. It is given as much of the processor as would be a finding anyway, or time without measure.
 */
function hangs(passedMs: number, since: NodeJS.CpuUsage, patienceMs: number): boolean {
  if (passedMs <= patienceMs) return false;
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000 > SLOW_MS || passedMs > STARVED_MAX * patienceMs;
}

function add(result: Fuzzed, part: Tried): void {
  result.inputs += part.inputs;
  result.bytes += part.bytes;
  if (part.slowestMs > result.slowestMs) [result.slowestMs, result.slowestBytes] = [part.slowestMs, part.slowestBytes];
  for (const finding of part.findings) keepFinding(result, finding);
  result.found += part.found - part.findings.length;
}

const USAGE = `node tools/fuzz.ts --minutes M [--only NAME] [--seed N] [--count N] [--save DIR] [--json]
  --minutes M   minutes for each parser (default 1)
  --only NAME   one parser: ${FUZZ_TARGETS.map(({ name }) => name).join(", ")}
  --seed N      another set of inputs (default 1); the same seed gives the same inputs
  --count N     at most so many inputs for each parser
  --save DIR    write the inputs of findings there
A finding is an error that the parser did not mean to give, more than 1 s of processor time for one input, or more than
${MEMORY_MAX_MB} MB of memory beyond the start. Ends with 1 if there is one.`;

function row({ name, inputs, bytes, seconds, slowestMs, slowestBytes, memoryMb, found }: Fuzzed): string {
  const cells = [
    inputs,
    (bytes / 1_048_576).toFixed(1),
    seconds.toFixed(0),
    slowestMs.toFixed(1),
    slowestBytes,
    memoryMb.toFixed(0),
    found,
  ];
  return name.padEnd(16) + cells.map((cell) => String(cell).padStart(11)).join("");
}

const HEAD =
  "parser".padEnd(16) +
  ["inputs", "MB", "seconds", "slowest ms", "its bytes", "memory MB", "findings"].map((cell) => cell.padStart(11)).join("");

/** A fresh process for each parser: what one leaves in memory would hide what the next takes. */
function fuzzApart(name: string, args: readonly string[]): Fuzzed {
  const child = spawnSync(process.execPath, [import.meta.filename, ...args, "--only", name, "--json"], {
    encoding: "utf8",
    maxBuffer: 64_000_000,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [fuzzed] = JSON.parse(child.stdout || "[]") as Fuzzed[];
  if (!fuzzed) throw new Error(`fuzzing ${name} ended without a result (${child.signal ?? child.status})`);
  return fuzzed;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      only: { type: "string" },
      seed: { type: "string", default: "1" },
      count: { type: "string", default: String(2 ** 31 - 1) },
      save: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [seconds, seed, count] = [Number(values.minutes) * 60, Number(values.seed), Number(values.count)];
  if (values.help || !(seconds > 0) || !Number.isInteger(seed) || !(count > 0)) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const names = FUZZ_TARGETS.map(({ name }) => name).filter((name) => values.only === undefined || name === values.only);
  if (names.length === 0) throw new Error(`there is no parser ${values.only}`);
  if (!values.json) console.log(HEAD);
  const all: Fuzzed[] = [];
  for (const name of names) {
    const args = ["--minutes", values.minutes, "--seed", values.seed, "--count", values.count];
    const fuzzed = values.only === undefined ? fuzzApart(name, args) : await fuzz(name, { seed, seconds, count });
    all.push(fuzzed);
    if (!values.json)
      console.log([row(fuzzed), ...fuzzed.findings.map((each) => `  ${each.kind} at ${each.number}: ${each.message}`)].join("\n"));
    if (values.save !== undefined) save(values.save, fuzzed, seed);
  }
  if (values.json) console.log(JSON.stringify(all));
  process.exitCode = all.some(({ found }) => found > 0) ? 1 : 0;
}

function save(folder: string, { name, findings }: Fuzzed, seed: number): void {
  const target = FUZZ_TARGETS.find((each) => each.name === name);
  if (!target || findings.length === 0) return;
  mkdirSync(folder, { recursive: true });
  const seeds = target.seeds();
  for (const { kind, number } of findings)
    writeFileSync(join(folder, `${name}-${seed}-${number}.${kind}`), inputOf(target, seeds, seed, number));
}

if (import.meta.main) await main();
