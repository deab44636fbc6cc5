// The replay for the ladder's editor: a draft on the provider's own past, a piece of customers for each request.
import { stringify } from "yaml";
import { z } from "zod";
import { REPLAY_DAYS_MAX, REPLAY_MAX, replayPiece } from "../../engine/replay.ts";
import { formatDay } from "../../kernel/time.ts";
import { replayTexts } from "../../words/replay.ts";
import type { Api, ApiContext } from "../api.ts";
import { cents, count, day } from "../schemas.ts";

const side = z.object({
  messages: count,
  notices: z.record(z.string(), count).describe("Invoices told of, by step."),
  suspensions: count,
  releases: count,
  daysDown: z.number().describe("Days of all services together."),
  customersDown: count,
  persons: count,
  receivedCents: cents,
  receivedWhileDownCents: cents,
  byDay: z.array(z.object({ messages: count, suspensions: count, daysDown: z.number(), receivedCents: cents })),
});

const one = z.object({ messages: count, suspensions: count, daysDown: z.number() });

const piece = z.object({
  from: day,
  through: day,
  present: z.string().describe("A version."),
  changed: z.string(),
  assumed: z.array(z.string()),
  sides: z.object({ present: side, changed: side }),
  real: z.object({ messages: count, suspensions: count }).describe("What happened in truth, to the same customers in the same days."),
  differing: z.array(z.object({ customer: z.string(), name: z.string(), present: one, changed: one })),
  differingCount: count,
  faults: z.array(z.object({ customer: z.string(), fault: z.string() })),
  looked: count.describe("Customers of this piece."),
  total: count.describe("Customers of the whole replay."),
  base: count.describe("Customers there are."),
  next: count.nullable().describe("`after` of the next piece; null: this was the last."),
});

export function replayRoutes(app: Api, { engine }: ApiContext): void {
  app.post(
    "/policies/replay",
    {
      schema: {
        operationId: "replayPolicy",
        summary: "A draft on the provider's own past, beside the policy in force; one piece of customers, writes nothing",
        body: z.strictObject({
          doc: z.record(z.string(), z.unknown()),
          days: z.int().min(1).max(REPLAY_DAYS_MAX).default(90).describe("Days back, up to yesterday."),
          payers: z
            .enum(["as_they_did", "answering"])
            .default("as_they_did")
            .describe("`answering`: who paid within three days of a step pays as long after the same step."),
          after: z.int().min(0).default(0).describe("`next` of the piece before."),
          most: z.int().min(1).max(REPLAY_MAX).default(REPLAY_MAX).describe("Customers at most; of a larger base an even sample."),
        }),
        response: { 200: piece },
      },
    },
    async ({ body }) => {
      const { doc, ...ask } = body;
      const found = await replayPiece(engine, { ...ask, source: stringify(doc) });
      const { provider } = await engine.settings.load(engine.db, engine.clock.now());
      return {
        ...found,
        from: formatDay(found.from),
        through: formatDay(found.through),
        assumed: replayTexts(provider.lang).assumed(ask.payers),
      };
    },
  );
}
