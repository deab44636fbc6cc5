// Stripe as a payment gateway: payment links and boletos as charges, Stripe's charges as payments, the event list as the poll.
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS, HOUR_MS } from "../../../kernel/time.ts";
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
import { GatewayApi, jsonOf } from "../api.ts";
import type { Authority } from "../api.ts";
import { openHttp } from "../options.ts";
import type { Surroundings } from "../options.ts";
import { poll } from "../scan.ts";
import type { Feed, Found } from "../scan.ts";
import { StripeCharges } from "./charges.ts";
import {
  VERSION,
  chargeSchema,
  disputeHolds,
  disputeSchema,
  errorSchema,
  listOf,
  moneyOf,
  refundSchema,
  sessionSchema,
  settlesAt,
} from "./messages.ts";
import type { StripeCharge } from "./messages.ts";
import type { StripeSettings } from "./settings.ts";
import { isIntentId } from "./slips.ts";
import { MONEY_EVENTS, chargeOfEvent, eventSchema, verifyStripeWebhook } from "./webhook.ts";

/** Each event may cost calls of its own. */
const PAGE = 20;
const LATE_MS = HOUR_MS;
/** Stripe lists events of the last thirty days only; what is older is read from the charges themselves. */
const EVENTS_LAST_MS = 29 * DAY_MS;

/** A charge by boleto may have been begun with its voucher, sixty days before it was paid at most. */
const VOUCHERS_LAST_MS = 63 * DAY_MS;

const REFUNDS: Readonly<Record<string, GatewayRefund["phase"]>> = { succeeded: "done", failed: "failed", canceled: "failed" };

const charges = listOf(chargeSchema);
const disputes = listOf(disputeSchema);
const refunds = listOf(refundSchema);
const sessions = listOf(sessionSchema);
const events = listOf(eventSchema);

const EXPAND = { "expand[]": "balance_transaction" };

/** @throws ReguaError `gateway_option_invalid` */
export function openStripe(settings: StripeSettings, { clock, folder }: Surroundings): StripeGateway {
  const headers = { authorization: `Bearer ${settings.secret_key}`, "stripe-version": VERSION };
  const authority: Authority = { headers: () => Promise.resolve(done(headers)), renew: () => false, secrets: () => [settings.secret_key] };
  const api = new GatewayApi("Stripe", openHttp(settings.base_url, undefined, folder), authority, ({ text }) => {
    const { type, code, message } = errorSchema.safeParse(jsonOf(text)).data?.error ?? {};
    return [type, code, message].filter(Boolean).join(": ") || "The answer gives no reason.";
  });
  return new StripeGateway(settings, api, clock);
}

export class StripeGateway implements PaymentGateway {
  readonly kind = "stripe";
  readonly capabilities: GatewayCapabilities;
  readonly #settings: StripeSettings;
  readonly #api: GatewayApi;
  readonly #charges: StripeCharges;
  readonly #line = new OneAtATime();

  constructor(settings: StripeSettings, api: GatewayApi, clock: Clock) {
    this.#settings = settings;
    this.#api = api;
    this.#charges = new StripeCharges(api, settings.methods, clock, (id, context) => this.#ofCharge(id, context));
    this.capabilities = {
      methods: settings.methods,
      refunds: "partial",
      currencies: [settings.currency],
      lateFee: false,
      webhooks: MONEY_EVENTS,
      webhookProof: "signature",
      pageHosts: ["stripe.com"],
    };
  }

