// Holds: exceptions that a person places and releases. Those of unpaid invoices come and go by the ladder alone.
import { z } from "zod";
import { placeHold } from "../../engine/place-hold.ts";
import { releaseHold } from "../../engine/release-hold.ts";
import { parseEnd } from "../../kernel/time.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { byRef, count, ref, words } from "../schemas.ts";

const newHold = z.strictObject({
  kind: z.enum(["dispute", "manual", "legal", "abuse"]),
  effect: z
    .enum(["access", "collection"])
    .optional()
    .describe("access takes the service down, collection stops the ladder. Absent: access for abuse, else collection."),
  service: ref.optional().describe("Absent: the whole account."),
  invoice: ref.optional().describe("Absent: all invoices. Only for collection."),
  until: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()])
    .optional()
    .describe(
      "When it ends by itself; a day is meant to its end, where the provider is. A hold on collection needs one, a legal order excepted.",
    ),
  reason: words,
});

export function holdRoutes(app: Api, { engine }: ApiContext): void {
  app.post(
    "/customers/:ref/holds",
    {
      schema: {
        operationId: "placeHold",
        summary: "Place a hold; the customer is decided anew with it",
        params: byRef,
        body: newHold,
        response: { 201: z.object({ id: count }) },
      },
    },
    async (request, reply) => {
      const { until: end, ...asked } = given(request.body);
      const { zone } = await engine.settings.load(engine.db, engine.clock.now());
      const until = end === undefined ? {} : { until: parseEnd(end, zone) };
      const hold = { ...asked, ...until, customer: request.params.ref, by: request.actor };
      const { holdId } = await placeHold(engineOf(request), hold);
      return reply.code(201).send({ id: holdId });
    },
  );
  app.post(
    "/customers/:ref/holds/:id/release",
    {
      schema: {
        operationId: "releaseHold",
        summary: "End a hold before its time",
        params: byRef.extend({ id: z.coerce.number().int().min(1) }),
        body: z.strictObject({ reason: words }),
        response: { 200: z.object({ id: count, state: z.literal("released") }) },
      },
    },
    async (request) => {
      const { ref: customer, id } = request.params;
      await releaseHold(engineOf(request), { customer, holdId: id, by: request.actor, reason: request.body.reason });
      return { id, state: "released" as const };
    },
  );
}
