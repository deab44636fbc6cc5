// Hunts planted defects: a process for each, seed after seed, until the oracle reports an invariant that the defect breaks.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deadline, systemClock } from "../../src/kernel/clock.ts";
import type { Databases } from "../support/database.ts";
import type { FaultKind } from "../faults.ts";
import type { RunOptions } from "../run.ts";
import type { LifeSeen } from "./life.ts";
import type { Mutant } from "./mutant.ts";

const LIFE = fileURLToPath(new URL("./life.ts", import.meta.url));
const PLANT = new URL("./plant.ts", import.meta.url);
export const SEEDS_FILE = new URL("./seeds.json", import.meta.url);
/** A life takes a few seconds; a defect that makes the program turn on the spot must not hold up the others. */
const LIFE_MS = 180_000;
/** The machines this runs on have two cores. */
const AT_ONCE = 2;

export interface HuntOptions {
  databases: Databases;
  policy: string;
  days: number;
  /** Seeds from here on, this many. */
  first: number;
  seeds: number;
  /** The seed known to show the defect comes first: quicker, and says nothing of the first seed that would. */
  quick: boolean;
  onEnd?: (report: HuntReport) => void;
}

export interface HuntReport {
  mutant: string;
  caught: boolean;
  /** The seed that shows it; null: none did. */
  seed: number | null;
  /** Whether that is the first seed of the range that does, or the one known to. */
  found: "first of the range" | "known seed" | null;
  /** Kinds of fault of which its histories had as many as may be. */
  needs: readonly FaultKind[];
  /** Invariants that it breaks, and those that were reported up to then. */
  breaks: readonly string[];
  seen: readonly string[];
  /** The first report of one that it breaks; of a survivor, the first of any other. */
  report: string | null;
  seeds: number;
  seconds: number;
}

/** Seeds by mutant that showed it the last time somebody looked; wrong ones cost time, nothing else. */
export function knownSeeds(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(SEEDS_FILE, "utf8")) as Record<string, number>;
}

/** Hunts all of them, two at a time. A report each, in the order given. */
export async function hunt(mutants: readonly Mutant[], options: HuntOptions): Promise<HuntReport[]> {
  const seeds = knownSeeds();
  const reports: HuntReport[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; ; i = next++) {
      const mutant = mutants[i];
      if (!mutant) return;
      const report = await huntOne(mutant, options.quick || mutant.rare ? seeds[mutant.name] : undefined, options);
      reports[i] = report;
      options.onEnd?.(report);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, mutants.length) }, worker));
  return reports;
}

async function huntOne(mutant: Mutant, known: number | undefined, options: HuntOptions): Promise<HuntReport> {
  const started = systemClock.now();
  const range = Array.from({ length: options.seeds }, (_, i) => options.first + i);
  const seeds = known === undefined ? range : [known, ...range.filter((seed) => seed !== known)];
  const seen = new Set<string>();
  let report: string | null = null;
  let lived = 0;
  const end = (seed: number | null): HuntReport => ({
    mutant: mutant.name,
    caught: seed !== null,
    seed,
    found: seed === null ? null : seed === known ? "known seed" : "first of the range",
    needs: mutant.needs ?? [],
    breaks: mutant.breaks,
    seen: [...seen],
    report,
    seeds: lived,
    seconds: (systemClock.now() - started) / 1000,
  });
  for (const seed of seeds) {
    lived += 1;
    const { violations } = await liveOne(mutant, seed, options);
    for (const { invariant } of violations) seen.add(invariant);
    const hit = violations.find(({ invariant }) => mutant.breaks.includes(invariant));
    const first = hit ?? violations[0];
    if (hit || report === null) report = first === undefined ? null : `${first.invariant}  ${first.text}`;
    if (hit) return end(seed);
  }
  return end(null);
}

/** One seed in a process of its own; twice where the difference between two lives is what shows the defect. */
async function liveOne(mutant: Mutant, seed: number, options: HuntOptions): Promise<LifeSeen> {
  const life = await liveIn(mutant, seed, options);
  if (!mutant.twice) return life;
  const again = await liveIn(mutant, seed, options);
  if (again.digest === life.digest) return life;
  return { ...life, violations: [...life.violations, { invariant: "D1", text: "the same seed lived twice has two digests" }] };
}

async function liveIn(mutant: Mutant, seed: number, options: HuntOptions): Promise<LifeSeen> {
  const { databases, days, policy } = options;
  const base = await databases.make(`mutant_${mutant.name.replaceAll("-", "_")}_${seed}`);
  const plant = new URL(PLANT);
  plant.searchParams.set("mutant", mutant.name);
  const child = fork(LIFE, { execArgv: ["--import", plant.href], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  try {
    const until = mutant.breaks.filter((invariant) => !invariant.startsWith("D"));
    child.send({ url: base.url, seed, days, policy, until, needs: mutant.needs ?? [] } satisfies RunOptions);
    return await answerOf(child);
  } finally {
    child.kill("SIGKILL");
    await base.drop();
  }
}

async function answerOf(child: ChildProcess): Promise<LifeSeen> {
  const gone = new AbortController();
  const nothing = (text: string): LifeSeen => ({ digest: "", violations: [{ invariant: "error", text }] });
  const exit = once(child, "exit", { signal: gone.signal }).then(
    ([code, signal]) => nothing(`the process ended with ${String(code ?? signal)}`),
    () => nothing("ended"),
  );
  const late = AbortSignal.any([gone.signal, deadline(LIFE_MS)]);
  const answer = once(child, "message", { signal: late }).then(
    ([seen]) => seen as LifeSeen,
    () => nothing(`no end of the life after ${LIFE_MS / 1000} s`),
  );
  try {
    return await Promise.race([answer, exit]);
  } finally {
    gone.abort();
  }
}
