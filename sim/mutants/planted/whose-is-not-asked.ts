// Planted: a number in a request is taken as it comes, whosever it is.
import type { Mutant } from "../mutant.ts";

export const whoseIsNotAsked: Mutant = {
  name: "whose-is-not-asked",
  breaks: ["S13"],
  stands: "The number in the address bar was counted up by one: a dispute of a stranger's invoice, opened from one's own page.",
  patches: [
    {
      file: "src/engine/report-receipts.ts",
      find: "const strange = byCustomer !== undefined && byInvoice !== byCustomer;",
      replace: "const strange = false;",
    },
    {
      file: "src/engine/place-hold.ts",
      find: "if (request.invoice !== undefined && !invoice) throw new",
      replace: 'if (request.invoice === "") throw new',
    },
    {
      file: "src/engine/ask-cancellation.ts",
      find: 'if (!service) throw new ReguaError("service_unknown", { value: request.service });',
      replace: "if (!service) return;",
    },
  ],
};
