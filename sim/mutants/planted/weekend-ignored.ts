// Planted: suspensions start on any day.
import type { Mutant } from "../mutant.ts";

export const weekendIgnored: Mutant = {
  name: "weekend-ignored",
  breaks: ["S6"],
  stands: "Saturday, 09:00: forty sites down, the bank closed, and nobody at the help desk until Monday.",
  patches: [
    {
      file: "src/policy/calendar/calendar.ts",
      find: "return this.#suspension === null ? instant : this.#suspension.nextOpen(instant);",
      replace: "return instant;",
    },
  ],
};
