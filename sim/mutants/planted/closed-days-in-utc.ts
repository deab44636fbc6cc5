// Planted: the calendar's days begin and end in UTC.
import type { Mutant } from "../mutant.ts";

export const closedDaysInUtc: Mutant = {
  name: "closed-days-in-utc",
  breaks: ["S6"],
  stands: "The working day began at 06:00 in São Paulo: sites went down with the bank and the help desk closed.",
  patches: [
    {
      file: "src/policy/calendar/calendar.ts",
      find: "import { dayOf, weekday, type Day, type Instant, type MinuteOfDay, type Zone }",
      replace: "import { dayOf, weekday, Zone, type Day, type Instant, type MinuteOfDay }",
    },
    {
      file: "src/policy/calendar/calendar.ts",
      find: "new Closures(spec.zone, (day) =>",
      replace: 'new Closures(new Zone("UTC"), (day) =>',
    },
  ],
};
