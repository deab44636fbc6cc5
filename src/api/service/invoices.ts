// Invoices: entered for a customer, shown, voided. Each change decides the customer anew.
import { z } from "zod";
import { amountDue } from "../../engine/amount-due.ts";
import { createInvoice, invoiceNamed } from "../../engine/save-invoice.ts";
import { voidInvoice } from "../../engine/void-invoice.ts";
import { formatDay } from "../../kernel/time.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { amountIn, byRef, cents, count, currency, day, dayIn, newRef, ref, words } from "../schemas.ts";
import { invoiceShape, viewInvoice } from "../views.ts";

const newInvoice = z.strictObject({
  ref: newRef,
  service: ref.optional().describe("The service it bills; absent: the whole account."),
  issuedOn: dayIn.optional().describe("Absent: today."),
  dueOn: dayIn,
  amountCents: amountIn,
  currency,
});

const amountDueShape = z.object({
  invoice: z.string(),
  customer: z.string(),
  on: day,
  dueOn: day,
  effectiveDueOn: day.describe("After moving to the next banking day."),
  currency,
  openCents: cents,
  fineCents: cents,
  interestCents: cents,
  totalCents: cents.describe("Open, fine and interest."),
  lateDays: count.describe("Days the interest counts."),
  feesWaived: z.boolean().describe("Who pays the open amount alone owes nothing more."),
});

export function invoiceRoutes(app: Api, { engine }: ApiContext): void {
  app.post(
    "/customers/:ref/invoices",
    {
      schema: {
        operationId: "createInvoice",
        summary: "Enter an invoice of a customer",
        params: byRef,
        body: newInvoice,
        response: { 201: invoiceShape },
      },
    },
    async (request, reply) => {
      const { amountCents, ...rest } = request.body;
      const asked = given({ ...rest, amount: amountCents, customer: request.params.ref, by: request.actor });
      await createInvoice(engineOf(request), asked);
      return reply.code(201).send(viewInvoice(await invoiceNamed(engine, rest.ref)));
    },
  );
  app.get(
    "/invoices/:ref",
    { schema: { operationId: "getInvoice", summary: "One invoice", params: byRef, response: { 200: invoiceShape } } },
    async ({ params }) => viewInvoice(await invoiceNamed(engine, params.ref)),
  );
  app.get(
    "/invoices/:ref/amount-due",
    {
      schema: {
        operationId: "getAmountDue",
        summary: "What an invoice costs on a day, with fine and interest: to be shown before it is paid",
        params: byRef,
        querystring: z.strictObject({ on: dayIn.optional().describe("Absent: today.") }),
        response: { 200: amountDueShape },
      },
    },
    async ({ params, query }) => {
      const { on, dueOn, effectiveDueOn, ...due } = await amountDue(engine, { invoice: params.ref, on: query.on });
      return { ...due, on: formatDay(on), dueOn: formatDay(dueOn), effectiveDueOn: formatDay(effectiveDueOn) };
    },
  );
  app.post(
    "/invoices/:ref/void",
    {
      schema: {
        operationId: "voidInvoice",
        summary: "Void an open invoice on which nothing was paid; a service that is down only because of it comes back",
        params: byRef,
        body: z.strictObject({ reason: words }),
        response: { 200: invoiceShape },
      },
    },
    async (request) => {
      const { ref: invoice } = request.params;
      await voidInvoice(engineOf(request), { invoice, reason: request.body.reason, by: request.actor });
      return viewInvoice(await invoiceNamed(engine, invoice));
    },
  );
}
