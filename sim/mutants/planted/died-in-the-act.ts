// Planted: that a suspension is about to be asked for is not written down before.
import type { Mutant } from "../mutant.ts";

export const diedInTheAct: Mutant = {
  name: "died-in-the-act",
  breaks: ["L2", "S2"],
  stands:
    "The worker died between the panel's work and its own note; the customer paid, and by our records there was nothing of ours to undo.",
  patches: [
    {
      file: "src/store/outbox.ts",
      find: "SET actual = 'unknown', suspended_by_us = true",
      replace: "SET actual = actual",
    },
  ],
};
