// Planted: a few cents take a site down.
import type { Mutant } from "../mutant.ts";

export const smallRemainderSuspends: Mutant = {
  name: "small-remainder-suspends",
  breaks: ["S1"],
  stands: "A bank had kept 37 cents of a transfer as a fee.",
  patches: [
    {
      file: "src/policy/cover.ts",
      find: "if (invoice.open <= policy.smallRemainder)",
      replace: "if (invoice.open <= 0)",
    },
  ],
};
