// Receipts: money reported as received, and what became of it.
import { z } from "zod";
import { receiptsPage } from "../../engine/read-records.ts";
import { RECEIPTS_MAX, reportReceipts } from "../../engine/report-receipts.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { amountIn, cents, count, currency, day, dayIn, instant, line, next, page, ref, words } from "../schemas.ts";

const reported = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/u, "it has 1 to 40 small letters, digits, dots, dashes or underscores")
    .default("api")
    .describe("Where the money was seen, for example pix or gateway-a."),
  externalId: line(128).describe("Its id there. (source, externalId) is booked once, whoever sends it and however often."),
  customer: ref.optional().describe("Absent: the customer of the invoice."),
  invoice: ref.optional().describe("The invoice it names; absent: the oldest open one first."),
  amountCents: amountIn,
  currency,
  paidOn: dayIn.optional().describe("The day it was paid, by the receiver's bank; absent: today."),
  settledOn: dayIn.optional().describe("The day it was in the account; absent: declared, and to be seen in a statement."),
  endToEndId: z
    .string()
    .regex(/^E[0-9A-Za-z]{31}$/u, "it is E and 31 letters and digits")
    .optional()
    .describe("Of a Pix: the same Pix told by a gateway or a statement is then not booked twice."),
  reason: words.optional(),
});

const receipt = z.object({
  source: z.string(),
  externalId: z.string(),
  customer: z.string(),
  amountCents: cents,
  allocatedCents: cents.describe("Applied to invoices."),
  creditCents: cents,
  refundedCents: cents,
  currency,
  paidOn: day,
  settledOn: day.nullable().describe("The day it was in the account; null: declared or captured, and not seen there yet."),
  recordedAt: instant,
  invoice: z.string().nullable().describe("The invoice it named."),
  reason: z.string().nullable(),
  actor: z.string(),
});

export function receiptRoutes(app: Api, { engine }: ApiContext): void {
  app.post(
    "/receipts",
    {
      schema: {
        operationId: "recordReceipts",
        summary: "Record money received: all of the request or nothing; a service that waits for it comes back within seconds",
        body: z.strictObject({ receipts: z.array(reported).min(1).max(RECEIPTS_MAX) }),
        response: {
          200: z.object({
            booked: count.describe("New ones."),
            known: count.describe("Known already; they changed nothing."),
          }),
        },
      },
    },
    async (request) => {
      const receipts = request.body.receipts.map(({ amountCents, ...rest }) => ({ ...rest, amount: amountCents }));
      return reportReceipts(engineOf(request), receipts, request.actor);
    },
  );
  app.get(
    "/receipts",
    {
      schema: {
        operationId: "listReceipts",
        summary: "A customer's receipts, newest first",
        querystring: page.extend({ customer: ref }),
        response: { 200: z.object({ receipts: z.array(receipt), next }) },
      },
    },
    async ({ query }) => {
      const { rows, next: after } = await receiptsPage(engine, query);
      const receipts = rows.map((row) => ({
        source: row.source,
        externalId: row.externalId,
        customer: row.customerRef,
        amountCents: row.amount,
        allocatedCents: row.allocated,
        creditCents: row.credit,
        refundedCents: row.refunded,
        currency: row.currency,
        paidOn: formatDay(row.paidOn),
        settledOn: row.settledOn === null ? null : formatDay(row.settledOn),
        recordedAt: formatInstant(row.recordedAt),
        invoice: row.namedInvoice,
        reason: row.reason,
        actor: row.actor,
      }));
      return { receipts, next: after };
    },
  );
}
