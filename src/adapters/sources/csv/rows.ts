// A file's text as rows with their line numbers, a batch at a time, also when a quoted cell holds line breaks.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { parse as parseNow } from "csv-parse/sync";
import { inEach } from "../../../kernel/errors.ts";
import { readText, type Encoding } from "./encoding.ts";
import { fileProblem } from "./problem.ts";

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface Row {
  /** The line it begins in, from 1. */
  line: number;
  /** The line it ends in. */
  lastLine: number;
  fields: readonly string[];
}

export interface Layout {
  encoding: Encoding;
  delimiter: Delimiter;
  quote: '"' | "none";
}

/** A quote that is opened and not closed would swallow the rest of the file; no honest record is a million letters long. */
const RECORD_MAX = 1_000_000;
const BATCH_ROWS = 500;

function options(delimiter: Delimiter, quote: Layout["quote"]) {
  return {
    delimiter,
    quote: quote === "none" ? null : quote,
    record_delimiter: "\n",
    relax_column_count: true,
    // `Bar "do Zé"` without quotes around it is common and means itself.
    relax_quotes: true,
    max_record_size: RECORD_MAX,
  };
}

/**
 * The rows of a file, blank ones left out.
 * @throws ReguaError `import_file_invalid` when a quote is never closed: what follows it would be lost
 */
export async function* readRows(path: string, name: string, layout: Layout): AsyncGenerator<Row[]> {
  const parser = parse(options(layout.delimiter, layout.quote));
  // The parser itself hands on what goes wrong; a consumer that stops early ends the pipe on purpose.
  const feed = pipeline(Readable.from(readText(path, layout.encoding)), parser).catch(() => undefined);
  let line = 1;
  let batch: Row[] = [];
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      const row: Row = { line, lastLine: line + breaksIn(fields), fields };
      line = row.lastLine + 1;
      if (isBlank(fields) || (row.line === 1 && isSeparatorLine(fields, layout.delimiter))) continue;
      batch.push(row);
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw fileProblem(
      name,
      inEach(
        `a quotation mark opens in line ${line} and is never closed, so that everything after it would be lost`,
        `aspas se abrem na linha ${line} e nunca se fecham, e tudo o que vem depois se perderia`,
      ),
      inEach(
        "Close it, or double it when it belongs to the text; `quote: none` in the map takes quotation marks as letters.",
        "Feche-as, ou dobre-as quando forem do texto; `quote: none` no mapa toma aspas por letras.",
      ),
    );
  }
  await feed;
  if (batch.length > 0) yield batch;
}

function breaksIn(fields: readonly string[]): number {
  let breaks = 0;
  for (const field of fields) for (let at = field.indexOf("\n"); at !== -1; at = field.indexOf("\n", at + 1)) breaks += 1;
  return breaks;
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === "");
}

/** Excel's own first line, `sep=;`. */
function isSeparatorLine(fields: readonly string[], delimiter: Delimiter): boolean {
  return /^sep=.$/u.test(fields.join(delimiter).trim());
}

const SAMPLE_LETTERS = 64 * 1024;
const SAMPLE_ROWS = 50;

/**
 * Which sign stands between the cells: the one under which the header has the columns that the map names; without names,
 * the one that cuts the first rows into the most columns, the same number in each.
 */
export async function findDelimiter(path: string, layout: Omit<Layout, "delimiter">, named: readonly string[]): Promise<Delimiter> {
  const sample = await beginning(path, layout.encoding);
  let best: { delimiter: Delimiter; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of DELIMITERS) {
    const rows = sampleRows(sample, delimiter, layout.quote);
    const first = rows.find((row) => !isSeparatorLine(row, delimiter));
    if (!first) continue;
    const header = new Set(first.map((cell) => cell.trim().normalize("NFC")));
    const even = rows.filter((row) => row.length === first.length).length / rows.length;
    const score = (named.length > 0 && named.every((n) => header.has(n)) ? 1_000_000 : 0) + (first.length > 1 ? first.length * even : 0);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

async function beginning(path: string, encoding: Encoding): Promise<string> {
  let text = "";
  let whole = true;
  for await (const part of readText(path, encoding)) {
    if (text.length >= SAMPLE_LETTERS) {
      whole = false;
      break;
    }
    text += part;
  }
  if (text.length > SAMPLE_LETTERS) {
    text = text.slice(0, SAMPLE_LETTERS);
    whole = false;
  }
  // A row cut by the end of the sample would count as an odd one.
  return whole ? text : text.slice(0, text.lastIndexOf("\n") + 1) || text;
}

function sampleRows(sample: string, delimiter: Delimiter, quote: Layout["quote"]): string[][] {
  try {
    return parseNow(sample, { ...options(delimiter, quote), to: SAMPLE_ROWS, skip_empty_lines: true, skip_records_with_error: true });
  } catch (error) {
    if (error instanceof CsvError) return [];
    throw error;
  }
}
