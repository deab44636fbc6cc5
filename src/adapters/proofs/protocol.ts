// What the reader and its child process say to each other. The child is not believed: it has had a hostile file in its hands.
import { z } from "zod";
import { PROOF_LIMITS, READ_REFUSALS, type ReadNote, type ReadProof } from "../../ports/proof-reader.ts";

/** What the child is told on its command line, as JSON. */
export interface Task {
  /** The file, in the child's own folder. */
  file: string;
  /** Milliseconds for one call of `tesseract` or `pdftoppm`. */
  programMs: number;
}

/** Asked and answered line by line, as JSON: the key of a signature. `null`: nobody can tell. */
export interface KeyAnswer {
  name: string;
  records: readonly string[] | null;
}

/** What was read; `sha256` and `bytes` are the parent's own. */
export interface ChildReading {
  proof: Omit<ReadProof, "sha256" | "bytes">;
  picture: { type: "image/jpeg" | "image/png"; base64: string; width: number; height: number } | null;
  notes: ReadNote[];
  /** SHA-256 of the documents in a mail. */
  files: string[];
}

const MOST = 100;
const instant = z.int().nullable();
const short = z.string().max(1_000);
const hash = z.string().regex(/^[0-9a-f]{64}$/u);

const reading = z.strictObject({
  proof: z.strictObject({
    form: z.enum(["pdf", "jpeg", "png", "mail"]),
    pages: z.int().min(0).max(PROOF_LIMITS.pages),
    texts: z.array(z.strictObject({ source: z.enum(["pdf_text", "ocr", "mail"]), text: z.string().max(PROOF_LIMITS.text) })).max(MOST),
    codes: z.array(z.string().max(5_000)).max(PROOF_LIMITS.codes),
    look: z
      .string()
      .regex(/^[0-9a-f]{16}$/u)
      .nullable(),
    made: z.strictObject({ programs: z.array(short).max(MOST), createdAt: instant, modifiedAt: instant, updates: z.int().min(0) }),
    mail: z
      .strictObject({
        from: short.nullable(),
        sentAt: instant,
        signatures: z
          .array(z.strictObject({ domain: short, result: z.enum(["pass", "fail", "unknown"]), reason: short.nullable() }))
          .max(MOST),
      })
      .nullable(),
  }),
  picture: z
    .strictObject({
      type: z.enum(["image/jpeg", "image/png"]),
      base64: z.string(),
      width: z.int().positive(),
      height: z.int().positive(),
    })
    .nullable(),
  notes: z.array(
    z.enum([
      "no_tesseract",
      "no_pdftoppm",
      "tesseract_failed",
      "pdftoppm_failed",
      "text_cut",
      "more_left_out",
      "attachment_form",
      "attachment_too_large",
      "attachment_too_many_pages",
      "attachment_too_many_pixels",
      "attachment_encrypted",
      "attachment_unreadable",
    ]),
  ),
  files: z.array(hash).max(MOST),
});

/** A line of the child's. */
export const childSays = z.union([
  z.strictObject({ ask: z.string().regex(/^[a-z0-9_-][a-z0-9._-]{0,200}\._domainkey\.[a-z0-9.-]{1,253}$/u) }),
  z.strictObject({ read: reading }),
  z.strictObject({ refused: z.enum(READ_REFUSALS) }),
  z.strictObject({ gave_up: z.enum(["memory", "fault"]) }),
]);

export type ChildSays =
  { ask: string } | { read: ChildReading } | { refused: (typeof READ_REFUSALS)[number] } | { gave_up: "memory" | "fault" };
