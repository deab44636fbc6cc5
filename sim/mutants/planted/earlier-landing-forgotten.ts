// Planted: a call that was given up is forgotten as soon as another one was answered.
import type { Mutant } from "../mutant.ts";

export const earlierLandingForgotten: Mutant = {
  name: "earlier-landing-forgotten",
  breaks: ["S2", "L2"],
  needs: ["panel_slow", "payment_during_call"],
  stands:
    "A suspension was given up, the next one was answered, the customer paid and was up again: then the first one was carried out, and nobody looked.",
  patches: [
    {
      file: "src/engine/landing.ts",
      find: "if (landingUntil === null || now >= landingUntil) return null;",
      replace: 'if (landingUntil === null || now >= landingUntil || service.actual !== "unknown") return null;',
    },
  ],
};
