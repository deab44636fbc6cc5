// Planted: what was decided is done, whatever happened while it waited.
import type { Mutant } from "../mutant.ts";

export const noRedecisionAtClaim: Mutant = {
  name: "no-redecision-at-claim",
  breaks: ["S1", "S9", "S6"],
  stands: "The suspension waited two hours for a panel that was down; the payment came after one.",
  patches: [
    {
      file: "src/engine/sift.ts",
      find: 'if (level?.desired !== desired) return "superseded";',
      replace: "",
    },
    {
      file: "src/engine/sift.ts",
      find: "cause: level.cause, judged",
      replace: "cause: level?.cause ?? null, judged",
    },
  ],
};
