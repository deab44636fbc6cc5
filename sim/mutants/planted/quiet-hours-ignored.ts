// Planted: reminders leave at any hour.
import type { Mutant } from "../mutant.ts";

export const quietHoursIgnored: Mutant = {
  name: "quiet-hours-ignored",
  breaks: ["S6"],
  stands: "The queue came back at 02:40 and worked off what had waited: telephones rang beside beds all over the country.",
  patches: [
    {
      file: "src/policy/calendar/calendar.ts",
      find: "return this.#quiet === null ? instant : this.#quiet.nextOpen(instant);",
      replace: "return instant;",
    },
  ],
};
