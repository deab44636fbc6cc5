// The shape of the sentences of a payment proof's checks, the same in each language.

/** Sentences by rule and cause; `{name}` is filled from the details. */
export interface ProofTexts {
  rules: Readonly<Record<string, { title: string; says: Readonly<Record<string, string>> }>>;
  unsure: string;
  verdict: Readonly<Record<"supports" | "neutral" | "contradicts", string>>;
  recommendation: Readonly<Record<"release" | "wait" | "person", string>>;
}
