// The motor's run of now: how far it is and about when it is done; the last one; and when the next comes.
import { z } from "zod";
import { LEAVING_MAX, runNow } from "../../engine/runs.ts";
import { formatInstant } from "../../kernel/time.ts";
import type { RunRow } from "../../store/runs.ts";
import type { Api, ApiContext } from "../api.ts";
import { count, instant } from "../schemas.ts";
import { iso } from "../views.ts";

const done = {
  beganAt: instant,
  judged: count.describe("Customers decided."),
  faults: count.describe("Customers that could not be decided, and are tried again."),
  accepted: count.describe("Messages that a server accepted."),
  suspended: count,
  reactivated: count,
};

const runShape = z.object({
  now: instant.describe("The machine's clock, as all here are but nextAt."),
  running: z
    .object({
      ...done,
      planned: count.describe("Customers decided, and those still due at the last look."),
      seenAt: instant.describe("The last sign of life."),
      aboutDoneAt: instant.nullable().describe("At the pace so far; null where nothing tells it yet."),
      silent: z.boolean().describe("No sign of life for ten minutes."),
    })
    .nullable(),
  last: z.object({ ...done, endedAt: instant }).nullable(),
  leaving: z.object({
    messages: count,
    calls: count.describe("Calls to panels."),
    later: count.describe("Of both, those that wait for a later time: tried again, or stopped by the breaker."),
    more: z.boolean().describe(`Only the oldest ${LEAVING_MAX} were counted.`),
  }),
  nextAt: instant.nullable().describe("When the next customer is due, by the installation's clock."),
  breakerTrippedAt: instant.nullable(),
  restingPanels: z.array(z.string()).describe("Panels that are let be for a while, or until a person tests them."),
});

function viewDone({ beganAt, judged, faults, accepted, suspended, reactivated }: RunRow) {
  return { beganAt: formatInstant(beganAt), judged, faults, accepted, suspended, reactivated };
}

export function runRoutes(app: Api, { engine }: ApiContext): void {
  app.get("/run", { schema: { operationId: "getRun", summary: "The motor's run of now", response: { 200: runShape } } }, async () => {
    const { now, running, last, leaving, nextAt, breakerTrippedAt, restingPanels } = await runNow(engine);
    return {
      now: formatInstant(now),
      running: running && {
        ...viewDone(running),
        planned: running.planned,
        seenAt: formatInstant(running.seenAt),
        aboutDoneAt: iso(running.aboutDoneAt),
        silent: running.silent,
      },
      last: last && { ...viewDone(last), endedAt: formatInstant(last.endedAt ?? last.seenAt) },
      leaving,
      nextAt: iso(nextAt),
      breakerTrippedAt: iso(breakerTrippedAt),
      restingPanels,
    };
  });
}
