// Planted: a review that nobody ends stays open.
import type { Mutant } from "../mutant.ts";

export const claimNeverExpires: Mutant = {
  name: "claim-never-expires",
  breaks: ["L5"],
  stands: "A receipt photographed from another bank's screen kept a site up for seven months: nobody had looked at it.",
  patches: [
    {
      file: "src/policy/promises.ts",
      find: "const running = facts.claims.filter((claim) => now < claim.reviewUntil);",
      replace: "const running = facts.claims;",
    },
    {
      file: "src/policy/promises.ts",
      find: ".filter((claim) => now >= claim.reviewUntil)",
      replace: ".filter(() => false)",
    },
  ],
};
