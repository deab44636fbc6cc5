// What a language supplies for answers by rule to customers' mail: what was understood, and the next step.

/** What is answered. `received`: nothing that a rule answers; a person will. */
export type AnswerKind = "more_time" | "paid" | "how_to_pay" | "cancel" | "proof_by_link" | "proof_unread" | "proofs_off" | "received";

export interface AnswerView {
  /** The day until which time may be had today, in words; null where none is offered. */
  until: string | null;
  /** Invoices are open. */
  open: boolean;
}

/** Whole paragraphs, calm whatever was written to us. */
export type AnswerTexts = Readonly<Record<AnswerKind, (view: AnswerView) => string>>;
