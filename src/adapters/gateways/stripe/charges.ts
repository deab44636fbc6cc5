// Charges at Stripe: a payment link or a boleto per invoice, claimed by a price whose lookup key only one can have.
import type { Clock } from "../../../kernel/clock.ts";
import { sha256 } from "../../../kernel/hash.ts";
import { done, refused } from "../../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge, GatewayPayment, PaymentMethod } from "../../../ports/payment-gateway.ts";
import type { GatewayApi } from "../api.ts";
import { slipOr, slipPayer } from "../slip.ts";
import { LINK, METHOD, REFERENCE, linkSchema, listOf, priceSchema } from "./messages.ts";
import type { StripeLink, StripePrice } from "./messages.ts";
import { StripeSlips, isIntentId } from "./slips.ts";

const prices = listOf(priceSchema);

/** Lookup keys of one list call (Stripe allows ten); as many charges as one invoice can have had. */
const GENERATIONS = 10;

const keyOf = (invoiceRef: string, generation: number): string => `regua:${generation}:${invoiceRef}`;

/** What a payment link's page can offer. */
type LinkMethod = Exclude<PaymentMethod, "boleto">;

type PaymentsOf = (link: string, context: CallContext) => Promise<Outcome<readonly GatewayPayment[]>>;

export class StripeCharges {
  readonly #api: GatewayApi;
  readonly #methods: readonly PaymentMethod[];
  readonly #paymentsOf: PaymentsOf;
  readonly #slips: StripeSlips;

  constructor(api: GatewayApi, methods: readonly PaymentMethod[], clock: Clock, paymentsOf: PaymentsOf) {
    this.#api = api;
    this.#methods = methods;
    this.#paymentsOf = paymentsOf;
    this.#slips = new StripeSlips(api, clock);
  }

