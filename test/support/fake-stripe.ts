// A Stripe that behaves as its documents say: forms in, JSON out, lookup keys that only one price has, events newest first.
import { formatDigitLine, makeBoleto } from "../../src/codes/boleto.ts";
import { DAY_MS } from "../../src/kernel/time.ts";
import type { ManualClock } from "../../src/kernel/clock.ts";
import type { FakeAnswer, FakeRequest } from "./fake-server.ts";

export const SECRET_KEY = "sk_test_0042abcdefghijklmnopqrstuvwxyz";

type Item = Record<string, unknown> & { id: string };

interface Charge extends Item {
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  disputed: boolean;
  created: number;
  payment_intent: string;
  balance_transaction: { id: string; created: number; status: string; available_on: number };
}

interface Link extends Item {
  active: boolean;
  metadata: Record<string, string>;
  restrictions: { completed_sessions: { count: number; limit: number } };
}

interface Intent extends Item {
  status: string;
  amount: number;
  created: number;
  metadata: Record<string, string>;
  next_action: { type: string; boleto_display_details: Record<string, unknown> } | null;
  tax_id: string | null;
}

/** What a boleto is not made without; Stripe names the first that is missing. */
const BILLING = ["[name]", "[email]", "[address][line1]", "[address][city]", "[address][state]", "[address][postal_code]"];

export class FakeStripe {
  readonly prices: (Item & { lookup_key: string; metadata: Record<string, string> })[] = [];
  readonly links: Link[] = [];
  readonly sessions: (Item & { payment_link: string; payment_intent: string })[] = [];
  readonly intents: Intent[] = [];
  /** Vouchers of test mode have a number that is no boleto's. */
  livemode = true;
  /** What the next voucher's number says instead of its own amount, or of its own day. */
  wrongSlip: { cents?: number; days?: number } = {};
  /** How long a new intent is missing from the search. */
  searchLagMs = 60_000;
  readonly charges: Charge[] = [];
  readonly refunds: (Item & { charge: string; amount: number })[] = [];
  readonly disputes: (Item & { charge: string; status: string })[] = [];
  readonly events: (Item & { type: string; created: number })[] = [];
  readonly keys = new Map<string, { body: string; answer: FakeAnswer }>();
  key = SECRET_KEY;
  readonly #clock: ManualClock;
  #count = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  handle(request: FakeRequest): FakeAnswer {
    const { method, path, headers } = request;
    if (headers.authorization !== `Bearer ${this.key}`) return error(401, "", `Invalid API Key provided: ${String(headers.authorization)}`);
    if (headers["stripe-version"] === undefined) return error(400, "", "the test wants a pinned version");
    const key = headers["idempotency-key"];
    if (method === "GET" || typeof key !== "string") return this.#route(request);
    const known = this.keys.get(key);
    if (known)
      return known.body === request.body
        ? known.answer
        : error(400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters");
    const answer = this.#route(request);
    if (answer.code < 500) this.keys.set(key, { body: request.body, answer });
    void path;
    return answer;
  }

