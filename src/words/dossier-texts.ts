// What a language supplies for the dossier: heads, labels of what an entry holds, and a name for each kind of entry.
export interface DossierTexts {
  title(name: string, ref: string): string;
  made(at: string): string;
  what: readonly string[];
  head: {
    customer: string;
    services: string;
    invoices: string;
    receipts: string;
    promises: string;
    claims: string;
    writtenDown: string;
    story: string;
    messages: string;
    check: string;
  };
  label: Readonly<Record<string, string>>;
  /** Words that states and kinds are kept as. */
  value: Readonly<Record<string, string>>;
  /** Kinds of entries in the evidence; one that is not here stands by its own name. */
  kind: Readonly<Record<string, string>>;
  none: string;
  chain(seq: number): string;
  page(page: number, pages: number): string;
  letters: string;
}
