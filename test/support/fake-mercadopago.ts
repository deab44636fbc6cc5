// A Mercado Pago that behaves as its OpenAPI and SDK say: payments made ahead, idempotency keys, a search that shows money out as well.
import { makeBoleto } from "../../src/codes/boleto.ts";
import { DAY_MS } from "../../src/kernel/time.ts";
import type { ManualClock } from "../../src/kernel/clock.ts";
import type { Instant } from "../../src/kernel/time.ts";
import type { FakeAnswer, FakeRequest } from "./fake-server.ts";

export const ACCESS_TOKEN = "APP_USR-0042-110911-abcdef0123456789-123456";
export const OUR_ID = 123456789;

interface MpObject extends Record<string, unknown> {
  id: number;
  status: string;
  transaction_amount: number;
  transaction_amount_refunded: number;
  external_reference: string | null;
  date_created: string;
  date_last_updated: string;
  date_approved: string | null;
  money_release_date: string | null;
  collector_id: number;
}

interface Payer {
  email?: string;
  first_name?: string;
  identification?: { number?: string };
  address?: Record<string, string>;
}

/** `2026-11-10T08:00:00.000-04:00`: Mercado Pago answers in its own offset. */
const text = (at: Instant): string => new Date(at - 4 * 3_600_000).toISOString().replace("Z", "-04:00");

