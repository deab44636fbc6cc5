// Why a file could not be read or written, in each language where we have words for it; else as the system says it.
import { alike, inEach, type InEach } from "../kernel/errors.ts";

const KNOWN: Readonly<Record<string, InEach>> = {
  ENOENT: inEach("there is no such file or folder", "esse arquivo ou pasta não existe"),
  ENOTDIR: inEach("a part of the path is no folder", "uma parte do caminho não é uma pasta"),
  EACCES: inEach("you may not", "você não tem permissão"),
  EPERM: inEach("you may not", "você não tem permissão"),
  EROFS: inEach("the disk can only be read", "o disco só pode ser lido"),
  EISDIR: inEach("it is a folder", "é uma pasta"),
  EEXIST: inEach("it is there already", "ele já existe"),
  ENOSPC: inEach("the disk is full", "o disco está cheio"),
};

export function fileWhy(error: unknown): InEach {
  const code = error !== null && typeof error === "object" && "code" in error ? String(error.code) : "";
  // The first line: a parser's message goes on with a picture of the text.
  return KNOWN[code] ?? alike(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
}
