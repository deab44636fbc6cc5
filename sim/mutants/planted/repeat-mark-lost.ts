// Planted: a message that is decided anew forgets that its forerunner may have arrived.
import type { Mutant } from "../mutant.ts";

export const repeatMarkLost: Mutant = {
  name: "repeat-mark-lost",
  breaks: ["S4"],
  stands:
    "Found by this simulator: answer lost, invoice changed, message superseded and decided again under the same Message-ID, without the mark of a repeat.",
  patches: [
    {
      file: "src/engine/claim.ts",
      find: "unknowns: row.unknowns + (before.get(row.id) ?? 0)",
      replace: "unknowns: row.unknowns + 0 * (before.get(row.id) ?? 0)",
    },
  ],
};
