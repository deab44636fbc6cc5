// Names of payers compared as banks write them: no accents, capitals only, cut off at the end, with or without a company's form.

/** What says nothing about who it is. */
const NOISE = new Set([
  ...["DE", "DA", "DO", "DAS", "DOS", "E"],
  ...["LTDA", "ME", "EPP", "EIRELI", "MEI", "SA", "CIA", "SLU", "LTD", "LIMITADA", "COMPANHIA"],
]);

/** The words that tell one name from another. A sole trader's registered name begins with the owner's tax number: digits are left out. */
export function nameWords(text: string): string[] {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toUpperCase()
    .replace(/\bS[/.]A\b\.?/gu, " ")
    .split(/[^A-Z0-9]+/u)
    .filter((word) => word.length > 1 && !NOISE.has(word) && !/\d/u.test(word));
}

/** Banks cut names at a length of their own: the last word may be a beginning only. */
function sameWord(a: string, b: string, mayBeCut: boolean): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return mayBeCut && short.length >= 3 && long.startsWith(short);
}

/** `same`: every word is in both. `similar`: two words or more are, and they are most of the shorter name. */
export function compareNames(a: string, b: string): "same" | "similar" | "different" {
  const [left, right] = [nameWords(a), nameWords(b)];
  if (left.length === 0 || right.length === 0) return "different";
  const [few, many] = left.length <= right.length ? [left, right] : [right, left];
  const shared = few.filter((word, i) =>
    many.some((other, j) => sameWord(word, other, i === few.length - 1 || j === many.length - 1)),
  ).length;
  const telling = few.length > 1 || (few[0]?.length ?? 0) >= 6;
  if (shared === few.length && few.length === many.length && telling) return "same";
  return shared >= 2 && shared * 5 >= few.length * 3 ? "similar" : "different";
}

/** Whether a text that holds more than a name holds this one whole: two words at least. */
export function holdsName(text: string, name: string): boolean {
  const words = new Set(nameWords(text));
  const wanted = nameWords(name);
  return wanted.length >= 2 && wanted.every((word) => words.has(word));
}

/** `full`: every character is there and equal. `masked`: those not hidden by `*` or `x` are, and there are six at least. */
export function compareTaxIds(given: string, known: string): "full" | "masked" | "different" {
  const bare = (text: string): string => text.replace(/[\s./-]/gu, "").toUpperCase();
  const [seen, whole] = [bare(given), bare(known)];
  if (seen.length !== whole.length || whole.length < 11) return "different";
  let open = 0;
  for (const [i, letter] of [...seen].entries()) {
    if (letter === "*" || letter === "X") continue;
    if (letter !== whole[i]) return "different";
    open += 1;
  }
  if (open === whole.length) return "full";
  return open >= 6 ? "masked" : "different";
}
