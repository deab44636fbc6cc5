// Boletos at Stripe: a payment intent confirmed at once, whose next action is the voucher. Fields, the end of a voucher and the sixty days are
// from docs.stripe.com/payments/boleto/accept-a-payment and the API reference (payment_intents/create, cancel, search). That the code's due
// day is the voucher's last is said nowhere there: only a later one is refused. A voucher of test mode pays nobody, and need have no right code.
import type { Clock } from "../../../kernel/clock.ts";
import { sha256 } from "../../../kernel/hash.ts";
import { done } from "../../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge } from "../../../ports/payment-gateway.ts";
import type { GatewayApi } from "../api.ts";
import { brazilDayOf } from "../brazil.ts";
import { checkedLine, slipDay, slipPayer } from "../slip.ts";
import type { SlipPayer } from "../slip.ts";
import { INTENT, PRICE, REFERENCE, intentSchema, listOf, priceSchema } from "./messages.ts";
import type { StripeIntent, StripePrice } from "./messages.ts";

/** `expires_after_days` at most. */
const WAITS_DAYS = 60;

/** A voucher was made for it: an intent whose confirmation failed has none, and is left alone. */
const VOUCHER = new Set(["requires_action", "processing", "succeeded", "canceled"]);

const intents = listOf(intentSchema);

export const isIntentId = (id: string): boolean => /^pi_[A-Za-z0-9]{1,64}$/u.test(id);

export class StripeSlips {
  readonly #api: GatewayApi;
  readonly #clock: Clock;

  constructor(api: GatewayApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** The boleto of a price that was there before; made when none is noted there and none is found. */
  async standing(request: ChargeRequest, price: StripePrice, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const noted = price.metadata[INTENT];
    if (noted !== undefined) {
      const intent = await this.#read(noted, context);
      if (intent.outcome !== "done") return intent;
      if (intent.value) return this.#chargeOf(intent.value);
    }
    // Stripe's search learns of a new one within a minute or so: until then the idempotency key finds it.
    const query = { query: `metadata["${PRICE}"]:"${price.id}"`, limit: 100 };
    const page = await this.#api.read({ method: "GET", path: "/v1/payment_intents/search", query }, intents, context);
    if (page.outcome !== "done") return page;
    const lost = page.value.data.find(({ status, metadata }) => metadata[PRICE] === price.id && VOUCHER.has(status));
    if (lost) return this.#note(lost, price, context);
    const payer = slipPayer("Stripe", request.payer);
    return payer.outcome === "done" ? this.make(request, payer.value, price, context) : payer;
  }

  async make(request: ChargeRequest, payer: SlipPayer, price: StripePrice, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const today = brazilDayOf(this.#clock.now());
    const form = formOf(request, payer, price, slipDay(request.dueOn, today, WAITS_DAYS) - today);
    const headers = { "idempotency-key": `regua-${sha256(JSON.stringify(form)).slice(0, 40)}` };
    const made = await this.#api.read({ method: "POST", path: "/v1/payment_intents", form, headers }, intentSchema, context);
    return made.outcome === "done" ? this.#note(made.value, price, context) : made;
  }

  async cancel(id: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    const before = await this.#read(id, context);
    if (before.outcome !== "done") return before;
    if (!before.value) return done("cancelled");
    const phase = this.#phaseOf(before.value);
    // Paid on its last day, a boleto is told of a working day later: a cancellation now would cross it.
    if (phase !== "open") return done(phase);
    const call = { method: "POST", path: `/v1/payment_intents/${id}/cancel`, form: [] as [string, string][] } as const;
    const act = await this.#api.call(call, context);
    if (act.outcome !== "done") return act;
    const after = await this.#read(id, context);
    if (after.outcome !== "done") return after;
    const now = after.value ? this.#phaseOf(after.value) : "cancelled";
    return now === "open" ? this.#api.refusal(call, act.value, true) : done(now);
  }

  #read(id: string, context: CallContext): Promise<Outcome<StripeIntent | null>> {
    return this.#api.read({ method: "GET", path: `/v1/payment_intents/${id}` }, intentSchema, context, null);
  }

  async #note(intent: StripeIntent, price: StripePrice, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const form: [string, string][] = [[`metadata[${INTENT}]`, intent.id]];
    const noting = await this.#api.read({ method: "POST", path: `/v1/prices/${price.id}`, form }, priceSchema, context);
    return noting.outcome === "done" ? this.#chargeOf(intent) : noting;
  }

  #phaseOf({ status, next_action }: StripeIntent): GatewayCharge["phase"] {
    if (status === "succeeded") return "paid";
    if (status === "canceled") return "cancelled";
    // After its voucher's end an intent waits for another method of payment, which nobody will give it.
    if (status !== "requires_action" && status !== "processing") return "expired";
    const end = next_action?.boleto_display_details?.expires_at ?? null;
    return end !== null && end <= this.#clock.now() ? "expired" : "open";
  }

  #chargeOf(intent: StripeIntent): Outcome<GatewayCharge> {
    const details = intent.next_action?.boleto_display_details;
    const expiresAt = details?.expires_at ?? null;
    const page = details?.hosted_voucher_url ?? details?.pdf ?? null;
    const charge: GatewayCharge = {
      chargeId: intent.id,
      invoiceRef: intent.metadata[REFERENCE] ?? null,
      phase: this.#phaseOf(intent),
      amountCents: intent.amount,
      currency: intent.currency.toUpperCase(),
      brCode: null,
      digitLine: null,
      url: page,
      slipUrl: details?.pdf ?? page,
      card: null,
      expiresAt,
    };
    const code = details?.number ?? "";
    if (charge.phase !== "open" || code === "") return done(charge);
    const due = expiresAt === null ? null : { by: brazilDayOf(expiresAt) };
    const line = checkedLine("Stripe", code, { amountCents: intent.amount, due }, brazilDayOf(this.#clock.now()));
    if (line.outcome !== "done") return intent.livemode ? line : done(charge);
    return done({ ...charge, digitLine: line.value });
  }
}

function formOf({ invoiceRef, description }: ChargeRequest, payer: SlipPayer, price: StripePrice, days: number): [string, string][] {
  const { street, number, neighborhood, city, state, postalCode } = payer.address;
  const billing = "payment_method_data[billing_details]";
  return [
    ["amount", String(price.unit_amount)],
    ["currency", price.currency],
    ["description", description.slice(0, 250)],
    ["confirm", "true"],
    ["payment_method_types[]", "boleto"],
    ["payment_method_data[type]", "boleto"],
    ["payment_method_data[boleto][tax_id]", payer.taxId],
    [`${billing}[name]`, payer.name],
    [`${billing}[email]`, payer.email],
    [`${billing}[address][line1]`, `${street}, ${number} - ${neighborhood}`],
    [`${billing}[address][city]`, city],
    [`${billing}[address][state]`, state],
    [`${billing}[address][postal_code]`, postalCode],
    [`${billing}[address][country]`, "BR"],
    ["payment_method_options[boleto][expires_after_days]", String(days)],
    [`metadata[${REFERENCE}]`, invoiceRef],
    [`metadata[${PRICE}]`, price.id],
  ];
}
