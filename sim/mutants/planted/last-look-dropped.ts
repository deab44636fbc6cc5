// Planted: what was claimed is called without looking again.
import type { Mutant } from "../mutant.ts";

export const lastLookDropped: Mutant = {
  name: "last-look-dropped",
  breaks: ["S1", "S9", "S6"],
  stands:
    "Thirty suspensions were claimed together and done one after another; the payment that came for the last one was forty seconds old when its site went down.",
  patches: [
    {
      file: "src/engine/still-wanted.ts",
      find: "if (row.version === task.judged.version && now - task.judged.at < FRESH_MS) return true;",
      replace: "if (row.version >= 0) return true;",
    },
  ],
};
