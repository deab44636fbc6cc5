// What we ask of the way out for webhooks: one event signed and handed over, to an address that may be asked.
import type { InEach } from "../kernel/errors.ts";
import type { CallContext, Done, Outcome } from "./outcome.ts";

export interface WebhookCall {
  url: string;
  /** Names the event; the same at every attempt. Holds no full stop. */
  id: string;
  /** Of this attempt, in whole seconds since 1970, by the machine's clock: receivers compare it with theirs. */
  timestamp: number;
  /** JSON, sent as it was signed. */
  body: string;
  /** `whsec_…`; each signs, the present one first. */
  secrets: readonly string[];
}

/** How an attempt ended. Any answer but 2xx is a refusal, redirects too (Standard Webhooks 1.0.0, “Delivery success and failure”). */
export interface WebhookAnswer {
  outcome: Outcome<unknown>["outcome"];
  /** Null: nothing was answered. */
  code: number | null;
  /** What came back or what happened, in a line, without secrets. */
  words: string;
  /** 410: it wants to hear no more. */
  gone: boolean;
  /** `Retry-After`, in milliseconds; null: it says none. */
  waitMs: number | null;
}

/** Whether an address may be asked. A person reads why not, so it is said in each language. */
export type Vetted = Done<{ address: string }> | { outcome: "refused" | "unknown"; problem: InEach };

export interface WebhookSender {
  /** Whether an address may be asked at all: its form, and where its name leads now. Nothing is sent. */
  vet(url: string, context: CallContext): Promise<Vetted>;
  /** The address is judged again, on the very address that is connected to: a name may lead elsewhere a moment later. */
  send(call: WebhookCall, context: CallContext): Promise<WebhookAnswer>;
}
