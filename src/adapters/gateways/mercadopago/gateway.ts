// Mercado Pago as a payment gateway: a payment by Pix or boleto made ahead is the charge, found again by our reference.
import { sha256 } from "../../../kernel/hash.ts";
import type { Clock } from "../../../kernel/clock.ts";
import { HOUR_MS, MINUTE_MS, formatInstant } from "../../../kernel/time.ts";
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
import { decimalNumber } from "../money-text.ts";
import { openHttp } from "../options.ts";
import type { Surroundings } from "../options.ts";
import { poll } from "../scan.ts";
import type { Feed, FeedPage } from "../scan.ts";
import { slipOr, slipPayer } from "../slip.ts";
import { chargeOf, errorSchema, isSlip, meSchema, moneyOf, paymentSchema, phaseOf, refundSchema, searchSchema } from "./messages.ts";
import type { MpPayment } from "./messages.ts";
import { pixBody, slipBody } from "./request.ts";
import type { MercadoPagoSettings } from "./settings.ts";
import { verifyMercadoPagoWebhook } from "./webhook.ts";

const PAGE = 50;
/** How late the search may learn of a change. */
const LATE_MS = HOUR_MS;

const REFUNDS: Readonly<Record<string, GatewayRefund["phase"]>> = { approved: "done", rejected: "failed" };

/** @throws ReguaError `gateway_option_invalid` */
export function openMercadoPago(settings: MercadoPagoSettings, { clock, folder }: Surroundings): MercadoPagoGateway {
  const authority = fixedAuthority("authorization", `Bearer ${settings.access_key}`, [settings.access_key]);
  const api = new GatewayApi("Mercado Pago", openHttp(settings.base_url, undefined, folder), authority, ({ text }) => {
    const { error, message } = errorSchema.safeParse(jsonOf(text)).data ?? {};
    return [error, message].filter(Boolean).join(": ") || "The answer gives no reason.";
  });
  return new MercadoPagoGateway(settings, api, clock);
}

export class MercadoPagoGateway implements PaymentGateway {
  readonly kind = "mercadopago";
  readonly capabilities: GatewayCapabilities = {
    methods: ["pix", "boleto"],
    refunds: "partial",
    currencies: ["BRL"],
    lateFee: false,
    webhooks: ["payment"],
    webhookProof: "signature",
    pageHosts: ["mercadopago.com", "mercadopago.com.br"],
  };
  readonly #settings: MercadoPagoSettings;
  readonly #api: GatewayApi;
  readonly #clock: Clock;
  readonly #line = new OneAtATime();
  #me: string | null = null;

  constructor(settings: MercadoPagoSettings, api: GatewayApi, clock: Clock) {
    this.#settings = settings;
    this.#api = api;
    this.#clock = clock;
  }

  close(): Promise<void> {
    return Promise.resolve(this.#api.close());
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#me = null;
    const me = await this.#collector(context);
    if (me.outcome !== "done") return me;
    const page = await this.#search({ sort: "date_created", criteria: "desc" }, 0, context);
    return page.outcome === "done"
      ? done({ detail: `Mercado Pago answers for account ${me.value}: ${page.value.paging.total} payments.` })
      : page;
  }

  charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    if (request.currency !== "BRL") return Promise.resolve(refused("Pix and boleto are in reais (BRL) only."));
    if (!request.methods.some((method) => method === "pix" || method === "boleto"))
      return Promise.resolve(refused("Through Mercado Pago we make charges by Pix or boleto only."));
    return this.#line.run(request.invoiceRef, context, () => this.#charge(request, context));
  }

