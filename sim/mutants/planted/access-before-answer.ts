// Planted: the access is written when it is decided, and what the panel answers is not waited for.
import type { Mutant } from "../mutant.ts";

export const accessBeforeAnswer: Mutant = {
  name: "access-before-answer",
  breaks: ["L1", "L2"],
  stands:
    "The billing system showed accounts as suspended and as active that the panel, down for maintenance that morning, had never touched.",
  patches: [
    {
      file: "src/store/changes.ts",
      find: "desired = u.desired, desired_cause = u.cause,",
      replace: "desired = u.desired, actual = u.desired, confirmed = u.desired, desired_cause = u.cause,",
    },
    {
      file: "src/engine/record-outcomes.ts",
      find: 'if ((final && f.task.kind === "message") || exhausted) return',
      replace:
        'if (f.task.kind === "access") return { ...base, state: "done", notBefore: now, answer: reason };\n  if ((final && f.task.kind === "message") || exhausted) return',
    },
    {
      file: "src/engine/record-outcomes.ts",
      find: "seen.push({ ...about, actual, suspendedByUs: maybeOurs, landingUntil, changed: false, ended: false });",
      replace:
        'void actual; seen.push({ ...about, actual: desired, suspendedByUs: desired === "suspended" || maybeOurs, landingUntil, changed: false, ended: true });',
    },
  ],
};
