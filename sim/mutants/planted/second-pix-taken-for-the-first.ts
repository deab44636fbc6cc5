// Planted: what is paid under a code of ours is one payment, however many EndToEndIds there are.
import type { Mutant } from "../mutant.ts";

export const secondPixTakenForTheFirst: Mutant = {
  name: "second-pix-taken-for-the-first",
  breaks: ["S8", "L3"],
  rare: true,
  stands: "A customer paid the same code by mistake two days in a row, and was told for weeks that only one payment had come.",
  patches: [
    { file: "src/ledger/match.ts", find: "!(each.isPix && money.endToEndId !== null) &&", replace: "true &&" },
    { file: "src/ledger/match.ts", find: "sure: receipt.declared || (itself && !other) }", replace: "sure: true }" },
  ],
};
