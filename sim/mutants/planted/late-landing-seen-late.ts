// Planted: after a lost answer the account of who paid is looked at when everything must have landed, and not before.
import type { Mutant } from "../mutant.ts";

export const lateLandingSeenLate: Mutant = {
  name: "late-landing-seen-late",
  breaks: ["S2"],
  needs: ["panel_slow", "payment_during_call"],
  stands: "Paid at 9:08, taken down at 9:12 by a call that had been given up at 9:03, and found at 9:23.",
  patches: [
    {
      file: "src/engine/landing.ts",
      find: "const LOOK_EACH_MS = 2 * MINUTE_MS;",
      replace: "const LOOK_EACH_MS = LANDED_BY_MS;",
    },
  ],
};
