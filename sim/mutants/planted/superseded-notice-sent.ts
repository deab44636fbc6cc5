// Planted: a notice leaves although it is no longer right.
import type { Mutant } from "../mutant.ts";

export const supersededNoticeSent: Mutant = {
  name: "superseded-notice-sent",
  breaks: ["S6"],
  stands: "“Your invoice is overdue”, two hours after it was paid: the message had been waiting in the queue.",
  patches: [
    {
      file: "src/engine/sift.ts",
      find: '? { kind: "message", row, payload } : "superseded";',
      replace: '|| row.id > 0 ? { kind: "message", row, payload } : "superseded";',
    },
  ],
};
