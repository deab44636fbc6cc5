// Planted: two workers take the same row.
import type { Mutant } from "../mutant.ts";

export const leaseNotAsked: Mutant = {
  name: "lease-not-asked",
  breaks: ["S4"],
  stands: "The second server was switched on for the busy season, and every customer had every reminder twice.",
  patches: [
    {
      file: "src/store/outbox.ts",
      find: "AND (lease_until IS NULL OR lease_until < ${ts(options.motorNow)})",
      replace: "",
    },
    {
      file: "src/store/outbox.ts",
      find: "AND (o.lease_until IS NULL OR o.lease_until < ${ts(lease.motorNow)})",
      replace: "",
    },
  ],
};
