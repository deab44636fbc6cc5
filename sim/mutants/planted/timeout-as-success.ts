// Planted: a call without an answer is taken for one that was done.
import type { Mutant } from "../mutant.ts";

export const timeoutAsSuccess: Mutant = {
  name: "timeout-as-success",
  breaks: ["S4", "L2", "L1"],
  stands: "“Message sent”, said the log of a mail server that had dropped the connection before the last line.",
  patches: [
    {
      file: "src/jobs/call.ts",
      find: "outcome: await guarded(() => send(task, outside, setting)) };",
      replace: 'outcome: assumed(await guarded(() => send(task, outside, setting)), { response: "", server: "" }) };',
    },
    {
      file: "src/jobs/call.ts",
      find: "outcome: await guarded(() => setAccess(task, panel, lastLook)) };",
      replace:
        "outcome: assumed(await guarded(() => setAccess(task, panel, lastLook)), { state: { access: task.desired } as AccountState, ours: true }) };",
    },
    {
      file: "src/jobs/call.ts",
      find: "async function guarded<T>(",
      replace:
        'function assumed<T>(outcome: Outcome<T>, value: T): Outcome<T> {\n  return outcome.outcome === "unknown" ? done(value) : outcome;\n}\n\nasync function guarded<T>(',
    },
  ],
};
