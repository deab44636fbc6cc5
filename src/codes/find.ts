// What every finder shares: how much of a text is read, what a finding is, and runs of digits with their separators.

/** A place in the text: `text.slice(at, end)` is what was found, as it stands there. */
export interface Found {
  at: number;
  end: number;
}

/**
 * Characters of a text that are read. Payment proofs have a page or two, some 5,000; what is longer is cut, so that no upload can keep a
 * machine busy.
 */
export const TEXT_MAX = 200_000;
/** Findings of one kind: enough for a statement of a hundred lines. */
export const FOUND_MAX = 200;

/** Adjoining digits. Those with nothing but separators between them belong to one group. */
export interface DigitRun {
  at: number;
  end: number;
  /** Where its digits begin in `digits`. */
  start: number;
  group: number;
}

/** Space, line breaks, and what is printed between the parts of a code. */
const SEPARATOR = /[\s.\-|\u00a0\u2010-\u2015]/u;
/** A line break and some indentation. */
const GAP_MAX = 8;

/** All runs of digits of a text, and the digits alone. */
export function digitRuns(text: string): { digits: string; runs: DigitRun[] } {
  const parts: string[] = [];
  const runs: DigitRun[] = [];
  let [start, group, before] = [0, 0, 0];
  for (const match of text.slice(0, TEXT_MAX).matchAll(/\d+/gu)) {
    const [at, end] = [match.index, match.index + match[0].length];
    if (!isGap(text, before, at)) group += 1;
    runs.push({ at, end, start, group });
    parts.push(match[0]);
    start += match[0].length;
    before = end;
  }
  return { digits: parts.join(""), runs };
}

function isGap(text: string, from: number, to: number): boolean {
  if (to - from > GAP_MAX) return false;
  if (to - from === 1 && text[from] === " ") return true;
  for (let at = from; at < to; at += 1) if (!SEPARATOR.test(text[at] ?? "")) return false;
  return true;
}

/** Whether the character is a digit or a letter of any script. */
export function isWordLetter(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
}
