// What the provider knows beside a proof: the invoice, who receives, what was seen before. Read by the engine, judged here.
import type { Cents } from "../kernel/money.ts";
import type { Day, Instant, MinuteOfDay } from "../kernel/time.ts";

/** Whose something is, seen from this claim. */
export type Whose = "this_invoice" | "other_invoice" | "other_customer";

export interface ProofContext {
  now: Instant;
  /** Day and minute on the provider's clock: what people's receipts are printed in. */
  local: (at: Instant) => { day: Day; minute: MinuteOfDay };
  invoice: {
    ref: string;
    issuedOn: Day;
    /** What would settle it today: what is open, with fine and interest, or with the customer's other open invoices. */
    amounts: readonly Cents[];
    /** What is open of it. */
    open: Cents;
  };
  receiver: {
    /** Bare. */
    taxIds: readonly string[];
    names: readonly string[];
    /** As registered. */
    pixKeys: readonly string[];
  };
  /** Codes of this document that we once gave out, and for what. */
  issued: readonly { kind: "bar_code" | "txid"; value: string; whose: Whose; invoice: string | null }[];
  /** What earlier claims held of the same. */
  seen: readonly { kind: "file" | "end_to_end" | "authentication" | "look"; value: string; whose: Whose; distance: number }[];
  /** Payments of this document that the bank has told of already. */
  booked: readonly { endToEndId: string; whose: Whose }[];
}
