// OFX as banks write it: SGML whose leaves are seldom closed, or XML, in one total reader. Any text gives a tree.
import type { Place } from "../statement.ts";

export interface Element {
  name: string;
  /** Text between the tag and the next one, trimmed; entities decoded. */
  text: string;
  children: Element[];
  at: number;
}

interface Tag {
  kind: "open" | "close" | "empty";
  name: string;
  at: number;
  end: number;
}

/** Deeper than the format goes (7), far under what recursion bears. */
const DEPTH_MAX = 32;
const NAME_MAX = 40;
/** Free text, in which a bank may write `<b>` or `<PIX>`. */
const FREE_TEXT = new Set(["MEMO", "MEMO2", "NAME", "MESSAGE"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The first element of the text, or null when there is none. Time and memory are linear in the text. */
export function readElements(source: string): Element | null {
  const tags = findTags(source);
  const closed = new Set(tags.filter((tag) => tag.kind === "close").map((tag) => tag.name));
  const root: Element = { name: "", text: "", children: [], at: 0 };
  const open: Element[] = [root];
  for (const [i, tag] of tags.entries()) {
    if (tag.kind === "close") {
      closeUpTo(open, tag.name);
      continue;
    }
    const text = decodeEntities(source.slice(tag.end, tags[i + 1]?.at ?? source.length).trim());
    const element: Element = { name: tag.name, text: tag.kind === "empty" ? "" : text, children: [], at: tag.at };
    open.at(-1)?.children.push(element);
    // A leaf has text, or nothing in the whole file ever closes its name: `<MEMO>` left empty must not swallow what follows.
    const leaf = tag.kind === "empty" || text !== "" || !closed.has(tag.name);
    if (!leaf && open.length < DEPTH_MAX) open.push(element);
  }
  return root.children[0] ?? null;
}

/** Closes the named element and what was left open in it. A closing tag of nothing open (a leaf's own) closes nothing. */
function closeUpTo(open: Element[], name: string): void {
  for (let depth = open.length - 1; depth > 0; depth -= 1)
    if (open[depth]?.name === name) {
      open.length = depth;
      return;
    }
}

function findTags(source: string): Tag[] {
  const tags: Tag[] = [];
  const ends = { comment: source.lastIndexOf("-->"), instruction: source.lastIndexOf("?>") };
  let at = source.indexOf("<");
  while (at >= 0) {
    const skipped = skipTo(source, at, ends);
    const tag = skipped === null ? tagAt(source, at) : null;
    if (tag && !isProse(source, tags, tag)) tags.push(tag);
    at = source.indexOf("<", skipped ?? tag?.end ?? at + 1);
  }
  return tags;
}

/** The end of a comment or instruction that begins here; null where none does. `ends` spares a search that cannot succeed, made for each `<`. */
function skipTo(source: string, at: number, ends: { comment: number; instruction: number }): number | null {
  if (ends.comment > at && source.startsWith("<!--", at)) return source.indexOf("-->", at) + 3;
  if (ends.instruction > at && source.startsWith("<?", at)) return source.indexOf("?>", at) + 2;
  return null;
}

function tagAt(source: string, at: number): Tag | null {
  // A bounded window: a text of nothing but `<` stays linear.
  const match = /^<(\/?)([A-Z][A-Z0-9._]*)\s*(?:\s[a-zA-Z:]+="[^"<>]*"\s*)*(\/?)>/u.exec(source.slice(at, at + NAME_MAX * 4));
  if (!match) return null;
  const [whole, slash, name = "", empty] = match;
  return { kind: slash === "/" ? "close" : empty === "/" ? "empty" : "open", name, at, end: at + whole.length };
}

/** Whether something like a tag is a word within free text: text stands before it, and it neither closes that text nor starts a known field. */
function isProse(source: string, tags: readonly Tag[], tag: Tag): boolean {
  const before = tags.at(-1);
  if (before?.kind !== "open" || !FREE_TEXT.has(before.name) || tag.name === before.name) return false;
  const text = source.slice(before.end, tag.at);
  if (text.trim() === "" || /[\r\n]\s*$/u.test(text)) return false;
  return !FIELDS.has(tag.name);
}

/** What can follow a free text in a movement; in files without line breaks this is the only sign that it ended. */
const FIELDS = new Set(
  (
    "STMTTRN BANKTRANLIST TRNTYPE DTPOSTED DTUSER DTAVAIL TRNAMT FITID CORRECTFITID CORRECTACTION SRVRTID CHECKNUM REFNUM SIC PAYEEID NAME MEMO MEMO2 PAYEE " +
    "BANKACCTTO CCACCTTO CURRENCY ORIGCURRENCY IMAGEDATA CODE SEVERITY MESSAGE STATUS INVTRAN LEDGERBAL AVAILBAL STMTRS CCSTMTRS SONRS OFX"
  ).split(" "),
);

function decodeEntities(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]{1,6}|[a-z]{2,6});/gu, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : whole;
  });
}

/** The first child of a name, wherever it stands below. */
export function find(element: Element, name: string): Element | null {
  for (const child of element.children) {
    const found = child.name === name ? child : find(child, name);
    if (found) return found;
  }
  return null;
}

/** All elements of one of the names, outermost first, in the order of the text. */
export function findAll(element: Element, names: ReadonlySet<string>): Element[] {
  return element.children.flatMap((child) => (names.has(child.name) ? [child] : findAll(child, names)));
}

/** Text of a direct child; null where it is missing or blank. */
export function textOf(element: Element, name: string): string | null {
  const text = element.children.find((child) => child.name === name)?.text ?? "";
  return text === "" ? null : text;
}

/** Where offsets of a text lie. Made once for a file, since each look is a search among its line starts. */
export function placesOf(source: string): (at: number) => Place {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}
