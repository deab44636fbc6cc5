// Planted: the same payment told twice is booked twice.
import type { Mutant } from "../mutant.ts";

export const dedupeKeyMissing: Mutant = {
  name: "dedupe-key-missing",
  breaks: ["S8", "L3"],
  stands: "The gateway repeated its webhook after a slow answer, and the second copy paid the next month's invoice.",
  patches: [
    {
      file: "src/store/money-keys.ts",
      find: "return new Set(rows.map((row) => row.id));",
      replace: "void rows;\n  return new Set(claims.map((claim) => claim.id));",
    },
  ],
};
