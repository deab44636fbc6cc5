// Planted: a call without an answer is taken for one that was not made.
import type { Mutant } from "../mutant.ts";

export const timeoutAsFailure: Mutant = {
  name: "timeout-as-failure",
  breaks: ["S4", "L2"],
  stands: "The panel had suspended and then timed out; our records said “active”, so the payment had nothing to undo.",
  patches: [
    {
      file: "src/engine/record-outcomes.ts",
      find: 'unknown: f.outcome.outcome === "unknown", endedAt',
      replace: "unknown: false, endedAt",
    },
    {
      file: "src/engine/record-outcomes.ts",
      find: 'const maybeOurs = service.suspendedByUs || (desired === "suspended" && f.outcome.outcome === "unknown");',
      replace: "const maybeOurs = service.suspendedByUs;",
    },
    {
      file: "src/engine/record-outcomes.ts",
      find: 'const actual = f.outcome.outcome === "unknown" || service.actual === "unknown" ? null : service.actual;',
      replace: "const actual = service.confirmed;",
    },
  ],
};
