// What we ask of a reader of payment proofs: what stands in a file, within limits, and a copy of it that is safe to show. It judges nothing.
import type { Instant } from "../kernel/time.ts";
import type { CallContext, Done, Refused, Unknown } from "./outcome.ts";

/** The same shape as `Proof` of src/proofs, where each member is described; a test holds the two together. */
export interface ReadProof {
  form: "pdf" | "jpeg" | "png" | "mail";
  sha256: string;
  bytes: number;
  /** Of a mail: those of the document in it. */
  pages: number;
  texts: readonly { source: "pdf_text" | "ocr" | "mail"; text: string }[];
  codes: readonly string[];
  look: string | null;
  made: {
    programs: readonly string[];
    createdAt: Instant | null;
    modifiedAt: Instant | null;
    /** Times a PDF was written on after it was made. 0 elsewhere. */
    updates: number;
  };
  mail: {
    from: string | null;
    sentAt: Instant | null;
    signatures: readonly { domain: string; result: "pass" | "fail" | "unknown"; reason: string | null }[];
  } | null;
}

/** The first page as a plain picture without metadata, drawn anew from the pixels: what people are shown in place of the file. */
export interface Picture {
  type: "image/jpeg" | "image/png";
  bytes: Uint8Array;
  width: number;
  height: number;
}

/** What was left out, and why. Never a fault of whoever sent the file. */
export type ReadNote =
  /** The machine has no `tesseract`: letters of pictures were not read. */
  | "no_tesseract"
  /** The machine has no `pdftoppm`: codes that are drawn in a PDF were not looked for, and there is no picture. */
  | "no_pdftoppm"
  /** `tesseract` or `pdftoppm` failed or took too long for this file. */
  | "tesseract_failed"
  | "pdftoppm_failed"
  /** The text was longer than what is kept. */
  | "text_cut"
  /** More attachments, pages or codes than are read. */
  | "more_left_out"
  /** The mail's attachment could not be read: the mail stands alone. */
  | "attachment_form"
  | "attachment_too_large"
  | "attachment_too_many_pages"
  | "attachment_too_many_pixels"
  | "attachment_encrypted"
  | "attachment_unreadable";

export interface Reading {
  proof: ReadProof;
  /** Null: there is no page to show (a mail without attachment), or the machine cannot draw it. */
  picture: Picture | null;
  notes: readonly ReadNote[];
  /** SHA-256 of every document in it: the file itself, and what a mail carries. A PDF sent twice in two mails is found by these. */
  files: readonly string[];
}

/** Why a file is not read. `encrypted`: it asks for a password. `unreadable`: it begins as it should and is broken further on. */
export const READ_REFUSALS = ["form", "too_large", "too_many_pages", "too_many_pixels", "encrypted", "unreadable"] as const;
export type ReadRefusal = (typeof READ_REFUSALS)[number];

/**
 * `refused`: its `reason` is the word, for which there is a sentence elsewhere; asking again does not help. `unknown`: it took too long or
 * too much memory, or the reader broke; the file may be honest, and a person can look at it.
 */
export type ReadOutcome = Done<Reading> | (Refused & { reason: ReadRefusal }) | Unknown;

/** What a reader does not go beyond, whatever the file. */
export const PROOF_LIMITS = {
  bytes: 10_000_000,
  pages: 10,
  /** Width times height, as the header says, before anything is decoded. */
  pixels: 40_000_000,
  /** Documents read of one mail. */
  attachments: 5,
  /** Characters kept of each text. */
  text: 100_000,
  /** Codes kept. */
  codes: 50,
} as const;

/** Reads payment proofs. The form is told by the content, never by a name. Nothing that a file holds can stop it or outlast the deadline. */
export interface ProofReader {
  read(bytes: Uint8Array, context: CallContext): Promise<ReadOutcome>;
  /** The programs it goes without on this machine, for `regua doctor`. */
  lacks(context: CallContext): Promise<readonly ("tesseract" | "tesseract_por" | "pdftoppm")[]>;
}
