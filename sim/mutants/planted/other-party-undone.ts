// Planted: any suspension counts as ours.
import type { Mutant } from "../mutant.ts";

export const otherPartyUndone: Mutant = {
  name: "other-party-undone",
  breaks: ["S12"],
  stands: "The abuse desk had taken down a site that sent viruses; the customer paid an invoice, and it was up again within the minute.",
  patches: [
    {
      file: "src/jobs/call.ts",
      find: 'if (state.by !== "unknown") return state.by === "us";',
      replace: 'if (state.by !== "unknown") return true;',
    },
  ],
};
