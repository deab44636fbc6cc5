// Planted: one unpaid invoice takes down every service of the customer.
import type { Mutant } from "../mutant.ts";

export const suspensionSpreads: Mutant = {
  name: "suspension-spreads",
  breaks: ["S1"],
  stands: "The domain of a club was unpaid; the shop of its treasurer, paid for the year, went down with it.",
  patches: [
    {
      file: "src/policy/access.ts",
      find: "(h.serviceId === null || h.serviceId === service.id)",
      replace: '(h.kind === "overdue" || h.serviceId === null || h.serviceId === service.id)',
    },
  ],
};
