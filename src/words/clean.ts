// Strings that other people chose (names, references) made fit for one line of a text.

const PLAIN = /^[\x20-\x7e\u00a1-\u024f]*$/u;
const LINE_BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
// Format characters can hide or reorder text; the two joiners are part of emoji and of some scripts.
const HIDDEN = /(?![\u200c\u200d])[\p{Cf}\p{Co}]/gu;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const WEB_ADDRESS = /:\/\/|\bwww\.|\[url/iu;

/**
 * One line of at most `max` characters: no line breaks, no control, direction or invisible characters. Text of a
 * right-to-left script is isolated (U+2068 … U+2069), so that it does not reorder the amounts and dates beside it.
 */
export function oneLine(text: string, max: number): string {
  if (text.length <= max && PLAIN.test(text)) return text.trim();
  let line = text.toWellFormed().replace(HIDDEN, "").replace(LINE_BREAKS, " ").trim();
  line = cut(line, max);
  return RIGHT_TO_LEFT.test(line) ? `\u2068${line}\u2069` : line;
}

/** At most `max` UTF-16 units, never half a character; what was cut shows as an ellipsis. */
export function cut(line: string, max: number): string {
  if (line.length <= max) return line;
  // A high surrogate left alone at the end, a joiner or a mark without its letter would show as a box.
  const head = line.slice(0, max - 1).replace(/[\ud800-\udbff\u200d\s]+$/, "");
  return `${head}…`;
}

/**
 * A customer's name for the greeting, or null. Sign-up forms are abused to mail links to strangers through the
 * name field, so a name with a web address in it is not repeated.
 */
export function greetingName(name: string): string | null {
  const line = oneLine(name, 80);
  return line === "" || WEB_ADDRESS.test(line) ? null : line;
}
