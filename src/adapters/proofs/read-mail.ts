// A mail read: who signed it, its words, and the document it carries. A mail forwarded whole within another is the one that counts.
import PostalMime, { type Attachment, type Email } from "postal-mime";
import { hash } from "node:crypto";
import { PROOF_LIMITS, type ReadNote, type ReadRefusal } from "../../ports/proof-reader.ts";
import type { Instant } from "../../kernel/time.ts";
import { htmlText } from "./html-text.ts";
import type { Workshop } from "./programs.ts";
import type { DocumentReading } from "./read-pdf.ts";
import { isMemory, NotRead } from "./refusal.ts";
import { verifySignatures, type KeySource } from "./signatures.ts";
import { formOf } from "./sniff.ts";

/** A mail forwarded by the customer, and once more by somebody in the house. */
const DEPTH_MAX = 3;
const HEADERS_MAX = 256_000;
const PARTS_DEPTH_MAX = 20;
const NOT_READ: Readonly<Record<ReadRefusal, ReadNote>> = {
  form: "attachment_form",
  too_large: "attachment_too_large",
  too_many_pages: "attachment_too_many_pages",
  too_many_pixels: "attachment_too_many_pixels",
  encrypted: "attachment_encrypted",
  unreadable: "attachment_unreadable",
};

interface Part {
  bytes: Uint8Array;
  /** A picture that the HTML shows in its midst: a logo, as a rule. */
  inline: boolean;
}

/** Reads a document as if it had been sent by itself. */
export type ReadDocument = (bytes: Uint8Array, form: "pdf" | "jpeg" | "png") => Promise<DocumentReading>;

/** @throws NotRead `unreadable` */
export async function readMail(
  workshop: Workshop,
  bytes: Uint8Array,
  keys: KeySource,
  readDocument: ReadDocument,
): Promise<{ reading: DocumentReading; files: string[] }> {
  const { raw, mail } = await theOneThatCounts(workshop, bytes);
  const sentAt = dateOf(mail);
  const { from, signatures, leftOut } = await verifySignatures(raw, sentAt, keys);
  if (leftOut) workshop.notes.add("more_left_out");
  const parts = partsOf(mail);
  const { document, files } = await firstDocument(workshop, parts, readDocument);
  const words = wordsOf(mail);
  if (words.length > PROOF_LIMITS.text) workshop.notes.add("text_cut");
  const text = words.slice(0, PROOF_LIMITS.text);
  const made = document?.proof.made ?? { programs: [], createdAt: null, modifiedAt: null, updates: 0 };
  return {
    reading: {
      proof: {
        form: "mail",
        pages: document?.proof.pages ?? 0,
        texts: [...(text === "" ? [] : [{ source: "mail" as const, text }]), ...(document?.proof.texts ?? [])],
        codes: document?.proof.codes ?? [],
        look: document?.proof.look ?? null,
        made,
        mail: { from, sentAt, signatures },
      },
      picture: document?.picture ?? null,
    },
    files: [...new Set([...(raw === bytes ? [] : [sha256(raw)]), ...files])],
  };
}

const sha256 = (bytes: Uint8Array): string => hash("sha256", bytes, "hex");

/** Only what that mail itself carries is vouched for by its signatures: nothing is taken from the mails around it. */
async function theOneThatCounts({ notes }: Workshop, bytes: Uint8Array): Promise<{ raw: Uint8Array; mail: Email }> {
  let raw = bytes;
  let mail = await parse(raw);
  for (let depth = 1; ; depth += 1) {
    const inner = mail.attachments.map(contentOf).find((content, index) => isMail(mail.attachments[index], content));
    if (inner === undefined) return { raw, mail };
    if (depth > DEPTH_MAX) {
      notes.add("more_left_out");
      return { raw, mail };
    }
    raw = inner;
    mail = await parse(raw);
  }
}

function isMail(attachment: Attachment | undefined, content: Uint8Array): boolean {
  return (attachment?.mimeType === "message/rfc822" || /\.eml$/iu.test(attachment?.filename ?? "")) && formOf(content) === "mail";
}

async function parse(raw: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(raw, {
      forceRfc822Attachments: true,
      maxHeadersSize: HEADERS_MAX,
      maxNestingDepth: PARTS_DEPTH_MAX,
    });
  } catch (error) {
    if (isMemory(error)) throw error;
    throw new NotRead("unreadable");
  }
}

function contentOf({ content }: Attachment): Uint8Array {
  if (typeof content === "string") return Buffer.from(content, "utf8");
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function dateOf({ date }: Email): Instant | null {
  const instant = Date.parse(date ?? "");
  return Number.isNaN(instant) ? null : instant;
}

function partsOf({ attachments }: Email): Part[] {
  return attachments.map((attachment) => ({ bytes: contentOf(attachment), inline: attachment.related === true }));
}

/** PDFs come before pictures, and these before the pictures of the layout; the first that can be read is the document. */
async function firstDocument(
  { notes }: Workshop,
  parts: readonly Part[],
  readDocument: ReadDocument,
): Promise<{ document: DocumentReading | null; files: string[] }> {
  const known = parts.flatMap(({ bytes, inline }) => {
    const form = formOf(bytes);
    return form === null || form === "mail" ? [] : [{ bytes, form, rank: form === "pdf" ? 0 : inline ? 2 : 1 }];
  });
  if (known.length === 0 && parts.length > 0) notes.add("attachment_form");
  known.sort((a, b) => a.rank - b.rank);
  if (known.length > 1) notes.add("more_left_out");
  const files = known.slice(0, PROOF_LIMITS.attachments).map(({ bytes }) => sha256(bytes));
  for (const { bytes, form } of known.slice(0, PROOF_LIMITS.attachments)) {
    try {
      return { document: await readDocument(bytes, form), files };
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      notes.add(NOT_READ[error.refusal]);
    }
  }
  return { document: null, files };
}

/** Both forms of the words where they differ: the plain one of a bank often says only where to look. */
function wordsOf({ subject, text, html }: Email): string {
  const limit = 2 * PROOF_LIMITS.text;
  const plain = (text ?? "").slice(0, limit).trim();
  const rich = htmlText((html ?? "").slice(0, 10 * limit)).trim();
  return [subject?.trim() ?? "", plain, rich === plain ? "" : rich].filter((part) => part !== "").join("\n");
}
