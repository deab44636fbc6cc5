// Webhooks of the API Pix: nothing is signed, so the address carries a secret of ours and the connection a certificate of the bank's.
import { z } from "zod";
import type { PaymentHint, WebhookDelivery, WebhookVerdict } from "../../../ports/payment-gateway.ts";
import { jsonOf } from "../api.ts";
import { bodyId, forged, headerOf, sameText, textOf } from "../delivery.ts";
import { wasSentByUs } from "./messages.ts";
import type { PixSettings } from "./settings.ts";
import { kindOfTxid } from "./txid.ts";

/** Only what is needed to look the Pix up: nothing else in it is believed. */
const notice = z.looseObject({
  pix: z
    .array(
      z.looseObject({
        endToEndId: z.string(),
        txid: z.string().nullish(),
        tipo: z.string().nullish(),
        gnExtras: z.looseObject({ idEnvio: z.string().nullish() }).nullish(),
      }),
    )
    .optional(),
});

/**
 * Banks append `/pix` to the address they were given, also behind a query: `?hmac=…/pix`. The header is the proxy's word for the
 * client certificate; a delivery without one (Efí probes with such a request when the address is registered) is refused.
 */
export function verifyPixWebhook(settings: PixSettings, delivery: WebhookDelivery): WebhookVerdict {
  const { webhook_secret, webhook_proof, webhook_header, webhook_addresses } = settings;
  if (webhook_secret === undefined) return forged("No webhook secret is configured.");
  const given = (delivery.query.get("hmac") ?? "").replace(/\/pix\/?$/u, "");
  const knowsSecret = sameText(given, webhook_secret);
  if (!knowsSecret) return forged("The address does not carry our secret.");
  if (webhook_proof === "certificate" && headerOf(delivery, webhook_header) !== "SUCCESS")
    return forged("No client certificate of the bank was shown.");
  if (webhook_proof === "address" && !webhook_addresses.includes(bareAddress(delivery.remoteAddress))) {
    return forged("It does not come from an address of the bank's.");
  }
  const body = notice.safeParse(jsonOf(textOf(delivery)));
  const verified = { verdict: "verified", eventId: bodyId(delivery) } as const;
  // Efí tests an address with a body of its own, without Pix.
  if (!body.success || !body.data.pix) return { ...verified, kind: body.success ? "test" : "unreadable", hints: [] };
  const received = body.data.pix.filter((pix) => !wasSentByUs(pix));
  return { ...verified, kind: received.length === 0 ? "pix enviado" : "pix", hints: hintsOf(received) };
}

/** A charge of ours answers with its reference and its Pix in one call; any other Pix is looked up by itself. */
function hintsOf(received: readonly { endToEndId: string; txid?: string | null | undefined }[]): PaymentHint[] {
  const hints = new Map<string, PaymentHint>();
  for (const { endToEndId, txid } of received) {
    const ours = txid !== undefined && txid !== null && kindOfTxid(txid) !== null;
    hints.set(ours ? txid : endToEndId, ours ? { kind: "charge", id: txid } : { kind: "payment", id: endToEndId });
  }
  return [...hints.values()];
}

/** An IPv4 address as IPv6 sockets write it, without the prefix. */
const bareAddress = (address: string): string => address.replace(/^::ffff:/u, "");
