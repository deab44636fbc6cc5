// Planted: a statement that names our code and no Pix came before the gateway's word, and the same money is booked again.
import type { Mutant } from "../mutant.ts";

export const lineOfOurCodeTwice: Mutant = {
  name: "line-of-our-code-twice",
  breaks: ["S8"],
  stands:
    "The bank printed the txid and not the EndToEndId; imported at seven, before the webhook that had been late, it gave a month for free.",
  patches: [
    {
      file: "src/engine/record-gateway-payment.ts",
      find: "const twin = await receiptOfLine(unit, reading, owner);",
      replace: "const twin = null as number | null;",
    },
    {
      file: "src/engine/record-gateway-payments.ts",
      find: "return withoutLines(engine, news);",
      replace: "return news;",
    },
  ],
};
