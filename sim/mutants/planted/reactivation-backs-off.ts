// Planted: who has paid waits for the panel as long as any other call: up to an hour.
import type { Mutant } from "../mutant.ts";

export const reactivationBacksOff: Mutant = {
  name: "reactivation-backs-off",
  breaks: ["S2"],
  stands: "The panel was back after its eighth refusal, and the customer who had paid was reactivated fifty minutes later.",
  patches: [
    {
      file: "src/engine/record-outcomes.ts",
      find: "? longestWait(task.service, now, REACTIVATION_MAX_MS) : HOUR_MS;",
      replace: "? longestWait(task.service, now, HOUR_MS) : HOUR_MS;",
    },
  ],
};
