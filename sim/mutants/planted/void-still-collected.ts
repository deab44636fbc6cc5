// Planted: an invoice that was cancelled is still collected.
import type { Mutant } from "../mutant.ts";

export const voidStillCollected: Mutant = {
  name: "void-still-collected",
  breaks: ["S1", "S6"],
  stands: "The invoice had been issued by mistake and voided within the hour; its warning came on the fourth day all the same.",
  patches: [
    {
      file: "src/store/facts.ts",
      find: "FROM invoice WHERE customer_id = ANY(${ids}::bigint[]) AND state = 'open'",
      replace: "FROM invoice WHERE customer_id = ANY(${ids}::bigint[]) AND state IN ('open', 'void')",
    },
    {
      file: "src/store/facts.ts",
      find: "AND i.invoice_id = n.invoice_id AND i.state = 'open'",
      replace: "AND i.invoice_id = n.invoice_id AND i.state IN ('open', 'void')",
    },
  ],
};
