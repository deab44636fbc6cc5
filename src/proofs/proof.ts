// What a reader found in a payment proof. Nothing is judged here; what was not found is empty or null, and says nothing against anybody.
import type { Instant } from "../kernel/time.ts";

export type ProofForm = "pdf" | "jpeg" | "png" | "mail";

/** Where a text comes from. Recognised letters (`ocr`) may be wrong: they support, and are never the only ground of a contradiction. */
export type TextSource = "pdf_text" | "ocr" | "mail";

export interface Proof {
  form: ProofForm;
  /** SHA-256 of the file as it was sent, hex. */
  sha256: string;
  bytes: number;
  pages: number;
  texts: readonly { source: TextSource; text: string }[];
  /** Contents of the QR codes and bar codes in it, as they are written. */
  codes: readonly string[];
  /** Difference hash of the first page, 16 hex digits. It finds a file sent again; it cannot see an edited amount. */
  look: string | null;
  made: Making;
  mail: MailOrigin | null;
}

/** What a file says of its own making. */
export interface Making {
  /** The program that wrote it: a PDF's producer and creator, an image's software. */
  programs: readonly string[];
  createdAt: Instant | null;
  modifiedAt: Instant | null;
  /** Times a PDF was written on after it was made. 0 elsewhere. */
  updates: number;
}

/** A mail that is a proof, or carries one. */
export interface MailOrigin {
  /** Domain of the From address. */
  from: string | null;
  sentAt: Instant | null;
  /** Each signature, with whether it holds for the mail as it came. */
  signatures: readonly { domain: string; result: "pass" | "fail" | "unknown"; reason: string | null }[];
}

export type Verdict = "supports" | "neutral" | "contradicts";

/** Every rule, and each sentence that it can say. A contradiction read from recognised letters says its sentence with `_unsure`. */
export const SENTENCES = {
  slip_code: ["none", "this_invoice", "other_customer", "other_invoice", "unknown"],
  pix_code: ["none", "this_invoice", "other_customer", "other_invoice", "other_key", "our_key", "unknown"],
  receiver: ["tax_id", "name", "not_found"],
  amount: ["none", "fits", "less", "other"],
  end_to_end_id: ["none", "well_formed", "ahead", "returned", "before_pix", "malformed"],
  payment_date: ["none", "future", "disagrees", "before_invoice", "agrees", "only_id", "recent"],
  institution: ["none", "known", "unknown"],
  scheduled: ["no_sign", "order"],
  same_file: ["first", "this_invoice", "other_invoice", "other_customer"],
  same_look: ["first", "told_apart", "alike"],
  same_codes: ["none", "first", "booked", "booked_for_another", "booked_for_other_invoice", "other_invoice", "other_customer"],
  bank_mail: ["none", "not_a_bank", "signed", "altered", "unsigned"],
  edited: ["no_sign", "editor", "changed_later"],
} as const;

export type Rule = keyof typeof SENTENCES;
export type Sentence<R extends Rule = Rule> = (typeof SENTENCES)[R][number];

/** One named rule and what it says: words/proofs makes the sentence for people. */
export interface Check {
  rule: Rule;
  verdict: Verdict;
  because: Sentence;
  /** Read from recognised letters only: it contradicts nothing, and a person looks. */
  unsure: boolean;
  details: Readonly<Record<string, string | number>>;
  /** A person looks before anything is given: nobody is accused by that. */
  look: boolean;
}
