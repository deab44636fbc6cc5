// Planted: money that is booked leaves no entry.
import type { Mutant } from "../mutant.ts";

export const receiptWithoutEvidence: Mutant = {
  name: "receipt-without-evidence",
  breaks: ["S7"],
  stands: "The dossier showed the warnings and the suspension; of the two part payments between them it knew nothing.",
  patches: [
    {
      file: "src/engine/record-receipts.ts",
      find: "for (const receipt of booked) unit.record(",
      replace: "for (const receipt of booked) if (receipt.credit > 0) unit.record(",
    },
  ],
};
