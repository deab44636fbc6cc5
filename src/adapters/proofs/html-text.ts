// The words of an HTML mail, line by line, without its markup. Not for showing: for finding amounts, dates and codes.

const NAMED: Readonly<Record<string, string>> = {
  nbsp: " ",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  aacute: "á",
  agrave: "à",
  acirc: "â",
  atilde: "ã",
  eacute: "é",
  ecirc: "ê",
  iacute: "í",
  oacute: "ó",
  ocirc: "ô",
  otilde: "õ",
  uacute: "ú",
  ccedil: "ç",
  ordm: "º",
  ordf: "ª",
  middot: "·",
  bull: "•",
  ndash: "–",
  mdash: "—",
};
/** What holds no words for people. */
const SILENT = new Set(["style", "script", "head", "title", "template", "noscript"]);
/** After these a line ends; after all others the words go on. */
const BREAKS = /^\/?(?:br|p|div|tr|table|ul|ol|li|h[1-6]|section|article|hr|blockquote|pre)$/u;
/** Cells of a row stand apart. */
const CELL = /^\/?(?:td|th)$/u;

/** In one pass, whatever the markup; a tag that does not end is dropped with all behind it. */
export function htmlText(html: string): string {
  let text = "";
  let at = 0;
  while (at < html.length) {
    const tag = html.indexOf("<", at);
    if (tag < 0) return tidy(text + html.slice(at));
    text += html.slice(at, tag);
    if (html.startsWith("<!--", tag)) {
      const end = html.indexOf("-->", tag + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const end = html.indexOf(">", tag);
    if (end < 0) return tidy(text);
    const name = /^\/?[a-z][a-z0-9]*/iu.exec(html.slice(tag + 1, Math.min(end, tag + 30)))?.[0]?.toLowerCase() ?? "";
    if (BREAKS.test(name)) text += "\n";
    else if (CELL.test(name)) text += " ";
    at = SILENT.has(name) ? afterElement(html, end + 1, name) : end + 1;
  }
  return tidy(text);
}

function afterElement(html: string, from: number, name: string): number {
  const end = new RegExp(`</${name}[\\s>]`, "giu");
  end.lastIndex = from;
  const match = end.exec(html);
  if (!match) return html.length;
  const close = html.indexOf(">", match.index);
  return close < 0 ? html.length : close + 1;
}

function tidy(text: string): string {
  return text
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/giu, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named(name) ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/[^\S\n]+/gu, " ")
    .replace(/ ?\n[ \n]*/gu, "\n")
    .trim();
}

function named(name: string): string | undefined {
  const exact = NAMED[name];
  if (exact !== undefined) return exact;
  const small = NAMED[name.toLowerCase()];
  return small !== undefined && /^[A-Z]/u.test(name) ? small.toUpperCase() : small;
}
