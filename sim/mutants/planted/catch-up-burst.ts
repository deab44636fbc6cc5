// Planted: after an outage the late steps go out together.
import type { Mutant } from "../mutant.ts";

export const catchUpBurst: Mutant = {
  name: "catch-up-burst",
  breaks: ["S6"],
  stands:
    "The scheduler stood still from Friday to Tuesday; on Tuesday at nine customers had the reminder and the warning in the same minute.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "if (now < earliest) return stop",
      replace: 'if (step.act === "suspend" && now < earliest) return stop',
    },
  ],
};
