// Lets a process's clock run faster, and skip: `node --import file:///…/fast-clock.ts?from=INSTANT&speed=N&skips=FILE`. Waits and leases shrink alike.
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Instant } from "../../src/kernel/time.ts";

/** How a clock runs: N times as fast as the machine's since an instant at which both showed the same. */
export interface Speed {
  from: Instant;
  speed: number;
  /** The milliseconds it was put ahead besides, as text in this file; read again at each SIGUSR2. */
  skips: string;
}

/** What a clock of that speed shows when the machine's shows `real`. Whole milliseconds. */
export function fastTime({ from, speed }: Pick<Speed, "from" | "speed">, real: Instant, skipped: number): Instant {
  return from + Math.floor((real - from) * speed) + skipped;
}

/** The address to give to `node --import`. */
export function fastClockUrl({ from, speed, skips }: Speed): string {
  const query = new URLSearchParams({ from: String(from), speed: String(speed), skips });
  return `${import.meta.url.split("?")[0] ?? ""}?${query.toString()}`;
}

type Timer = (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => NodeJS.Timeout;

function install(speed: Speed): void {
  const real = Date.now.bind(Date);
  const read = (): number => Number(readFileSync(speed.skips, "utf8"));
  let skipped = read();
  process.on("SIGUSR2", () => (skipped = read()));
  Date.now = () => fastTime(speed, real(), skipped);
  const shorter = (timer: Timer): Timer =>
    Object.assign(((work, ms, ...args) => timer(work, (ms ?? 0) / speed.speed, ...args)) as Timer, {
      [promisify.custom]: (timer as unknown as Record<symbol, unknown>)[promisify.custom],
    });
  globalThis.setTimeout = shorter(globalThis.setTimeout) as unknown as typeof setTimeout;
  globalThis.setInterval = shorter(globalThis.setInterval) as unknown as typeof setInterval;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / speed.speed));
}

const query = new URL(import.meta.url).searchParams;
if (query.has("speed")) install({ from: Number(query.get("from")), speed: Number(query.get("speed")), skips: query.get("skips") ?? "" });
