// Planted: a decision is good for as long as nothing is told, however slow the calls before it are.
import type { Mutant } from "../mutant.ts";

export const lookKeepsNoTime: Mutant = {
  name: "look-keeps-no-time",
  breaks: ["S6"],
  stands: "Judged on Friday at 11:59, called behind slow accounts at three minutes past noon.",
  patches: [
    {
      file: "src/engine/still-wanted.ts",
      find: "&& now - task.judged.at < FRESH_MS",
      replace: "",
    },
  ],
};
