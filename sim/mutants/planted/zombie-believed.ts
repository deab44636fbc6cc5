// Planted: a worker that lost its lease still has its word.
import type { Mutant } from "../mutant.ts";

export const zombieBelieved: Mutant = {
  name: "zombie-believed",
  breaks: ["S4", "S10"],
  stands: "A virtual machine was paused for a backup; when it went on, it reported as failed what its successor had done.",
  patches: [
    {
      file: "src/store/outbox.ts",
      find: "WHERE o.customer_id = u.customer AND o.outbox_id = u.id AND o.lease = ${token}",
      replace: "WHERE o.customer_id = u.customer AND o.outbox_id = u.id",
    },
  ],
};
