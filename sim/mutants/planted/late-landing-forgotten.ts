// Planted: after a lost answer the account is looked at once, and not again when the panel may be through.
import type { Mutant } from "../mutant.ts";

export const lateLandingForgotten: Mutant = {
  name: "late-landing-forgotten",
  breaks: ["S2", "L1", "L2"],
  needs: ["panel_slow", "payment_during_call"],
  stands:
    "A suspension that was given up after thirty seconds landed ten minutes later, behind the reactivation that had found everything in order.",
  patches: [
    {
      file: "src/engine/record-outcomes.ts",
      find: "return nextLookFor(service, desired, now);",
      replace: "return null;",
    },
  ],
};
