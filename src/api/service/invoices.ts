// Invoices: entered for a customer, shown, voided. Each change decides the customer anew.
import { z } from "zod";
import { createInvoice, invoiceNamed } from "../../engine/save-invoice.ts";
import { voidInvoice } from "../../engine/void-invoice.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { amountIn, byRef, currency, dayIn, newRef, ref, words } from "../schemas.ts";
import { invoiceShape, viewInvoice } from "../views.ts";

const newInvoice = z.strictObject({
  ref: newRef,
  service: ref.optional().describe("The service it bills; absent: the whole account."),
  issuedOn: dayIn.optional().describe("Absent: today."),
  dueOn: dayIn,
  amountCents: amountIn,
  currency,
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
