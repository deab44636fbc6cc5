// Money in beyond receipts: what waits for its owner, refunds and credit, and the day's reconciliation.
import { z } from "zod";
import { applyCredit } from "../../engine/apply-credit.ts";
import { assignMoney, dismissMoney } from "../../engine/assign-money.ts";
import { listWaiting } from "../../engine/list-waiting.ts";
import { reconcileDay } from "../../engine/reconcile-day.ts";
import { refundReceipt } from "../../engine/reverse-receipt.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { sayMatchReason } from "../../words/match-reasons.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { amountIn, byRef, cents, count, currency, day, dayIn, instant, line, next, page, ref, words } from "../schemas.ts";

const receiptName = z.object({ source: z.string(), externalId: z.string() });

const waitingShape = z.object({
  id: count.describe("By which it is assigned or dismissed."),
  origin: z.enum(["gateway", "statement"]),
  source: z.string(),
  externalId: z.string(),
  amountCents: cents,
  returnedCents: cents.describe("Has gone back already."),
  currency,
  paidOn: day,
  settledOn: day.nullable().describe("The day it was in the account; null: not there yet."),
  payer: z.object({ name: z.string().nullable(), taxId: z.string().nullable() }),
  memo: z.string(),
  txid: z.string().nullable(),
  endToEndId: z.string().nullable(),
  slipNumber: z.string().nullable(),
  documentNumber: z.string().nullable(),
  invoice: z.string().nullable().describe("The invoice that the gateway named; we do not know it."),
  why: z.string().describe("Why nobody booked it; a stable name."),
  recordedAt: instant,
  matches: z
    .array(
      z.object({
        customer: z.string(),
        invoice: z.string().nullable().describe("Null: the oldest debt first."),
        receipt: receiptName.nullable().describe("It is the money of this receipt, booked already."),
        confidence: z.enum(["certain", "likely", "possible"]),
        because: z.array(
          z.object({
            rule: z.string().describe("A stable name."),
            text: z.string().describe("The same in words, in the provider's language."),
            detail: z.string().optional(),
          }),
        ),
      }),
    )
    .describe("Whose it could be, the likeliest first."),
});

const byId = z.strictObject({ id: z.coerce.number().int().min(1) });

export function moneyRoutes(app: Api, { engine }: ApiContext): void {
  waitingRoutes(app, engine);
  app.post(
    "/receipts/refund",
    {
      schema: {
        operationId: "refundReceipt",
        summary: "Record that money was given back; what it had paid is open again. The gateway is not asked",
        body: z.strictObject({
          source: z.string().min(1).max(200),
          externalId: line(200),
          amountCents: amountIn.optional().describe("Absent: all that is left of it."),
          reason: words,
        }),
        response: { 200: z.object({ returnedCents: cents.describe("In all.") }) },
      },
    },
    async (request) => {
      const { amountCents: amount, ...rest } = request.body;
      const { returned } = await refundReceipt(engineOf(request), { ...rest, amount, by: request.actor });
      return { returnedCents: returned };
    },
  );
  app.post(
    "/customers/:ref/credit/apply",
    {
      schema: {
        operationId: "applyCredit",
        summary: "Pay open invoices with the customer's credit, the oldest first",
        params: byRef,
        body: z.strictObject({ invoice: ref.optional().describe("Only this one.") }).nullish(),
        response: { 200: z.object({ appliedCents: cents, leftCents: cents }) },
      },
    },
    async (request) => {
      const ask = { customer: request.params.ref, invoice: request.body?.invoice, by: request.actor };
      const { applied, left } = await applyCredit(engineOf(request), ask);
      return { appliedCents: applied, leftCents: left };
    },
  );
  reconcileRoute(app, engine);
}

function waitingRoutes(app: Api, engine: ApiContext["engine"]): void {
  app.get(
    "/money/waiting",
    {
      schema: {
        operationId: "listWaitingMoney",
        summary: "Money received of which nobody knows for sure whose it is, oldest first, with those it could be of",
        querystring: page,
        response: { 200: z.object({ waiting: z.array(waitingShape), next }) },
      },
    },
    async ({ query }) => {
      const { waiting, next: after, lang } = await listWaiting(engine, query);
      return {
        next: after,
        waiting: waiting.map(({ money, matches }) => ({
          id: money.id,
          origin: money.origin,
          source: money.source,
          externalId: money.externalId,
          amountCents: money.amount,
          returnedCents: money.returned,
          currency: money.currency,
          paidOn: formatDay(money.paidOn),
          settledOn: money.settledOn === null ? null : formatDay(money.settledOn),
          payer: { name: money.payerName, taxId: money.payerTaxId },
          memo: money.memo,
          txid: money.txid,
          endToEndId: money.endToEndId,
          slipNumber: money.slipNumber,
          documentNumber: money.documentNumber,
          invoice: money.namedInvoice,
          why: money.why,
          recordedAt: formatInstant(money.recordedAt),
          matches: matches.map(({ because, ...match }) => ({
            ...match,
            because: because.map((reason) => ({ ...reason, text: sayMatchReason(reason.rule, reason.detail ?? "", lang) })),
          })),
        })),
      };
    },
  );
  assignRoutes(app);
}

