// Charges: the one of an invoice, made at the gateway or used again.
import { invoiceNamed } from "../../engine/save-invoice.ts";
import { chargeInvoice, type Charger } from "../../jobs/charges.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { byRef } from "../schemas.ts";
import { invoiceShape, viewInvoice } from "../views.ts";

export function chargeRoutes(app: Api, context: ApiContext & { charger: Charger | null }): void {
  app.post(
    "/invoices/:ref/charge",
    {
      schema: {
        operationId: "chargeInvoice",
        summary: "Make the charge of an open invoice now, or use the one that stands: its Pix code, boleto line and page",
        params: byRef,
        response: { 200: invoiceShape },
      },
    },
    async (request) => {
      if (!context.charger) throw new ReguaError("charges_off");
      await chargeInvoice({ ...context.charger, engine: engineOf(request) }, request.params.ref, request.log);
      return viewInvoice(await invoiceNamed(context.engine, request.params.ref));
    },
  );
}
