// How the pages about payment codes are laid out: a name, what it is, one line each.
import { wrap } from "./table.ts";

/** Rows of a label and its text, aligned; rows without text are left out. */
export function labelled(rows: readonly (readonly [label: string, text: string | null])[]): string[] {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== null && row[1] !== "");
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  return shown.flatMap(([label, text]) => {
    const [first = "", ...more] = wrap(text, " ".repeat(width + 4));
    return [`  ${label.padEnd(width)}  ${first.trimStart()}`, ...more];
  });
}
