// Planted: who has paid is reactivated by the nightly run.
import type { Mutant } from "../mutant.ts";

export const reactivationByNight: Mutant = {
  name: "reactivation-by-night",
  breaks: ["S2"],
  stands: "Paid by Pix at ten past nine, reactivated at three the next morning, when the daily job came by.",
  patches: [
    {
      file: "src/engine/plan.ts",
      find: "      notBefore: decision.at,\n",
      replace: '      notBefore: intent.desired === "active" ? decision.at + 18 * 3_600_000 : decision.at,\n',
    },
  ],
};
