// What a bank's file says, whatever its format: accounts, lines of money in and out, and each line that could not be read.
import { isUtf8 } from "node:buffer";
import { inEach, ReguaError, type InEach } from "../../kernel/errors.ts";
import type { Currency } from "../../kernel/money.ts";
import { civil, dayOf, type Day } from "../../kernel/time.ts";
import type { BankLine } from "../../ports/bank-statement.ts";

/** A place in the file, both from 1; columns count characters. */
export interface Place {
  line: number;
  column: number;
}

/** A line of money, with its place. Its `externalId` holds the bank's own id, the day and the amount, for some banks number anew each day. */
export type StatementLine = BankLine & Place;

/** A line that could not be read with certainty; the others of the file stand. */
export interface RefusedLine extends Place {
  reason: InEach;
}

/** One account of the file. */
export interface Statement {
  /** `341/12345-6`, as in its lines. */
  account: string;
  currency: Currency;
  lines: StatementLine[];
  refused: RefusedLine[];
}

export interface StatementFile {
  format: string;
  statements: Statement[];
  /** What was odd in the file and did not prevent the reading. */
  notes: InEach[];
}

/** Bytes beyond this are no statement: the largest a bank gave in a year was under 5 MB. */
export const STATEMENT_BYTES_MAX = 20 * 1024 * 1024;

/** The file as a whole is refused. Without a place, the whole of it is meant. */
export function unreadable(en: string, ptBR: string, place: Place | null = null): ReguaError {
  const problem = place
    ? inEach(`line ${place.line}, column ${place.column}: ${en}`, `linha ${place.line}, coluna ${place.column}: ${ptBR}`)
    : inEach(en, ptBR);
  return new ReguaError("statement_unreadable", { problem, line: place?.line ?? null, column: place?.column ?? null });
}

/**
 * The characters of a bank file. What the file says of itself is not asked: banks write UTF-8 under `CHARSET:1252` and the other way round.
 * Bytes that are valid UTF-8 are UTF-8; else they are Windows-1252, which has a character for nearly every byte.
 */
export function decode(bytes: Uint8Array): string {
  if (bytes.length > STATEMENT_BYTES_MAX)
    throw unreadable(
      `the file has ${bytes.length} bytes, more than ${STATEMENT_BYTES_MAX}`,
      `o arquivo tem ${bytes.length} bytes, mais de ${STATEMENT_BYTES_MAX}`,
    );
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder(isUtf8(bytes) ? "utf-8" : "windows-1252").decode(bytes);
}

/** `20260311` and longer; null for zeros, blanks and days that do not exist. Years before 1990 are a mistake of the file. */
export function readCompactDay(text: string): Day | null {
  const match = /^(\d{4})(\d{2})(\d{2})/u.exec(text);
  if (!match) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const day = dayOf(year, month, date);
  const back = civil(day);
  return year >= 1990 && back.year === year && back.month === month && back.day === date ? day : null;
}

/** A value as shown in a report: short, on one line. */
export function shown(value: string): string {
  const line = value
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .toWellFormed();
  return line.length > 60 ? `${line.slice(0, 59).toWellFormed()}…` : line;
}
