// How long something takes, on the clock that only moves forward.
import { performance } from "node:perf_hooks";

/** Seconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}
