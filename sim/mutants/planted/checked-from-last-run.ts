// Planted: the next look is a day after the last one, and not when the facts say.
import type { Mutant } from "../mutant.ts";

export const checkedFromLastRun: Mutant = {
  name: "checked-from-last-run",
  breaks: ["L1", "S2", "L6"],
  stands: "The nightly job ran at 21:40 ever since it was restarted by hand: inside the quiet hours, so nobody was warned any more.",
  patches: [
    {
      file: "src/engine/plan.ts",
      find: "const { nextCheckAt } = decision;",
      replace: "const nextCheckAt = decision.nextCheckAt === null ? null : decision.at + 86_400_000;",
    },
  ],
};
