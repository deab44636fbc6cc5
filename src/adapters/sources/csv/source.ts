// Customers from CSV files and a map: each file is read once to learn how it is written, and once more for its records.
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inEach } from "../../../kernel/errors.ts";
import type { Lang } from "../../../kernel/lang.ts";
import type {
  CustomerRecord,
  CustomerSource,
  InvoiceRecord,
  PaymentRecord,
  RefusedLine,
  ServiceRecord,
  SourceBatch,
} from "../../../ports/customer-source.ts";
import { AmountEvidence } from "./amounts.ts";
import { Columns } from "./cells.ts";
import { DateEvidence } from "./dates.ts";
import { findEncoding } from "./encoding.ts";
import { parseMap, type CsvMap, type FileMap } from "./map.ts";
import { fileProblem } from "./problem.ts";
import { LineReader, namedColumns } from "./records.ts";
import { findDelimiter, readRows, type Delimiter, type Layout, type Row } from "./rows.ts";
import type { Notation } from "./values.ts";

/** How a file turned out to be written; shown to the person before anything is imported. */
export interface FileReport {
  file: string;
  encoding: string;
  delimiter: Delimiter;
  dates: string;
  decimal: string;
  lines: number;
}

interface OpenFile {
  path: string;
  name: string;
  map: FileMap;
  layout: Layout;
  reader: LineReader;
  notation: Notation;
  lines: number;
}

const BATCH_LINES = 1000;

export class CsvSource implements CustomerSource {
  readonly kind = "csv";
  readonly lines: number;
  readonly defaultLang: Lang;
  readonly #files: readonly OpenFile[];

  private constructor(map: CsvMap, files: readonly OpenFile[]) {
    this.defaultLang = map.lang;
    this.#files = files;
    this.lines = files.reduce((sum, file) => sum + file.lines, 0);
  }

  /**
   * Reads the map and looks through every file whole.
   * `paths` are the files; none: those that the map names, beside it.
   * @throws ReguaError `import_map_invalid`, `import_file_invalid`
   */
  static async open(options: { map: string; paths: readonly string[] }): Promise<CsvSource> {
    await mustBeFile(options.map);
    const map = parseMap(await readFile(options.map, "utf8"), basename(options.map));
    const files: OpenFile[] = [];
    for (const { path, fileMap } of assign(map, options)) files.push(await openFile(map, fileMap, path));
    return new CsvSource(map, files);
  }

  /** How each file is written, as found or told. */
  get report(): FileReport[] {
    return this.#files.map(({ name, layout, notation, lines }) => ({
      file: name,
      encoding: layout.encoding,
      delimiter: layout.delimiter,
      ...notation,
      lines,
    }));
  }

  async *read(): AsyncGenerator<SourceBatch> {
    for (const file of this.#files) {
      let batch = new Batch();
      let last = 0;
      for await (const row of dataRows(file)) {
        batch.add(file.reader.skips(row) ? null : file.reader.read(row, file.notation));
        if (batch.rows < BATCH_LINES) continue;
        yield { ...batch.records, lines: row.lastLine - last };
        last = row.lastLine;
        batch = new Batch();
      }
      yield { ...batch.records, lines: file.lines - last };
    }
  }
}

class Batch {
  rows = 0;
  readonly records = {
    customers: [] as CustomerRecord[],
    services: [] as ServiceRecord[],
    invoices: [] as InvoiceRecord[],
    payments: [] as PaymentRecord[],
    refused: [] as RefusedLine[],
  };

  add(found: ReturnType<LineReader["read"]> | null): void {
    this.rows += 1;
    if (found === null) return;
    if ("reason" in found) {
      this.records.refused.push(found);
      return;
    }
    if (found.customer) this.records.customers.push(found.customer);
    if (found.service) this.records.services.push(found.service);
    if (found.invoice) this.records.invoices.push(found.invoice);
    if (found.payment) this.records.payments.push(found.payment);
  }
}

