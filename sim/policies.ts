// The policies that histories are lived under, as texts: the preset, and the preset with a quick end.
import type { LadderName } from "./oracle-ladder.ts";
import { stream } from "./random.ts";

export interface SimPolicy {
  ladder: LadderName;
  /** The text of the policy file. */
  source: string;
}

/** What `quick` changes: written out, so that a preset that no longer says so is noticed. */
const QUICK: readonly (readonly [string, string])[] = [
  ["step: termination-warning, day: 30,", "step: termination-warning, day: 12,"],
  ["gap_hours: 480 }", "gap_hours: 72 }"],
  ["step: terminate, day: 45,", "step: terminate, day: 18,"],
  ["gap_hours: 360 }", "gap_hours: 96 }"],
  ["distance_days: 15", "distance_days: 6"],
];

/** The policy of a seed: one in three ends services within weeks. */
export function policyOf(seed: number, preset: string): SimPolicy {
  if (!stream(seed, "policy").chance(1 / 3)) return { ladder: "preset", source: preset };
  return { ladder: "quick", source: QUICK.reduce((text, [from, to]) => swap(text, from, to), preset) };
}

/** The same ladder with the steps before the end some days later: invoices stand in the middle of it. */
export function laterBy(source: string, days: number): string {
  const steps: readonly (readonly [string, number])[] = [
    ["reminder", 3],
    ["warning", 4],
    ["suspend", 5],
  ];
  return steps.reduce((text, [step, day]) => swap(text, `step: ${step}, day: ${day}, at`, `step: ${step}, day: ${day + days}, at`), source);
}

function swap(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`the preset does not say once: ${from}`);
  return text.replace(from, to);
}
