// Planted: the program's own proposal counts as the first of the two signatures.
import type { Mutant } from "../mutant.ts";

export const oneApprover: Mutant = {
  name: "one-approver",
  breaks: ["S11"],
  stands: "One clerk clicked “confirm” on a list that the program had drawn up, and a shop's eleven years of orders were gone.",
  patches: [
    {
      file: "src/engine/approve-termination.ts",
      find: "const second = proposal.firstBy !== null;",
      replace: "const second = true;",
    },
    {
      file: "src/store/terminations.ts",
      find: "SET second_by = ${signature.by}, second_at = ${at}, state",
      replace: "SET first_by = COALESCE(first_by, 'regua'), second_by = ${signature.by}, second_at = ${at}, state",
    },
  ],
};
