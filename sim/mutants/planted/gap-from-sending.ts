// Planted: the time between warning and suspension counts from our sending, not from the server's acceptance.
import type { Mutant } from "../mutant.ts";

export const gapFromSending: Mutant = {
  name: "gap-from-sending",
  breaks: ["S5"],
  stands:
    "The warning stood in the queue of a mail server that was down for twenty hours; the suspension came four hours after it was read.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "announced + step.gapMs, (invoice.reopenedAt",
      replace: "(invoice.reopenedAt",
    },
  ],
};
