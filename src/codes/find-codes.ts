// Payment codes in free text: digit lines, bar codes, BR Codes and end-to-end ids, wherever a PDF or a reader of letters left them.
import type { Day } from "../kernel/time.ts";
import { readBoleto, type BoletoReading } from "./boleto.ts";
import { BR_CODE_MAX, readBrCode, type BrCode, type BrCodeProblem } from "./br-code.ts";
import { mod10 } from "./check-digits.ts";
import { END_TO_END_LENGTH, readEndToEnd, type EndToEnd } from "./end-to-end.ts";
import { digitRuns, FOUND_MAX, TEXT_MAX, type DigitRun, type Found } from "./find.ts";
import { readTlv, CRC_ID } from "./tlv.ts";

export interface FoundBoleto extends Found {
  /** Refused where the digits have the shape of a code and a check digit is wrong: misread, or altered. */
  reading: BoletoReading;
}

const LINE = 47;
const BILL_LINE = 48;
const BAR_CODE = 44;
/** How digit lines are printed. Digits so grouped are one, even if a check digit is wrong. */
const SHAPES = new Set(["5,5,5,6,5,6,1,14", "10,11,11,1,14", "47", "48", "12,12,12,12", "11,1,11,1,11,1,11,1"]);

/** Digit lines, of boletos and of collection bills. Digits of other numbers beside them do not hide them. */
export function findDigitLines(text: string, on: Day): FoundBoleto[] {
  const { digits, runs } = digitRuns(text);
  const found: FoundBoleto[] = [];
  for (let i = 0; i < runs.length && found.length < FOUND_MAX;) {
    const next = lineFrom(text, digits, runs, i, on);
    if (next) found.push(next.found);
    i = next?.after ?? i + 1;
  }
  return found;
}

/** The code that begins with a run of digits: a right one before one that has only the shape. */
function lineFrom(
  text: string,
  digits: string,
  runs: readonly DigitRun[],
  first: number,
  on: Day,
): { found: FoundBoleto; after: number } | null {
  const begin = runs[first];
  if (!begin) return null;
  let shaped: { found: FoundBoleto; after: number } | null = null;
  for (let i = first; i < runs.length; i += 1) {
    const run = runs[i];
    if (run?.group !== begin.group) break;
    const count = run.start - begin.start + run.end - run.at;
    if (count > BILL_LINE) break;
    if (count !== LINE && count !== BILL_LINE) continue;
    const line = digits.slice(begin.start, begin.start + count);
    const isShaped = SHAPES.has(shapeOf(runs.slice(first, i + 1)));
    if (!isShaped && !mayBe(line)) continue;
    const reading = readBoleto(line, on);
    const candidate = { found: { at: begin.at, end: run.end, reading: placed(reading, text, begin.at) }, after: i + 1 };
    if (isRight(reading)) return candidate;
    if (isShaped) shaped ??= candidate;
  }
  return shaped;
}

/** The lengths of its parts: `5,5,5,6,5,6,1,14`. No shape has more than eight. */
function shapeOf(runs: readonly DigitRun[]): string {
  return runs.length > 8 ? "" : runs.map(({ at, end }) => end - at).join(",");
}

/** One check before the whole reading: nine of ten windows end here. */
function mayBe(line: string): boolean {
  return line.length === BILL_LINE ? line.startsWith("8") : Number(line[9]) === mod10(line.slice(0, 9));
}

function isRight(reading: BoletoReading): boolean {
  return reading.ok || (reading.problem.code === "bill" && reading.problem.bill.wrong.length === 0);
}

/** A problem's place counted in the whole text. */
function placed(reading: BoletoReading, text: string, from: number): BoletoReading {
  if (reading.ok || !("at" in reading.problem)) return reading;
  let [at, left] = [from, reading.problem.at];
  while (left > 0 || !isDigit(text[at])) {
    if (isDigit(text[at])) left -= 1;
    at += 1;
  }
  return { ok: false, problem: { ...reading.problem, at } };
}

function isDigit(letter: string | undefined): boolean {
  return letter !== undefined && letter >= "0" && letter <= "9";
}

