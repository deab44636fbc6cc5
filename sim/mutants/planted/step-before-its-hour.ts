// Planted: a step's day begins in UTC.
import type { Mutant } from "../mutant.ts";

export const stepBeforeItsHour: Mutant = {
  name: "step-before-its-hour",
  breaks: ["S6"],
  stands: "The reminders of the third day went out on the evening of the second.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "return policy.zone.at(base, step.minute);",
      replace: "return base * DAY_MS + step.minute * 60_000;",
    },
  ],
};
