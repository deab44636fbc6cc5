// Runs one parser on made inputs and watches it: what it throws, and how long it takes. In a thread of its own, or in a test.
import { Chance, makeInput } from "./fuzz-mutate.ts";
import type { FuzzTarget } from "./fuzz-targets.ts";

/** Processor time of one input beyond which a parser counts as hanging. */
export const SLOW_MS = 1_000;
/** Findings that are kept whole; all are counted. */
const KEPT_MAX = 20;

export interface Finding {
  kind: "crash" | "hang" | "memory";
  /** Which input: with the seed and the parser's name it can be made again. */
  number: number;
  message: string;
  bytes: number;
}

export interface Tried {
  inputs: number;
  bytes: number;
  slowestMs: number;
  slowestBytes: number;
  found: number;
  findings: Finding[];
}

export function nothingTried(): Tried {
  return { inputs: 0, bytes: 0, slowestMs: 0, slowestBytes: 0, found: 0, findings: [] };
}

export function keepFinding(tried: Tried, finding: Finding): void {
  tried.found += 1;
  if (tried.findings.length < KEPT_MAX) tried.findings.push(finding);
}

/** What was thrown, as far as a person reads it. */
export function said(error: unknown): string {
  return (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 1_000);
}

/** The input with a number. */
export function inputOf(target: Pick<FuzzTarget, "name">, seeds: readonly Uint8Array[], seed: number, number: number): Uint8Array {
  return makeInput(seeds, new Chance(seed, target.name, number));
}

/** Tries the input with a number. Wall time would blame the parser for what else the machine does. */
export async function tryOne(target: FuzzTarget, bytes: Uint8Array, number: number, tried: Tried): Promise<number> {
  const before = process.threadCpuUsage();
  try {
    await target.run(bytes);
  } catch (error) {
    keepFinding(tried, { kind: "crash", number, message: said(error), bytes: bytes.length });
  }
  const { user, system } = process.threadCpuUsage(before);
  const ms = (user + system) / 1_000;
  tried.inputs += 1;
  tried.bytes += bytes.length;
  if (ms > tried.slowestMs) [tried.slowestMs, tried.slowestBytes] = [ms, bytes.length];
  if (ms > SLOW_MS) keepFinding(tried, { kind: "hang", number, message: `${Math.round(ms)} ms of processor time`, bytes: bytes.length });
  return ms;
}

/** Tries the first `count` inputs here and now. */
export async function tryCount(target: FuzzTarget, seed: number, count: number): Promise<Tried> {
  const [tried, seeds] = [nothingTried(), target.seeds()];
  for (let number = 0; number < count; number += 1) await tryOne(target, inputOf(target, seeds, seed, number), number, tried);
  return tried;
}
