// Makes a failing seed small: fewer customers, fewer kinds of fault, fewer days, as long as the same thing goes wrong.
import { KINDS, type FaultKind } from "./faults.ts";
import type { Violation } from "./oracle.ts";
import type { RunResult } from "./run.ts";
import { liveAgain, liveOnce, type Ground, type Part } from "./seeds.ts";

/** A part of a seed with all that it has said out loud. */
export interface Whole extends Part {
  people: readonly number[];
  /** Kinds of fault that happen. */
  faults: readonly FaultKind[];
}

export interface Limits {
  attempts: number;
  /** Whether the time is over. */
  over: () => boolean;
}

export interface Shrunk<T> {
  part: Whole;
  shown: T;
  attempts: number;
}

/** What a life shows, with whom and what was in it; null where the fault did not appear. */
export type Shows<T> = (part: Whole) => Promise<T | null>;

/** Shorter lives than this have no time left between the first suspensions and the quiet at the end. */
const LEAST_DAYS = 60;

/**
 * Looks for less that still shows the same: first the customers that the report names, alone, then halves. Every reduction that still
 * shows it is kept; none is sure to be the smallest there is.
 */
export async function shrink<T>(
  start: { part: Whole; shown: T },
  suspects: (shown: T) => readonly number[],
  shows: Shows<T>,
  limits: Limits,
): Promise<Shrunk<T>> {
  let best = start;
  let attempts = 0;
  const tries = async (change: Partial<Whole>): Promise<boolean> => {
    if (attempts >= limits.attempts || limits.over()) return false;
    attempts += 1;
    const part = { ...best.part, ...change };
    const shown = await shows(part);
    if (shown !== null) best = { part, shown };
    return shown !== null;
  };
  const fewerPeople = async (): Promise<void> => {
    const all = best.part.people;
    const named = all.filter((person) => suspects(best.shown).includes(person));
    if (named.length > 0 && named.length < all.length) await tries({ people: named });
    await fewer(best.part.people, (people) => tries({ people }));
  };
  await fewerPeople();
  if (best.part.faults.length > 0 && !(await tries({ faults: [] }))) await fewer(best.part.faults, (faults) => tries({ faults }));
  const { days } = best.part;
  if (days > LEAST_DAYS && !(await tries({ days: LEAST_DAYS }))) await tries({ days: Math.ceil((LEAST_DAYS + days) / 2) });
  // Without the faults, customers who only moved them about are not needed any more.
  await fewerPeople();
  return { ...best, attempts };
}

/** Leaves out a half, then smaller parts, of what is left (Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, 2002). */
async function fewer<I>(all: readonly I[], tries: (some: readonly I[]) => Promise<boolean>): Promise<void> {
  let items = all;
  for (let parts = 2; items.length > 1;) {
    const size = Math.ceil(items.length / parts);
    let smaller: readonly I[] | null = null;
    for (let from = 0; from < items.length && smaller === null; from += size) {
      const rest = [...items.slice(0, from), ...items.slice(from + size)];
      if (await tries(rest)) smaller = rest;
    }
    if (smaller !== null) {
      items = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) return;
    else parts *= 2;
  }
}

/** The same fault about anybody, at any time: names and numbers left aside. */
export function kindOf({ invariant, text }: Violation): string {
  return `${invariant} ${text.replace(/\S*\d\S*/gu, "#")}`;
}

/** Shrinks a failing seed; answers its smallest life found, which ends where it goes wrong. */
export async function shrinkSeed(ground: Ground, failing: RunResult, part: Part, limits: Limits): Promise<Shrunk<RunResult> | null> {
  const [violation] = failing.violations;
  if (!violation) return null;
  const { invariant } = violation;
  // Only a comparison of whole lives shows that they differ.
  const differs = invariant.startsWith("D");
  const wanted = kindOf(violation);
  const same = (found: Violation): boolean => (differs ? found.invariant === invariant : kindOf(found) === wanted);
  const shows: Shows<RunResult> = async ({ people, days, faults }) => {
    const ask = { seed: failing.seed, days, people, without: allBut(faults) };
    const result = await (differs ? liveAgain(ground, ask) : liveOnce(ground, { ...ask, until: [invariant] }));
    return result.violations.some(same) ? result : null;
  };
  const named = ({ violations }: RunResult): number[] =>
    [...(violations.find(same)?.text.matchAll(PERSON) ?? [])].map((match) => Number(match[1]));
  // A kind that was drawn and never happened has moved nothing.
  const faults = Object.keys(failing.faults) as FaultKind[];
  const start = { days: part.days, people: failing.people, without: allBut(faults), faults };
  const shrunk = await shrink({ part: start, shown: failing }, named, shows, limits);
  return { ...shrunk, part: { ...shrunk.part, without: allBut(shrunk.part.faults) } };
}

/** `C7`, and in `C7S1` or an account `c7s1`. */
const PERSON = /\bC(\d+)/giu;

function allBut(faults: readonly FaultKind[]): FaultKind[] {
  return (Object.keys(KINDS) as FaultKind[]).filter((kind) => !faults.includes(kind));
}
