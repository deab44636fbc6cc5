// What a picture says of its making: the program and the dates of its EXIF, its XMP, and the notes of a PNG. Nothing is decoded for it.
import type { Instant } from "../../kernel/time.ts";
import type { ReadProof } from "../../ports/proof-reader.ts";
import { jpegSegments } from "./sniff.ts";

type Made = ReadProof["made"];

/** What a camera writes has no zone, as a rule: read as the time of Brasília, which has had no daylight saving since 2019. */
export const LOCAL_OFFSET_MINUTES = -180;

const PROGRAM_MAX = 200;
const PROGRAMS_MAX = 10;
/** Far above what cameras and editors write. */
const XMP_MAX = 65_536;
const TEXT_MAX = 1_000;
const ENTRIES_MAX = 300;
const EXIF_NAME = "Exif\0\0";
const XMP_NAME = "http://ns.adobe.com/xap/1.0/\0";

/** Total: a broken mark is no mark. */
export function pictureMarks(bytes: Uint8Array, form: "jpeg" | "png"): Made {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const made: Made & { programs: string[] } = { programs: [], createdAt: null, modifiedAt: null, updates: 0 };
  if (form === "jpeg") jpegMarks(view, made);
  else pngMarks(view, made);
  made.programs = [...new Set(made.programs.map((program) => clean(program)).filter((program) => program !== ""))].slice(0, PROGRAMS_MAX);
  return made;
}

type Marks = Made & { programs: string[] };

function text(view: DataView, at: number, length: number): string {
  const end = Math.min(at + length, view.byteLength);
  return end <= at ? "" : Buffer.from(view.buffer, view.byteOffset + at, end - at).toString("latin1");
}

function clean(program: string): string {
  const bytes = Buffer.from(program, "latin1");
  const utf8 = bytes.toString("utf8");
  const readable = utf8.includes("\ufffd") ? program : utf8;
  return readable
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, PROGRAM_MAX);
}

function jpegMarks(view: DataView, made: Marks): void {
  for (const { marker, at, length } of jpegSegments(view)) {
    if (marker !== 0xe1) continue;
    const name = text(view, at, XMP_NAME.length);
    if (name.startsWith(EXIF_NAME)) exifMarks(part(view, at + EXIF_NAME.length, length - EXIF_NAME.length), made);
    else if (name === XMP_NAME) xmpMarks(text(view, at + name.length, Math.min(XMP_MAX, length - name.length)), made);
  }
}

const part = (view: DataView, at: number, length: number): DataView =>
  new DataView(view.buffer, view.byteOffset + at, Math.max(0, Math.min(length, view.byteLength - at)));

function pngMarks(view: DataView, made: Marks): void {
  let at = 8;
  while (at + 12 <= view.byteLength) {
    const length = view.getUint32(at);
    const name = text(view, at + 4, 4);
    const data = at + 8;
    if (data + length > view.byteLength || name === "IEND") return;
    if (name === "eXIf") exifMarks(part(view, data, length), made);
    if (name === "tEXt" || name === "iTXt") noteMarks(text(view, data, Math.min(length, XMP_MAX)), made);
    at = data + length + 4;
  }
}

/** A keyword, a zero, and its text; in iTXt two flags and two more zeros stand between. */
function noteMarks(note: string, made: Marks): void {
  const zero = note.indexOf("\0");
  const keyword = note.slice(0, Math.max(0, zero));
  if (keyword === "Software" || keyword === "Creator Tool") made.programs.push((note.split("\0").at(-1) ?? "").slice(0, TEXT_MAX));
  if (keyword === "XML:com.adobe.xmp") xmpMarks(note, made);
}

/** The editors that keep to XMP alone write their name there; Canva is one of them. */
function xmpMarks(xmp: string, made: Marks): void {
  for (const match of xmp.matchAll(/(?:xmp:CreatorTool|stEvt:softwareAgent)(?:="([^"<]{1,200})"|>([^<]{1,200})<)/gu))
    made.programs.push(match[1] ?? match[2] ?? "");
}

const TAG = { processing: 0x000b, software: 0x0131, changed: 0x0132, exif: 0x8769, taken: 0x9003, offset: 0x9010, takenOffset: 0x9011 };

function exifMarks(view: DataView, made: Marks): void {
  const order = text(view, 0, 2);
  if (view.byteLength < 8 || (order !== "II" && order !== "MM")) return;
  const little = order === "II";
  const main = entries(view, view.getUint32(4, little), little);
  const more = entries(view, main.numbers.get(TAG.exif) ?? 0, little);
  for (const tag of [TAG.software, TAG.processing]) {
    const program = main.texts.get(tag);
    if (program !== undefined) made.programs.push(program);
  }
  made.modifiedAt ??= exifDate(main.texts.get(TAG.changed), more.texts.get(TAG.offset));
  made.createdAt ??= exifDate(more.texts.get(TAG.taken), more.texts.get(TAG.takenOffset));
}

/** The texts and the 32-bit numbers of one directory. Offset 0: there is none. */
function entries(view: DataView, at: number, little: boolean): { texts: Map<number, string>; numbers: Map<number, number> } {
  const texts = new Map<number, string>();
  const numbers = new Map<number, number>();
  if (at < 8 || at + 2 > view.byteLength) return { texts, numbers };
  const count = Math.min(view.getUint16(at, little), ENTRIES_MAX);
  for (let i = 0; i < count; i += 1) {
    const entry = at + 2 + i * 12;
    if (entry + 12 > view.byteLength) break;
    const [tag, type, length] = [view.getUint16(entry, little), view.getUint16(entry + 2, little), view.getUint32(entry + 4, little)];
    if (type === 4 && length === 1) numbers.set(tag, view.getUint32(entry + 8, little));
    if (type !== 2 || length > TEXT_MAX) continue;
    const place = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    texts.set(tag, text(view, place, length).split("\0")[0] ?? "");
  }
  return { texts, numbers };
}

/** `2026:11:22 14:33:21`, with its offset `-03:00` beside it or none. */
function exifDate(written: string | undefined, offset: string | undefined): Instant | null {
  const match = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/u.exec(written ?? "");
  if (!match) return null;
  const zone = /^([+-])(\d{2}):(\d{2})/u.exec(offset ?? "");
  const minutes = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : LOCAL_OFFSET_MINUTES;
  return instantOf(match.slice(1).map(Number), minutes);
}

/** Year, month, day, hour, minute and second at an offset in minutes. Null: no calendar has it. */
export function instantOf(
  [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[],
  offset: number,
): Instant | null {
  if (year < 1990 || year > 2100 || month > 12 || hour > 23 || minute > 59 || second > 60 || Math.abs(offset) > 14 * 60) return null;
  const instant = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(instant).getUTCDate() === day || second === 60 ? instant - offset * 60_000 : null;
}
