// The API Pix of the Banco Central as a payment gateway; Efí speaks it with habits of its own.
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, formatInstant } from "../../../kernel/time.ts";
import type { Instant } from "../../../kernel/time.ts";
import { done, refused, unknown } from "../../../ports/outcome.ts";
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
import type { GatewayApi } from "../api.ts";
import { decimalOf } from "../money-text.ts";
import { poll } from "../scan.ts";
import type { Feed, FeedPage } from "../scan.ts";
import { PixCharges } from "./charges.ts";
import { isEndToEndId, paymentOf, pixPageSchema, pixSchema, returnSchema, wasSentByUs } from "./messages.ts";
import type { Pix, PixReturn } from "./messages.ts";
import type { PixDialect, PixSettings } from "./settings.ts";
import { kindOfTxid } from "./txid.ts";
import { verifyPixWebhook } from "./webhook.ts";

const PAGE = 50;
/** How late a Pix may show in the list: clocks of two banks, and the list's own delay. */
const LATE_MS = HOUR_MS;
/** A Pix can be returned for ninety days (API Pix, PixDevolucaoInvalida). */
const RETURNABLE_MS = 91 * DAY_MS;
const RETURNS_EVERY_MS = 6 * HOUR_MS;

const FINAL: Readonly<Record<PixReturn["status"], GatewayRefund["phase"]>> = {
  EM_PROCESSAMENTO: "requested",
  DEVOLVIDO: "done",
  NAO_REALIZADO: "failed",
};

export class PixApiGateway implements PaymentGateway {
  readonly kind: string;
  readonly capabilities: GatewayCapabilities;
  readonly #dialect: PixDialect;
  readonly #settings: PixSettings;
  readonly #api: GatewayApi;
  readonly #charges: PixCharges;
  readonly #clock: Clock;
  readonly #line = new OneAtATime();

  constructor(dialect: PixDialect, settings: PixSettings, api: GatewayApi, clock: Clock) {
    this.kind = dialect.kind;
    this.capabilities = {
      methods: ["pix"],
      refunds: "partial",
      currencies: ["BRL"],
      lateFee: true,
      webhooks: ["pix"],
      webhookProof: "address",
      pageHosts: [],
    };
    this.#dialect = dialect;
    this.#settings = settings;
    this.#api = api;
    this.#charges = new PixCharges(api, settings, clock);
    this.#clock = clock;
  }

  close(): Promise<void> {
    return Promise.resolve(this.#api.close());
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    const now = this.#clock.now();
    const page = await this.#page({ from: now - DAY_MS, to: now }, 0, {}, context);
    if (page.outcome !== "done") return page;
    const count = page.value.parametros.paginacao.quantidadeTotalDeItens;
    return done({ detail: `${this.#dialect.name} answers: ${count} Pix received in the last 24 hours.` });
  }

  charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    if (request.currency !== "BRL") return Promise.resolve(refused("A Pix is in reais (BRL) only."));
    if (!request.methods.includes("pix")) return Promise.resolve(refused("This gateway makes Pix charges only."));
    return this.#line.run(request.invoiceRef, context, () => this.#charges.charge(request, context));
  }

  cancelCharge(chargeId: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    return this.#charges.cancel(chargeId, context);
  }

