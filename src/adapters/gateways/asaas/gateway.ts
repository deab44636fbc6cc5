// Asaas as a payment gateway: one object is charge and payment at once; the account's statement tells what came and went.
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS, formatDay } from "../../../kernel/time.ts";
import type { Instant } from "../../../kernel/time.ts";
import { done, refused } from "../../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../../ports/outcome.ts";
import type {
  ChargeRequest,
  GatewayCapabilities,
  GatewayCharge,
  GatewayPayment,
  GatewayRefund,
  PaymentGateway,
  PaymentHint,
  PollPage,
  PollRequest,
  RefundRequest,
  WebhookDelivery,
  WebhookVerdict,
} from "../../../ports/payment-gateway.ts";
import { OneAtATime } from "../../panels/one-at-a-time.ts";
import { GatewayApi, fixedAuthority, jsonOf } from "../api.ts";
import { brazilDayOf } from "../brazil.ts";
import { decimalNumber } from "../money-text.ts";
import { openHttp } from "../options.ts";
import type { Surroundings } from "../options.ts";
import { poll } from "../scan.ts";
import type { Feed, Found } from "../scan.ts";
import { AsaasCharges } from "./charges.ts";
import { customerSchema, entrySchema, errorSchema, moneyOf, pageOf, paymentSchema } from "./messages.ts";
import type { AsaasPayment } from "./messages.ts";
import type { AsaasSettings } from "./settings.ts";
import { MONEY_EVENTS, verifyAsaasWebhook } from "./webhook.ts";

const PAGE = 100;
/** Each line of the statement may cost a call of its own. */
const STATEMENT_PAGE = 20;
/** What is listed later under an older day (a slip paid before Carnival, a card's settlement) is seen in the statement. */
const LATE_MS = DAY_MS;

const payments = pageOf(paymentSchema);
const entries = pageOf(entrySchema);
const pixTransaction = z.looseObject({
  endToEndIdentifier: z.string().nullish(),
  payer: z.looseObject({ name: z.string().nullish() }).nullish(),
});

/** @throws ReguaError `gateway_option_invalid` */
export function openAsaas(settings: AsaasSettings, { clock, folder }: Surroundings): AsaasGateway {
  const authority = fixedAuthority("access_token", settings.access_key, [settings.access_key]);
  const api = new GatewayApi("Asaas", openHttp(settings.base_url, undefined, folder), authority, ({ text }) => {
    const words = errorSchema.safeParse(jsonOf(text)).data?.errors.map(({ description, code }) => description ?? code ?? "") ?? [];
    return words.join(" ") || "The answer gives no reason.";
  });
  return new AsaasGateway(settings, api, clock);
}

export class AsaasGateway implements PaymentGateway {
  readonly kind = "asaas";
  readonly capabilities: GatewayCapabilities = {
    methods: ["pix", "boleto", "card"],
    refunds: "partial",
    currencies: ["BRL"],
    lateFee: true,
    webhooks: MONEY_EVENTS,
    webhookProof: "token",
    pageHosts: ["asaas.com"],
  };
  readonly #settings: AsaasSettings;
  readonly #api: GatewayApi;
  readonly #charges: AsaasCharges;
  readonly #clock: Clock;
  readonly #line = new OneAtATime();

  constructor(settings: AsaasSettings, api: GatewayApi, clock: Clock) {
    this.#settings = settings;
    this.#api = api;
    this.#charges = new AsaasCharges(api, clock);
    this.#clock = clock;
  }

  close(): Promise<void> {
    return Promise.resolve(this.#api.close());
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    const page = await this.#api.read({ method: "GET", path: "/payments", query: { offset: 0, limit: 1 } }, payments, context);
    return page.outcome === "done" ? done({ detail: `Asaas answers: ${page.value.totalCount} charges in the account.` }) : page;
  }

  charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    if (request.currency !== "BRL") return Promise.resolve(refused("Asaas charges in reais (BRL) only."));
    // Asaas knows no idempotency key: two requests side by side would both find nothing and both make one.
    return this.#line.run(request.invoiceRef, context, () => this.#charges.charge(request, context));
  }

  cancelCharge(chargeId: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    return this.#charges.cancel(chargeId, context);
  }

