// Planted: what two persons approved is carried out without looking again.
import type { Mutant } from "../mutant.ts";

export const terminationWithoutLook: Mutant = {
  name: "termination-without-look",
  breaks: ["S11"],
  needs: ["payment_between", "news_between", "payment_during_call", "news_during_call"],
  stands: "The payment came while the accounts before it were being removed; nobody looked up from the list.",
  patches: [
    {
      file: "src/engine/still-wanted.ts",
      find: "if (!row) return false;",
      replace: 'if (!row) return false;\n  if (task.kind === "terminate") return true;',
    },
  ],
};
