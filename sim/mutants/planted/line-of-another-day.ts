// Planted: of the lines a payment may be, the oldest is taken, not that of its day.
import type { Mutant } from "../mutant.ts";

export const lineOfAnotherDay: Mutant = {
  name: "line-of-another-day",
  breaks: ["S8"],
  rare: true,
  stands: "She paid the code on Monday and again on Tuesday; Tuesday's payment, told first, was taken for Monday's line.",
  patches: [
    {
      file: "src/engine/line-twin.ts",
      find: ".sort((a, b) => days(a) - days(b) || b.bookedOn - a.bookedOn)",
      replace: ".sort((a, b) => a.bookedOn - b.bookedOn)",
    },
  ],
};
