// Planted: a payment is marked as seen before it is booked.
import type { Mutant } from "../mutant.ts";

export const eventSwallowed: Mutant = {
  name: "event-swallowed",
  breaks: ["L3", "S8"],
  stands:
    'The webhook was answered with 200, the process was restarted by a deployment, and when the gateway came again the payment was "known already".',
  patches: [
    {
      file: "src/engine/record-receipts.ts",
      find: "await claimReceipts(unit, candidates)",
      replace: "await claimReceipts({ ...unit, trx: engine.db as never }, candidates)",
    },
  ],
};