  verifyWebhook(delivery: WebhookDelivery, _now: Instant): WebhookVerdict {
    return verifyPixWebhook(this.#settings, delivery);
  }

  async setWebhook(url: URL, context: CallContext): Promise<Outcome<{ detail: string }>> {
    const { pix_key, webhook_secret } = this.#settings;
    if (webhook_secret === undefined) return refused("Set webhook_secret first: the address carries it.");
    const json = JSON.stringify({ webhookUrl: this.#dialect.webhookAddress(url, webhook_secret) });
    const call = { method: "PUT", path: `/webhook/${encodeURIComponent(pix_key)}`, json, headers: this.#dialect.webhookHeaders } as const;
    const answer = await this.#api.call(call, context);
    if (answer.outcome !== "done") return answer;
    if (answer.value.code >= 300) return this.#api.refusal(call, answer.value);
    return done({ detail: `${this.#dialect.name} sends webhooks of this Pix key to ${url.origin}${url.pathname}.` });
  }

  async fetchPayments(hint: PaymentHint, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    if (hint.kind === "payment") return this.#fetchPix(hint.id, context);
    const charge = await this.#charges.read(hint.id, context);
    if (charge.outcome !== "done") return charge;
    if (!charge.value) return done([]);
    const { cob } = charge.value;
    const received = (cob.pix ?? []).filter((pix) => !wasSentByUs(pix));
    if (cob.status === "CONCLUIDA" && received.length === 0) return refused("The charge is concluded and shows no Pix yet.", true);
    const ref = this.#charges.referenceOf(cob);
    return done(received.map((pix) => paymentOf({ ...pix, txid: pix.txid ?? cob.txid }, ref)));
  }

  poll(request: PollRequest, context: CallContext): Promise<Outcome<PollPage>> {
    const complete = (payment: GatewayPayment): Promise<Outcome<GatewayPayment>> => this.#withReference(payment, context);
    return poll({ feeds: [this.#received, this.#returned], complete }, request, context);
  }

  async refund(request: RefundRequest, context: CallContext): Promise<Outcome<GatewayRefund>> {
    const { paymentId, amountCents, key } = request;
    if (!isEndToEndId(paymentId) || !/^[A-Za-z0-9]{1,35}$/u.test(key))
      return refused("Not an EndToEndId, or a key the standard does not allow.");
    const path = `/pix/${paymentId}/devolucao/${key}`;
    const known = await this.#api.read({ method: "GET", path }, returnSchema, context, null);
    if (known.outcome !== "done") return known;
    const made = known.value
      ? done(known.value)
      : await this.#api.read({ method: "PUT", path, json: JSON.stringify({ valor: decimalOf(amountCents) }) }, returnSchema, context);
    if (made.outcome !== "done") return made;
    if (made.value.valor !== amountCents) return refused("Under this key another amount was returned before.");
    return done({ refundId: made.value.id, amountCents: made.value.valor, phase: FINAL[made.value.status] });
  }

  async #fetchPix(endToEndId: string, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    if (!isEndToEndId(endToEndId)) return done([]);
    const pix = await this.#api.read({ method: "GET", path: `/pix/${endToEndId}` }, pixSchema, context, null);
    if (pix.outcome !== "done") return pix;
    if (!pix.value || wasSentByUs(pix.value)) return done([]);
    const payment = await this.#withReference(paymentOf(pix.value, null), context);
    return payment.outcome === "done" ? done([payment.value]) : payment;
  }

  /** A Pix names its txid only; the charge under it names our invoice. */
  async #withReference(payment: GatewayPayment, context: CallContext): Promise<Outcome<GatewayPayment>> {
    if (payment.chargeId === null || kindOfTxid(payment.chargeId) === null) return done(payment);
    const charge = await this.#charges.read(payment.chargeId, context);
    if (charge.outcome !== "done") return charge;
    return done({ ...payment, invoiceRef: charge.value ? this.#charges.referenceOf(charge.value.cob) : null });
  }

  readonly #received: Feed = {
    name: "received",
    overlapMs: LATE_MS,
    page: (window, at, _known, context) => this.#chunked(window, at, {}, context),
  };

  /** Returns come on Pix of the last ninety days, ours or by the return mechanism; no list is sorted by them. */
  readonly #returned: Feed = {
    name: "returned",
    overlapMs: RETURNABLE_MS,
    everyMs: RETURNS_EVERY_MS,
    page: (window, at, _known, context) =>
      this.#chunked({ from: window.to - RETURNABLE_MS, to: window.to }, at, { devolucaoPresente: true }, context),
  };

  /** One page of one stretch: banks bound the period of a list. `at` is `stretch:page`. */
  async #chunked(
    window: { from: Instant; to: Instant },
    at: string,
    filter: { devolucaoPresente?: true },
    context: CallContext,
  ): Promise<Outcome<FeedPage>> {
    const [stretch = 0, page = 0] = at === "" ? [] : at.split(":").map(Number);
    const length = this.#dialect.windowDays * DAY_MS;
    const from = window.from + stretch * length;
    const to = Math.min(from + length, window.to);
    const answer = await this.#page({ from, to }, page, filter, context);
    if (answer.outcome !== "done") return answer;
    const { paginaAtual, quantidadeDePaginas } = answer.value.parametros.paginacao;
    if (paginaAtual !== page) return unknown(`${this.#dialect.name} answered page ${paginaAtual} for page ${page}.`);
    const next = page + 1 < quantidadeDePaginas ? `${stretch}:${page + 1}` : to < window.to ? `${stretch + 1}:0` : null;
    return done({ next, found: answer.value.pix.filter((pix) => !wasSentByUs(pix)).map(foundOf) });
  }

  #page({ from, to }: { from: Instant; to: Instant }, page: number, filter: { devolucaoPresente?: true }, context: CallContext) {
    const query = {
      inicio: formatInstant(from),
      fim: formatInstant(to),
      ...filter,
      "paginacao.paginaAtual": page,
      "paginacao.itensPorPagina": PAGE,
    };
    return this.#api.read({ method: "GET", path: "/pix", query }, pixPageSchema, context);
  }
}

/** The second list shows whatever has a return, also one that failed or is under way. */
function foundOf(pix: Pix): FeedPage["found"][number] {
  const lists = (pix.devolucoes ?? []).length > 0 ? RETURNABLE_MS + RETURNS_EVERY_MS : LATE_MS;
  return { payment: paymentOf(pix, null), againUntil: pix.horario + lists + 10 * MINUTE_MS };
}
