// Planted: a bank line is known by the number of the line, and never by the Pix that it is.
import type { Mutant } from "../mutant.ts";

export const pixKnownByItsLineOnly: Mutant = {
  name: "pix-known-by-its-line-only",
  breaks: ["S8"],
  stands:
    "The gateway told of a Pix at noon and the bank in the evening: the customer had paid twice, said the books, and the credit was given back.",
  patches: [
    {
      file: "src/engine/import-statement.ts",
      find: '...(line.endToEndId === null ? [] : [{ kind: "end_to_end" as const, value: line.endToEndId }]),',
      replace: "",
    },
  ],
};
