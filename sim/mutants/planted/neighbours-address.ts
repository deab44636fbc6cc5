// Planted: in a batch everybody's mail goes to the address of the first.
import type { Mutant } from "../mutant.ts";

export const neighboursAddress: Mutant = {
  name: "neighbours-address",
  breaks: ["S13"],
  stands: "A variable kept its value from the row before: forty customers' invoices went to the one who came first in the alphabet.",
  patches: [
    {
      file: "src/store/facts.ts",
      find: "addresses: addressesOf(row, channels),",
      replace: "addresses: addressesOf(customers[0] ?? row, channels),",
    },
  ],
};
