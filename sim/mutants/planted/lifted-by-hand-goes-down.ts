// Planted: what stood by another's hand when it was decided goes down again, at whatever hour the panel is asked.
import type { Mutant } from "../mutant.ts";

export const liftedByHandGoesDown: Mutant = {
  name: "lifted-by-hand-goes-down",
  breaks: ["S6"],
  rare: true,
  stands: "An operator gave the account back during the dispute; when the panel answered again, on a Sunday night, we took it down.",
  patches: [
    {
      file: "src/jobs/call.ts",
      find: 'service.confirmed !== "active"',
      replace: 'service.confirmed === "absent"',
    },
  ],
};