export class FakeMercadoPago {
  readonly payments: MpObject[] = [];
  readonly refunds: { id: number; payment: number; amount: number }[] = [];
  readonly keys = new Map<string, { body: string; answer: FakeAnswer }>();
  token = ACCESS_TOKEN;
  /** What the next boleto's bar code says instead of its own amount, or of its own day. */
  wrongSlip: { cents?: number; days?: number } = {};
  /** How long a new payment is missing from the search. */
  searchLagMs = 0;
  readonly #clock: ManualClock;
  #count = 1_000_000_000;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  handle(request: FakeRequest): FakeAnswer {
    const { method, path, headers, query } = request;
    if (headers.authorization !== `Bearer ${this.token}`)
      return error(401, "unauthorized", `invalid access token ${String(headers.authorization)}`);
    if (path === "/users/me") return { code: 200, body: { id: OUR_ID, nickname: "REGUA" } };
    if (path === "/v1/payments/search") return this.#search(query);
    if (path === "/v1/payments") return this.#once(request, () => this.#create(request));
    const [, , , id, part] = path.split("/");
    const payment = this.payments.find((one) => String(one.id) === id);
    if (!payment) return error(404, "not_found", "Payment not found");
    if (part === "refunds") return method === "GET" ? { code: 200, body: [] } : this.#once(request, () => this.#refund(payment, request));
    if (method === "PUT") {
      if (payment.status !== "pending")
        return error(400, "bad_request", "Not valid action, the resource is in a state that does not allow this operation.");
      this.touch(payment, { status: "cancelled" });
    }
    return { code: 200, body: payment };
  }

  touch(payment: MpObject, change: Partial<MpObject>): void {
    Object.assign(payment, change, { date_last_updated: text(this.#clock.now()) });
  }

  pay(payment: MpObject, cents: number, card: boolean): void {
    const now = this.#clock.now();
    this.touch(payment, {
      status: "approved",
      transaction_amount: cents / 100,
      date_approved: text(now),
      money_release_date: text(card ? now + 30 * DAY_MS : now),
      ...(card && payment.payment_type_id !== "ticket" ? { payment_method_id: "visa", payment_type_id: "credit_card" } : {}),
    });
  }

  giveBack(payment: MpObject, cents: number): void {
    const refunded = Math.round(payment.transaction_amount_refunded * 100) + cents;
    const all = refunded >= Math.round(payment.transaction_amount * 100);
    this.touch(payment, { transaction_amount_refunded: refunded / 100, ...(all ? { status: "refunded" } : {}) });
  }

  add(fields: Partial<MpObject>): MpObject {
    this.#count += 1;
    const now = text(this.#clock.now());
    const made: MpObject = {
      id: this.#count,
      status: "pending",
      date_created: now,
      date_last_updated: now,
      date_approved: null,
      date_of_expiration: null,
      money_release_date: null,
      currency_id: "BRL",
      payment_method_id: "pix",
      payment_type_id: "bank_transfer",
      operation_type: "regular_payment",
      collector_id: OUR_ID,
      external_reference: null,
      transaction_amount: 0,
      transaction_amount_refunded: 0,
      transaction_details: { transaction_id: `PIXE1057391420261110120000000${String(this.#count).slice(-4)}` },
      point_of_interaction: {
        transaction_data: {
          qr_code: `00020126pix${this.#count}6304ABCD`,
          ticket_url: `https://www.mercadopago.com.br/payments/${this.#count}/ticket`,
        },
      },
      payer: { id: "7", email: "ana@example.com", identification: { type: "CPF", number: "11144477735" } },
      ...fields,
    };
    this.payments.push(made);
    return made;
  }

  #once({ headers, body, path }: FakeRequest, work: () => FakeAnswer): FakeAnswer {
    const key = headers["x-idempotency-key"];
    if (typeof key !== "string") return error(400, "bad_request", "Header X-Idempotency-Key can't be null");
    const known = this.keys.get(`${path} ${key}`);
    if (known) return known.body === body ? known.answer : error(400, "bad_request", "The idempotency key was used with another body");
    const answer = work();
    if (answer.code < 300) this.keys.set(`${path} ${key}`, { body, answer });
    return answer;
  }

  #create({ body }: FakeRequest): FakeAnswer {
    const given = JSON.parse(body) as Partial<MpObject> & { payer?: Payer; date_of_expiration?: string };
    if (!given.payer?.email) return error(400, "bad_request", "payer.email must be a valid email");
    const end = Date.parse(given.date_of_expiration ?? "");
    if (!(end > this.#clock.now()) || end > this.#clock.now() + 30 * DAY_MS) return error(400, "bad_request", "Invalid date_of_expiration");
    if (given.payment_method_id === "bolbradesco") return this.#slip(given, given.payer, end);
    return { code: 201, body: this.add(given) };
  }

  /** A boleto: the whole address, a day to live at least, and a bar code due on the day of its end. */
  #slip(given: Partial<MpObject>, { first_name, identification, address = {} }: Payer, end: Instant): FakeAnswer {
    const wanted = ["zip_code", "street_name", "street_number", "neighborhood", "city", "federal_unit"];
    const missing = wanted.find((name) => !address[name]);
    if (missing !== undefined) return error(400, "bad_request", `payer.address.${missing} attribute can't be null`);
    if (!first_name || !identification?.number) return error(400, "bad_request", "Invalid user identification number");
    if (end < this.#clock.now() + DAY_MS) return error(400, "bad_request", "Invalid date_of_expiration");
    const { cents = Math.round(Number(given.transaction_amount) * 100), days = 0 } = this.wrongSlip;
    const reference = String(this.#count + 1);
    const due = Math.floor((end - 3 * 3_600_000) / DAY_MS) + days;
    const { barCode } = makeBoleto({ bank: "237", amountCents: cents, due, freeField: reference.padStart(25, "0") });
    const made = this.add({
      ...given,
      date_of_expiration: text(end),
      status_detail: "pending_waiting_payment",
      payment_type_id: "ticket",
      barcode: { content: barCode },
      transaction_details: {
        payment_method_reference_id: reference,
        verification_code: reference,
        external_resource_url: `https://www.mercadopago.com/mlb/payments/ticket/helper?payment_method_reference_id=${reference}`,
      },
      point_of_interaction: { type: "UNSPECIFIED" },
    });
    return { code: 201, body: made };
  }

  #refund(payment: MpObject, { body }: FakeRequest): FakeAnswer {
    const cents = Math.round((JSON.parse(body) as { amount: number }).amount * 100);
    const left = Math.round((payment.transaction_amount - payment.transaction_amount_refunded) * 100);
    if (payment.status !== "approved" || cents > left) return error(400, "bad_request", "The amount is higher than the available one");
    this.giveBack(payment, cents);
    const refund = { id: 900_000 + this.refunds.length, payment: payment.id, amount: cents / 100, status: "approved" };
    this.refunds.push(refund);
    return { code: 201, body: refund };
  }

  #search(query: URLSearchParams): FakeAnswer {
    const sort = query.get("sort");
    if (!sort || !query.get("criteria")) return error(400, "bad_request", "Invalid sort value");
    const field = (one: MpObject, name: string): number => Date.parse(typeof one[name] === "string" ? one[name] : "");
    const range = query.get("range");
    const [begin, end] = [Date.parse(query.get("begin_date") ?? ""), Date.parse(query.get("end_date") ?? "")];
    const ref = query.get("external_reference");
    const matching = this.payments
      .filter((one) => field(one, "date_created") <= this.#clock.now() - this.searchLagMs)
      .filter((one) => ref === null || one.external_reference === ref)
      .filter((one) => range === null || (field(one, range) >= begin && field(one, range) <= end))
      .sort((a, b) => (field(a, sort) - field(b, sort)) * (query.get("criteria") === "desc" ? -1 : 1));
    const [offset, limit] = [Number(query.get("offset") ?? 0), Math.min(100, Number(query.get("limit") ?? 30))];
    return { code: 200, body: { paging: { total: matching.length, limit, offset }, results: matching.slice(offset, offset + limit) } };
  }
}

const error = (code: number, name: string, message: string): FakeAnswer => ({
  code,
  body: { status: code, error: name, message, cause: [] },
});
