// Text for a terminal: aligned tables and wrapped sentences, at most 100 columns.

export const WIDTH = 100;
const BETWEEN = "  ";
/** A column is never cut below this. */
const NARROWEST = 8;

export interface Column {
  head: string;
  right?: boolean;
  /** Gives way when the table is too wide. */
  shrinks?: boolean;
}

/** Lines of a table, its heads first. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ head }, i) =>
    Math.max(...[[head], ...rows.map((row) => [row[i] ?? ""])].map(([cell]) => lengthOf(cell ?? ""))),
  );
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) + BETWEEN.length * (columns.length - 1);
  while (total() > WIDTH) {
    const widest = columns.reduce<number | null>(
      (found, column, i) => (column.shrinks && (found === null || (widths[i] ?? 0) > (widths[found] ?? 0)) ? i : found),
      null,
    );
    if (widest === null || (widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ right }, i) => fit(cells[i] ?? "", widths[i] ?? 0, right === true))
      .join(BETWEEN)
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...rows.map(line)];
}

/** Letters, not code units: a name with an emoji must not push its line. */
function lengthOf(text: string): number {
  return [...text].length;
}

function fit(text: string, width: number, right: boolean): string {
  const letters = [...text];
  const cell = letters.length > width ? `${letters.slice(0, width - 1).join("")}…` : text;
  const space = " ".repeat(width - lengthOf(cell));
  return right ? space + cell : cell + space;
}

/** A sentence on lines of its own, each behind `indent`. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

/** Parts that are there, with a dot between them. */
export function joined(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== "").join(" · ");
}
