// What stands in a payment proof: codes, amounts, dates, numbers of people, and whether it speaks of an order for later.
import type { BrCode } from "../codes/br-code.ts";
import type { Boleto } from "../codes/boleto.ts";
import { readBrCode } from "../codes/br-code.ts";
import { readEndToEnd, type EndToEnd } from "../codes/end-to-end.ts";
import { findBarCodes, findBrCodes, findDigitLines, findEndToEndIds } from "../codes/find-codes.ts";
import { findTaxIds, type FoundTaxId } from "../codes/find-tax-ids.ts";
import { findAmounts, findDates, type FoundDate } from "../codes/find-values.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import type { Proof } from "./proof.ts";
import { schedulingIn } from "./scheduling.ts";

/** How sure the letters are: a code read by its own check sum, letters of a PDF or mail, or letters recognised in a picture. */
export type Ground = "code" | "text" | "ocr";

export interface Findings {
  boletos: readonly (Pick<Boleto, "barCode" | "digitLine" | "bank" | "amountCents"> & { ground: Ground })[];
  brCodes: readonly { code: BrCode; ground: Ground }[];
  endToEnds: readonly { id: EndToEnd; ground: Ground }[];
  /** Thirty-two letters that want to be an end-to-end id and cannot be one. */
  falseEndToEnds: readonly { text: string; ground: Ground }[];
  /** The bank's own authentication of the payment, without separators. */
  authentications: readonly { code: string; ground: Ground }[];
  amounts: readonly { cents: Cents; ground: Ground }[];
  dates: readonly (Pick<FoundDate, "day" | "minute" | "offset"> & { ground: Ground })[];
  taxIds: readonly (Pick<FoundTaxId, "pattern" | "valid"> & { ground: Ground })[];
  /** The words by which it says that the bank will pay later. */
  scheduling: { words: string; ground: Ground } | null;
  /** Its letters, for looking up names. */
  letters: readonly { text: string; ground: Ground }[];
}

/** Reads a proof for the day `on`. Total, in time linear in its texts. */
export function findIn(proof: Proof, on: Day): Findings {
  const letters = [
    ...proof.codes.map((text) => ({ text, ground: "code" as const })),
    ...proof.texts.map(({ source, text }) => ({ text, ground: source === "ocr" ? ("ocr" as const) : ("text" as const) })),
  ];
  const prose = letters.filter(({ ground }) => ground !== "code");
  return {
    boletos: unique(collect(letters, boletosIn(on)), (boleto) => boleto.barCode),
    brCodes: unique(collect(letters, brCodesIn), ({ code }) => code.text),
    endToEnds: unique(
      collect(letters, (text) => findEndToEndIds(text).map(({ id }) => ({ id }))),
      ({ id }) => id.id,
    ),
    falseEndToEnds: collect(prose, falseIdsIn),
    authentications: unique(collect(prose, authenticationsIn), ({ code }) => code),
    amounts: unique(
      collect(prose, (text) =>
        findAmounts(text)
          .filter((found) => found.cents > 0)
          .map(({ cents }) => ({ cents })),
      ),
      ({ cents }) => String(cents),
    ),
    dates: collect(prose, (text) => findDates(text).map(({ day, minute, offset }) => ({ day, minute, offset }))),
    taxIds: unique(
      collect(prose, (text) => findTaxIds(text).map(({ pattern, valid }) => ({ pattern, valid }))),
      ({ pattern }) => pattern,
    ),
    scheduling: collect(prose, schedulingIn)[0] ?? null,
    letters: prose,
  };
}

/** What one finder finds in all letters, the surest ground first. */
function collect<T>(letters: Findings["letters"], find: (text: string) => readonly T[]): (T & { ground: Ground })[] {
  const order: readonly Ground[] = ["code", "text", "ocr"];
  return [...letters]
    .sort((a, b) => order.indexOf(a.ground) - order.indexOf(b.ground))
    .flatMap(({ text, ground }) => find(text).map((found) => ({ ...found, ground })));
}

/** The first of equal ones: the one on the surest ground. */
function unique<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map([...all].reverse().map((one) => [keyOf(one), one])).values()].reverse();
}

function boletosIn(on: Day): (text: string) => Pick<Boleto, "barCode" | "digitLine" | "bank" | "amountCents">[] {
  return (text) =>
    [...findDigitLines(text, on), ...findBarCodes(text, on)].flatMap(({ reading }) => {
      if (!reading.ok) return [];
      const { barCode, digitLine, bank, amountCents } = reading.boleto;
      return [{ barCode, digitLine, bank, amountCents }];
    });
}

function brCodesIn(text: string): { code: BrCode }[] {
  const whole = readBrCode(text);
  if (whole.ok) return [{ code: whole.code }];
  return findBrCodes(text).flatMap(({ code }) => (code === null ? [] : [{ code }]));
}

/** An id of the right length and beginning that no bank can have made: its date does not exist, or its letters are wrong. */
function falseIdsIn(text: string): { text: string }[] {
  return [...text.matchAll(/(?<![0-9A-Za-z])E\d{8}[0-9A-Za-z]{23}(?![0-9A-Za-z])/gu)]
    .map(([id]) => id)
    .filter((id) => !readEndToEnd(id).ok)
    .map((id) => ({ text: id }));
}

const AUTHENTICATION =
  /autentica[cç][aã]o(?:\s+(?:eletr[oô]nica|banc[aá]ria|mec[aâ]nica|digital))?\s*[:\n]\s*([0-9A-Za-z](?:[0-9A-Za-z]|[.\- ](?=[0-9A-Za-z])){11,79})/giu;
const AUTHENTICATION_MIN = 12;

function authenticationsIn(text: string): { code: string }[] {
  return [...text.matchAll(AUTHENTICATION)].flatMap((match) => {
    const code = (match[1] ?? "").replace(/[^0-9A-Za-z]/gu, "").toUpperCase();
    // Words that follow are no code: one has digits all through.
    return code.length >= AUTHENTICATION_MIN && (code.match(/\d/gu)?.length ?? 0) * 3 >= code.length ? [{ code }] : [];
  });
}
