// Planted: a panel that does not answer is taken for one that says “active”.
import type { Mutant } from "../mutant.ts";

export const suspendsUnread: Mutant = {
  name: "suspends-unread",
  breaks: ["S14"],
  stands: "The panel was half restored from a backup; every account it could not read was suspended once more.",
  patches: [
    {
      file: "src/jobs/call.ts",
      find: "const before = await panel.read(service.account, context);",
      replace:
        'const answer = await panel.read(service.account, context);\n  const before = answer.outcome === "done" ? answer : done({ access: "active" } as AccountState);',
    },
    {
      file: "src/jobs/call.ts",
      find: '  if (before.outcome !== "done") return refused(before.reason, true);\n',
      replace: "",
    },
  ],
};
