// Calls of the hook file in WHMCS: signed over time, a word used once, and the bytes of the body.
import { createHmac } from "node:crypto";
import { sameSecret } from "../../kernel/hash.ts";
import { MINUTE_MS } from "../../kernel/time.ts";
import type { HookCall, HookVerdict, VerifyHook } from "../../ports/billing-system.ts";

/** Clocks of two machines differ; a call older than this is a replay. */
const WINDOW_MS = 5 * MINUTE_MS;

/** HMAC-SHA-256 over `timestamp.nonce.body`, 64 hexadecimal digits, as integrations/whmcs/regua.php writes it. */
export function signHook(secret: string, call: Pick<HookCall, "timestamp" | "nonce" | "rawBody">): string {
  return createHmac("sha256", secret).update(`${call.timestamp}.${call.nonce}.`).update(call.rawBody).digest("hex");
}

const forged = (reason: string): HookVerdict => ({ verdict: "forged", reason });

export function hookVerifier(secret: string): VerifyHook {
  return (call, now) => {
    const { timestamp, nonce, signature, rawBody } = call;
    // The nonce is kept, so it has the form of one: no caller fills our table with pages.
    if (!/^\d{10}$/u.test(timestamp) || !/^[0-9a-f]{32}$/u.test(nonce)) return forged("timestamp or nonce are not of their form");
    if (!sameSecret(signature.toLowerCase(), signHook(secret, call))) return forged("the signature is another");
    if (Math.abs(now - Number(timestamp) * 1000) > WINDOW_MS) return forged("signed more than five minutes away from our clock");
    try {
      return { verdict: "verified", nonce, body: JSON.parse(Buffer.from(rawBody).toString("utf8")) };
    } catch {
      return forged("the body is not JSON");
    }
  };
}
