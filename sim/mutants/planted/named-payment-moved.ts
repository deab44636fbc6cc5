// Planted: money that names an invoice pays the oldest one.
import type { Mutant } from "../mutant.ts";

export const namedPaymentMoved: Mutant = {
  name: "named-payment-moved",
  breaks: ["S8"],
  stands: "A customer paid the invoice of the shop and not of the abandoned blog; the blog stayed up and the shop went down.",
  patches: [
    {
      file: "src/ledger/allocate.ts",
      find: "named === null ? [...invoices]",
      replace: 'named !== "" ? [...invoices]',
    },
  ],
};
