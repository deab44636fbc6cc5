// Planted: a deadline that passes changes nothing.
import type { Mutant } from "../mutant.ts";

export const promiseNeverEnds: Mutant = {
  name: "promise-never-ends",
  breaks: ["L6", "L1"],
  stands: "Releases on trust from two years ago were found running; the customers had left long since.",
  patches: [
    {
      file: "src/policy/promises.ts",
      find: 'judged.ended.push({ promiseId: promise.id, protocol: promise.protocol, end: "broken", because });',
      replace: "void because;\n    judged.running.push(promise);",
    },
  ],
};
