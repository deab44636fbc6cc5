// The shape of what a customer is told of a payment proof, the same in each language.

export interface ClaimWords {
  released(invoice: string, until: string): string;
  wait(invoice: string, until: string): string;
  person(invoice: string, until: string): string;
  confirmed(invoice: string): string;
  contradicted(invoice: string): string;
  refused(invoice: string): string;
  expired(invoice: string): string;
  /** Of the message that carries one of the sentences above. */
  subject: Readonly<Record<"received" | "confirmed" | "contradicted" | "refused" | "expired", (invoice: string) => string>>;
  state: Readonly<Record<"under_review" | "confirmed" | "contradicted" | "refused" | "expired", string>>;
}
