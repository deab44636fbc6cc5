// Planted: a message sent again after a lost answer does not say so.
import type { Mutant } from "../mutant.ts";

export const repeatMarkMissing: Mutant = {
  name: "repeat-mark-missing",
  breaks: ["S4"],
  stands: "The customer held up two identical warnings in court, and nobody could tell which was the repeat.",
  patches: [
    {
      file: "src/jobs/call.ts",
      find: "repeat: row.unknowns > 0,",
      replace: "repeat: false,",
    },
  ],
};