  async cancelCharge(chargeId: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    const before = await this.#read(chargeId, context);
    if (before.outcome !== "done") return before;
    if (!before.value) return done("cancelled");
    const phase = phaseOf(before.value, this.#clock.now());
    // Paid on its last day, a boleto's money is on its way for up to three working days: a cancellation now would send it back.
    if ((phase !== "open" && phase !== "expired") || (phase === "expired" && isSlip(before.value))) return done(phase);
    const call = { method: "PUT", path: `/v1/payments/${chargeId}`, json: JSON.stringify({ status: "cancelled" }) } as const;
    const act = await this.#api.call(call, context);
    if (act.outcome !== "done") return act;
    const after = await this.#read(chargeId, context);
    if (after.outcome !== "done") return after;
    const now = after.value ? phaseOf(after.value, this.#clock.now()) : "cancelled";
    return now === "open" ? this.#api.refusal(call, act.value, true) : done(now);
  }

  verifyWebhook(delivery: WebhookDelivery, now: Instant): WebhookVerdict {
    return verifyMercadoPagoWebhook(this.#settings.webhook_secret, this.#settings.webhook_age_hours, delivery, now);
  }

  async fetchPayments(hint: PaymentHint, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    const me = await this.#collector(context);
    if (me.outcome !== "done") return me;
    const read = await this.#read(hint.id, context);
    if (read.outcome !== "done") return read;
    const payment = read.value && moneyOf(read.value, me.value, this.#clock.now());
    return done(payment ? [payment] : []);
  }

  poll(request: PollRequest, context: CallContext): Promise<Outcome<PollPage>> {
    return poll({ feeds: [this.#changed, this.#released], complete: (payment) => Promise.resolve(done(payment)) }, request, context);
  }

  async refund({ paymentId, amountCents, key }: RefundRequest, context: CallContext): Promise<Outcome<GatewayRefund>> {
    if (!isId(paymentId)) return refused("Mercado Pago has no payment of this id.");
    const path = `/v1/payments/${paymentId}/refunds`;
    const headers = { "x-idempotency-key": uuidOf(`refund ${paymentId} ${key}`) };
    const made = await this.#api.read(
      { method: "POST", path, headers, json: JSON.stringify({ amount: decimalNumber(amountCents) }) },
      refundSchema,
      context,
    );
    if (made.outcome !== "done") return made;
    const { id, amount, status } = made.value;
    return done({ refundId: id, amountCents: amount, phase: REFUNDS[status ?? ""] ?? "requested" });
  }

  async #charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const now = this.#clock.now();
    const me = await this.#collector(context);
    if (me.outcome !== "done") return me;
    const page = await this.#search({ sort: "date_created", criteria: "asc", external_reference: request.invoiceRef }, 0, context);
    if (page.outcome !== "done") return page;
    const same = page.value.results.filter((one) => one.external_reference === request.invoiceRef && one.collector_id === me.value);
    const standing = same.find((one) => phaseOf(one, now) === "paid") ?? same.find((one) => phaseOf(one, now) === "open");
    if (standing) return chargeOf(standing, now);
    const chosen = slipOr(request.methods, ["pix"], slipPayer("Mercado Pago", request.payer));
    if (chosen.outcome !== "done") return chosen;
    const slip = chosen.value?.method === "boleto" ? slipBody(request, chosen.value.payer, now) : null;
    const { email } = request.payer;
    if (email === null) return refused("Mercado Pago makes a charge only with the payer's e-mail, and none is known.");
    // The count of those that ended is part of the key: after a cancellation a new one is meant, after a lost answer the same.
    const headers = { "x-idempotency-key": uuidOf(`${slip ? "boleto" : "charge"} ${request.invoiceRef} ${same.length}`) };
    const json = JSON.stringify(slip ?? pixBody(request, email, now));
    const made = await this.#api.read({ method: "POST", path: "/v1/payments", headers, json }, paymentSchema, context);
    return made.outcome === "done" ? chargeOf(made.value, now) : made;
  }

  #read(id: string, context: CallContext): Promise<Outcome<MpPayment | null>> {
    if (!isId(id)) return Promise.resolve(done(null));
    return this.#api.read({ method: "GET", path: `/v1/payments/${id}` }, paymentSchema, context, null);
  }

  /** Our own account's id. The search shows payments that we made, too: money out must not pass for money in. */
  async #collector(context: CallContext): Promise<Outcome<string>> {
    if (this.#me !== null) return done(this.#me);
    const me = await this.#api.read({ method: "GET", path: "/users/me" }, meSchema, context);
    if (me.outcome !== "done") return me;
    this.#me = me.value.id;
    return done(this.#me);
  }

  #search(query: Record<string, string>, offset: number, context: CallContext) {
    return this.#api.read({ method: "GET", path: "/v1/payments/search", query: { ...query, offset, limit: PAGE } }, searchSchema, context);
  }

  readonly #changed: Feed = {
    name: "changed",
    overlapMs: LATE_MS,
    page: (window, at, _known, context) => this.#windowed("date_last_updated", window, at, context),
  };

  /** The release of a card's money is not sure to count as an update. */
  readonly #released: Feed = {
    name: "released",
    overlapMs: LATE_MS,
    page: (window, at, _known, context) => this.#windowed("money_release_date", window, at, context),
  };

  async #windowed(range: string, window: { from: Instant; to: Instant }, at: string, context: CallContext): Promise<Outcome<FeedPage>> {
    const me = await this.#collector(context);
    if (me.outcome !== "done") return me;
    const offset = Number(at);
    const dates = { range, begin_date: formatInstant(window.from), end_date: formatInstant(window.to) };
    const page = await this.#search({ sort: range, criteria: "asc", ...dates }, offset, context);
    if (page.outcome !== "done") return page;
    const { paging, results } = page.value;
    const found = results.flatMap((one) => {
      const payment = moneyOf(one, me.value, window.to);
      // One list goes by the last change, the other by the release, and nothing of a waiting payment is new until then.
      const released = payment?.phase === "captured" ? (one.money_release_date ?? 0) : 0;
      return payment ? [{ payment, againUntil: Math.max(window.to, released) + LATE_MS + 10 * MINUTE_MS }] : [];
    });
    const end = offset + results.length;
    return done({ found, total: paging.total, next: results.length > 0 && end < paging.total ? String(end) : null });
  }
}

const isId = (id: string): boolean => /^\d{1,20}$/u.test(id);

/** A UUID made of a text: Mercado Pago's keys have that form, and ours must be the same after a restart. */
function uuidOf(text: string): string {
  const hex = sha256(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
