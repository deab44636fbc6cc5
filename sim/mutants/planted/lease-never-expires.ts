// Planted: what a dead worker held stays held.
import type { Mutant } from "../mutant.ts";

export const leaseNeverExpires: Mutant = {
  name: "lease-never-expires",
  breaks: ["S10"],
  stands: "A worker was killed for its memory with sixty notices in hand. They were found in spring.",
  patches: [
    {
      file: "src/store/outbox.ts",
      find: "AND (lease_until IS NULL OR lease_until < ${ts(options.motorNow)})",
      replace: "AND lease_until IS NULL",
    },
    {
      file: "src/store/outbox.ts",
      find: "AND (o.lease_until IS NULL OR o.lease_until < ${ts(lease.motorNow)})",
      replace: "AND o.lease_until IS NULL",
    },
  ],
};
