// Planted: several calls for one service are under way at once.
import type { Mutant } from "../mutant.ts";

export const noServiceSerialisation: Mutant = {
  name: "no-service-serialisation",
  breaks: ["S3", "S12", "L2"],
  needs: ["second_worker", "payment_during_call"],
  stands: "The late answer to a suspension arrived after the reactivation: paid, and down again.",
  patches: [
    {
      file: "src/store/outbox.ts",
      find: "AND (s.call_lease_until IS NULL OR s.call_lease_until < ${ts(lease.motorNow)})",
      replace: "",
    },
  ],
};
