// A process with one planted defect: it lives the seeds it is asked for, and answers what the oracle saw.
import type { Violation } from "../oracle.ts";
import { run, type RunOptions } from "../run.ts";

export interface LifeSeen {
  digest: string;
  violations: readonly Violation[];
}

async function live(ask: RunOptions): Promise<LifeSeen> {
  try {
    const { digest, violations } = await run(ask);
    return { digest, violations };
  } catch (error) {
    // No invariant of the promise, so nobody's catch: the runner says so beside the mutant's name.
    return {
      digest: "",
      violations: [{ invariant: "error", text: error instanceof Error ? (error.stack ?? error.message) : String(error) }],
    };
  }
}

process.on("message", (ask: RunOptions) => void live(ask).then((seen) => process.send?.(seen)));

// Whoever asked is gone, perhaps killed: nobody would hear the answer.
process.on("disconnect", () => process.exit());
