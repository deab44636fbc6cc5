// One act on many customers: what it would change, doing it, and taking it back. Each customer is answered for on a line of its own.
import { z } from "zod";
import { actOnMany, BULK_MAX, type BulkAct, type BulkRow } from "../../engine/bulk.ts";
import { previewMany } from "../../engine/bulk-preview.ts";
import { undoMany } from "../../engine/bulk-undo.ts";
import type { CustomerListed } from "../../engine/list-customers.ts";
import type { Setting } from "../../engine/setting.ts";
import type { ReguaError } from "../../kernel/errors.ts";
import type { Instant } from "../../kernel/time.ts";
import { errorWords } from "../../words/errors.ts";
import type { Tongue } from "../../words/promise.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { count, dayIn, instant, ref, words } from "../schemas.ts";
import { iso, reasonShape, viewReason } from "../views.ts";
import { matterShape, viewMatter } from "./lists.ts";

const kind = z.enum(["dispute", "manual"]);
const act = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("hold"), kind, until: dayIn.describe("The ladder stands still through this day.") }),
  z.strictObject({ act: z.literal("lift"), kind }),
  z.strictObject({ act: z.literal("time"), until: dayIn.optional().describe("Absent: as long as the policy allows.") }),
]);
// Above the limit the engine says so in words; far above it nobody chose by hand.
const customers = z.array(ref).min(1).max(5_000).describe(`By the provider's numbers; at most ${BULK_MAX} in one act.`);

const row = z.object({
  ref: z.string(),
  name: z.string(),
  until: instant.nullable().describe("What was given ends then."),
  refused: z
    .object({
      code: z.string(),
      message: z.string(),
      cure: z.string(),
      reasons: z.array(reasonShape).describe("Of a promise that the rules refuse."),
    })
    .nullable()
    .describe("Null: done."),
});
const stand = matterShape.pick({ owedCents: true, currency: true, servicesDown: true, next: true, waitsFor: true });
const foreseen = row.extend({
  before: stand.nullable(),
  after: stand.nullable(),
  back: z.array(z.string()).describe("Services that come back."),
  down: z.array(z.string()).describe("Services that go down."),
  tells: z.array(z.string()).describe("Steps of the messages that leave at once."),
});
const done = z.object({ id: count, rows: z.array(row) });

export function bulkRoutes(app: Api, { engine }: ApiContext): void {
  app.post(
    "/bulk/preview",
    {
      schema: {
        operationId: "previewMany",
        summary: "What an act would change for each of many customers, by its own rules; writes nothing",
        body: z.strictObject({ customers, act }),
        response: { 200: z.object({ rows: z.array(foreseen) }) },
      },
    },
    async (request) => {
      const { rows, setting, now } = await previewMany(engine, { ...request.body, act: actOf(request.body.act) });
      note(request, rows);
      return {
        rows: rows.map(({ before, after, back, down, tells, ...each }) => ({
          ...viewRow(each, tongueOf(setting, now)),
          before: before && viewStand(before, setting),
          after: after && viewStand(after, setting),
          ...{ back, down, tells },
        })),
      };
    },
  );
  app.post(
    "/bulk",
    {
      schema: {
        operationId: "actOnMany",
        summary: "One act on many customers; each is done or refused on its own",
        body: z.strictObject({ customers, act, reason: words }),
        response: { 200: done },
      },
    },
    async (request) => {
      const asked = { ...request.body, act: actOf(request.body.act), by: request.actor };
      const { id, rows } = await actOnMany(engineOf(request), asked);
      note(request, rows);
      const tongue = await spokenHere();
      return { id, rows: rows.map((each) => viewRow(each, tongue)) };
    },
  );
  app.post(
    "/bulk/:id/undo",
    {
      schema: {
        operationId: "undoMany",
        summary: "Lift the holds that an act gave, where nothing else was done about the customer since",
        params: z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
        body: z.strictObject({ reason: words }),
        response: { 200: done },
      },
    },
    async (request) => {
      const { id, rows } = await undoMany(engineOf(request), { ...request.params, ...request.body, by: request.actor });
      note(request, rows);
      const tongue = await spokenHere();
      return { id, rows: rows.map((each) => viewRow(each, tongue)) };
    },
  );
  const spokenHere = async (): Promise<Tongue> => {
    const now = engine.clock.now();
    return tongueOf(await engine.settings.load(engine.db, now), now);
  };
}

function actOf(asked: z.infer<typeof act>): BulkAct {
  return asked.act === "time" ? given(asked) : asked;
}

/** Staff read it, in their own language. */
function tongueOf({ provider, zone, currency }: Setting, now: Instant): Tongue {
  return { lang: provider.lang, zone, currency, today: zone.dayOf(now) };
}

function viewRow({ ref: of, name, until, refused }: BulkRow, tongue: Tongue): z.infer<typeof row> {
  return { ref: of, name, until: iso(until), refused: refused && viewRefusal(refused, tongue) };
}

function viewRefusal(error: ReguaError, tongue: Tongue): NonNullable<z.infer<typeof row>["refused"]> {
  const { code, details } = error;
  const why = code === "promise_refused" ? (details.reasons as readonly Parameters<typeof viewReason>[0][]) : [];
  return { code, ...errorWords(error, tongue.lang), reasons: why.map((each) => viewReason(each, tongue)) };
}

function viewStand(matter: CustomerListed, setting: Setting): z.infer<typeof stand> {
  const { owedCents, currency, servicesDown, next, waitsFor } = viewMatter(matter, setting);
  return { owedCents, currency, servicesDown, next, waitsFor };
}

/** A row that failed is told of in the answer; why is for whoever reads the log. */
function note(request: { log: { error: (about: object, words: string) => void } }, rows: readonly BulkRow[]): void {
  for (const { ref: of, fault } of rows) if (fault !== null) request.log.error({ err: fault, customer: of }, "one of many was not changed");
}
