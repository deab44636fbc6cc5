// Planted: who sent a forged proof before is believed like everybody else.
import type { Mutant } from "../mutant.ts";

export const forgerForgotten: Mutant = {
  name: "forger-forgotten",
  breaks: ["L5"],
  stands: "The same customer was released by a new forgery each month, three days at a time.",
  patches: [{ file: "src/proofs/judge.ts", find: '  if (leniency.forgedBefore) return "person";\n', replace: "" }],
};
