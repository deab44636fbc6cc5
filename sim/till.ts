// The payment gateway's own truth: charges, what was captured of them, and what became of it, in the order in which it happened.
import { sha256 } from "../src/kernel/hash.ts";
import type { Cents } from "../src/kernel/money.ts";
import { formatInstant, type Day, type Instant } from "../src/kernel/time.ts";
import type { GatewayPayment } from "../src/ports/payment-gateway.ts";

/** The name that the configuration gives it: the source of its receipts. */
export const GATEWAY = "caixa";

/** Money that the gateway, or the bank, took in. */
export interface Capture {
  /** Its number in this world: `C7R3`. */
  id: string;
  /** Whose debt it is for. */
  customer: string;
  /** What the payer meant; null: nothing, and the oldest debt comes first. */
  invoice: string | null;
  /** How the gateway names that: by our number, by its own charge alone, or not at all. */
  named: "ref" | "charge" | "nobody";
  amount: Cents;
  method: "pix" | "card";
  phase: "captured" | "settled";
  refunded: Cents;
  chargedBack: boolean;
  paidOn: Day;
  paidAt: Instant;
  /** Of a Pix. */
  endToEndId: string | null;
}

export type NewCapture = Omit<Capture, "phase" | "refunded" | "chargedBack" | "endToEndId">;

/** How much of it is not ours any more. */
export function gone({ amount, refunded, chargedBack }: Pick<Capture, "amount" | "refunded" | "chargedBack">): Cents {
  return chargedBack ? amount : refunded;
}

/** As the payer's bank makes one: its number, the minute in UTC, eleven letters of its choice. */
export function endToEndOf(id: string, at: Instant): string {
  const minute = formatInstant(at).replace(/\D/gu, "").slice(0, 12);
  return `E18236120${minute}${sha256(`pix ${id}`).slice(0, 11)}`;
}

/** The one charge of an invoice. Its number is a txid, as it is with the API Pix. */
export function chargeOf(invoice: string): string {
  return sha256(`charge ${invoice}`).slice(0, 30);
}

/** The gateway's number of a capture. */
export function paymentOf(id: string): string {
  return `pay_${id}`;
}

export class Till {
  readonly captures = new Map<string, Capture>();
  /** Charges that were given out through the program, by invoice. */
  readonly charges = new Set<string>();
  /** Nothing reaches it before. */
  downUntil: Instant = 0;
  /** What changed, capture by capture, in order: what a cursor counts. */
  readonly #changes: { at: Instant; id: string }[] = [];

  take(capture: NewCapture, now: Instant): Capture {
    const pix = capture.method === "pix";
    const taken: Capture = {
      ...capture,
      phase: pix ? "settled" : "captured",
      refunded: 0,
      chargedBack: false,
      endToEndId: pix ? endToEndOf(capture.id, capture.paidAt) : null,
    };
    this.captures.set(capture.id, taken);
    this.#changes.push({ at: now, id: capture.id });
    return taken;
  }

  change(id: string, now: Instant, change: Partial<Pick<Capture, "phase" | "refunded" | "chargedBack">>): void {
    const capture = this.captures.get(id);
    if (!capture) return;
    Object.assign(capture, change);
    this.#changes.push({ at: now, id });
  }

  /** As the gateway tells a capture now. */
  payment(capture: Capture): GatewayPayment {
    const { id, named, invoice, amount, refunded, phase, chargedBack, method, paidOn, paidAt, endToEndId } = capture;
    return {
      externalId: paymentOf(id),
      paymentId: paymentOf(id),
      chargeId: named === "nobody" || invoice === null ? null : chargeOf(invoice),
      invoiceRef: named === "ref" ? invoice : null,
      amountCents: amount,
      currency: "BRL",
      phase,
      refundedCents: refunded,
      chargedBack,
      method,
      paidOn,
      paidAt,
      payer: { name: null, taxId: null },
      endToEndId,
    };
  }

  /** What a hint leads to. */
  behind(hint: { kind: "payment" | "charge"; id: string }): Capture[] {
    return [...this.captures.values()].filter((capture) =>
      hint.kind === "payment" ? paymentOf(capture.id) === hint.id : capture.invoice !== null && chargeOf(capture.invoice) === hint.id,
    );
  }

  /** Captures that changed since a cursor, each as it is now; and whether there are more. */
  page(cursor: string | null, since: Instant, size: number): { captures: Capture[]; cursor: string; more: boolean } {
    const first = this.#changes.findIndex(({ at }) => at >= since);
    const from = cursor === null ? (first < 0 ? this.#changes.length : first) : Number(cursor);
    const to = Math.min(this.#changes.length, from + size);
    const ids = new Set(this.#changes.slice(from, to).map(({ id }) => id));
    const captures = [...ids].flatMap((id) => this.captures.get(id) ?? []);
    return { captures, cursor: String(to), more: to < this.#changes.length };
  }
}
