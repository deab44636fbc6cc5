// What Stripe answers (API version 2024-06-20), checked before it is believed. Amounts are whole numbers of the smallest unit.
import { z } from "zod";
import type { Instant } from "../../../kernel/time.ts";
import type { GatewayPayment, PaymentMethod } from "../../../ports/payment-gateway.ts";
import { brazilDayOf } from "../brazil.ts";

/** Pinned: an account's default version changes what fields mean. */
export const VERSION = "2024-06-20";

/** Our invoice: on the price, the payment link, the payment intent, and from there on the charge. */
export const REFERENCE = "regua_invoice";
/** On the price: its payment link. */
export const LINK = "regua_link";
/** On the price: `boleto` when it is paid by one, and its payment intent. On the intent: its price, by which it is searched. */
export const METHOD = "regua_method";
export const INTENT = "regua_intent";
export const PRICE = "regua_price";

const metadata = z.record(z.string(), z.string()).default({});
const cents = z.int().nonnegative();
const seconds = z.int().transform((value) => value * 1000);

export const priceSchema = z.looseObject({
  id: z.string(),
  lookup_key: z.string().nullish(),
  unit_amount: cents,
  currency: z.string(),
  metadata,
});

export type StripePrice = z.infer<typeof priceSchema>;

export const linkSchema = z.looseObject({
  id: z.string(),
  active: z.boolean(),
  url: z.string(),
  metadata,
  /** As we asked for them; null on a link made by hand, where Stripe chooses. */
  payment_method_types: z.array(z.string()).nullish(),
  restrictions: z.looseObject({ completed_sessions: z.looseObject({ count: z.int(), limit: z.int() }).nullish() }).nullish(),
});

export type StripeLink = z.infer<typeof linkSchema>;

export const sessionSchema = z.looseObject({ id: z.string(), payment_intent: z.string().nullish() });

/** A boleto's voucher is what has to be done next (docs.stripe.com/payments/boleto/accept-a-payment; API reference, next_action). */
export const intentSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  amount: cents,
  currency: z.string(),
  livemode: z.boolean(),
  metadata,
  next_action: z
    .looseObject({
      boleto_display_details: z
        .looseObject({
          number: z.string().nullish(),
          hosted_voucher_url: z.string().nullish(),
          pdf: z.string().nullish(),
          expires_at: seconds.nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

export type StripeIntent = z.infer<typeof intentSchema>;

export const chargeSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  amount: cents,
  amount_captured: cents,
  amount_refunded: cents,
  captured: z.boolean(),
  created: seconds,
  currency: z.string(),
  disputed: z.boolean(),
  metadata,
  payment_intent: z.string().nullish(),
  /** Expanded. */
  balance_transaction: z.looseObject({ status: z.string(), available_on: seconds, created: seconds.nullish() }).nullish(),
  payment_method_details: z
    .looseObject({
      type: z.string(),
      pix: z.looseObject({ bank_transaction_id: z.string().nullish() }).nullish(),
      boleto: z.looseObject({ tax_id: z.string().nullish() }).nullish(),
    })
    .nullish(),
  billing_details: z.looseObject({ name: z.string().nullish(), tax_id: z.string().nullish() }).nullish(),
});

export type StripeCharge = z.infer<typeof chargeSchema>;

export const disputeSchema = z.looseObject({ id: z.string(), status: z.string() });

export const refundSchema = z.looseObject({ id: z.string(), amount: cents, status: z.string().nullish(), metadata });

export const listOf = <T>(item: z.ZodType<T>) => z.looseObject({ has_more: z.boolean(), data: z.array(item) });

export const errorSchema = z.looseObject({
  error: z.looseObject({ type: z.string().nullish(), code: z.string().nullish(), message: z.string().nullish() }),
});

const METHODS: Readonly<Record<string, PaymentMethod>> = { card: "card", pix: "pix", boleto: "boleto" };

/** An inquiry takes no money (`warning_…`); a won dispute gave it back. */
export const disputeHolds = (status: string): boolean => status !== "won" && !status.startsWith("warning_");

/** The money of a charge; null: none was captured. */
export function moneyOf(charge: StripeCharge, chargedBack: boolean): GatewayPayment | null {
  if (charge.status !== "succeeded" || !charge.captured) return null;
  const { billing_details, payment_method_details } = charge;
  const settled = charge.balance_transaction?.status === "available";
  const slip = payment_method_details?.type === "boleto";
  // A voucher can be older than its payment by two months; the balance is moved when the money is there.
  const paidAt = slip ? (charge.balance_transaction?.created ?? charge.created) : charge.created;
  return {
    externalId: charge.id,
    paymentId: charge.id,
    chargeId: slip ? (charge.payment_intent ?? null) : null,
    invoiceRef: charge.metadata[REFERENCE] ?? null,
    amountCents: charge.amount_captured,
    currency: charge.currency.toUpperCase(),
    phase: settled ? "settled" : "captured",
    refundedCents: charge.amount_refunded,
    chargedBack,
    method: METHODS[payment_method_details?.type ?? ""] ?? "other",
    paidOn: brazilDayOf(paidAt),
    paidAt,
    payer: { name: billing_details?.name ?? null, taxId: payment_method_details?.boleto?.tax_id ?? billing_details?.tax_id ?? null },
    endToEndId: /^E[A-Za-z0-9]{31}$/u.exec(payment_method_details?.pix?.bank_transaction_id ?? "")?.[0] ?? null,
  };
}

/** When its money becomes available; null: it is, or Stripe does not say yet. */
export function settlesAt({ balance_transaction }: StripeCharge): Instant | null {
  return balance_transaction && balance_transaction.status !== "available" ? balance_transaction.available_on : null;
}
