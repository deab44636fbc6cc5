// Planted: what a card paid is taken for a line of the statement that carries a Pix code.
import type { Mutant } from "../mutant.ts";

export const cardTakenForTheLine: Mutant = {
  name: "card-taken-for-the-line",
  breaks: ["S8"],
  rare: true,
  stands:
    "She paid by Pix, saw nothing come, and paid by card as well; the bank's line was put to the card, and the Pix was nobody's for good.",
  patches: [
    { file: "src/ledger/match.ts", find: '!(each.method === "card" && by !== null),', replace: "true," },
    { file: "src/ledger/match.ts", find: "(itself && !other) }", replace: "itself }" },
  ],
};
