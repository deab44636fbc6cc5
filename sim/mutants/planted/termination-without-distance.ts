// Planted: a service is ended soon after its customer showed life.
import type { Mutant } from "../mutant.ts";

export const terminationWithoutDistance: Mutant = {
  name: "termination-without-distance",
  breaks: ["S11"],
  stands: "He had paid half on Monday and asked for the rest of the week; two clerks confirmed the old proposal on Tuesday.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "return (facts.lastSignOfLifeAt ?? Number.NEGATIVE_INFINITY) + policy.doc.termination.distance_days * DAY_MS;",
      replace: "return (facts.lastSignOfLifeAt ?? Number.NEGATIVE_INFINITY) + 0 * policy.doc.termination.distance_days * DAY_MS;",
    },
  ],
};