function assignRoutes(app: Api): void {
  app.post(
    "/money/:id/assign",
    {
      schema: {
        operationId: "assignMoney",
        summary: "Say whose waiting money is: a customer's, for an invoice or the oldest debt first; or which receipt it is",
        params: byId,
        body: z.strictObject({
          customer: ref.optional().describe("Absent: the customer of the invoice."),
          invoice: ref.optional().describe("Absent: the oldest open one first."),
          receipt: z
            .strictObject({ source: z.string().min(1).max(200), externalId: line(200) })
            .optional()
            .describe("It is the money of this receipt; then nothing else is named."),
          apart: z
            .boolean()
            .optional()
            .describe("It is another payment than the receipt of the same amount that a refusal (`money_may_be_booked`) named."),
          reason: words.optional(),
        }),
        response: { 200: z.object({ assigned: z.literal(true) }) },
      },
    },
    async (request) => {
      await assignMoney(engineOf(request), { ...request.body, money: request.params.id, by: request.actor });
      return { assigned: true as const };
    },
  );
  app.post(
    "/money/:id/dismiss",
    {
      schema: {
        operationId: "dismissMoney",
        summary: "Put waiting money aside that is nobody's payment: a transfer of our own, a gateway's payout",
        params: byId,
        body: z.strictObject({ reason: words }),
        response: { 200: z.object({ dismissed: z.literal(true) }) },
      },
    },
    async (request) => {
      await dismissMoney(engineOf(request), { money: request.params.id, reason: request.body.reason, by: request.actor });
      return { dismissed: true as const };
    },
  );
}

const differenceShape = z.object({
  externalId: z.string(),
  problem: z.enum(["not_booked", "not_told", "amount_differs", "returned_differs"]),
  toldCents: cents.nullable(),
  bookedCents: cents.nullable(),
  customer: z.string().nullable(),
});

const reconciliationShape = z.object({
  day,
  balanced: z.boolean(),
  currency,
  gateways: z.array(
    z.object({
      gateway: z.string(),
      payments: count,
      capturedCents: cents,
      bookedCents: cents,
      waitingCents: cents,
      differences: z.array(differenceShape),
    }),
  ),
  accounts: z.array(
    z.object({
      account: z.string(),
      lines: count,
      inCents: cents,
      outCents: cents,
      explained: count,
      dismissed: count,
      listed: z.array(
        z.object({
          key: z.string(),
          amountCents: cents,
          currency,
          memo: z.string(),
          payer: z.string().nullable(),
          problem: z.enum(["waiting", "amount_differs", "unfinished"]),
          money: count.nullable(),
          bookedCents: cents.nullable(),
          customer: z.string().nullable(),
        }),
      ),
    }),
  ),
  declared: z.object({
    total: count,
    receipts: z.array(receiptName.extend({ customer: z.string(), amountCents: cents, paidOn: day, days: count })),
  }),
  waiting: z.object({ count, amountCents: cents, oldestOn: day.nullable() }),
  forged: z.array(z.object({ gateway: z.string(), forged: count })),
});

function reconcileRoute(app: Api, engine: ApiContext["engine"]): void {
  app.get(
    "/reconcile",
    {
      schema: {
        operationId: "reconcileDay",
        summary: "A day's money compared: gateways as they told it, bank lines, receipts; the command also asks the gateways again",
        querystring: z.strictObject({ day: dayIn }),
        response: { 200: reconciliationShape },
      },
    },
    async ({ query }) => {
      const found = await reconcileDay(engine, { day: query.day });
      const { oldestOn } = found.waiting;
      return {
        ...found,
        day: formatDay(found.day),
        gateways: found.gateways.map(({ differences, source: _, failure: __, ...each }) => ({
          ...each,
          differences: differences.map(({ told, booked, ...rest }) => ({ ...rest, toldCents: told, bookedCents: booked })),
        })),
        declared: {
          total: found.declared.total,
          receipts: found.declared.receipts.map((receipt) => ({ ...receipt, paidOn: formatDay(receipt.paidOn) })),
        },
        waiting: { ...found.waiting, oldestOn: oldestOn === null ? null : formatDay(oldestOn) },
      };
    },
  );
}
