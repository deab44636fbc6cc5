// Planted: a promise is recorded and protects nothing.
import type { Mutant } from "../mutant.ts";

export const promiseForgotten: Mutant = {
  name: "promise-forgotten",
  breaks: ["S9"],
  stands: "“Pay by Friday, you have my word”, said the help desk on Wednesday; the robot suspended on Thursday.",
  patches: [
    {
      file: "src/policy/cover.ts",
      find: "if (!promise.invoiceIds.includes(invoice.id)) continue;",
      replace: "if (promise.id > 0) continue;",
    },
  ],
};
