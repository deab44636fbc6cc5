// Names made fit for a BR Code: the letters that every bank's reader takes, and no more of them than there is room for.

/** Fields 59 and 60 of EMV QR codes. */
export const NAME_MAX = 25;
export const CITY_MAX = 15;

/** Letters that do not come apart into a plain one and a mark. */
const SPELT: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ł: "l",
  Ł: "L",
};
const MARKS = /\p{Mn}/gu;
const NOT_PLAIN = /[^A-Za-z0-9 .,&/()'-]+/gu;
const WIDE = /\P{ASCII}/gu;

/**
 * Plain letters of at most `max` characters: accents taken off (`São João` is `Sao Joao`), what has no plain letter left out. Readers
 * differ on accents, and on whether lengths and check sum count them as one byte or two; without them all agree.
 */
export function plainLetters(text: string, max: number): string {
  const spelt = text
    .slice(0, 1000)
    .replace(WIDE, (letter) => SPELT[letter] ?? letter)
    .normalize("NFKD")
    .replace(MARKS, "");
  return spelt.replace(NOT_PLAIN, " ").replace(/ {2,}/gu, " ").trim().slice(0, max).trim();
}

/** Whether a name is in plain letters already, whatever its length. */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/u.test(text);
}
