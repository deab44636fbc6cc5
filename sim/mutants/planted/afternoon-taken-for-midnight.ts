// Planted: a payment of any hour may be the line of the day before or after, not only one near midnight.
import type { Mutant } from "../mutant.ts";

export const afternoonTakenForMidnight: Mutant = {
  name: "afternoon-taken-for-midnight",
  breaks: ["S8"],
  rare: true,
  stands:
    "He paid the code on Monday afternoon and again on Tuesday; Monday's payment was put to Tuesday's line, and Monday's line was left over.",
  patches: [{ file: "src/engine/line-twin.ts", find: "boolean => paidAt === null || zone", replace: "boolean => paidAt !== 0 || zone" }],
};
