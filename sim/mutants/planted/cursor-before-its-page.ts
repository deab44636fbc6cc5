// Planted: the cursor of a poll moves on before the page is in the books.
import type { Mutant } from "../mutant.ts";

export const cursorBeforeItsPage: Mutant = {
  name: "cursor-before-its-page",
  breaks: ["L3"],
  stands: "A deployment stopped the poll in the middle of a page; eleven payments were never seen again, and their customers were.",
  patches: [
    {
      file: "src/jobs/gateway-poll.ts",
      find: "    for (const payment of payments)\n",
      replace:
        "    await movePoll(engine.db, name, { cursor, now, notBefore: now + TAKEN_MS, failures: 0, answer: null });\n    for (const payment of payments)\n",
    },
  ],
};
