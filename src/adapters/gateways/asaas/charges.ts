// Charges at Asaas: found by our reference, made for a customer found by tax id, removed.
import type { Clock } from "../../../kernel/clock.ts";
import { formatDay } from "../../../kernel/time.ts";
import { done, refused } from "../../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge, PaymentMethod } from "../../../ports/payment-gateway.ts";
import { z } from "zod";
import type { GatewayApi } from "../api.ts";
import { brazilDayOf } from "../brazil.ts";
import { decimalNumber } from "../money-text.ts";
import { customerSchema, pageOf, paymentSchema, phaseOf } from "./messages.ts";
import type { AsaasPayment } from "./messages.ts";

const payments = pageOf(paymentSchema);
const customers = pageOf(customerSchema);
const digits = z.looseObject({ identificationField: z.string().nullish() });
const qrCode = z.looseObject({ payload: z.string().nullish() });

export class AsaasCharges {
  readonly #api: GatewayApi;
  readonly #clock: Clock;

  constructor(api: GatewayApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  async charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const known = await this.#standing(request.invoiceRef, context);
    if (known.outcome !== "done") return known;
    if (known.value) return this.#whole(known.value, context);
    const customer = await this.#customer(request, context);
    if (customer.outcome !== "done") return customer;
    const made = await this.#api.read(
      { method: "POST", path: "/payments", json: JSON.stringify(this.#body(request, customer.value)) },
      paymentSchema,
      context,
    );
    return made.outcome === "done" ? this.#whole(made.value, context) : made;
  }

  async cancel(id: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    const before = await this.read(id, context);
    if (before.outcome !== "done") return before;
    if (!before.value) return done("cancelled");
    const phase = phaseOf(before.value);
    if (phase !== "open") return done(phase);
    const call = { method: "DELETE", path: `/payments/${id}` } as const;
    const act = await this.#api.call(call, context);
    if (act.outcome !== "done") return act;
    const after = await this.read(id, context);
    if (after.outcome !== "done") return after;
    const now = after.value ? phaseOf(after.value) : "cancelled";
    return now === "open" ? this.#api.refusal(call, act.value, true) : done(now);
  }

  /** Null: there is none of that id. */
  read(id: string, context: CallContext): Promise<Outcome<AsaasPayment | null>> {
    if (!/^[A-Za-z0-9_-]{1,64}$/u.test(id)) return Promise.resolve(done(null));
    return this.#api.read({ method: "GET", path: `/payments/${id}` }, paymentSchema, context, null);
  }

  /** A paid one before an open one, the oldest of several: any other choice could change from one day to the next. */
  async #standing(externalReference: string, context: CallContext): Promise<Outcome<AsaasPayment | null>> {
    const query = { externalReference, offset: 0, limit: 100 };
    const page = await this.#api.read({ method: "GET", path: "/payments", query }, payments, context);
    if (page.outcome !== "done") return page;
    const same = page.value.data
      .filter((payment) => payment.externalReference === externalReference)
      .sort((a, b) => a.dateCreated - b.dateCreated || (a.id < b.id ? -1 : 1));
    return done(same.find((payment) => phaseOf(payment) === "paid") ?? same.find((payment) => phaseOf(payment) === "open") ?? null);
  }

  async #customer({ payer }: ChargeRequest, context: CallContext): Promise<Outcome<string>> {
    if (payer.taxId === null) return refused("Asaas makes charges for a customer with CPF or CNPJ only, and none is known.");
    const query = { cpfCnpj: payer.taxId, offset: 0, limit: 100 };
    const page = await this.#api.read({ method: "GET", path: "/customers", query }, customers, context);
    if (page.outcome !== "done") return page;
    const known = page.value.data.filter((customer) => !customer.deleted).map(({ id }) => id);
    const [first] = known.sort();
    if (first !== undefined) return done(first);
    // Reminders are ours to send: Asaas's own would come beside them, and are charged for.
    const body = {
      name: payer.name,
      cpfCnpj: payer.taxId,
      notificationDisabled: true,
      ...(payer.email === null ? {} : { email: payer.email }),
    };
    const made = await this.#api.read({ method: "POST", path: "/customers", json: JSON.stringify(body) }, customerSchema, context);
    return made.outcome === "done" ? done(made.value.id) : made;
  }

  #body({ invoiceRef, amountCents, dueOn, description, methods, lateFee }: ChargeRequest, customer: string): object {
    return {
      customer,
      billingType: billingTypeOf(methods),
      value: decimalNumber(amountCents),
      // Asaas refuses a due date in the past.
      dueDate: formatDay(Math.max(dueOn, brazilDayOf(this.#clock.now()))),
      description: description.slice(0, 500),
      externalReference: invoiceRef,
      ...(lateFee === null
        ? {}
        : { fine: { value: lateFee.finePercent, type: "PERCENTAGE" }, interest: { value: lateFee.interestPercentMonth } }),
    };
  }

  /** With its codes, which Asaas tells in calls of their own. */
  async #whole(payment: AsaasPayment, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const charge: GatewayCharge = {
      chargeId: payment.id,
      invoiceRef: payment.externalReference || null,
      phase: phaseOf(payment),
      amountCents: payment.value,
      currency: "BRL",
      brCode: null,
      digitLine: null,
      url: payment.invoiceUrl ?? payment.bankSlipUrl ?? null,
      slipUrl: payment.bankSlipUrl ?? null,
      card: cardOf(payment),
      expiresAt: null,
    };
    if (charge.phase !== "open") return done(charge);
    const path = `/payments/${payment.id}`;
    const hasSlip = ["BOLETO", "UNDEFINED"].includes(payment.billingType);
    const line = hasSlip ? await this.#optional(`${path}/identificationField`, digits, context) : done(null);
    if (line.outcome !== "done") return line;
    const code = payment.billingType === "CREDIT_CARD" ? done(null) : await this.#optional(`${path}/pixQrCode`, qrCode, context);
    if (code.outcome !== "done") return code;
    const bare = line.value?.identificationField?.replace(/\D/gu, "") ?? "";
    return done({ ...charge, digitLine: bare === "" ? null : bare, brCode: code.value?.payload ?? null });
  }

  /** 400 and 404 say "not for this charge": an account without a Pix key has no QR code, and the slip is as good. */
  async #optional<T>(path: string, schema: z.ZodType<T>, context: CallContext): Promise<Outcome<T | null>> {
    const call = { method: "GET", path } as const;
    const answer = await this.#api.call(call, context);
    if (answer.outcome !== "done") return answer;
    return answer.value.code >= 300 ? done(null) : this.#api.parse(call, answer.value, schema);
  }
}

/** Where the payer types the card at Asaas: `invoiceUrl` (docs.asaas.com/docs/cobrancas-via-cartao-de-credito), of these two kinds only. */
function cardOf({ billingType, invoiceUrl, fine, interest }: AsaasPayment): GatewayCharge["card"] {
  if (!invoiceUrl || !["CREDIT_CARD", "UNDEFINED"].includes(billingType)) return null;
  return { url: invoiceUrl, addsLateFee: (fine?.value ?? 0) > 0 || (interest?.value ?? 0) > 0 };
}

/** A boleto of Asaas carries a Pix QR code of its own; with card as well the payer chooses on Asaas's page. */
function billingTypeOf(methods: readonly PaymentMethod[]): string {
  if (methods.includes("card")) return methods.length === 1 ? "CREDIT_CARD" : "UNDEFINED";
  return methods.includes("boleto") ? "BOLETO" : "PIX";
}
