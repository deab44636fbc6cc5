// Planted: the notice is counted and the work is queued afterwards, in a second transaction.
import type { Mutant } from "../mutant.ts";

export const attemptBeforeJob: Mutant = {
  name: "attempt-before-job",
  breaks: ["S10", "L4"],
  stands: "A restart during the morning run left four hundred warnings marked as sent that no queue had ever held.",
  patches: [
    {
      file: "src/store/changes.ts",
      find: "    ...insertOutbox(changes),\n",
      replace: "",
    },
    {
      file: "src/store/changes.ts",
      find: "function insertOutbox(changes",
      replace:
        "export async function queueWork(db: unknown, changes: readonly CustomerChange[]): Promise<void> {\n  for (const each of insertOutbox(changes)) await each.execute(db as Trx);\n}\n\nfunction insertOutbox(changes",
    },
    {
      file: "src/engine/evaluate.ts",
      find: "import { writeChanges }",
      replace: "import { queueWork, writeChanges }",
    },
    {
      file: "src/engine/evaluate.ts",
      find: "  for (const change of changes) if (!stale.has(change.customerId)) count(tally, change);",
      replace:
        "  await queueWork(engine.db, changes.filter((change) => !stale.has(change.customerId)));\n  for (const change of changes) if (!stale.has(change.customerId)) count(tally, change);",
    },
    {
      file: "src/engine/change.ts",
      find: "import { writeTaken }",
      replace: "import { queueWork, writeTaken }",
    },
    {
      file: "src/engine/change.ts",
      find: "  if (options.tally) for",
      replace: "  await queueWork(engine.db, changes);\n  if (options.tally) for",
    },
  ],
};
