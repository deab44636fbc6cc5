// Planted: a server that says “later” is taken for one that says “never”.
import type { Mutant } from "../mutant.ts";

export const firstRefusalFinal: Mutant = {
  name: "first-refusal-final",
  breaks: ["L4"],
  stands:
    "Greylisting: the customer's mail server asked for a second attempt, the warning was filed as undeliverable, and a person had to call.",
  patches: [
    {
      file: "src/engine/record-outcomes.ts",
      find: 'f.outcome.outcome === "refused" && !f.outcome.retry;',
      replace: 'f.outcome.outcome === "refused";',
    },
  ],
};
