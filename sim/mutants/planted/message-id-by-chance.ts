// Planted: each time a message is made it has another Message-ID.
import type { Mutant } from "../mutant.ts";

export const messageIdByChance: Mutant = {
  name: "message-id-by-chance",
  breaks: ["D1"],
  stands:
    "After a lost answer the customer had the same warning twice, as two different messages: no mail program could fold them into one.",
  twice: true,
  patches: [
    {
      file: "src/engine/plan.ts",
      find: "return `<${sha256(`${customerRef} ${key}`)",
      replace: "return `<${sha256(`${customerRef} ${key} ${Math.random()}`)",
    },
  ],
};
