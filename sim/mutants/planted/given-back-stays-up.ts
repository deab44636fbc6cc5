// Planted: a ladder goes on from its highest rung, whether or not the suspension below it still stands.
import type { Mutant } from "../mutant.ts";

export const givenBackStaysUp: Mutant = {
  name: "given-back-stays-up",
  breaks: ["L1"],
  needs: ["receipt_refunded", "mail_5xx", "mail_lost_after"],
  stands:
    "A payment was charged back after the end of the service had been announced: the invoice was open again, and the service stayed up.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "if (down !== null && walk.targets",
      replace: "if (Boolean(down === null) && down !== null && walk.targets",
    },
  ],
};
