// HTML by a tagged template: whatever is put into it is escaped, unless it is HTML made the same way.

/** What is HTML already. Only `html` and this room's own drawings make one. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. Nothing is written for null, undefined and false. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Safe between tags and inside quoted attributes, nowhere else: templates quote every attribute, and have no script or style. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ESCAPES[character] ?? character);
}

function write(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "string") return escape(part);
  return typeof part === "number" ? String(part) : part.map(write).join("");
}

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? "";
  for (const [i, part] of parts.entries()) text += write(part) + (strings[i + 1] ?? "");
  return new Html(text);
}
