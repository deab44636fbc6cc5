// Planted: what is left of a payment is nobody's.
import type { Mutant } from "../mutant.ts";

export const overpaymentDropped: Mutant = {
  name: "overpayment-dropped",
  breaks: ["S8"],
  stands: "Customers who paid by standing order paid a real too much for a year; the books had no line for it.",
  patches: [
    {
      file: "src/ledger/allocate.ts",
      find: "return { allocations, credit: left };",
      replace: "return { allocations, credit: 0 };",
    },
  ],
};
