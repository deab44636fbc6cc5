// Planted: a statement's line is booked by what was found before its customer was taken; a payment told in between is not looked for.
import type { Mutant } from "../mutant.ts";

export const toldWhileImported: Mutant = {
  name: "told-while-imported",
  breaks: ["S8"],
  rare: true,
  needs: ["event_during_statement", "event_lost", "event_late"],
  stands: "The webhook came while the bank's file was being read; he paid once, and the books had it twice.",
  patches: [
    {
      file: "src/engine/import-statement.ts",
      find: "if (!(await desk.stands(trx, [...matched])))",
      replace: "if (!(await desk.stands(trx, [...matched].slice(matched.size))))",
    },
  ],
};
