// Planted: a chargeback that was won opens the debt for ever.
import type { Mutant } from "../mutant.ts";

export const wonChargebackKeptBack: Mutant = {
  name: "won-chargeback-kept-back",
  breaks: ["S8"],
  stands: "The bank decided for the shop; the customer, who had paid once and lost the dispute, was asked to pay again.",
  patches: [{ file: "src/engine/record-gateway-payment.ts", find: "} else if (back > 0) {", replace: "} else if (back > row.amount) {" }],
};
