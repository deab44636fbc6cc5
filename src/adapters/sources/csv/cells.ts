// A value of a line as the map says it: a column, a template over columns or a constant, cleaned the same way everywhere.
import { inEach } from "../../../kernel/errors.ts";
import type { CellSpec, ColumnKey } from "./map.ts";
import { fileProblem } from "./problem.ts";
import type { Row } from "./rows.ts";

export interface Cell {
  /** Where it stands, for a report; null: not in one column. */
  column: string | null;
  /** Trimmed, one Unicode form; "" is blank. */
  read(row: Row): string;
}

/** How a database export writes “no value”. */
const NOTHING = new Set(["NULL", "\\N"]);

function clean(text: string | undefined): string {
  if (text === undefined) return "";
  const trimmed = text.trim();
  return NOTHING.has(trimmed) ? "" : trimmed.normalize("NFC");
}

/** The columns of one file, found by name or number. */
export class Columns {
  readonly count: number;
  /** Without the blank ones at the end: a line may stop here. */
  readonly least: number;
  readonly #file: string;
  readonly #header: readonly string[] | null;

  constructor(file: string, first: readonly string[], hasHeader: boolean) {
    this.#file = file;
    this.count = first.length;
    this.least = hasHeader ? first.findLastIndex((name) => name.trim() !== "") + 1 : first.length;
    this.#header = hasHeader ? first.map((name) => clean(name)) : null;
  }

  /**
   * Position of a column.
   * @throws ReguaError `import_file_invalid` when it is not there, or there twice
   */
  at(key: ColumnKey): number {
    if (typeof key === "number") {
      if (key <= this.count) return key - 1;
      throw fileProblem(
        this.#file,
        inEach(
          `it has ${this.count} columns, and the map names column ${key}`,
          `ele tem ${this.count} colunas, e o mapa nomeia a coluna ${key}`,
        ),
        inEach("Correct the number in the map.", "Corrija o número no mapa."),
      );
    }
    if (!this.#header)
      throw fileProblem(
        this.#file,
        inEach(
          `the map names the column “${key}”, but says that the file has no header`,
          `o mapa nomeia a coluna “${key}”, mas diz que o arquivo não tem cabeçalho`,
        ),
        inEach("Name columns by number, from 1.", "Nomeie as colunas por número, a partir de 1."),
      );
    const name = clean(key);
    const found = this.#header.indexOf(name);
    if (found === -1)
      throw fileProblem(
        this.#file,
        inEach(`it has no column “${key}”`, `ele não tem a coluna “${key}”`),
        inEach(
          `Correct the name in the map, or the delimiter. The first line reads: ${this.#listed("(blank)")}.`,
          `Corrija o nome no mapa, ou o delimitador. A primeira linha diz: ${this.#listed("(em branco)")}.`,
        ),
      );
    if (this.#header.indexOf(name, found + 1) !== -1)
      throw fileProblem(
        this.#file,
        inEach(`it has the column “${key}” twice`, `ele tem a coluna “${key}” duas vezes`),
        inEach("Name it by its number in the map, from 1.", "Nomeie-a no mapa pelo número dela, a partir de 1."),
      );
    return found;
  }

  #listed(blank: string): string {
    return (this.#header ?? [])
      .map((name) => (name === "" ? blank : name))
      .slice(0, 40)
      .join(" | ")
      .slice(0, 600);
  }
}

const PLACEHOLDER = /\$\{([^}]+)\}/gu;

/** The columns a template names; a whole number is a position. */
function placeholders(template: string): ColumnKey[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, key = ""]) => keyOf(key));
}

function keyOf(text: string): ColumnKey {
  return /^[1-9]\d*$/u.test(text) ? Number(text) : text;
}

/** The columns that a value needs. */
export function columnsOf(spec: CellSpec): ColumnKey[] {
  if (spec.column !== undefined) return [spec.column];
  return spec.template === undefined ? [] : placeholders(spec.template);
}

/** Makes a value of the map ready to be read from many rows. */
export function compileCell(spec: CellSpec, columns: Columns): Cell {
  const { constant = "", prefix = "", default: fallback = "" } = spec;
  const bare = bareCell(spec, columns, clean(constant));
  return {
    column: spec.column === undefined ? null : String(spec.column),
    read: (row) => {
      const found = bare(row);
      if (found === "") return clean(fallback);
      const text = prefix + found;
      if (spec.case === "lower") return text.toLowerCase();
      return spec.case === "upper" ? text.toUpperCase() : text;
    },
  };
}

function bareCell(spec: CellSpec, columns: Columns, constant: string): (row: Row) => string {
  if (spec.column !== undefined) {
    const at = columns.at(spec.column);
    return (row) => clean(row.fields[at]);
  }
  const { template } = spec;
  if (template === undefined) return () => constant;
  const places = new Map(placeholders(template).map((key) => [String(key), columns.at(key)]));
  return (row) => {
    let blank = false;
    const text = template.replace(PLACEHOLDER, (_, key: string) => {
      const value = clean(row.fields[places.get(key) ?? -1]);
      blank ||= value === "";
      return value;
    });
    return blank ? "" : clean(text);
  };
}
