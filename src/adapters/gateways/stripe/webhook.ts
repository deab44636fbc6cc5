// Webhooks of Stripe: HMAC-SHA256 over time and raw body, in one or several v1 signatures.
import { z } from "zod";
import type { Instant } from "../../../kernel/time.ts";
import type { PaymentHint, WebhookDelivery, WebhookVerdict } from "../../../ports/payment-gateway.ts";
import { jsonOf } from "../api.ts";
import { forged, headerOf, hmacSha256, sameText, textOf } from "../delivery.ts";

/** Stripe's own default (`constructEvent`). Each retry of Stripe's is signed anew. */
const TOLERANCE_MS = 300_000;

/** Events after which money may have come or gone. */
export const MONEY_EVENTS = [
  "charge.succeeded",
  "charge.captured",
  "charge.updated",
  "charge.refunded",
  "charge.refund.updated",
  "charge.dispute.created",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
] as const;

export const eventSchema = z.looseObject({
  id: z.string().min(1),
  type: z.string(),
  data: z.looseObject({ object: z.looseObject({ object: z.string(), id: z.string(), charge: z.string().nullish() }) }).optional(),
});

/** The charge that an event is about: itself, or the one a refund or dispute names. */
export function chargeOfEvent({ data }: z.infer<typeof eventSchema>): string | null {
  if (!data) return null;
  return data.object.object === "charge" ? data.object.id : (data.object.charge ?? null);
}

export function verifyStripeWebhook(secret: string | undefined, delivery: WebhookDelivery, now: Instant): WebhookVerdict {
  if (secret === undefined) return forged("No webhook secret is configured.");
  const pairs = (headerOf(delivery, "stripe-signature") ?? "").split(",").map((part) => part.trim().split("=", 2));
  const times = pairs.filter(([name]) => name === "t").map(([, value = ""]) => value);
  const signatures = pairs.filter(([name]) => name === "v1").map(([, value = ""]) => value);
  const [t] = times;
  if (t === undefined || times.length > 1 || !/^\d{1,12}$/u.test(t))
    return forged("The header stripe-signature is missing or has another form.");
  const expected = hmacSha256(secret, `${t}.`, delivery.rawBody);
  // While a secret is rolled there are two signatures; each is compared.
  if (!signatures.map((one) => sameText(one, expected)).includes(true)) return forged("The signature is not one of our secret.");
  if (Math.abs(now - Number(t) * 1000) > TOLERANCE_MS) return forged("The signature's time is more than five minutes from now.");
  const event = eventSchema.safeParse(jsonOf(textOf(delivery)));
  if (!event.success) return { verdict: "verified", eventId: `t${t}-${expected}`, kind: "unreadable", hints: [] };
  const { id: eventId, type: kind } = event.data;
  const charge = (MONEY_EVENTS as readonly string[]).includes(kind) ? chargeOfEvent(event.data) : null;
  const hints: PaymentHint[] = charge === null ? [] : [{ kind: "payment", id: charge }];
  return { verdict: "verified", eventId, kind, hints };
}
