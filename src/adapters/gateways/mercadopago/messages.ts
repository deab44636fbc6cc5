// What Mercado Pago answers (Payments API), checked before it is believed. A boleto's bar code and page are as the reference's example of a
// cancelled boleto shows them (developers/pt/reference/payments/_payments_id/put): its 44 digits are due on the day of date_of_expiration.
import { z } from "zod";
import type { Instant } from "../../../kernel/time.ts";
import { done } from "../../../ports/outcome.ts";
import type { Outcome } from "../../../ports/outcome.ts";
import type { GatewayCharge, GatewayPayment, PaymentMethod } from "../../../ports/payment-gateway.ts";
import { brazilDayOf, instantText } from "../brazil.ts";
import { decimalCents } from "../money-text.ts";
import { checkedLine } from "../slip.ts";

const idText = z.union([z.string(), z.int()]).transform(String);

const bank = z.looseObject({ qr_code: z.string().nullish(), ticket_url: z.string().nullish() });

export const paymentSchema = z.looseObject({
  id: idText,
  status: z.string(),
  date_created: instantText,
  date_approved: instantText.nullish(),
  date_of_expiration: instantText.nullish(),
  money_release_date: instantText.nullish(),
  payment_method_id: z.string().nullish(),
  payment_type_id: z.string().nullish(),
  currency_id: z.string(),
  collector_id: idText.nullish(),
  external_reference: z.string().nullish(),
  transaction_amount: decimalCents,
  transaction_amount_refunded: decimalCents.nullish(),
  transaction_details: z.looseObject({ transaction_id: z.string().nullish(), external_resource_url: z.string().nullish() }).nullish(),
  /** Of a boleto. Another shape is as good as none: the page still shows it. */
  barcode: z.looseObject({ content: z.string().nullish() }).nullish().catch(null),
  point_of_interaction: z.looseObject({ transaction_data: bank.nullish() }).nullish(),
  payer: z
    .looseObject({
      first_name: z.string().nullish(),
      last_name: z.string().nullish(),
      identification: z.looseObject({ number: z.string().nullish() }).nullish(),
    })
    .nullish(),
});

export type MpPayment = z.infer<typeof paymentSchema>;

export const searchSchema = z.looseObject({
  paging: z.looseObject({ total: z.number(), limit: z.number(), offset: z.number() }),
  results: z.array(paymentSchema),
});

export const refundSchema = z.looseObject({ id: idText, amount: decimalCents, status: z.string().nullish() });

export const meSchema = z.looseObject({ id: idText });

export const errorSchema = z.looseObject({ error: z.string().nullish(), message: z.string().nullish() });

/** Paid at some time; `in_mediation` and `charged_back` after a dispute. */
const PAID = new Set(["approved", "refunded", "charged_back", "in_mediation"]);
const WAITING = new Set(["pending", "in_process", "authorized"]);

/** Boleto, as the Payments API names it (developers/pt/docs/checkout-api/integration-configuration/other-payment-methods). */
export const SLIP = "bolbradesco";

const METHODS: Readonly<Record<string, PaymentMethod>> = {
  credit_card: "card",
  debit_card: "card",
  prepaid_card: "card",
  ticket: "boleto",
};

/** The money of a payment to `collector`; null: not paid, or paid by us to somebody else. */
export function moneyOf(payment: MpPayment, collector: string, now: Instant): GatewayPayment | null {
  if (!PAID.has(payment.status) || payment.collector_id !== collector) return null;
  const paidAt = payment.date_approved ?? payment.date_created;
  const released = payment.money_release_date ?? null;
  const { first_name, last_name, identification } = payment.payer ?? {};
  const name = [first_name, last_name].filter(Boolean).join(" ");
  return {
    externalId: payment.id,
    paymentId: payment.id,
    chargeId: payment.id,
    invoiceRef: payment.external_reference || null,
    amountCents: payment.transaction_amount,
    currency: payment.currency_id,
    phase: released !== null && released <= now ? "settled" : "captured",
    refundedCents: payment.status === "refunded" ? payment.transaction_amount : (payment.transaction_amount_refunded ?? 0),
    chargedBack: payment.status === "charged_back" || payment.status === "in_mediation",
    method: methodOf(payment),
    paidOn: brazilDayOf(paidAt),
    paidAt,
    payer: { name: name === "" ? null : name, taxId: identification?.number || null },
    endToEndId: endToEndIdOf(payment),
  };
}

function methodOf({ payment_method_id, payment_type_id }: MpPayment): GatewayPayment["method"] {
  return payment_method_id === "pix" ? "pix" : (METHODS[payment_type_id ?? ""] ?? "other");
}

/** Written `PIXE…` in some answers. */
function endToEndIdOf({ transaction_details }: MpPayment): string | null {
  return /^(?:PIX)?(E[A-Za-z0-9]{31})$/u.exec(transaction_details?.transaction_id ?? "")?.[1] ?? null;
}

export function phaseOf({ status, date_of_expiration }: MpPayment, now: Instant): GatewayCharge["phase"] {
  // Money that went back leaves a charge that nobody can pay again: as good as none.
  if (status === "approved") return "paid";
  if (!WAITING.has(status)) return "cancelled";
  return status === "pending" && date_of_expiration && date_of_expiration <= now ? "expired" : "open";
}

/** A boleto (`bolbradesco`). */
export const isSlip = ({ payment_method_id }: MpPayment): boolean => payment_method_id === SLIP;

/** Refused: its code is not what its charge is. */
export function chargeOf(payment: MpPayment, now: Instant): Outcome<GatewayCharge> {
  const data = payment.point_of_interaction?.transaction_data;
  const expiresAt = payment.date_of_expiration ?? null;
  const slipUrl = (isSlip(payment) ? payment.transaction_details?.external_resource_url : null) ?? null;
  const charge: GatewayCharge = {
    chargeId: payment.id,
    invoiceRef: payment.external_reference || null,
    phase: phaseOf(payment, now),
    amountCents: payment.transaction_amount,
    currency: payment.currency_id,
    brCode: data?.qr_code ?? null,
    digitLine: null,
    url: slipUrl ?? (isSlip(payment) ? null : (data?.ticket_url ?? null)),
    slipUrl,
    card: null,
    expiresAt,
  };
  const code = payment.barcode?.content ?? "";
  if (!isSlip(payment) || charge.phase !== "open" || code === "") return done(charge);
  const due = expiresAt === null ? null : { on: brazilDayOf(expiresAt) };
  const line = checkedLine("Mercado Pago", code, { amountCents: charge.amountCents, due }, brazilDayOf(now));
  return line.outcome === "done" ? done({ ...charge, digitLine: line.value }) : line;
}
