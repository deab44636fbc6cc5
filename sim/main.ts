// Runs seeds of the simulation: `node sim/main.ts --seeds N [--seed S] [--days D] [--json]`.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { systemClock } from "../src/kernel/clock.ts";
import type { FaultKind } from "./faults.ts";
import { prepare, run, type RunResult } from "./run.ts";
import { startDatabases, type Databases } from "./support/database.ts";

const LOG_LINES = 40;
const PRESET = fileURLToPath(new URL("../src/policy/presets/hospedagem-br.yaml", import.meta.url));

interface Total {
  seeds: number;
  serviceDays: number;
  faults: Partial<Record<FaultKind, number>>;
  crashes: number;
  notices: number;
  suspensions: number;
  statements: number;
  violations: { seed: number; invariant: string; text: string }[];
  failed: number[];
  minutes: number;
}

interface Asked {
  first: number;
  seeds: number;
  days: number;
  json: boolean;
  log: boolean;
}

function asked(): Asked {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      days: { type: "string", default: "90" },
      json: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
    },
  });
  const { json, log } = values;
  return { first: Number(values.seed), seeds: Number(values.seeds), days: Math.max(60, Number(values.days)), json, log };
}

/** One seed in a database of its own. The first of a run is lived twice, and once more with extra sweeps: D1 and D2. */
async function one(databases: Databases, seed: number, days: number, policy: string, thrice: boolean): Promise<RunResult> {
  const live = async (extraSweeps: boolean): Promise<RunResult> => {
    const base = await databases.make(`sim_${seed}`);
    try {
      return await run({ url: base.url, seed, days, policy, extraSweeps });
    } finally {
      await base.drop();
    }
  };
  const result = await live(false);
  if (!thrice) return result;
  const again = await live(false);
  if (again.digest !== result.digest) {
    const at = result.log.findIndex((line, i) => again.log[i] !== line);
    result.violations.push({ invariant: "D1", text: `another digest; first difference: ${result.log[at] ?? ""} / ${again.log[at] ?? ""}` });
  }
  // A fuse counts every reach for the database, and more sweeps reach more often: with it the histories differ by right.
  if (result.faults.crash_anywhere !== undefined) return result;
  const more = await live(true);
  const missing = result.edges.filter((edge, i) => more.edges[i] !== edge);
  if (more.edges.length !== result.edges.length || missing.length > 0)
    result.violations.push({ invariant: "D2", text: `extra sweeps changed what was done: ${missing[0] ?? `${more.edges.length} edges`}` });
  return result;
}

function report(text: string): void {
  process.stderr.write(`${text}\n`);
}

function failure(result: RunResult, days: number): void {
  report(`\nseed ${result.seed}: ${result.violations.length} violations`);
  for (const { invariant, text } of result.violations.slice(0, 8)) report(`  ${invariant}  ${text}`);
  const last = result.log.findIndex((line) => line.includes("***"));
  const end = last < 0 ? result.log.length : last + 1;
  report(`\n${result.log.slice(Math.max(0, end - LOG_LINES), end).join("\n")}`);
  report(`\nreplay: node sim/main.ts --seed ${result.seed} --seeds 1 --days ${days} --log\n`);
}

async function main(): Promise<number> {
  const { first, seeds, days, json, log } = asked();
  const policy = readFileSync(PRESET, "utf8");
  const databases = await startDatabases((url) => prepare(url, policy));
  const started = systemClock.now();
  const total: Total = {
    seeds: 0,
    serviceDays: 0,
    faults: {},
    crashes: 0,
    notices: 0,
    suspensions: 0,
    statements: 0,
    violations: [],
    failed: [],
    minutes: 0,
  };
  try {
    for (let seed = first; seed < first + seeds; seed += 1) {
      const result = await one(databases, seed, days, policy, seed % 10 === first % 10 || seeds === 1);
      add(total, result);
      if (log) process.stdout.write(`${result.log.join("\n")}\n`);
      if (result.violations.length > 0) failure(result, days);
      else if (seeds <= 20 || total.seeds % 10 === 0) report(`seed ${seed}: ${result.digest.slice(0, 12)}, ${result.notices} notices`);
    }
  } finally {
    await databases.stop();
  }
  total.minutes = (systemClock.now() - started) / 60_000;
  process.stdout.write(json ? `${JSON.stringify(total)}\n` : page(total));
  return total.failed.length === 0 ? 0 : 1;
}

function add(total: Total, result: RunResult): void {
  total.seeds += 1;
  total.serviceDays += result.serviceDays;
  total.crashes += result.crashes;
  total.notices += result.notices;
  total.suspensions += result.suspensions;
  total.statements += result.statements;
  for (const [kind, count] of Object.entries(result.faults) as [FaultKind, number][])
    total.faults[kind] = (total.faults[kind] ?? 0) + count;
  total.violations.push(...result.violations.map((violation) => ({ seed: result.seed, ...violation })));
  if (result.violations.length > 0) total.failed.push(result.seed);
}

function page(total: Total): string {
  const faults = Object.entries(total.faults).map(([kind, count]) => `  ${kind.padEnd(22)} ${count}`);
  const lines = [
    `seeds                    ${total.seeds}`,
    `simulated service-days   ${total.serviceDays}`,
    `faults`,
    ...faults.sort(),
    `crashes                  ${total.crashes}`,
    `notices                  ${total.notices}`,
    `suspensions              ${total.suspensions}`,
    `violations               ${total.violations.length}${total.failed.length > 0 ? ` in seeds ${total.failed.join(", ")}` : ""}`,
    `statements a seed        ${Math.round(total.statements / Math.max(1, total.seeds))}`,
    `seeds a minute           ${(total.seeds / total.minutes).toFixed(1)}`,
  ];
  return `${lines.join("\n")}\n`;
}

process.exitCode = await main();
