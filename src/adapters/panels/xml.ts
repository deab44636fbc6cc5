// Reads the little XML that a panel's API speaks: elements, text, entities. No document types, so nothing can be fetched or blown up.

export interface XmlElement {
  name: string;
  /** Its own text, children's left out. */
  text: string;
  children: XmlElement[];
}

/** Deeper than any answer is (Plesk: about ten); an endless nest would end the stack. */
const DEPTH_LIMIT = 64;

const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w.:-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*?)(\/?)>|([^<]+)/gu;

/** The root element; null: it is not such XML. */
export function parseXml(text: string): XmlElement | null {
  const top: XmlElement = { name: "", text: "", children: [] };
  const open: XmlElement[] = [top];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    // What no token covers (a document type, a stray angle) is not read over.
    if (match.index !== end) return null;
    end = match.index + match[0].length;
    const [, cdata, closing, name, , empty, words] = match;
    const inner = open.at(-1) ?? top;
    if (cdata !== undefined) inner.text += cdata;
    else if (words !== undefined) inner.text += decode(words);
    else if (name !== undefined && closing === "/") {
      if (inner.name !== name || open.length === 1) return null;
      open.pop();
    } else if (name !== undefined) {
      const element: XmlElement = { name, text: "", children: [] };
      inner.children.push(element);
      if (empty !== "/") open.push(element);
      if (open.length > DEPTH_LIMIT) return null;
    }
  }
  const [root] = top.children;
  return end === text.length && open.length === 1 && top.children.length === 1 && top.text.trim() === "" && root ? root : null;
}

/** All elements at a path of names below an element. */
export function allAt(element: XmlElement, ...path: readonly string[]): XmlElement[] {
  let found = [element];
  for (const name of path) found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found;
}

/** The trimmed text of the first element at a path; null: there is none. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | null {
  return allAt(element, ...path)[0]?.text.trim() ?? null;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/gu, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Text as it may stand between tags. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/gu, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
}
