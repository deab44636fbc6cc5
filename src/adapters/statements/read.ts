// Any file of a bank: the format is told by what is in it, never by its name.
import { looksLikeCnab, readCnab } from "./cnab/cnab.ts";
import { looksLikeOfx, readOfx } from "./ofx/ofx.ts";
import { unreadable, type StatementFile } from "./statement.ts";

/**
 * Reads a statement (OFX) or a return file (CNAB 240, CNAB 400).
 * @throws ReguaError `statement_unreadable`, with line and column where there is one
 */
export function readStatementFile(bytes: Uint8Array): StatementFile {
  if (looksLikeCnab(bytes)) return readCnab(bytes);
  if (looksLikeOfx(bytes)) return readOfx(bytes);
  throw unreadable("it is neither an OFX statement nor a CNAB return file", "não é um extrato OFX nem um arquivo de retorno CNAB", {
    line: 1,
    column: 1,
  });
}
