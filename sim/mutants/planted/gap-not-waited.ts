// Planted: the suspension does not wait for the time after the warning.
import type { Mutant } from "../mutant.ts";

export const gapNotWaited: Mutant = {
  name: "gap-not-waited",
  breaks: ["S5"],
  stands: "Warned at nine, suspended at nine: the step's day had come, and nobody had asked when the warning had gone out.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "if (now < earliest) return stop",
      replace: 'if (step.act !== "suspend" && now < earliest) return stop',
    },
  ],
};
