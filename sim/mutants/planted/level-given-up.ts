// Planted: a panel that refused three times is not asked again.
import type { Mutant } from "../mutant.ts";

export const levelGivenUp: Mutant = {
  name: "level-given-up",
  breaks: ["S10", "L2", "S2"],
  stands:
    "The panel's licence had lapsed overnight; in the morning it was renewed, and nobody reactivated the customers who had paid meanwhile.",
  patches: [
    {
      file: "src/engine/record-outcomes.ts",
      find: 'const exhausted = f.task.kind === "message" && row.attempts >= MESSAGE_ATTEMPTS_MAX;',
      replace: 'const exhausted = row.attempts >= (f.task.kind === "message" ? MESSAGE_ATTEMPTS_MAX : 3);',
    },
  ],
};
