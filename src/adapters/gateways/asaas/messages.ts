// What Asaas answers (API v3), checked before it is believed.
import { z } from "zod";
import type { Day } from "../../../kernel/time.ts";
import type { GatewayCharge, GatewayPayment, PaymentMethod } from "../../../ports/payment-gateway.ts";
import { dayText } from "../brazil.ts";
import { decimalCents } from "../money-text.ts";

const refund = z.looseObject({ status: z.string(), value: decimalCents, description: z.string().nullish() });

const rate = z.looseObject({ value: z.number().nullish() }).nullish().catch(null);

export const paymentSchema = z.looseObject({
  id: z.string(),
  customer: z.string().nullish(),
  /** What was paid, once it is paid: fine and interest included, partial payments too. */
  value: decimalCents,
  billingType: z.string(),
  status: z.string(),
  dateCreated: dayText,
  dueDate: dayText.nullish(),
  /** Settled at Asaas on that day. */
  paymentDate: dayText.nullish(),
  /** Credited on that day; for a card still to come, the day it is expected. */
  creditDate: dayText.nullish(),
  /** Paid by the customer on that day. */
  clientPaymentDate: dayText.nullish(),
  confirmedDate: dayText.nullish(),
  externalReference: z.string().nullish(),
  deleted: z.boolean().nullish(),
  /** Percent for lateness that Asaas adds by itself: once, and a month. Of another shape it is as good as none. */
  fine: rate,
  interest: rate,
  invoiceUrl: z.string().nullish(),
  bankSlipUrl: z.string().nullish(),
  pixTransaction: z.string().nullish(),
  refunds: z.array(refund).nullish(),
  chargeback: z.looseObject({ status: z.string().nullish() }).nullish(),
});

export type AsaasPayment = z.infer<typeof paymentSchema>;

export const pageOf = <T>(item: z.ZodType<T>) => z.looseObject({ hasMore: z.boolean(), totalCount: z.number(), data: z.array(item) });

export const customerSchema = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  cpfCnpj: z.string().nullish(),
  deleted: z.boolean().nullish(),
});

/** A line of the account's own statement. */
export const entrySchema = z.looseObject({ id: z.string(), type: z.string(), paymentId: z.string().nullish(), date: dayText });

export const errorSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string().nullish(), description: z.string().nullish() })),
});

/** Held back or taken by a dispute; what was won is still on its way in the third. */
const DISPUTED = new Set(["CHARGEBACK_REQUESTED", "CHARGEBACK_DISPUTE", "AWAITING_CHARGEBACK_REVERSAL"]);
const GIVEN_BACK = new Set(["REFUNDED", "REFUND_REQUESTED", "REFUND_IN_PROGRESS"]);
/** `RECEIVED_IN_CASH`, `DUNNING_RECEIVED`: somebody's word at Asaas, no money there. The charge stands as paid, and is no payment. */
const DECLARED = new Set(["RECEIVED_IN_CASH", "DUNNING_RECEIVED"]);
const OPEN = new Set(["PENDING", "OVERDUE", "AWAITING_RISK_ANALYSIS", "DUNNING_REQUESTED"]);

const METHODS: Readonly<Record<string, PaymentMethod>> = { PIX: "pix", BOLETO: "boleto", CREDIT_CARD: "card", DEBIT_CARD: "card" };

/** The money of a charge; null: none came in. A removed charge can have been paid all the same. */
export function moneyOf(payment: AsaasPayment, today: Day): GatewayPayment | null {
  const { status, value } = payment;
  if (!["RECEIVED", "CONFIRMED"].includes(status) && !DISPUTED.has(status) && !GIVEN_BACK.has(status)) return null;
  const paidOn = payment.clientPaymentDate ?? payment.confirmedDate ?? payment.paymentDate ?? payment.dateCreated;
  // Money that went back had been settled only if its day of credit had come. A card's day of payment says nothing: it is the purchase.
  const creditedOn = payment.creditDate ?? (METHODS[payment.billingType] === "card" ? null : payment.paymentDate) ?? null;
  const settled = status === "RECEIVED" || (status !== "CONFIRMED" && creditedOn !== null && creditedOn <= today);
  return {
    externalId: payment.id,
    paymentId: payment.id,
    chargeId: payment.id,
    invoiceRef: payment.externalReference || null,
    amountCents: value,
    currency: "BRL",
    phase: settled ? "settled" : "captured",
    refundedCents: refundedOf(payment),
    chargedBack: DISPUTED.has(status) || disputeHolds(payment),
    method: METHODS[payment.billingType] ?? "other",
    paidOn,
    paidAt: null,
    payer: { name: null, taxId: null },
    endToEndId: null,
  };
}

/** Parts are listed; a whole refund of older days is told by the charge's own state only. */
function refundedOf({ status, value, refunds }: AsaasPayment): number {
  const parts = (refunds ?? []).filter((part) => part.status === "DONE").reduce((sum, part) => sum + part.value, 0);
  return status === "REFUNDED" ? Math.max(parts, value) : Math.min(parts, value);
}

/** `REVERSED`: the dispute was won. */
function disputeHolds({ chargeback }: AsaasPayment): boolean {
  const state = chargeback?.status ?? null;
  return state !== null && state !== "REVERSED";
}

export function phaseOf({ status, deleted }: AsaasPayment): GatewayCharge["phase"] {
  if (["RECEIVED", "CONFIRMED"].includes(status) || DECLARED.has(status)) return "paid";
  if (deleted) return "cancelled";
  // Money that went back leaves a charge that nobody can pay again: as good as none.
  return OPEN.has(status) ? "open" : "cancelled";
}
