// Promises to pay: what would be granted, granted with its conditions, listed, cancelled.
import { z } from "zod";
import { cancelPromise } from "../../engine/cancel-promise.ts";
import { grantPromise, offerPromise } from "../../engine/grant-promise.ts";
import { promisesOf } from "../../engine/read-records.ts";
import { inEach, ReguaError } from "../../kernel/errors.ts";
import { formatInstant } from "../../kernel/time.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { byRef, cents, dayIn, instant, ref, words } from "../schemas.ts";
import { conditionShape, iso, reasonShape, viewCondition, viewReason } from "../views.ts";
import { promiseShape } from "./customer-view.ts";

const KINDS = z.enum(["release", "postponement", "courtesy"]);
const invoices = z.array(ref).min(1).max(100);

const offer = z.object({
  granted: z.boolean(),
  suspended: z.boolean().describe("A service is down, or would be, because of the invoices."),
  kind: KINDS.nullable(),
  until: instant.nullable(),
  invoices: z.array(z.string()),
  owedCents: cents.nullable(),
  conditions: z.array(conditionShape).describe("What the customer is shown and accepts."),
  reasons: z.array(reasonShape),
});

const ask = z.strictObject({
  until: dayIn.optional().describe("The day until which time is asked for; absent: as long as may be."),
  invoices: invoices.optional().describe("Absent: all that are open and due by the deadline."),
  reason: words.describe("Why more time is needed."),
  askedBy: z.enum(["customer", "staff"]),
  acceptedConditions: z.boolean().optional().describe("The customer was shown the offer's conditions and accepted them."),
  override: words.optional().describe("Staff's written reason to set the rules aside."),
});

export function promiseRoutes(app: Api, context: ApiContext): void {
  offerRoute(app, context);
  grantRoute(app, context);
  const { engine } = context;
  app.get(
    "/customers/:ref/promises",
    {
      schema: {
        operationId: "listPromises",
        summary: "A customer's promises, newest first",
        params: byRef,
        response: { 200: z.object({ promises: z.array(promiseShape) }) },
      },
    },
    async ({ params }) => ({
      promises: (await promisesOf(engine, params.ref)).map(({ owed, ...row }) => ({
        ...row,
        owedCents: owed,
        grantedAt: formatInstant(row.grantedAt),
        until: formatInstant(row.until),
        endedAt: iso(row.endedAt),
      })),
    }),
  );
  app.post(
    "/customers/:ref/promises/:protocol/cancel",
    {
      schema: {
        operationId: "cancelPromise",
        summary: "End a running promise before its deadline; the ladder goes on from where it stopped",
        params: byRef.extend({ protocol: ref.describe("The promise's protocol number.") }),
        body: z.strictObject({ reason: words }),
        response: { 200: z.object({ protocol: z.string(), state: z.literal("cancelled") }) },
      },
    },
    async (request) => {
      const { ref: customer, protocol } = request.params;
      await cancelPromise(engineOf(request), { customer, protocol, by: request.actor, reason: request.body.reason });
      return { protocol, state: "cancelled" as const };
    },
  );
}

function offerRoute(app: Api, { engine }: ApiContext): void {
  app.get(
    "/customers/:ref/promises/offer",
    {
      schema: {
        operationId: "offerPromise",
        summary: "What would be granted now, with its conditions, or why not; writes nothing",
        params: byRef,
        querystring: z.strictObject({
          until: dayIn.optional(),
          invoice: z
            .union([invoices, ref.transform((one) => [one])])
            .optional()
            .describe("May be given several times."),
          by: z.enum(["customer", "staff"]).default("customer"),
        }),
        response: { 200: offer },
      },
    },
    async ({ params, query }) => {
      const asked = given({ customer: params.ref, until: query.until, invoices: query.invoice, by: query.by });
      const { offer: answer, suspended, tongue } = await offerPromise(engine, asked);
      const reasons = answer.reasons.map((reason) => viewReason(reason, tongue));
      if (!answer.granted)
        return { granted: false, suspended, kind: null, until: null, invoices: [], owedCents: null, conditions: [], reasons };
      return {
        granted: true,
        suspended,
        kind: answer.kind,
        until: formatInstant(answer.until),
        invoices: [...answer.invoices],
        owedCents: answer.owed,
        conditions: answer.conditions.map((condition) => viewCondition(condition, tongue)),
        reasons,
      };
    },
  );
}

function grantRoute(app: Api, { engine }: ApiContext): void {
  app.post(
    "/customers/:ref/promises",
    {
      schema: {
        operationId: "grantPromise",
        summary: "Grant more time; a refusal is 409 with its reasons, and is written into the evidence too",
        params: byRef,
        body: ask,
        response: {
          201: z.object({
            protocol: z.string(),
            kind: KINDS,
            until: instant,
            invoices: z.array(z.string()),
            conditions: z.array(conditionShape),
            reasons: z.array(reasonShape),
            overridden: z.array(reasonShape).describe("The rules that staff set aside."),
          }),
        },
      },
    },
    async (request, reply) => {
      const { tongue } = await offerPromise(engine, { customer: request.params.ref });
      const asked = { ...given(request.body), customer: request.params.ref, owner: request.actor };
      const made = await grantPromise(engineOf(request), asked).catch((error: unknown) => {
        throw error instanceof ReguaError ? withSentences(error, tongue) : error;
      });
      return reply.code(201).send({
        protocol: made.protocol,
        kind: made.kind,
        until: formatInstant(made.until),
        invoices: [...made.invoices],
        conditions: made.conditions.map((condition) => viewCondition(condition, tongue)),
        reasons: made.reasons.map((reason) => viewReason(reason, tongue)),
        overridden: made.overridden.map((reason) => viewReason(reason, tongue)),
      });
    },
  );
}

/** A refusal's reasons as the offer shows them: in the customer's words, days as text. */
function withSentences(error: ReguaError, tongue: Parameters<typeof viewReason>[1]): ReguaError {
  if (error.code !== "promise_refused") return error;
  const reasons = error.details.reasons as readonly Parameters<typeof viewReason>[0][];
  return new ReguaError("promise_refused", {
    ...error.details,
    rules: inEach(String(error.details.rules), String(error.detailsIn("pt-BR").rules)),
    reasons: reasons.map((reason) => viewReason(reason, tongue)),
  });
}
