// Planted: money lifts a suspension that was not for money.
import type { Mutant } from "../mutant.ts";

export const abuseLiftedByPayment: Mutant = {
  name: "abuse-lifted-by-payment",
  breaks: ["S12"],
  stands:
    "The account had been taken down for phishing; its owner paid the open invoice, and the page was back before the complaint was answered.",
  patches: [
    {
      file: "src/policy/access.ts",
      find: 'const other = holds.find((h) => h.kind !== "overdue");',
      replace: 'const other = facts.invoices.length === 0 ? undefined : holds.find((h) => h.kind !== "overdue");',
    },
  ],
};
