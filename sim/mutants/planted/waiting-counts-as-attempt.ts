// Planted: a row that waits for another call of its service is counted as tried.
import type { Mutant } from "../mutant.ts";

export const waitingCountsAsAttempt: Mutant = {
  name: "waiting-counts-as-attempt",
  breaks: ["S2"],
  stands: "Five looks at a busy service, then one refusal, and the next attempt was an hour away.",
  patches: [
    {
      file: "src/store/outbox.ts",
      find: "attempts = o.attempts - (NOT u.tried)::int, ",
      replace: "",
    },
  ],
};
