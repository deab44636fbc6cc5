// A short chaos run: real processes killed and stopped in the middle of calls, sessions ended, PostgreSQL restarted, and then everything in order.
import { expect, it } from "vitest";
import { runChaos } from "./run.ts";

/** Half a minute on an idle machine; the rest is for one that has other things to do. */
const PATIENCE_MS = 420_000;

it(
  "chaos, short: twelve seconds of it with a clock six times as fast, and nothing is lost, nothing twice",
  { timeout: PATIENCE_MS },
  async () => {
    const result = await runChaos(
      {
        seed: 7,
        minutes: 0.2,
        atLeast: { kills: 4, stopsPastLease: 1, restarts: 1 },
        speed: 6,
        customers: 40,
        paces: { kill: [600, 2_000], stop: [500, 1_500], terminate: [800, 2_500], restart: [5_000, 7_000] },
        progress: () => undefined,
        keep: null,
      },
      new Promise<never>(() => undefined),
    );
    expect(result.violations).toEqual([]);
    expect(result.secondsToConverge).not.toBeNull();
    expect(result.kills).toBeGreaterThanOrEqual(4);
    expect(result.stopsPastLease).toBeGreaterThan(0);
    expect(result.postgresRestarts).toBeGreaterThan(0);
    expect(result.suspensions).toBeGreaterThan(0);
  },
);
