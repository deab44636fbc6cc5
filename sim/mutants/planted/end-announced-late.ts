// Planted: the time between the announcement of an end and the end counts from our sending, not from the server's acceptance.
import type { Mutant } from "../mutant.ts";

export const endAnnouncedLate: Mutant = {
  name: "end-announced-late",
  breaks: ["S5"],
  rare: true,
  stands:
    "The scheduler slept for three days between deciding to announce the end and sending it; the site was gone the morning after the letter.",
  patches: [
    {
      file: "src/policy/ladder.ts",
      find: "announced + step.gapMs, (invoice.reopenedAt",
      replace: '(step.act === "suspend" ? announced : 0) + step.gapMs, (invoice.reopenedAt',
    },
  ],
};
