// Planted: an entry is made prettier after it was hashed.
import type { Mutant } from "../mutant.ts";

export const evidenceRewritten: Mutant = {
  name: "evidence-rewritten",
  breaks: ["S7"],
  stands: 'Somebody corrected an amount in the log "because it was wrong": in court nothing in it was believed.',
  patches: [
    {
      file: "src/store/changes.ts",
      find: "entry: entry.text });",
      replace: 'entry: entry.kind === "receipt" ? entry.text.replace(\'"credit_cents":0\', \'"credit_cents":1\') : entry.text });',
    },
  ],
};