/** The rows below the header. */
async function* dataRows(file: Pick<OpenFile, "path" | "name" | "map" | "layout">): AsyncGenerator<Row> {
  let isHeader = file.map.header;
  for await (const rows of readRows(file.path, file.name, file.layout))
    for (const row of rows) {
      if (!isHeader) yield row;
      isHeader = false;
    }
}

/** Which file each part of the map is about. */
function assign(map: CsvMap, options: { map: string; paths: readonly string[] }): { path: string; fileMap: FileMap }[] {
  const [only] = map.files;
  if (options.paths.length === 0)
    return map.files.map((fileMap) => {
      if (fileMap.file !== undefined) return { path: join(dirname(options.map), fileMap.file), fileMap };
      throw fileProblem(
        basename(options.map),
        inEach("it names no file, and none was given", "ele não nomeia arquivo, e nenhum foi dado"),
        inEach("Give the path of the CSV file.", "Dê o caminho do arquivo CSV."),
      );
    });
  if (map.files.length === 1 && only && options.paths.length === 1) return [{ path: options.paths[0] ?? "", fileMap: only }];
  const left = new Map(map.files.map((fileMap) => [fileMap.file, fileMap]));
  const known = [...left.keys()].join(", ");
  return options.paths.map((path) => {
    const fileMap = left.get(basename(path));
    if (!fileMap)
      throw fileProblem(
        path,
        inEach("the map does not name it, or it was given twice", "o mapa não o nomeia, ou ele foi dado duas vezes"),
        inEach(
          `The map is about: ${known}. Rename the file or the entry.`,
          `O mapa trata de: ${known}. Mude o nome do arquivo ou da entrada.`,
        ),
      );
    left.delete(basename(path));
    return { path, fileMap };
  });
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found)
    throw fileProblem(path, inEach("there is no such file", "esse arquivo não existe"), inEach("Check the path.", "Confira o caminho."));
  // Every file is read twice, which a pipe cannot be.
  if (!found.isFile())
    throw fileProblem(
      path,
      inEach("it is not a file", "isso não é um arquivo"),
      inEach(
        "Give the path of a file; a folder, pipe or device cannot be read.",
        "Dê o caminho de um arquivo; uma pasta, um pipe ou um dispositivo não pode ser lido.",
      ),
    );
}

async function openFile(map: CsvMap, fileMap: FileMap, path: string): Promise<OpenFile> {
  await mustBeFile(path);
  const name = basename(path);
  const encoding = await findEncoding(path, name, fileMap.encoding);
  const told: Delimiter | undefined = fileMap.delimiter === "tab" ? "\t" : fileMap.delimiter;
  const writing = { encoding, quote: fileMap.quote };
  const delimiter = told ?? (await findDelimiter(path, writing, fileMap.header ? namedColumns(fileMap) : []));
  const layout: Layout = { ...writing, delimiter };
  return { path, name, map: fileMap, layout, ...(await lookThrough(map, fileMap, path, name, layout)) };
}

async function lookThrough(
  map: CsvMap,
  fileMap: FileMap,
  path: string,
  name: string,
  layout: Layout,
): Promise<Pick<OpenFile, "reader" | "notation" | "lines">> {
  const dates = new DateEvidence();
  const amounts = new AmountEvidence();
  let reader: LineReader | null = null;
  let lines = 0;
  for await (const rows of readRows(path, name, layout))
    for (const row of rows) {
      lines = row.lastLine;
      const first = reader === null;
      reader ??= new LineReader(map, fileMap, name, new Columns(name, row.fields, fileMap.header));
      if ((first && fileMap.header) || reader.skips(row)) continue;
      reader.gather(row, dates, amounts);
    }
  if (!reader)
    throw fileProblem(
      name,
      inEach("it is empty", "ele está vazio"),
      inEach(
        "Export it again; a file without customers still has its first line.",
        "Exporte-o de novo; mesmo sem clientes, um arquivo tem a primeira linha.",
      ),
    );
  return { reader, lines, notation: { dates: dates.decide(name, fileMap.dates), decimal: amounts.decide(name, fileMap.decimal) } };
}
