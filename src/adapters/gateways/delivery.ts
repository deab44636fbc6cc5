// What every webhook check needs: one header's value, comparison in constant time, ids made of what was verified.
import { createHmac, timingSafeEqual } from "node:crypto";
import { sha256 } from "../../kernel/hash.ts";
import type { WebhookDelivery, WebhookVerdict } from "../../ports/payment-gateway.ts";

/** The header's one value. A header sent twice says two things, and is none. */
export function headerOf({ headers }: WebhookDelivery, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}

/** Whether two texts are the same, in a time that tells nothing of the secret one, its length included. */
export function sameText(given: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(given), "hex"), Buffer.from(sha256(secret), "hex"));
}

export function hmacSha256(secret: string, ...parts: readonly (string | Uint8Array)[]): string {
  const mac = createHmac("sha256", secret);
  for (const part of parts) mac.update(part);
  return mac.digest("hex");
}

export const forged = (reason: string): WebhookVerdict => ({ verdict: "forged", reason });

/** The body's text, decoded as UTF-8. */
export const textOf = ({ rawBody }: WebhookDelivery): string => Buffer.from(rawBody).toString("utf8");

/** An id for a delivery whose event has none: the same bytes, the same id. */
export const bodyId = ({ rawBody }: WebhookDelivery): string => `sha256-${sha256(rawBody)}`;