/** Bar codes as 44 adjoining digits. */
export function findBarCodes(text: string, on: Day): FoundBoleto[] {
  const { runs } = digitRuns(text);
  return runs
    .filter(({ at, end }) => end - at === BAR_CODE)
    .slice(0, FOUND_MAX)
    .map(({ at, end }) => ({ at, end, reading: placed(readBoleto(text.slice(at, end), on), text, at) }));
}

export interface FoundBrCode extends Found {
  code: BrCode | null;
  /** Why it cannot be read; null with a code. Its position counts in the code, line breaks taken out. */
  problem: BrCodeProblem | null;
}

/** After the version comes how often it may be paid, or an account: never the version again. */
const BR_CODE_BEGINS = /000201\s*(?:01|2[6-9]|[3-5]\d)/gu;
/** Beginnings that are tried. A page with this many has no code that matters. */
const TRIED_MAX = 500;
/** Nothing to take out; the line breaks that a page put into a long code; those with the spaces around them. A name may hold a space there. */
const WRAPS = [null, /[\r\n]+/gu, /[ \t]*[\r\n]\s*/gu];

/** BR Codes, whole or wrapped over lines. One with a wrong check sum is found too, with its problem. */
export function findBrCodes(text: string): FoundBrCode[] {
  const within = text.slice(0, TEXT_MAX);
  const found: FoundBrCode[] = [];
  let [after, tried] = [0, 0];
  for (const { index: at } of within.matchAll(BR_CODE_BEGINS)) {
    if (at < after) continue;
    tried += 1;
    if (found.length >= FOUND_MAX || tried > TRIED_MAX) break;
    const next = brCodeAt(within, at);
    if (!next) continue;
    found.push(next);
    after = next.end;
  }
  return found;
}

function brCodeAt(text: string, at: number): FoundBrCode | null {
  // A wrapped code is a little longer than an unwrapped one.
  const room = text.slice(at, at + BR_CODE_MAX + 100);
  let wrong: FoundBrCode | null = null;
  for (const wrap of WRAPS) {
    const joined = wrap ? room.replace(wrap, "") : room;
    const read = readTlv(joined, 0, CRC_ID);
    if (!read.ok || read.fields.at(-1)?.id !== CRC_ID) continue;
    const reading = readBrCode(joined.slice(0, read.end));
    const end = at + lengthIn(room, wrap, read.end);
    if (reading.ok) return { at, end, code: reading.code, problem: null };
    wrong ??= { at, end, code: null, problem: reading.problem };
  }
  return wrong;
}

/** How much of the wrapped text holds the first `length` characters of the joined one. */
function lengthIn(room: string, wrap: RegExp | null, length: number): number {
  if (!wrap) return length;
  let more = 0;
  for (const match of room.matchAll(wrap)) {
    if (match.index - more >= length) break;
    more += match[0].length;
  }
  return length + more;
}

export interface FoundEndToEnd extends Found {
  id: EndToEnd;
}

/** End-to-end ids of payments and returns, also where a narrow column broke one in two. */
export function findEndToEndIds(text: string): FoundEndToEnd[] {
  const within = text.slice(0, TEXT_MAX);
  const words = [...within.matchAll(/[0-9A-Za-z]+/gu)].map((match) => ({ at: match.index, end: match.index + match[0].length }));
  const found: FoundEndToEnd[] = [];
  for (let i = 0; i < words.length && found.length < FOUND_MAX; i += 1) {
    const next = endToEndFrom(within, words, i);
    if (next) found.push(next);
  }
  return found;
}

const PARTS_MAX = 4;
/** A line break and the indentation of a column. */
const GAP_MAX = 40;

function endToEndFrom(text: string, words: readonly Found[], first: number): FoundEndToEnd | null {
  const begin = words[first];
  if (!begin || (text[begin.at] !== "E" && text[begin.at] !== "D")) return null;
  let joined = "";
  let before = begin.at;
  for (const { at, end } of words.slice(first, first + PARTS_MAX)) {
    if (at - before > GAP_MAX || text.slice(before, at).trim() !== "") return null;
    joined += text.slice(at, Math.min(end, at + END_TO_END_LENGTH + 1));
    before = end;
    if (joined.length < END_TO_END_LENGTH) continue;
    const reading = readEndToEnd(joined);
    return reading.ok ? { at: begin.at, end, id: reading.id } : null;
  }
  return null;
}
