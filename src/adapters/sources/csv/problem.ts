// How a file or a line says what is wrong with it.
import { ReguaError, type InEach } from "../../../kernel/errors.ts";

/** The whole file cannot be read with certainty; nothing of it is taken. */
export function fileProblem(file: string, problem: InEach, cure: InEach): ReguaError {
  return new ReguaError("import_file_invalid", { file, problem, cure });
}

const SHOWN_MAX = 80;

/** A value as shown in a report: short, on one line. */
export function shown(value: string): string {
  const line = value.replace(/[\p{Cc}\s]+/gu, " ").toWellFormed();
  return line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX - 1).toWellFormed()}…` : line;
}

/** Stops the reading of one line; never leaves this folder. */
export class LineRefused extends Error {
  override name = "LineRefused";
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: InEach;
  readonly cure: InEach;

  constructor(where: { column: string | null; value: string | null }, reason: InEach, cure: InEach) {
    super(reason.en);
    this.column = where.column;
    this.value = where.value;
    this.reason = reason;
    this.cure = cure;
  }
}
