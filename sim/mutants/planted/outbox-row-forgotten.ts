// Planted: of several things decided together only the first is queued.
import type { Mutant } from "../mutant.ts";

export const outboxRowForgotten: Mutant = {
  name: "outbox-row-forgotten",
  breaks: ["S10", "L4"],
  stands: "Who owed for two services was told of one.",
  patches: [
    {
      file: "src/store/changes.ts",
      find: "for (const row of change.outbox)",
      replace: "for (const row of change.outbox.slice(0, 1))",
    },
  ],
};
