// Planted: a warning that bounced counts as a warning.
import type { Mutant } from "../mutant.ts";

export const undeliverableCounts: Mutant = {
  name: "undeliverable-counts",
  breaks: ["S5"],
  needs: ["mail_5xx"],
  stands: "The address had a typing error since 2019; the customer learned of the debt from his visitors.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: 'notice.warning && notice.state === "accepted" && notice.endedAt',
      replace: 'notice.warning && notice.state !== "superseded" && notice.endedAt',
    },
    {
      file: "src/policy/ladder.ts",
      find: '? { kind: "failed", at: last.endedAt ?? last.decidedAt }',
      replace: '? { kind: "done", at: last.endedAt ?? last.decidedAt }',
    },
    // Nor is a suspension taken back whose warning nobody got: whoever believes the one does not look for the other.
    { file: "src/policy/ladder.ts", find: 'back ||= notice.state === "undeliverable";', replace: "" },
  ],
};