  close(): Promise<void> {
    return Promise.resolve(this.#api.close());
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    const page = await this.#api.read({ method: "GET", path: "/v1/charges", query: { limit: 1, ...listExpand } }, charges, context);
    return page.outcome === "done"
      ? done({ detail: `Stripe answers; the account has ${page.value.data.length === 0 ? "no charge yet" : "charges"}.` })
      : page;
  }

  charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    if (request.currency !== this.#settings.currency)
      return Promise.resolve(refused(`This Stripe account charges in ${this.#settings.currency} only.`));
    return this.#line.run(request.invoiceRef, context, () => this.#charges.charge(request, context));
  }

  cancelCharge(chargeId: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    return this.#charges.cancel(chargeId, context);
  }

  verifyWebhook(delivery: WebhookDelivery, now: Instant): WebhookVerdict {
    return verifyStripeWebhook(this.#settings.webhook_secret, delivery, now);
  }

  async fetchPayments(hint: PaymentHint, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    if (hint.kind === "charge") return this.#ofCharge(hint.id, context);
    const found = await this.#found(hint.id, 0, context);
    return found.outcome === "done" ? done(found.value ? [found.value.payment] : []) : found;
  }

  poll(request: PollRequest, context: CallContext): Promise<Outcome<PollPage>> {
    const complete = (payment: GatewayPayment): Promise<Outcome<GatewayPayment>> => Promise.resolve(done(payment));
    const recheck = (id: string): Promise<Outcome<Found | null>> => this.#found(id, request.now, context);
    return poll({ feeds: [this.#older, this.#events], complete, recheck }, request, context);
  }

  async refund({ paymentId, amountCents, key }: RefundRequest, context: CallContext): Promise<Outcome<GatewayRefund>> {
    // The idempotency key lives a day or so; the note on the refund for ever.
    const known = await this.#api.read({ method: "GET", path: "/v1/refunds", query: { charge: paymentId, limit: 100 } }, refunds, context);
    if (known.outcome !== "done") return known;
    const before = known.value.data.find(({ metadata }) => metadata.regua_key === key);
    const form: [string, string][] = [
      ["charge", paymentId],
      ["amount", String(amountCents)],
      ["metadata[regua_key]", key],
    ];
    const call = { method: "POST", path: "/v1/refunds", form, headers: { "idempotency-key": `regua-refund-${key}` } } as const;
    const made = before ? done(before) : await this.#api.read(call, refundSchema, context);
    if (made.outcome !== "done") return made;
    return done({ refundId: made.value.id, amountCents: made.value.amount, phase: REFUNDS[made.value.status ?? ""] ?? "requested" });
  }

  /** A link's sessions lead to payment intents, those to charges. A boleto is a payment intent itself. */
  async #ofCharge(id: string, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    const intents = isIntentId(id) ? done([id]) : await this.#intentsOf(id, context);
    if (intents.outcome !== "done") return intents;
    const payments: GatewayPayment[] = [];
    for (const payment_intent of intents.value) {
      const query = { payment_intent, limit: 100, ...listExpand };
      const tried = await this.#api.read({ method: "GET", path: "/v1/charges", query }, charges, context, null);
      if (tried.outcome !== "done") return tried;
      for (const charge of tried.value?.data ?? []) {
        const found = await this.#foundOf(charge, 0, context);
        if (found.outcome !== "done") return found;
        if (found.value) payments.push({ ...found.value.payment, chargeId: id });
      }
    }
    return done(payments);
  }

  async #intentsOf(link: string, context: CallContext): Promise<Outcome<readonly string[]>> {
    const query = { payment_link: link, limit: 100 };
    const page = await this.#api.read({ method: "GET", path: "/v1/checkout/sessions", query }, sessions, context, null);
    if (page.outcome !== "done") return page;
    return done((page.value?.data ?? []).flatMap(({ payment_intent }) => payment_intent ?? []));
  }

  async #found(id: string, to: Instant, context: CallContext): Promise<Outcome<Found | null>> {
    if (!/^(ch|py)_[A-Za-z0-9]{1,64}$/u.test(id)) return done(null);
    const charge = await this.#api.read({ method: "GET", path: `/v1/charges/${id}`, query: EXPAND }, chargeSchema, context, null);
    if (charge.outcome !== "done") return charge;
    return charge.value ? this.#foundOf(charge.value, to, context) : done(null);
  }

  async #foundOf(charge: StripeCharge, to: Instant, context: CallContext): Promise<Outcome<Found | null>> {
    let chargedBack = false;
    // `disputed` stays true when a dispute was won.
    if (charge.disputed) {
      const page = await this.#api.read(
        { method: "GET", path: "/v1/disputes", query: { charge: charge.id, limit: 100 } },
        disputes,
        context,
      );
      if (page.outcome !== "done") return page;
      chargedBack = page.value.data.some(({ status }) => disputeHolds(status));
    }
    const payment = moneyOf(charge, chargedBack);
    const later = settlesAt(charge);
    return done(payment && { payment, settlesAt: later, againUntil: Math.max(to, later ?? 0) + EVENTS_LAST_MS });
  }

  readonly #events: Feed = {
    name: "events",
    overlapMs: LATE_MS,
    page: async ({ from, to }, at, _known, context) => {
      const query = { "types[]": MONEY_EVENTS, ...createdBetween(Math.max(from, to - EVENTS_LAST_MS), to), ...after(at) };
      const page = await this.#api.read({ method: "GET", path: "/v1/events", query }, events, context);
      if (page.outcome !== "done") return page;
      const found: Found[] = [];
      for (const id of new Set(page.value.data.map(chargeOfEvent))) {
        const one = id === null ? done(null) : await this.#found(id, to, context);
        if (one.outcome !== "done") return one;
        if (one.value) found.push(one.value);
      }
      return done({ found, next: nextOf(page.value) });
    },
  };

  /** Only for a first poll, or one after a long silence. */
  readonly #older: Feed = {
    name: "older",
    overlapMs: LATE_MS,
    covers: ({ from, to }) => from < to - EVENTS_LAST_MS,
    page: async ({ from, to }, at, _known, context) => {
      const query = { ...createdBetween(from - VOUCHERS_LAST_MS, to), ...after(at), ...listExpand };
      const page = await this.#api.read({ method: "GET", path: "/v1/charges", query }, charges, context);
      if (page.outcome !== "done") return page;
      const found: Found[] = [];
      for (const charge of page.value.data) {
        const one = await this.#foundOf(charge, to, context);
        if (one.outcome !== "done") return one;
        if (one.value && (one.value.payment.paidAt ?? to) >= from) found.push(one.value);
      }
      return done({ found, next: nextOf(page.value) });
    },
  };
}

const listExpand = { "expand[]": "data.balance_transaction" };

const createdBetween = (from: Instant, to: Instant) => ({ "created[gte]": Math.floor(from / 1000), "created[lte]": Math.floor(to / 1000) });

const after = (at: string) => ({ limit: PAGE, starting_after: at === "" ? undefined : at });

const nextOf = ({ has_more, data }: { has_more: boolean; data: readonly { id: string }[] }): string | null =>
  has_more ? (data.at(-1)?.id ?? null) : null;
