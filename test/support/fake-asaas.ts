// An Asaas that behaves as its documents say: charges and payments are one object, numbers are JSON numbers, only HTTP 200 counts.
import { formatDigitLine, makeBoleto } from "../../src/codes/boleto.ts";
import { DAY_MS, formatDay, parseDay } from "../../src/kernel/time.ts";
import type { ManualClock } from "../../src/kernel/clock.ts";
import type { FakeAnswer, FakeRequest } from "./fake-server.ts";

export const API_KEY = "$aact_prod_000MzkwODA2MWY2OGM3MWRlMDU2NWM3MzJlNzZmNGZhZGY6OjAwNDI=";

interface AsaasObject extends Record<string, unknown> {
  id: string;
  status: string;
  value: number;
  billingType: string;
  externalReference: string | null;
  deleted: boolean;
  paymentDate: string | null;
  clientPaymentDate: string | null;
  creditDate: string | null;
  pixTransaction: string | null;
  refunds: { status: string; value: number; description: string | null }[] | null;
  chargeback: { status: string; reason: string } | null;
}

export class FakeAsaas {
  readonly payments: AsaasObject[] = [];
  readonly customers: { id: string; name: string; cpfCnpj: string; notificationDisabled: boolean }[] = [];
  readonly statement: { id: string; type: string; paymentId: string | null; date: string; value: number }[] = [];
  /** Lists are newest first, so that a new charge moves every page. */
  key = API_KEY;
  /** An account without a Pix key has no QR codes. */
  hasPixKey = true;
  /** What its payments say of their pages, where that is another thing than usual. */
  pages: Partial<AsaasObject> = {};
  readonly #clock: ManualClock;
  #count = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  get #today(): string {
    return formatDay(Math.floor((this.#clock.now() - 3 * 3_600_000) / DAY_MS));
  }

  handle(request: FakeRequest): FakeAnswer {
    const { method, path, headers } = request;
    if (headers.access_token !== this.key)
      return error(401, "invalid_access_token", `A chave de API fornecida é inválida: ${String(headers.access_token)}`);
    const [, , kind = "", id, part] = path.split("/");
    if (kind === "customers") return this.#customer(request, id);
    if (kind === "financialTransactions") return this.#entries(request.query);
    if (kind === "pix") return { code: 200, body: { id: part, endToEndIdentifier: `E1954055020261110120000000${(part ?? "").slice(-7)}` } };
    if (kind !== "payments") return error(404, "not_found", "rota");
    if (id === undefined) return method === "POST" ? this.#create(request) : this.#list(request.query);
    const payment = this.payments.find((one) => one.id === id);
    if (!payment) return { code: 404 };
    if (part === "identificationField") return this.#line(payment);
    if (part === "pixQrCode") {
      return this.hasPixKey
        ? { code: 200, body: { encodedImage: "", payload: `00020101021226pix${id}6304ABCD`, expirationDate: "2027-11-10 23:59:59" } }
        : error(400, "invalid_action", "Não é possível gerar QR Code sem chave Pix.");
    }
    if (part === "refund") return this.#refund(payment, request);
    if (method === "DELETE") {
      if (payment.status !== "PENDING" && payment.status !== "OVERDUE")
        return error(400, "invalid_action", "Cobrança recebida não pode ser removida.");
      payment.deleted = true;
      return { code: 200, body: { deleted: true, id } };
    }
    return { code: 200, body: payment };
  }

  /** Somebody pays; the money of a card is confirmed first and received a month later. */
  pay(payment: AsaasObject, cents: number, card: boolean): void {
    payment.value = cents / 100;
    payment.clientPaymentDate = this.#today;
    payment.status = card ? "CONFIRMED" : "RECEIVED";
    if (card) payment.billingType = "CREDIT_CARD";
    payment.creditDate = card ? formatDay(Math.floor(this.#clock.now() / DAY_MS) + 30) : this.#today;
    if (card) return;
    payment.paymentDate = this.#today;
    if (payment.billingType === "PIX") payment.pixTransaction = `pix-${payment.id}`;
    this.#enter("PAYMENT_RECEIVED", payment, cents);
  }

  /** A card's money arrives: under the day of the purchase, as Asaas shows it. */
  settle(payment: AsaasObject): void {
    payment.status = "RECEIVED";
    payment.paymentDate = payment.clientPaymentDate;
    payment.creditDate = this.#today;
    this.#enter("PAYMENT_RECEIVED", payment, payment.value * 100);
  }

  giveBack(payment: AsaasObject, cents: number, description: string | null): void {
    payment.refunds = [...(payment.refunds ?? []), { status: "DONE", value: cents / 100, description }];
    const all = payment.refunds.reduce((sum, one) => sum + Math.round(one.value * 100), 0);
    if (all >= Math.round(payment.value * 100)) payment.status = "REFUNDED";
    this.#enter("PAYMENT_REVERSAL", payment, -cents);
  }

  dispute(payment: AsaasObject, won: boolean): void {
    payment.status = won ? "RECEIVED" : "CHARGEBACK_REQUESTED";
    payment.chargeback = { status: won ? "REVERSED" : "REQUESTED", reason: "PROCESS_ERROR" };
    this.#enter(won ? "CHARGEBACK_REVERSAL" : "CHARGEBACK", payment, -payment.value * 100);
  }

  /** Money by a Pix key makes a customer and a charge of its own. */
  add(fields: Partial<AsaasObject>): AsaasObject {
    this.#count += 1;
    const id = `pay_${String(this.#count).padStart(12, "0")}`;
    const made: AsaasObject = {
      object: "payment",
      id,
      dateCreated: this.#today,
      customer: null,
      value: 0,
      netValue: 0,
      originalValue: null,
      billingType: "PIX",
      status: "PENDING",
      dueDate: this.#today,
      paymentDate: null,
      clientPaymentDate: null,
      creditDate: null,
      confirmedDate: null,
      pixTransaction: null,
      externalReference: null,
      deleted: false,
      invoiceUrl: `https://www.asaas.com/i/${id.slice(4)}`,
      bankSlipUrl: null,
      refunds: null,
      chargeback: null,
      ...fields,
    };
    this.payments.unshift(made);
    return made;
  }

  /** A line of the statement that is about no charge: money that goes out, fees. */
  #enter(type: string, payment: AsaasObject | null, cents: number): void {
    const id = `fin_${this.statement.length + 1}`;
    this.statement.push({ id, type, paymentId: payment?.id ?? null, date: this.#today, value: cents / 100 });
    if (type === "PAYMENT_RECEIVED")
      this.statement.push({ id: `${id}f`, type: "PAYMENT_FEE", paymentId: payment?.id ?? null, date: this.#today, value: -0.99 });
  }

  sendOut(cents: number): string {
    this.#enter("TRANSFER", null, -cents);
    return `tra_${this.statement.length}`;
  }

  #customer({ method, query, body }: FakeRequest, id: string | undefined): FakeAnswer {
    if (id !== undefined) {
      const known = this.customers.find((one) => one.id === id);
      return known ? { code: 200, body: known } : { code: 404 };
    }
    if (method === "GET")
      return page(
        this.customers.filter(({ cpfCnpj }) => cpfCnpj === query.get("cpfCnpj")),
        query,
      );
    const given = JSON.parse(body) as { name: string; cpfCnpj: string; notificationDisabled?: boolean };
    const made = {
      ...given,
      notificationDisabled: given.notificationDisabled ?? false,
      id: `cus_${String(this.customers.length + 1).padStart(12, "0")}`,
    };
    this.customers.push(made);
    return { code: 200, body: made };
  }

  #create({ body }: FakeRequest): FakeAnswer {
    const given = JSON.parse(body) as AsaasObject & { dueDate: string; customer?: string };
    if (!this.customers.some(({ id }) => id === given.customer))
      return error(400, "invalid_customer", "Customer inválido ou não informado.");
    if (given.dueDate < this.#today) return error(400, "invalid_dueDate", "Não é permitido data de vencimento inferior a hoje.");
    const bankSlipUrl = given.billingType === "PIX" ? null : "https://www.asaas.com/b/pdf/1";
    return { code: 200, body: this.add({ ...given, bankSlipUrl, ...this.pages }) };
  }

  #list(query: URLSearchParams): FakeAnswer {
    const within = (value: string | null, name: string): boolean => {
      const [ge, le] = [query.get(`${name}[ge]`), query.get(`${name}[le]`)];
      return (ge === null && le === null) || (value !== null && (ge === null || value >= ge) && (le === null || value <= le));
    };
    const matching = this.payments
      .filter((one) => !one.deleted || one.status === "RECEIVED")
      .filter((one) => query.get("status") === null || one.status === query.get("status"))
      .filter((one) => query.get("externalReference") === null || one.externalReference === query.get("externalReference"))
      .filter((one) => within(one.paymentDate, "paymentDate"));
    return page(matching, query);
  }

  #entries(query: URLSearchParams): FakeAnswer {
    const [from, to] = [query.get("startDate") ?? "", query.get("finishDate") ?? "9"];
    return page(
      this.statement.filter(({ date }) => date >= from && date <= to),
      query,
    );
  }

  #line({ id, billingType, value, dueDate }: AsaasObject): FakeAnswer {
    if (billingType === "PIX")
      return error(400, "invalid_action", "Somente é possível obter linha digitável quando a forma de pagamento for boleto.");
    const freeField = id.replace(/\D/gu, "").padStart(25, "0").slice(-25);
    const { digitLine, barCode } = makeBoleto({
      bank: "461",
      amountCents: Math.round(value * 100),
      due: parseDay(String(dueDate)),
      freeField,
    });
    return { code: 200, body: { identificationField: formatDigitLine(digitLine), nossoNumero: "6543", barCode } };
  }

  #refund(payment: AsaasObject, { body }: FakeRequest): FakeAnswer {
    const given = JSON.parse(body) as { value: number; description?: string };
    const before = (payment.refunds ?? []).reduce((sum, one) => sum + Math.round(one.value * 100), 0);
    if (payment.status !== "RECEIVED" && payment.status !== "CONFIRMED")
      return error(400, "invalid_action", "Somente cobranças recebidas podem ser estornadas.");
    if (before + Math.round(given.value * 100) > Math.round(payment.value * 100))
      return error(400, "invalid_value", "O valor excede o da cobrança.");
    this.giveBack(payment, Math.round(given.value * 100), given.description ?? null);
    return { code: 200, body: payment };
  }
}

function page(all: readonly unknown[], query: URLSearchParams): FakeAnswer {
  const [offset, limit] = [Number(query.get("offset") ?? 0), Math.min(100, Number(query.get("limit") ?? 10))];
  const data = all.slice(offset, offset + limit);
  return { code: 200, body: { object: "list", hasMore: offset + limit < all.length, totalCount: all.length, limit, offset, data } };
}

const error = (code: number, name: string, description: string): FakeAnswer => ({ code, body: { errors: [{ code: name, description }] } });
