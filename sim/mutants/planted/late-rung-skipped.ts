// Planted: a reminder whose day is over is left out.
import type { Mutant } from "../mutant.ts";

export const lateRungSkipped: Mutant = {
  name: "late-rung-skipped",
  breaks: ["S6"],
  stands: "The job missed a night; the customer's first letter said that the site would be suspended the next day.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: 'return step.act === "notify" && (step.day === "issued" || step.day <= 0);',
      replace: 'return step.act === "notify";',
    },
  ],
};
