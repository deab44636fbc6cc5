// Planted: money that the gateway gave back stays a payment.
import type { Mutant } from "../mutant.ts";

export const refundAtTheGatewayUnheard: Mutant = {
  name: "refund-at-the-gateway-unheard",
  breaks: ["S8"],
  stands: "A Pix was returned by the fraud mechanism of the banks; the site stayed up for the rest of the year, paid for by nobody.",
  patches: [
    {
      file: "src/engine/record-gateway-payment.ts",
      find: "if (gone > receipt.returned) {",
      replace: "if (gone > receipt.returned && told.chargedBack) {",
    },
  ],
};
