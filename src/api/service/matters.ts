// What concerns the whole base: what comes tomorrow, the breaker, and services that wait for their end.
import { z } from "zod";
import { approveSuspensions, breakerState } from "../../engine/breaker.ts";
import { approveTermination } from "../../engine/approve-termination.ts";
import { terminationsWaiting } from "../../engine/read-records.ts";
import { DAYS_MAX, rehearse } from "../../engine/rehearse.ts";
import { whoIs } from "../../engine/who.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { byRef, count, day, dayIn, instant } from "../schemas.ts";
import { comingShape, iso, viewComing } from "../views.ts";

/** No body, or an empty one. */
const nothing = z.strictObject({}).nullish();

const rehearsal = z.object({
  from: day,
  through: day,
  policy: z.string(),
  customersTouched: count,
  customersLooked: count,
  coming: z.array(comingShape.extend({ customer: z.string(), name: z.string() })),
  faults: z.array(z.object({ customer: z.string(), fault: z.string() })).describe("Customers that could not be looked at."),
  breaker: z
    .object({ at: instant, suspensions: count, limit: count, rule: z.string() })
    .nullable()
    .describe("Set when more services would go down within an hour than the breaker lets through without a person."),
});

const breaker = z.object({
  tripped: z.boolean(),
  trippedAt: instant.nullable(),
  because: z.string().nullable(),
  approvedBy: z.string().nullable(),
  approvedUntil: instant.nullable().describe("Until then suspensions go on without a limit."),
});

const proposal = z.object({
  id: count,
  customer: z.string(),
  service: z.string(),
  invoice: z.string(),
  state: z.enum(["proposed", "approved"]),
  proposedAt: instant,
  firstBy: z.string().nullable().describe("Who confirmed it; another must approve."),
});

export function matterRoutes(app: Api, context: ApiContext): void {
  const { engine } = context;
  app.get(
    "/rehearse",
    {
      schema: {
        operationId: "rehearse",
        summary: "What happens to whom on the days to come, if nobody pays; changes nothing",
        querystring: z.strictObject({
          on: dayIn.optional().describe("First day; absent: tomorrow."),
          days: z.coerce.number().int().min(1).max(DAYS_MAX).default(1),
        }),
        response: { 200: rehearsal },
      },
    },
    async ({ query }) => {
      const found = await rehearse(engine, { ...given({ on: query.on }), days: query.days });
      const { fromDay, throughDay, policyVersion, customersTouched, customersLooked, faults } = found;
      return {
        from: formatDay(fromDay),
        through: formatDay(throughDay),
        policy: policyVersion,
        customersTouched,
        customersLooked,
        coming: found.coming.map((each) => ({ ...viewComing(each, found.setting), customer: each.customer, name: each.name })),
        faults,
        breaker: found.breaker && { ...found.breaker, at: formatInstant(found.breaker.at) },
      };
    },
  );
  breakerRoutes(app, context);
  terminationRoutes(app, context);
}

function breakerRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/breaker",
    { schema: { operationId: "getBreaker", summary: "Whether suspensions wait for a person", response: { 200: breaker } } },
    async () => {
      const { trippedAt, because, approvedBy, approvedUntil } = await breakerState(engine.db);
      return { tripped: trippedAt !== null, trippedAt: iso(trippedAt), because, approvedBy, approvedUntil: iso(approvedUntil) };
    },
  );
  app.post(
    "/breaker/approve",
    {
      schema: {
        operationId: "approveBreaker",
        summary: "Let the waiting suspensions go, and those of the next hour",
        body: nothing,
        response: { 200: z.object({ released: count.describe("Panel calls that waited and now go.") }) },
      },
    },
    async (request) => approveSuspensions(engineOf(request), request.actor),
  );
}

function terminationRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/terminations",
    {
      schema: {
        operationId: "listTerminations",
        summary: "Termination proposals that wait, oldest first",
        response: { 200: z.object({ terminations: z.array(proposal) }) },
      },
    },
    async () => ({
      terminations: (await terminationsWaiting(engine)).map(({ customerRef, serviceRef, invoiceRef, proposedAt, ...row }) => ({
        ...row,
        customer: customerRef,
        service: serviceRef,
        invoice: invoiceRef,
        proposedAt: formatInstant(proposedAt),
      })),
    }),
  );
  app.post(
    "/customers/:ref/terminations/:id/approve",
    {
      schema: {
        operationId: "approveTermination",
        summary: "Sign a termination; the second signature is another key's, and only then the panel is called",
        params: byRef.extend({ id: z.coerce.number().int().min(1) }),
        body: nothing,
        response: { 200: z.object({ signatures: z.union([z.literal(1), z.literal(2)]) }) },
      },
    },
    async (request) => {
      const customerId = await whoIs(engine.db, request.params.ref);
      return approveTermination(engineOf(request), { customerId, terminationId: request.params.id, by: request.actor });
    },
  );
}
