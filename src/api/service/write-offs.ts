// Invoices given up by two persons: proposed, listed, approved by another, or taken back.
import { z } from "zod";
import { approveWriteOff, proposeWriteOff, withdrawWriteOff, writeOffsWaiting } from "../../engine/write-off.ts";
import { formatInstant } from "../../kernel/time.ts";
import type { WriteOffRow } from "../../store/write-offs.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { byRef, cents, count, currency, instant, words } from "../schemas.ts";

export const writeOffShape = z.object({
  id: count,
  customer: z.string(),
  name: z.string(),
  invoice: z.string(),
  kind: z.enum(["void", "write_off"]),
  reason: z.string(),
  openCents: cents.describe("What is open now, and would be given up."),
  currency,
  proposedAt: instant,
  proposedBy: z.string().describe("Another must approve."),
});

export function viewWriteOff({ customerRef, customerName, invoiceRef, proposedAt, ...row }: WriteOffRow): z.infer<typeof writeOffShape> {
  return { ...row, customer: customerRef, name: customerName, invoice: invoiceRef, proposedAt: formatInstant(proposedAt) };
}

const named = byRef.extend({ id: z.coerce.number().int().min(1) });
/** No body, or an empty one. */
const nothing = z.strictObject({}).nullish();

export function writeOffRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/write-offs",
    {
      schema: {
        operationId: "listWriteOffs",
        summary: "Proposals to give an invoice up that wait for a second person, oldest first",
        response: { 200: z.object({ writeOffs: z.array(writeOffShape) }) },
      },
    },
    async () => ({ writeOffs: (await writeOffsWaiting(engine, null)).map(viewWriteOff) }),
  );
  app.post(
    "/invoices/:ref/write-off",
    {
      schema: {
        operationId: "proposeWriteOff",
        summary: "Propose to give an open invoice up, or to void it; it is owed until another person approves",
        params: byRef,
        body: z.strictObject({
          kind: z.enum(["void", "write_off"]).describe("`void`: it should not have been, and nothing was paid on it."),
          reason: words,
        }),
        response: { 201: z.object({ id: count, customer: z.string(), openCents: cents }) },
      },
    },
    async (request, reply) => {
      const ask = { invoice: request.params.ref, ...request.body, by: request.actor };
      return reply.code(201).send(await proposeWriteOff(engineOf(request), ask));
    },
  );
  app.post(
    "/customers/:ref/write-offs/:id/approve",
    {
      schema: {
        operationId: "approveWriteOff",
        summary: "Approve it under another name than the proposer's; a service that is down only because of it comes back",
        params: named,
        body: nothing,
        response: { 200: z.object({ givenUpCents: cents }) },
      },
    },
    async (request) => approveWriteOff(engineOf(request), { customer: request.params.ref, id: request.params.id, by: request.actor }),
  );
  app.post(
    "/customers/:ref/write-offs/:id/withdraw",
    {
      schema: {
        operationId: "withdrawWriteOff",
        summary: "Take a proposal back; the invoice stays owed",
        params: named,
        body: nothing,
        response: { 200: z.object({ withdrawn: z.literal(true) }) },
      },
    },
    async (request) => {
      await withdrawWriteOff(engineOf(request), { customer: request.params.ref, id: request.params.id, by: request.actor });
      return { withdrawn: true as const };
    },
  );
}
