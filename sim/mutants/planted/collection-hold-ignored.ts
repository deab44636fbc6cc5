// Planted: a hold on collection stops nothing.
import type { Mutant } from "../mutant.ts";

export const collectionHoldIgnored: Mutant = {
  name: "collection-hold-ignored",
  breaks: ["S9"],
  stands: "The dispute was on file, with its date and the name of who had agreed to it; the suspension went ahead.",
  patches: [
    {
      file: "src/policy/cover.ts",
      find: 'if (hold.effect !== "collection" || !holdRuns(hold, now)) continue;',
      replace: "if (hold.id > 0) continue;",
    },
  ],
};
