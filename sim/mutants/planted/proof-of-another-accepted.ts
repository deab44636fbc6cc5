// Planted: a proof is looked at by itself, and never beside those that were sent before.
import type { Mutant } from "../mutant.ts";

export const proofOfAnotherAccepted: Mutant = {
  name: "proof-of-another-accepted",
  breaks: ["L5"],
  stands: "One well-made receipt went round in a group of customers: forty sites came back with it on one afternoon.",
  patches: [
    {
      file: "src/proofs/checks-origin.ts",
      find: 'if (before.includes("other_customer")) return says("same_file", "contradicts", "other_customer");',
      replace: "",
    },
    {
      file: "src/proofs/checks-origin.ts",
      find: 'if (before.includes("other_customer")) return against(ground, "same_codes", "other_customer", { id: value });',
      replace: "",
    },
  ],
};
