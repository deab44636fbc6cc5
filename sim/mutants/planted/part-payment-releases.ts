// Planted: any payment gives access back for good.
import type { Mutant } from "../mutant.ts";

export const partPaymentReleases: Mutant = {
  name: "part-payment-releases",
  breaks: ["L1"],
  stands: "Ten reais brought back a site that owed four hundred, and the ladder never looked at it again.",
  patches: [
    {
      file: "src/policy/cover.ts",
      find: "if (invoice.open <= policy.smallRemainder)",
      replace: "if (invoice.open <= policy.smallRemainder || invoice.open < invoice.amount)",
    },
  ],
};