  verifyWebhook(delivery: WebhookDelivery, _now: Instant): WebhookVerdict {
    return verifyAsaasWebhook(this.#settings.webhook_secret, delivery);
  }

  async fetchPayments(hint: PaymentHint, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    const read = await this.#charges.read(hint.id, context);
    if (read.outcome !== "done") return read;
    const payment = read.value && this.#moneyOf(read.value);
    if (!payment) return done([]);
    const whole = await this.#complete(payment, context);
    return whole.outcome === "done" ? done([whole.value]) : whole;
  }

  poll(request: PollRequest, context: CallContext): Promise<Outcome<PollPage>> {
    const complete = (payment: GatewayPayment): Promise<Outcome<GatewayPayment>> => this.#complete(payment, context);
    return poll({ feeds: [this.#settled, this.#captured, this.#statement], complete }, request, context);
  }

  async refund({ paymentId, amountCents, key }: RefundRequest, context: CallContext): Promise<Outcome<GatewayRefund>> {
    return this.#line.run(`refund ${paymentId}`, context, () => this.#refund(paymentId, amountCents, key, context));
  }

  async #refund(paymentId: string, amountCents: number, key: string, context: CallContext): Promise<Outcome<GatewayRefund>> {
    const read = await this.#charges.read(paymentId, context);
    if (read.outcome !== "done") return read;
    if (!read.value) return refused("Asaas has no payment of this id.");
    // No idempotency key here either: the description carries ours.
    const description = `Devolução ${key}`;
    const known = refundUnder(read.value, description);
    if (known) return done({ ...known, refundId: key });
    const json = JSON.stringify({ value: decimalNumber(amountCents), description });
    const made = await this.#api.read({ method: "POST", path: `/payments/${paymentId}/refund`, json }, paymentSchema, context);
    if (made.outcome !== "done") return made;
    return done({ amountCents, phase: "requested", ...refundUnder(made.value, description), refundId: key });
  }

  /** The EndToEndId of a Pix, and who paid when no reference tells. */
  async #complete(payment: GatewayPayment, context: CallContext): Promise<Outcome<GatewayPayment>> {
    const read = await this.#charges.read(payment.paymentId, context);
    if (read.outcome !== "done") return read;
    const { pixTransaction: pix, customer } = read.value ?? {};
    let whole = payment;
    if (pix) {
      const call = { method: "GET", path: `/pix/transactions/${encodeURIComponent(pix)}` } as const;
      const transaction = await this.#api.read(call, pixTransaction, context, null);
      if (transaction.outcome !== "done") return transaction;
      whole = { ...whole, endToEndId: transaction.value?.endToEndIdentifier ?? null };
    }
    if (whole.invoiceRef !== null || !customer) return done(whole);
    const person = await this.#api.read(
      { method: "GET", path: `/customers/${encodeURIComponent(customer)}` },
      customerSchema,
      context,
      null,
    );
    if (person.outcome !== "done") return person;
    return done({ ...whole, payer: { name: person.value?.name ?? null, taxId: person.value?.cpfCnpj ?? null } });
  }

  /** What was settled, by the day of payment. */
  readonly #settled: Feed = {
    name: "settled",
    overlapMs: LATE_MS,
    page: async ({ from, to }, at, _known, context) => {
      const query = { "paymentDate[ge]": dayOf(from), "paymentDate[le]": dayOf(to) };
      return this.#list(query, at, (payment) => ((payment.paymentDate ?? payment.dateCreated) + 1) * DAY_MS + LATE_MS + DAY_MS, context);
    },
  };

  /** Cards paid and not yet paid out: they wait up to a month, and no date filters them. */
  readonly #captured: Feed = {
    name: "captured",
    overlapMs: 0,
    page: (_window, at, _known, context) => this.#list({ status: "CONFIRMED" }, at, () => null, context),
  };

  /** The account's own statement: refunds and disputes of whatever age, and settlements that the first list had under an older day. */
  readonly #statement: Feed = {
    name: "statement",
    overlapMs: DAY_MS,
    page: async ({ from, to }, at, known, context) => {
      const offset = Number(at);
      const query = { startDate: dayOf(from), finishDate: dayOf(to), order: "asc", offset, limit: STATEMENT_PAGE };
      const page = await this.#api.read({ method: "GET", path: "/financialTransactions", query }, entries, context);
      if (page.outcome !== "done") return page;
      const { data, hasMore, totalCount } = page.value;
      const moved = data.filter(
        ({ type, paymentId }) => paymentId && !type.includes("FEE") && !(type === "PAYMENT_RECEIVED" && known(paymentId) === "settled"),
      );
      const found: Found[] = [];
      for (const id of new Set(moved.map(({ paymentId }) => paymentId ?? ""))) {
        const read = await this.#charges.read(id, context);
        if (read.outcome !== "done") return read;
        const payment = read.value && this.#moneyOf(read.value);
        if (payment) found.push({ payment, againUntil: to + LATE_MS + 2 * DAY_MS });
      }
      return done({ found, total: totalCount, next: hasMore ? String(offset + STATEMENT_PAGE) : null });
    },
  };

  #moneyOf(payment: AsaasPayment): GatewayPayment | null {
    return moneyOf(payment, brazilDayOf(this.#clock.now()));
  }

  async #list(filter: Record<string, string>, at: string, againUntil: (payment: AsaasPayment) => Instant | null, context: CallContext) {
    const offset = Number(at);
    const page = await this.#api.read({ method: "GET", path: "/payments", query: { ...filter, offset, limit: PAGE } }, payments, context);
    if (page.outcome !== "done") return page;
    const found: Found[] = [];
    for (const one of page.value.data) {
      const payment = this.#moneyOf(one);
      if (payment) found.push({ payment, againUntil: againUntil(one) });
    }
    return done({ found, total: page.value.totalCount, next: page.value.hasMore ? String(offset + PAGE) : null });
  }
}

const dayOf = (instant: Instant): string => formatDay(brazilDayOf(instant));

const FINAL: Readonly<Record<string, GatewayRefund["phase"]>> = { DONE: "done", CANCELLED: "failed" };

function refundUnder({ refunds }: AsaasPayment, description: string): Pick<GatewayRefund, "amountCents" | "phase"> | null {
  const known = refunds?.find((refund) => refund.description === description);
  return known ? { amountCents: known.value, phase: FINAL[known.status] ?? "requested" } : null;
}
