// Planted: a proof that a person has still to look at protects nothing.
import type { Mutant } from "../mutant.ts";

export const reviewIgnored: Mutant = {
  name: "review-ignored",
  breaks: ["S9"],
  stands: "The boleto had been paid at the counter and its receipt sent in; the site went down while the receipt waited to be read.",
  patches: [
    {
      file: "src/policy/cover.ts",
      find: "if (claim.invoiceId !== invoice.id || now >= claim.reviewUntil) continue;",
      replace: "if (claim.invoiceId !== invoice.id || now >= claim.reviewUntil || claim.releaseUntil === null) continue;",
    },
  ],
};