  async charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const { invoiceRef } = request;
    const keys = Array.from({ length: GENERATIONS }, (_, generation) => keyOf(invoiceRef, generation));
    const known = await this.#api.read(
      { method: "GET", path: "/v1/prices", query: { "lookup_keys[]": keys, limit: 100 } },
      prices,
      context,
    );
    if (known.outcome !== "done") return known;
    const byKey = new Map(known.value.data.map((price) => [price.lookup_key, price]));
    const last = keys.findLastIndex((key) => byKey.has(key));
    const price = byKey.get(keys[last] ?? "");
    if (!price) return this.#make(request, 0, context);
    const slip = price.metadata[METHOD] === "boleto";
    const standing = await (slip ? this.#slips.standing(request, price, context) : this.#withLink(request, price, context));
    if (standing.outcome !== "done" || standing.value.phase === "open") return standing;
    const stands = standing.value.phase === "paid" ? await this.#moneyStayed(standing.value.chargeId, context) : done(false);
    if (stands.outcome !== "done") return stands;
    if (stands.value) return standing;
    if (last + 1 >= GENERATIONS) return refused(`This invoice has had ${GENERATIONS} charges at Stripe; no further one is made.`);
    return this.#make(request, last + 1, context);
  }

  async cancel(id: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    if (isIntentId(id)) return this.#slips.cancel(id, context);
    const before = await this.read(id, context);
    if (before.outcome !== "done") return before;
    if (!before.value) return done("cancelled");
    if (phaseOf(before.value) !== "open") return done(phaseOf(before.value));
    const after = await this.#api.read(
      { method: "POST", path: `/v1/payment_links/${id}`, form: [["active", "false"]] },
      linkSchema,
      context,
    );
    return after.outcome === "done" ? done(phaseOf(after.value)) : after;
  }

  read(id: string, context: CallContext): Promise<Outcome<StripeLink | null>> {
    if (!/^plink_[A-Za-z0-9]{1,64}$/u.test(id)) return Promise.resolve(done(null));
    return this.#api.read({ method: "GET", path: `/v1/payment_links/${id}` }, linkSchema, context, null);
  }

  async #make(request: ChargeRequest, generation: number, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const { invoiceRef, amountCents, currency, description } = request;
    const chosen = this.#chosen(request);
    if (chosen.outcome !== "done") return chosen;
    const slip = chosen.value?.method === "boleto" ? chosen.value.payer : null;
    const key = keyOf(invoiceRef, generation);
    const form: [string, string][] = [
      ["currency", currency.toLowerCase()],
      ["unit_amount", String(amountCents)],
      ["lookup_key", key],
      ["product_data[name]", description.slice(0, 250)],
      [`metadata[${REFERENCE}]`, invoiceRef],
      ...(slip ? [[`metadata[${METHOD}]`, "boleto"] satisfies [string, string]] : []),
    ];
    // No idempotency key: a second price under the same lookup key is refused by Stripe, and one made before is found by it.
    const price = await this.#api.read({ method: "POST", path: "/v1/prices", form }, priceSchema, context);
    if (price.outcome !== "done") return price;
    return slip ? this.#slips.make(request, slip, price.value, context) : this.#withLink(request, price.value, context);
  }

  /**
   * The link of a price, made when its id is not noted there. A link whose answer was lost is made once more under the same idempotency
   * key; after the key's life it is another one, and the first was never shown to anybody.
   */
  async #withLink(request: ChargeRequest, price: StripePrice, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const noted = price.metadata[LINK];
    if (noted !== undefined) {
      const link = await this.read(noted, context);
      if (link.outcome !== "done") return link;
      if (link.value) return done(chargeOf(link.value, price));
    }
    const { invoiceRef } = request;
    const form: [string, string][] = [
      ["line_items[0][price]", price.id],
      ["line_items[0][quantity]", "1"],
      ["restrictions[completed_sessions][limit]", "1"],
      [`metadata[${REFERENCE}]`, invoiceRef],
      [`payment_intent_data[metadata][${REFERENCE}]`, invoiceRef],
      ...this.#offered(request).map((method): [string, string] => ["payment_method_types[]", method]),
    ];
    const headers = { "idempotency-key": `regua-${sha256(JSON.stringify(form)).slice(0, 40)}` };
    const made = await this.#api.read({ method: "POST", path: "/v1/payment_links", form, headers }, linkSchema, context);
    if (made.outcome !== "done") return made;
    const note: [string, string][] = [[`metadata[${LINK}]`, made.value.id]];
    const noting = await this.#api.read({ method: "POST", path: `/v1/prices/${price.id}`, form: note }, priceSchema, context);
    return noting.outcome === "done" ? done(chargeOf(made.value, price)) : noting;
  }

  /** A link whose money went back entirely stays used up: as good as none. */
  async #moneyStayed(link: string, context: CallContext): Promise<Outcome<boolean>> {
    const payments = await this.#paymentsOf(link, context);
    if (payments.outcome !== "done") return payments;
    return done(payments.value.length === 0 || payments.value.some(({ amountCents, refundedCents }) => refundedCents < amountCents));
  }

  /** A boleto, or what stands on a link's page. */
  #chosen({ methods, payer }: ChargeRequest): ReturnType<typeof slipOr<LinkMethod>> {
    const wanted = methods.filter((method) => this.#methods.includes(method));
    const onLink = this.#onLink;
    return slipOr(wanted.length > 0 || onLink.length > 0 ? wanted : ["boleto"], onLink, slipPayer("Stripe", payer));
  }

  #offered({ methods }: ChargeRequest): readonly string[] {
    const both = this.#onLink.filter((method) => methods.includes(method));
    return both.length > 0 ? both : this.#onLink;
  }

  get #onLink(): readonly LinkMethod[] {
    return this.#methods.filter((method): method is LinkMethod => method !== "boleto");
  }
}

/** A link that is off was used up by a payment, or switched off by us. */
export function phaseOf({ active, restrictions }: StripeLink): GatewayCharge["phase"] {
  if ((restrictions?.completed_sessions?.count ?? 0) > 0) return "paid";
  return active ? "open" : "cancelled";
}

function chargeOf(link: StripeLink, price: StripePrice): GatewayCharge {
  return {
    chargeId: link.id,
    invoiceRef: link.metadata[REFERENCE] ?? null,
    phase: phaseOf(link),
    amountCents: price.unit_amount,
    currency: price.currency.toUpperCase(),
    brCode: null,
    digitLine: null,
    url: link.url,
    slipUrl: null,
    card: link.payment_method_types?.includes("card") ? { url: link.url, addsLateFee: false } : null,
    expiresAt: null,
  };
}
