// Planted: a proof of an order for later gives access as one of a payment does.
import type { Mutant } from "../mutant.ts";

export const scheduledTakenAsPaid: Mutant = {
  name: "scheduled-taken-as-paid",
  breaks: ["L5"],
  stands: "Comprovante de agendamento: the site came back on Friday, and on Monday the customer had called the Pix off.",
  patches: [{ file: "src/proofs/judge.ts", find: "    return leniency.scheduled;", replace: '    return "release";' }],
};
