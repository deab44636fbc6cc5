// A range of seeds, some side by side; each tenth is lived again to see that it goes the same way (D1), each twentieth with more sweeps too (D2).
import { BY_REACH, type FaultKind } from "./faults.ts";
import type { Lives } from "./lives.ts";
import type { RunOptions, RunResult } from "./run.ts";
import type { Databases } from "./support/database.ts";

/** Where lives are lived. */
export interface Ground {
  databases: Databases;
  lives: Lives;
  /** The text of the policy in force. */
  policy: string;
}

/** What of a seed is lived: all of it, or less. */
export interface Part {
  days: number;
  /** Kinds of fault that are left out. */
  without: readonly FaultKind[];
  /** The customers that live, by number. Null: all. */
  people: readonly number[] | null;
}

export interface Range {
  first: number;
  seeds: number;
  part: Part;
  /** So many lives at the same time. */
  atOnce: number;
}

/** One seed of so many is lived twice (D1); and one of so many with more sweeps (D2), which takes up to two lives more. */
const AGAIN_EACH = 10;
const SWEPT_EACH = 20;

let made = 0;

/** Lives a seed once, in a database of its own. */
export async function liveOnce({ databases, lives, policy }: Ground, ask: Omit<RunOptions, "url" | "policy">): Promise<RunResult> {
  made += 1;
  const base = await databases.make(`life_${made}`);
  try {
    return await lives.live({ ...ask, url: base.url, policy });
  } finally {
    await base.drop();
  }
}

/** Lives a seed twice; two digests are a violation of D1. */
async function liveTwice(ground: Ground, ask: Omit<RunOptions, "url" | "policy">): Promise<RunResult> {
  const result = await liveOnce(ground, ask);
  const again = await liveOnce(ground, ask);
  if (again.digest === result.digest) return result;
  const at = result.log.findIndex((line, i) => again.log[i] !== line);
  const where = at < 0 ? "the evidence alone" : `${result.log[at] ?? ""} / ${again.log[at] ?? ""}`;
  result.violations.push({ invariant: "D1", text: `another digest; first difference: ${where}` });
  return result;
}

/** Lives a seed twice, and once more with everybody decided anew at each step: what is done otherwise then is a violation of D2. */
export async function liveAgain(ground: Ground, ask: Omit<RunOptions, "url" | "policy">): Promise<RunResult> {
  const result = await liveTwice(ground, ask);
  // What is drawn at each reach for the database would be drawn elsewhere with more sweeps: both lives go without it.
  const without = [...(ask.without ?? []), ...BY_REACH];
  const reaches = BY_REACH.some((kind) => result.faults[kind] !== undefined);
  const plain = reaches ? await liveOnce(ground, { ...ask, without }) : result;
  const more = await liveOnce(ground, { ...ask, without, extraSweeps: true });
  const missing = plain.edges.filter((edge, i) => more.edges[i] !== edge);
  if (more.edges.length !== plain.edges.length || missing.length > 0)
    result.violations.push({ invariant: "D2", text: `extra sweeps changed what was done: ${missing[0] ?? `${more.edges.length} edges`}` });
  return result;
}

/** Lives a range of seeds and calls back as each ends; the answers come in no particular order. */
export async function runSeeds(ground: Ground, range: Range, onResult: (result: RunResult) => Promise<void> | void): Promise<void> {
  const { first, seeds, part, atOnce } = range;
  let next = first;
  const worker = async (): Promise<void> => {
    for (let seed = next++; seed < first + seeds; seed = next++) {
      const live = seeds === 1 || seed % SWEPT_EACH === 1 ? liveAgain : seed % AGAIN_EACH === 1 ? liveTwice : liveOnce;
      await onResult(await live(ground, { seed, ...part }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, seeds) }, worker));
}
