// Return files of collection (CNAB 240 and 400): which slips were paid, by the bank's own word. Strict in columns; never a guess.
import { unreadable, decode, type StatementFile } from "../statement.ts";
import { readCnab240 } from "./cnab240.ts";
import { readCnab400, type Return } from "./cnab400.ts";

export interface ReturnFile extends StatementFile {
  titles: Return["titles"];
}

/** Programs under DOS ended a text with it, and some banks' still do. */
const END_OF_FILE = "\u001a";

/** Whether the first record looks like a return file's header. */
export function looksLikeCnab(bytes: Uint8Array): boolean {
  const first = decode(bytes.subarray(0, 400)).split(/\r?\n/u)[0] ?? "";
  return /^02RETORNO/u.test(first) || /^\d{3}0000[01] {8}/u.test(first);
}

/**
 * Reads a return file of either width.
 * @throws ReguaError `statement_unreadable`: a bank or layout not known, columns lost
 */
export function readCnab(bytes: Uint8Array): ReturnFile {
  const lines = decode(bytes)
    .split("\n")
    .map((line) => line.replaceAll(END_OF_FILE, "").replace(/\r+$/u, ""));
  while (lines.length > 0 && lines.at(-1)?.trim() === "") lines.pop();
  const gap = lines.findIndex((line) => line.trim() === "");
  if (lines.length === 0) throw unreadable("the file is empty", "o arquivo está vazio");
  if (gap >= 0)
    throw unreadable("an empty line stands between the records", "há uma linha vazia entre os registros", { line: gap + 1, column: 1 });
  const wide = lines[0]?.startsWith("02RETORNO") ?? false;
  const { layout, titles, statements, notes } = wide ? readCnab400(lines) : readCnab240(lines);
  return { format: layout, titles, statements, notes };
}
