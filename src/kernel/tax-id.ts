// CPF and CNPJ: whether the two check digits are right, and how the number is written. Letters in a CNPJ included.

export type TaxIdKind = "cpf" | "cnpj";

export interface TaxId {
  kind: TaxIdKind;
  /** Digits and capital letters only. */
  bare: string;
  /** As people write it: `111.444.777-35`, `12.ABC.345/01DE-35`. */
  text: string;
}

/** What people put between the digits. Anything else is not a number at all. */
const BETWEEN = /[\s./-]/gu;
const CPF = /^\d{11}$/u;
/** Twelve digits or letters and two digits: Instrução Normativa RFB 2.229/2024, in force since July 2026. */
const CNPJ = /^[0-9A-Z]{12}\d{2}$/u;
/** The weights fit such numbers too, but the Receita Federal gives none out. */
const ONE_DIGIT = /^(.)\1*$/u;

/**
 * Reads a CPF or CNPJ with or without its dots. Null when it is neither, or a check digit is wrong. A right one may still belong
 * to nobody: only the Receita Federal knows.
 */
export function readTaxId(text: string): TaxId | null {
  const bare = text.replace(BETWEEN, "").toUpperCase();
  if (ONE_DIGIT.test(bare)) return null;
  if (CPF.test(bare) && endsRight(bare, 9, 11)) {
    return { kind: "cpf", bare, text: bare.replace(/^(.{3})(.{3})(.{3})(.{2})$/u, "$1.$2.$3-$4") };
  }
  if (CNPJ.test(bare) && endsRight(bare, 12, 9)) {
    return { kind: "cnpj", bare, text: bare.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/u, "$1.$2.$3/$4-$5") };
  }
  return null;
}

function endsRight(bare: string, body: number, heaviest: number): boolean {
  const first = checkDigit(bare.slice(0, body), heaviest);
  const second = checkDigit(bare.slice(0, body) + first, heaviest);
  return bare === `${bare.slice(0, body)}${first}${second}`;
}

/**
 * Módulo 11. Weights grow from 2 at the last character to `heaviest`, then begin again; a character counts its ASCII code less 48,
 * which is the digit itself, and 17 to 42 for A to Z. Remainders 0 and 1 give the digit 0.
 */
function checkDigit(text: string, heaviest: number): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) {
    const fromEnd = text.length - 1 - i;
    sum += (text.charCodeAt(i) - 48) * (2 + (fromEnd % (heaviest - 1)));
  }
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}
