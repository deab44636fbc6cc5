// Boletos: the bar code of 44 digits and the digit line of 47, made, read, and turned into each other.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { readBill, type Bill } from "./bill.ts";
import { boletoMod11, mod10 } from "./check-digits.ts";
import { dueFactor, readDueFactor, type DueDate } from "./due-factor.ts";

/** What a boleto's code says. Its receiver stands in the free field, laid out by each bank in its own way. */
export interface Boleto {
  /** 44 digits. */
  barCode: string;
  /** 47 digits. */
  digitLine: string;
  /** The bank's three digits (COMPE). */
  bank: string;
  /** Digit 9 is the real; another one is a unit that the bank knows. */
  currency: "BRL" | null;
  /** Null when the code carries none: the payer types it in. */
  amountCents: Cents | null;
  due: DueDate;
  /** The bank's own 25 digits (campo livre), as they stand. */
  freeField: string;
}

/** Why a text is not the code of a boleto. `at` is a position in the text, from 0. */
export type BoletoProblem =
  | { code: "character"; at: number }
  | { code: "long"; at: number }
  | { code: "length"; digits: number }
  | { code: "field_check"; field: 1 | 2 | 3; at: number; found: number; right: number }
  | { code: "general_check"; at: number; found: number; right: number }
  /** A bill of a utility or a tax office: a right code, and no boleto. */
  | { code: "bill"; bill: Bill };

export type BoletoReading = { ok: true; boleto: Boleto } | { ok: false; problem: BoletoProblem };

/** What people and programs put between the digits. */
const BETWEEN = /[\s.\-_/|\u2010-\u2015]/u;
/** A digit line with every separator one can think of is far below; what is longer is another text. */
const TEXT_MAX = 200;
/** The fields of a digit line: where they begin and end, without their check digit, which follows. */
const FIELDS = [
  [0, 9],
  [10, 20],
  [21, 31],
] as const;
const AMOUNT_MAX = 9_999_999_999;

/**
 * Reads a digit line or a bar code with any spacing. Total: any text gives a boleto or the problem.
 * @param on the day of reading, which tells the two counts of due dates apart
 */
export function readBoleto(text: string, on: Day): BoletoReading {
  if (text.length > TEXT_MAX) return refused({ code: "long", at: TEXT_MAX });
  const { digits, places, stranger } = digitsOf(text);
  if (stranger !== null) return refused({ code: "character", at: stranger });
  // No bank's number begins with 8.
  if (digits.startsWith("8") && (digits.length === 48 || digits.length === 44)) return refused({ code: "bill", bill: readBill(digits) });
  if (digits.length === 47) return readLine(digits, places, on);
  if (digits.length === 44) return readBarCode(digits, places[4] ?? 0, on);
  return refused({ code: "length", digits: digits.length });
}

function refused(problem: BoletoProblem): BoletoReading {
  return { ok: false, problem };
}

function digitsOf(text: string): { digits: string; places: number[]; stranger: number | null } {
  const places: number[] = [];
  let digits = "";
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (letter >= "0" && letter <= "9") {
      digits += letter;
      places.push(at);
    } else if (!BETWEEN.test(letter)) return { digits, places, stranger: at };
  }
  return { digits, places, stranger: null };
}

function readLine(line: string, places: readonly number[], on: Day): BoletoReading {
  for (const [i, [start, end]] of FIELDS.entries()) {
    const [found, right] = [Number(line[end]), mod10(line.slice(start, end))];
    if (found !== right) return refused({ code: "field_check", field: (i + 1) as 1 | 2 | 3, at: places[end] ?? 0, found, right });
  }
  return readBarCode(barCodeOf(line), places[32] ?? 0, on);
}

function readBarCode(barCode: string, at: number, on: Day): BoletoReading {
  const [found, right] = [Number(barCode[4]), boletoMod11(barCode.slice(0, 4) + barCode.slice(5))];
  if (found !== right) return refused({ code: "general_check", at, found, right });
  // A zero in front says that there is no due date; the amount then has fourteen digits (FEBRABAN, for 100 million and more).
  const dated = barCode[5] !== "0";
  const amount = Number(dated ? barCode.slice(9, 19) : barCode.slice(5, 19));
  const boleto: Boleto = {
    barCode,
    digitLine: digitLineOf(barCode),
    bank: barCode.slice(0, 3),
    currency: barCode[3] === "9" ? "BRL" : null,
    amountCents: amount === 0 ? null : amount,
    due: readDueFactor(dated ? Number(barCode.slice(5, 9)) : 0, on),
    freeField: barCode.slice(19),
  };
  return { ok: true, boleto };
}

/** The 44 digits of a digit line's 47. Checks nothing. */
function barCodeOf(line: string): string {
  return line.slice(0, 4) + line.slice(32) + line.slice(4, 9) + line.slice(10, 20) + line.slice(21, 31);
}

function digitLineOf(barCode: string): string {
  const fields = [barCode.slice(0, 4) + barCode.slice(19, 24), barCode.slice(24, 34), barCode.slice(34, 44)];
  return fields.map((field) => field + String(mod10(field))).join("") + barCode.slice(4, 19);
}

/** What a boleto is made of. */
export interface BoletoParts {
  /** Three digits. */
  bank: string;
  /** Null: the payer types it in. At most R$ 99.999.999,99. */
  amountCents: Cents | null;
  /** Null: none. */
  due: Day | null;
  /** The bank's 25 digits. */
  freeField: string;
}

/**
 * Makes the codes of a boleto in reais.
 * @throws ReguaError `field_invalid`
 */
export function makeBoleto(parts: BoletoParts): { barCode: string; digitLine: string } {
  const amount = parts.amountCents ?? 0;
  // 8 begins a collection bill: a reader would take it for one.
  need(
    "bank",
    /^[0-79]\d{2}$/u.test(parts.bank),
    "a bank is three digits, and the first is not 8",
    "um banco são três dígitos, e o primeiro não é 8",
  );
  need("freeField", /^\d{25}$/u.test(parts.freeField), "the free field is 25 digits", "o campo livre são 25 dígitos");
  need(
    "amount",
    Number.isInteger(amount) && amount >= 0 && amount <= AMOUNT_MAX,
    "a boleto carries at most 99,999,999.99",
    "um boleto leva no máximo 99.999.999,99",
  );
  const rest = String(dueFactor(parts.due)).padStart(4, "0") + String(amount).padStart(10, "0") + parts.freeField;
  const barCode = `${parts.bank}9${boletoMod11(`${parts.bank}9${rest}`)}${rest}`;
  return { barCode, digitLine: digitLineOf(barCode) };
}

function need(field: string, holds: boolean, en: string, ptBR: string): void {
  if (!holds) throw new ReguaError("field_invalid", { field, problem: inEach(en, ptBR) });
}

/** A digit line as it is printed: `23791.23405 40000.000048 56012.345601 5 69340000271716`. */
export function formatDigitLine(line: string): string {
  return line.replace(/^(\d{5})(\d{5})(\d{5})(\d{6})(\d{5})(\d{6})(\d)(\d{14})$/u, "$1.$2 $3.$4 $5.$6 $7 $8");
}
