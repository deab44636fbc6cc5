// Webhooks of Mercado Pago: a signature over the address's data.id, the request id and a time. It does not cover the body.
import { HOUR_MS, MINUTE_MS } from "../../../kernel/time.ts";
import type { Instant } from "../../../kernel/time.ts";
import type { WebhookDelivery, WebhookVerdict } from "../../../ports/payment-gateway.ts";
import { forged, headerOf, hmacSha256, sameText } from "../delivery.ts";

/** Clocks that run ahead of ours. */
const AHEAD_MS = 10 * MINUTE_MS;

/**
 * `x-signature: ts=…,v1=…` over `id:{data.id};request-id:{x-request-id};ts:{ts};`, parts that are absent left out with their label. The
 * document lower-cases an id with letters, the official SDK does not; `ts` has ten digits in the document, thirteen in the SDK's test:
 * both of either are taken. QR Code notifications are not signed at all: they are refused here, and the poll sees their payments.
 */
export function verifyMercadoPagoWebhook(
  secret: string | undefined,
  maxAgeHours: number,
  delivery: WebhookDelivery,
  now: Instant,
): WebhookVerdict {
  if (secret === undefined) return forged("No webhook secret is configured.");
  const signature = partsOf(headerOf(delivery, "x-signature") ?? "");
  const [ts, v1] = [signature.get("ts"), signature.get("v1")];
  if (ts === undefined || v1 === undefined || !/^(\d{10}|\d{13})$/u.test(ts))
    return forged("The header x-signature is missing or has another form.");
  const id = delivery.query.get("data.id");
  const requestId = headerOf(delivery, "x-request-id");
  const known = [id, id?.toLowerCase() ?? null].filter((one, index, all) => all.indexOf(one) === index);
  // Each is compared: ending at the first would tell which of them it was.
  const matches = known.map((one) => sameText(v1, hmacSha256(secret, manifestOf(one, requestId, ts))));
  if (!matches.includes(true)) return forged("The signature is not one of our secret.");
  const sentAt = ts.length === 10 ? Number(ts) * 1000 : Number(ts);
  if (now - sentAt > maxAgeHours * HOUR_MS || sentAt - now > AHEAD_MS) return forged("The signature's time is too far from now.");
  const kind = delivery.query.get("type") ?? delivery.query.get("topic") ?? "unknown";
  const hints = kind === "payment" && id !== null ? ([{ kind: "payment", id }] as const) : [];
  return { verdict: "verified", eventId: `${requestId ?? ""}:${id ?? ""}:${ts}`, kind, hints };
}

function manifestOf(id: string | null, requestId: string | null, ts: string): string {
  return `${id === null ? "" : `id:${id};`}${requestId === null ? "" : `request-id:${requestId};`}ts:${ts};`;
}

function partsOf(header: string): Map<string, string> {
  return new Map(
    header.split(",").map((part) => {
      const [name = "", ...rest] = part.split("=");
      return [name.trim(), rest.join("=").trim()];
    }),
  );
}
