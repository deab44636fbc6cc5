// Webhooks of Asaas: a token that we chose, in a header. No signature, so nothing in the body is believed.
import { z } from "zod";
import type { WebhookDelivery, WebhookVerdict } from "../../../ports/payment-gateway.ts";
import { jsonOf } from "../api.ts";
import { bodyId, forged, headerOf, sameText, textOf } from "../delivery.ts";

/** Events after which money may have come or gone (Asaas, Eventos para cobranças). */
export const MONEY_EVENTS = [
  "PAYMENT_CONFIRMED",
  "PAYMENT_RECEIVED",
  "PAYMENT_ANTICIPATED",
  "PAYMENT_REFUND_IN_PROGRESS",
  "PAYMENT_REFUNDED",
  "PAYMENT_PARTIALLY_REFUNDED",
  "PAYMENT_CHARGEBACK_REQUESTED",
  "PAYMENT_CHARGEBACK_DISPUTE",
  "PAYMENT_AWAITING_CHARGEBACK_REVERSAL",
] as const;

const event = z.looseObject({ id: z.string().min(1), event: z.string(), payment: z.looseObject({ id: z.string() }).optional() });

export function verifyAsaasWebhook(token: string | undefined, delivery: WebhookDelivery): WebhookVerdict {
  if (token === undefined) return forged("No webhook secret is configured.");
  if (!sameText(headerOf(delivery, "asaas-access-token") ?? "", token))
    return forged("The header asaas-access-token is missing or not ours.");
  const body = event.safeParse(jsonOf(textOf(delivery)));
  // Answered well all the same: fifteen failures in a row stop the queue at Asaas.
  if (!body.success) return { verdict: "verified", eventId: bodyId(delivery), kind: "unreadable", hints: [] };
  const { id, event: kind, payment } = body.data;
  const tells = payment !== undefined && (MONEY_EVENTS as readonly string[]).includes(kind);
  return { verdict: "verified", eventId: id, kind, hints: tells ? [{ kind: "payment", id: payment.id }] : [] };
}
