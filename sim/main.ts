// Runs the simulation: `npm run sim -- --seeds N [--seed S] [--days D] [--workers W] [--mutant NAME|all [--quick]] [--json] [--log]`.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { systemClock } from "../src/kernel/clock.ts";
import { KINDS, type FaultKind } from "./faults.ts";
import { Lives } from "./lives.ts";
import { huntNamed } from "./mutants/report.ts";
import { add, emptyTotal, failureText, page, Progress, type Total } from "./report.ts";
import { runSeeds, type Ground, type Part } from "./seeds.ts";
import { shrinkSeed } from "./shrink.ts";
import { commitOf } from "./support/commit.ts";
import { startDatabases } from "./support/database.ts";

/** A planted defect that so many seeds do not show has survived. */
const MUTANT_SEEDS = 40;
/** A history has its quiet month at the end; in less than this nothing is left of the rest. */
const LEAST_DAYS = 60;
/** Failing seeds that are made small; of a defect that many show, the first few say all. */
const SHRUNK_MOST = 3;
const SHRINK_ATTEMPTS = 40;
const SHRINK_MS = 180_000;
const PRESET = fileURLToPath(new URL("../src/policy/presets/hospedagem-br.yaml", import.meta.url));
const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Asked {
  first: number;
  seeds: number;
  workers: number;
  part: Part;
  json: boolean;
  log: boolean;
  mutant: string | null;
  quick: boolean;
}

function asked(): Asked {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string" },
      seed: { type: "string", default: "1" },
      days: { type: "string", default: "90" },
      workers: { type: "string" },
      people: { type: "string" },
      without: { type: "string" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
      mutant: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const { json, log, mutant = null, quick } = values;
  const seeds = whole("seeds", values.seeds ?? (mutant === null ? "1" : String(MUTANT_SEEDS)));
  const workers = whole("workers", values.workers ?? String(Math.min(seeds, availableParallelism())));
  const people = values.people?.split(",").map((number) => whole("people", number)) ?? null;
  const only = values.only === undefined ? null : values.only === "none" ? [] : kinds("only", values.only);
  const without = only === null ? kinds("without", values.without) : ALL_KINDS.filter((kind) => !only.includes(kind));
  const days = Math.max(LEAST_DAYS, whole("days", values.days));
  return { first: whole("seed", values.seed), seeds, workers, part: { days, people, without }, json, log, mutant, quick };
}

const ALL_KINDS = Object.keys(KINDS) as FaultKind[];

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${option} takes whole numbers from 1, not “${text}”`);
  return value;
}

function kinds(option: string, text: string | undefined): FaultKind[] {
  if (text === undefined) return [];
  return text.split(",").map((name) => {
    const kind = ALL_KINDS.find((each) => each === name);
    if (kind === undefined) throw new Error(`--${option}: no fault is named “${name}”; there are ${ALL_KINDS.join(", ")}`);
    return kind;
  });
}

function report(text: string): void {
  process.stderr.write(text);
}

async function main(): Promise<number> {
  const { first, seeds, workers, part, json, log, mutant, quick } = asked();
  const policy = readFileSync(PRESET, "utf8");
  const databases = await startDatabases();
  const lives = new Lives(mutant === null ? workers : 0);
  try {
    if (mutant !== null)
      return await huntNamed(
        mutant,
        { databases, policy, days: part.days, first, seeds, quick },
        { json, progress: (line) => report(`${line}\n`), print: (text) => process.stdout.write(text) },
      );
    const total = await live({ databases, lives, policy }, { first, seeds, part, atOnce: workers }, log);
    process.stdout.write(json ? `${JSON.stringify(total)}\n` : page(total));
    return total.failed.length === 0 ? 0 : 1;
  } finally {
    await lives.stop();
    await databases.stop();
  }
}

/** Lives the range, tells how far it is, and makes the first failing seeds small. */
async function live(ground: Ground, range: { first: number; seeds: number; part: Part; atOnce: number }, log: boolean): Promise<Total> {
  const started = systemClock.now();
  const cpu = process.cpuUsage();
  const commit = commitOf(ROOT);
  const total = emptyTotal(range.first, commit);
  const minutes = (): number => (systemClock.now() - started) / 60_000;
  const progress = new Progress({ write: report, watched: process.stderr.isTTY && !log, seeds: range.seeds, minutes });
  await runSeeds(ground, range, async (result) => {
    add(total, result);
    if (log) process.stdout.write(`${result.log.join("\n")}\n`);
    progress.step(total, result);
    if (result.violations.length === 0) return;
    const until = systemClock.now() + SHRINK_MS;
    const limits = { attempts: total.failed.length <= SHRUNK_MOST && !log ? SHRINK_ATTEMPTS : 0, over: () => systemClock.now() > until };
    const [text, failure] = failureText(result, range.part, await shrinkSeed(ground, result, range.part, limits), commit);
    total.failures.push(failure);
    progress.say(text);
  });
  progress.end();
  total.minutes = minutes();
  total.seedsPerMinute = total.seeds / total.minutes;
  const { user, system } = process.cpuUsage(cpu);
  total.cpuPerSeed = (user + system) / 1e6 / total.seeds;
  return total;
}

process.exitCode = await main();