  #route({ method, path, query, body }: FakeRequest): FakeAnswer {
    const [, , kind = "", second, third] = path.split("/");
    const id = kind === "checkout" ? third : second;
    const form = new URLSearchParams(body);
    const all = {
      prices: this.prices,
      payment_links: this.links,
      payment_intents: this.intents,
      checkout: this.sessions,
      charges: this.charges,
      refunds: this.refunds,
      disputes: this.disputes,
      events: this.events,
    }[kind];
    if (!all) return error(404, "", "Unrecognized request URL");
    if (method === "POST" && id === undefined) return this.#create(kind, form);
    if (id === undefined) return this.#list(all, query);
    if (kind === "payment_intents" && id === "search") return this.#search(query);
    const item = all.find((one) => one.id === id);
    if (!item) return error(404, "resource_missing", `No such ${kind}: ${id}`);
    if (kind === "payment_intents" && third === "cancel") return this.#cancel(item as Intent);
    if (method === "POST") for (const [name, value] of form) this.#set(item, name, value === "false" ? false : value);
    return { code: 200, body: item };
  }

  /** `metadata[a]=b` and `active=false`. */
  #set(item: Item, name: string, value: string | boolean): void {
    const nested = /^(\w+)\[(\w+)\]$/u.exec(name);
    if (nested) (item[nested[1] ?? ""] as Record<string, unknown>)[nested[2] ?? ""] = value;
    else item[name] = value;
  }

  #create(kind: string, form: URLSearchParams): FakeAnswer {
    const metadata = Object.fromEntries(
      [...form].flatMap(([name, value]) => (/^metadata\[(\w+)\]$/u.test(name) ? [[name.slice(9, -1), value]] : [])),
    );
    if (kind === "prices") {
      const lookup_key = form.get("lookup_key") ?? "";
      if (this.prices.some((price) => price.lookup_key === lookup_key))
        return error(400, "resource_already_exists", "A price already uses that lookup key.");
      const made = {
        id: this.#id("price"),
        lookup_key,
        unit_amount: Number(form.get("unit_amount")),
        currency: form.get("currency"),
        metadata,
      };
      this.prices.push(made);
      return { code: 200, body: made };
    }
    if (kind === "payment_links") {
      const id = this.#id("plink");
      const restrictions = { completed_sessions: { count: 0, limit: Number(form.get("restrictions[completed_sessions][limit]")) } };
      const made: Link = {
        id,
        active: true,
        url: `https://buy.stripe.com/test_${id}`,
        metadata,
        payment_method_types: form.getAll("payment_method_types[]"),
        restrictions,
        price: form.get("line_items[0][price]"),
        intent: form.get("payment_intent_data[metadata][regua_invoice]"),
      };
      this.links.push(made);
      return { code: 200, body: made };
    }
    if (kind === "payment_intents") return this.#voucher(form, metadata);
    const charge = this.charges.find((one) => one.id === form.get("charge"));
    const amount = Number(form.get("amount"));
    if (!charge) return error(404, "resource_missing", "No such charge");
    if (charge.amount_refunded + amount > charge.amount) return error(400, "", "Refund amount is greater than unrefunded amount on charge");
    return { code: 200, body: this.giveBack(charge, amount, metadata) };
  }

  /** A boleto, confirmed with its creation: the voucher ends at 23:59 in São Paulo, so many days later. */
  #voucher(form: URLSearchParams, metadata: Record<string, string>): FakeAnswer {
    const missing = BILLING.find((name) => !form.get(`payment_method_data[billing_details]${name}`));
    if (missing !== undefined)
      return error(400, "parameter_missing", `Missing required param: payment_method_data[billing_details]${missing}`);
    const tax_id = form.get("payment_method_data[boleto][tax_id]");
    if (!/^(\d{11}|\d{14})$/u.test(tax_id ?? "")) return error(400, "tax_id_invalid", "The tax ID is not a CPF or CNPJ");
    const days = Number(form.get("payment_method_options[boleto][expires_after_days]") ?? "3");
    if (form.get("confirm") !== "true" || form.get("currency") !== "brl" || !(days >= 0 && days <= 60))
      return error(400, "parameter_invalid", "Invalid parameters for boleto");
    const today = Math.floor((this.#clock.now() - 3 * 3_600_000) / DAY_MS);
    const amount = Number(form.get("amount"));
    const [id, end] = [this.#id("pi"), today + days];
    const says = { amountCents: this.wrongSlip.cents ?? amount, due: end + (this.wrongSlip.days ?? 0) };
    const number = this.livemode
      ? formatDigitLine(makeBoleto({ bank: "033", ...says, freeField: id.slice(-24).padStart(25, "0") }).digitLine)
      : "01".repeat(23) + "0";
    const hosted_voucher_url = `https://payments.stripe.com/boleto/voucher/${id}`;
    const expires_at = (end + 1) * 86_400 + 3 * 3_600 - 1;
    const intent: Intent = {
      id,
      object: "payment_intent",
      status: "requires_action",
      amount,
      currency: "brl",
      livemode: this.livemode,
      created: this.#seconds,
      metadata,
      next_action: {
        type: "boleto_display_details",
        boleto_display_details: { number, hosted_voucher_url, pdf: `${hosted_voucher_url}/pdf`, expires_at },
      },
      tax_id,
    };
    this.intents.push(intent);
    return { code: 200, body: intent };
  }

  #search(query: URLSearchParams): FakeAnswer {
    const [, name = "", value] = /^metadata\["(\w+)"\]:"([^"]*)"$/u.exec(query.get("query") ?? "") ?? [];
    if (name === "") return error(400, "", "We were unable to parse your search query.");
    const known = this.intents.filter(({ created }) => created * 1000 <= this.#clock.now() - this.searchLagMs);
    return {
      code: 200,
      body: { object: "search_result", has_more: false, data: known.filter(({ metadata }) => metadata[name] === value) },
    };
  }

  #cancel(intent: Intent): FakeAnswer {
    if (["succeeded", "canceled"].includes(intent.status))
      return error(
        400,
        "payment_intent_unexpected_state",
        `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      );
    Object.assign(intent, { status: "canceled", next_action: null });
    return { code: 200, body: intent };
  }

  /** The voucher's end: the intent waits for another method. */
  expire(intent: Intent): void {
    Object.assign(intent, { status: "requires_payment_method", next_action: null });
  }

  /** Newest first, as Stripe lists; `starting_after` an id. */
  #list(all: readonly Item[], query: URLSearchParams): FakeAnswer {
    const keys = query.getAll("lookup_keys[]");
    const types = query.getAll("types[]");
    const between = (value: unknown): boolean =>
      Number(value) >= Number(query.get("created[gte]") ?? 0) &&
      Number(value) <= Number(query.get("created[lte]") ?? Number.MAX_SAFE_INTEGER);
    const oldest = (this.#clock.now() - 30 * DAY_MS) / 1000;
    const matching = all
      .filter((one) => keys.length === 0 || keys.includes(String(one.lookup_key)))
      .filter((one) => types.length === 0 || (types.includes(String(one.type)) && Number(one.created) >= oldest))
      .filter((one) =>
        ["payment_link", "payment_intent", "charge"].every((name) => query.get(name) === null || one[name] === query.get(name)),
      )
      .filter((one) => one.created === undefined || between(one.created))
      .toReversed();
    const start = query.get("starting_after") === null ? 0 : matching.findIndex(({ id }) => id === query.get("starting_after")) + 1;
    const limit = Number(query.get("limit") ?? 10);
    return {
      code: 200,
      body: { object: "list", data: matching.slice(start, start + limit), has_more: start + limit < matching.length, url: "/v1" },
    };
  }

  pay(cents: number, link: Link | null, pending: boolean, intent: Intent | null = null): Charge {
    const [id, payment_intent, now] = [this.#id(intent ? "py" : "ch"), intent?.id ?? this.#id("pi"), this.#seconds];
    const charge: Charge = {
      id,
      object: "charge",
      status: "succeeded",
      captured: true,
      amount: cents,
      amount_captured: cents,
      amount_refunded: 0,
      // A charge by boleto was begun with its voucher.
      created: intent?.created ?? now,
      currency: "brl",
      disputed: false,
      payment_intent,
      metadata: intent ? { ...intent.metadata } : link ? { regua_invoice: link.intent } : {},
      balance_transaction: {
        id: this.#id("txn"),
        created: now,
        status: pending ? "pending" : "available",
        available_on: now + (pending ? 30 * 86_400 : 0),
      },
      payment_method_details: intent ? { type: "boleto", boleto: { tax_id: intent.tax_id } } : { type: "card" },
      billing_details: { name: "Ana Exemplo", tax_id: null },
    };
    this.charges.push(charge);
    if (intent) Object.assign(intent, { status: "succeeded", next_action: null });
    if (link) {
      link.restrictions.completed_sessions.count += 1;
      link.active = false;
      this.sessions.push({ id: this.#id("cs"), payment_link: link.id, payment_intent });
    }
    this.tell("charge.succeeded", charge);
    return charge;
  }

  giveBack(charge: Charge, amount: number, metadata: Record<string, string>): Item {
    charge.amount_refunded += amount;
    const refund = { id: this.#id("re"), object: "refund", charge: charge.id, amount, status: "succeeded", metadata };
    this.refunds.push(refund);
    this.tell("charge.refunded", charge);
    return refund;
  }

  dispute(charge: Charge, won: boolean): void {
    const known = this.disputes.find((one) => one.charge === charge.id);
    const dispute = known ?? { id: this.#id("dp"), object: "dispute", charge: charge.id, status: "needs_response" };
    if (!known) this.disputes.push(dispute);
    if (won) dispute.status = "won";
    charge.disputed = true;
    this.tell(won ? "charge.dispute.closed" : "charge.dispute.created", dispute);
  }

  tell(type: string, object: Item): void {
    this.events.push({ id: this.#id("evt"), object: "event", type, created: this.#seconds, data: { object: { ...object } } });
  }

  get #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  #id(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${String(this.#count).padStart(24, "0")}`;
  }
}

const error = (code: number, name: string, message: string): FakeAnswer => ({
  code,
  body: { error: { type: "invalid_request_error", code: name, message } },
});
