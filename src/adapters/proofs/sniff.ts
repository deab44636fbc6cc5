// Which form a file has, told by its content, and how many pixels a picture holds, told by its header before anything is decoded.
import type { ReadProof } from "../../ports/proof-reader.ts";

export type FileForm = ReadProof["form"];

/** Readers of PDF look for its mark this far in: some programs write a few bytes before it. */
const PDF_MARK_WITHIN = 1_024;
/** Where a mail's header is looked for. Relays put some twenty lines before what the sender wrote. */
const HEADER_WITHIN = 16_384;
/** Fields of which every mail has some, and a text that merely holds colons has none. */
const MAIL_FIELD = /^(?:from|date|received|return-path|message-id|mime-version|dkim-signature|delivered-to|subject|to)$/iu;
const FIELDS_MIN = 2;

/** Null: none of those that are read. */
export function formOf(bytes: Uint8Array): FileForm | null {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return "jpeg";
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  const start = ascii(bytes, 0, PDF_MARK_WITHIN);
  if (/^\s*%PDF-/u.test(start)) return "pdf";
  if (isMail(ascii(bytes, 0, HEADER_WITHIN))) return "mail";
  return start.includes("%PDF-") ? "pdf" : null;
}

function begins(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1", from, from + length);
}

/** Whether it begins with header lines, as RFC 5322 has them; a line of mbox (`From …`) may come first. */
function isMail(start: string): boolean {
  let known = 0;
  const text = start.replace(/^\u00ef\u00bb\u00bf/u, "");
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (line === "") break;
    if (index === 0 && line.startsWith("From ")) continue;
    if (index > 0 && /^[ \t]/u.test(line)) continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    if (!/^[!-9;-~]{1,76}$/u.test(name)) break;
    if (MAIL_FIELD.test(name)) known += 1;
  }
  return known >= FIELDS_MIN;
}

/** Width and height as the header says. Null: it says none. */
export function pictureSize(bytes: Uint8Array, form: "jpeg" | "png"): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = form === "png" ? pngSize(view) : jpegSize(view);
  return size && size.width > 0 && size.height > 0 ? size : null;
}

const IHDR = 0x49484452;

function pngSize(view: DataView): { width: number; height: number } | null {
  if (view.byteLength < 24 || view.getUint32(12) !== IHDR) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function jpegSize(view: DataView): { width: number; height: number } | null {
  for (const { marker, at, length } of jpegSegments(view)) {
    // SOF0 to SOF15 but for DHT, JPG and DAC, which share their row.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && length >= 5) return { height: view.getUint16(at + 1), width: view.getUint16(at + 3) };
  }
  return null;
}

export interface Segment {
  marker: number;
  /** Where its data begins. */
  at: number;
  /** Bytes of data, all of them there. */
  length: number;
}

/** The segments of a JPEG before its pixels. Ends quietly where the file does. */
export function* jpegSegments(view: DataView): Iterable<Segment> {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker === 0xda || marker === 0xd9) return;
    else {
      const length = view.getUint16(at + 2) - 2;
      if (length < 0 || at + 4 + length > view.byteLength) return;
      yield { marker, at: at + 4, length };
      at += 4 + length;
    }
  }
}
