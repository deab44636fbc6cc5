// CPF and CNPJ in free text, whole or masked as banks print a payer's: `***.123.456-**`.
import { readTaxId, type TaxIdKind } from "../kernel/tax-id.ts";
import { FOUND_MAX, isWordLetter, TEXT_MAX, type Found } from "./find.ts";

export interface FoundTaxId extends Found {
  kind: TaxIdKind;
  /** Digits and capital letters; `*` for each that is hidden: `***123456**`. */
  pattern: string;
  /** Null when something is hidden; false when it is printed whole and a check digit is wrong. */
  valid: boolean | null;
}

/** What banks print for a hidden digit. */
const MASK = "*•●∗#xX";
const D = `[\\d${MASK}]`;
/** Letters of a CNPJ can be an X: there a mask is a star or a dot. */
const A = "[\\dA-WYZ*•●∗#]";
const CPF = new RegExp(String.raw`${D}{3}\.?${D}{3}\.?${D}{3}-?${D}{2}`, "uy");
const CNPJ = new RegExp(String.raw`${A}{2}\.${A}{3}\.${A}{3}/${A}{4}-${A}{2}|\d{14}`, "uy");
const MASKED = new RegExp(`[${MASK}]`, "gu");
/** Fewer say nothing about anybody. */
const SHOWN_MIN = 3;

/**
 * CPF and CNPJ. Bare digits count only with right check digits: eleven digits can be anything. A CNPJ with letters is found with its
 * dots only, as fourteen letters and digits are a common shape of other codes.
 */
export function findTaxIds(text: string): FoundTaxId[] {
  const within = text.slice(0, TEXT_MAX);
  const found: FoundTaxId[] = [];
  let after = 0;
  for (const match of within.matchAll(/[\dA-Za-z*•●∗#]/gu)) {
    const at = match.index;
    if (found.length >= FOUND_MAX) break;
    if (at < after || !beginsHere(within, at)) continue;
    const next = taxIdAt(within, at, "cnpj", CNPJ) ?? taxIdAt(within, at, "cpf", CPF);
    if (!next) continue;
    found.push(next);
    after = next.end;
  }
  return found;
}

/** Not in the middle of a word, of a number, or of a row of stars. */
function beginsHere(text: string, at: number): boolean {
  const before = text[at - 1];
  return before === undefined || !(isWordLetter(before) || MASK.includes(before) || (/[./-]/u.test(before) && isWordLetter(text[at - 2])));
}

function taxIdAt(text: string, at: number, kind: TaxIdKind, shape: RegExp): FoundTaxId | null {
  shape.lastIndex = at;
  const match = shape.exec(text);
  if (!match) return null;
  const end = at + match[0].length;
  if (isWordLetter(text[end]) || MASK.includes(text[end] ?? " ") || (/[./-]/u.test(text[end] ?? "") && isWordLetter(text[end + 1])))
    return null;
  const masked = kind === "cpf" ? match[0].replace(MASKED, "*") : match[0].replace(/[•●∗#]/gu, "*");
  const pattern = masked.replace(/[./-]/gu, "");
  const hidden = pattern.split("*").length - 1;
  if (pattern.length - hidden < SHOWN_MIN) return null;
  const valid = hidden > 0 ? null : readTaxId(pattern)?.kind === kind;
  // Without dots it is one only if the check digits say so, or if stars say that something is hidden.
  if (valid === false && /^\d+$/u.test(match[0])) return null;
  return { at, end, kind, pattern, valid };
}

/** Whether a number found can be this one: every character shown is the same. */
export function fitsTaxId(found: Pick<FoundTaxId, "pattern">, bare: string): boolean {
  return found.pattern.length === bare.length && [...found.pattern].every((letter, i) => letter === "*" || letter === bare[i]);
}
