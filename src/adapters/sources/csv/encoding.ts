// Which characters a file's bytes are: byte order mark, UTF-16 by its zero bytes, else strict UTF-8 validity decides.
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import iconv from "iconv-lite";
import { inEach } from "../../../kernel/errors.ts";
import { fileProblem } from "./problem.ts";

/** `windows-1252` holds all of Latin-1 that prints. `cp850` is never detected: old Brazilian programs under DOS write it. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-1", "cp850"] as const;
export type Encoding = (typeof ENCODINGS)[number];

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

function chunks(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
}

/**
 * The encoding of a whole file. A byte order mark says it, also against the map; a map that says UTF-8 of other bytes is refused.
 * @throws ReguaError `import_file_invalid`
 */
export async function findEncoding(path: string, name: string, inMap: Encoding | undefined): Promise<Encoding> {
  let told = inMap;
  let line = 1;
  let first = true;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of chunks(path)) {
    if (first) {
      const marked = byMark(chunk);
      if (marked && marked !== "utf-8") return marked;
      if (marked) told = marked;
      if (told && told !== "utf-8") return told;
      const wide = told ? null : byZeroBytes(chunk);
      if (wide) return wide;
      first = false;
    }
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      if (told !== "utf-8") return "windows-1252";
      throw notUtf8(name, line + badLine(chunk));
    }
    line += count(chunk);
  }
  try {
    decoder.decode();
  } catch {
    if (told !== "utf-8") return "windows-1252";
    throw notUtf8(name, line);
  }
  return told ?? "utf-8";
}

function byMark(bytes: Buffer): Encoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  return null;
}

/** Western text in UTF-16 has a zero in nearly every other byte; other encodings have none. */
function byZeroBytes(bytes: Buffer): Encoding | null {
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map((z) => z / Math.max(1, bytes.length / 2));
  if (odd > 0.6 && even < 0.1) return "utf-16le";
  if (even > 0.6 && odd < 0.1) return "utf-16be";
  return null;
}

function count(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** The lines of a chunk before its first one that is not UTF-8. A chunk may begin inside a character. */
function badLine(bytes: Buffer): number {
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  for (let lines = 0; ; lines += 1) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return lines;
    start = end + 1;
  }
}

function notUtf8(name: string, line: number): Error {
  return fileProblem(
    name,
    inEach(
      `line ${line} is not UTF-8, though the map or the file's first bytes say that it is`,
      `a linha ${line} não é UTF-8, embora o mapa ou os primeiros bytes do arquivo digam que é`,
    ),
    inEach(
      "Leave `encoding` out of the map to have it detected, or save the file again as UTF-8.",
      "Deixe `encoding` fora do mapa para que seja descoberta, ou grave o arquivo de novo em UTF-8.",
    ),
  );
}

/** The text of a file, without a byte order mark, every line break written as \n. */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = encoding === "utf-8" ? utf8() : iconv.getDecoder(encoding, { stripBOM: true });
  let held = "";
  for await (const chunk of chunks(path)) {
    let text = held + decoder.write(chunk);
    held = "";
    // A line break or a character written in two halves may be cut by the end of the chunk.
    const last = text.charCodeAt(text.length - 1);
    if (last === 13 || (last >= 0xd800 && last <= 0xdbff)) {
      held = text.slice(-1);
      text = text.slice(0, -1);
    }
    if (text !== "") yield sameBreaks(text);
  }
  const rest = held + (decoder.end() ?? "");
  if (rest !== "") yield sameBreaks(rest);
}

function sameBreaks(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/gu, "\n") : text;
}

function utf8(): { write(chunk: Buffer): string; end(): string } {
  const decoder = new TextDecoder("utf-8");
  return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}
