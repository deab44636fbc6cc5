// Planted: every new proof of the same debt gives access again.
import type { Mutant } from "../mutant.ts";

export const claimReleasesTwice: Mutant = {
  name: "claim-releases-twice",
  breaks: ["S9", "L5"],
  stands: "A customer sent the same screenshot every Friday and never paid: each one released the site for the weekend.",
  patches: [
    {
      file: "src/engine/open-claim.ts",
      find: "const releaseUntil = again ? null : request.releaseUntil;",
      replace: "void again;\n    const { releaseUntil } = request;",
    },
  ],
};
