// Collection bills (arrecadação, convênio): what utilities and tax offices print. Known, so that one can be told from a boleto.
import type { Cents } from "../kernel/money.ts";
import { billMod11, mod10 } from "./check-digits.ts";

/** A bill of collection. It has no due date in a standard place. */
export interface Bill {
  barCode: string;
  /**
   * Who collects (FEBRABAN): 1 municipalities, 2 water and sewage, 3 electricity and gas, 4 telecommunications, 5 government, 6 others,
   * known by their CNPJ, 7 traffic fines, 9 the bank itself.
   */
  segment: string;
  /** Null when the bill counts in another unit than centavos. */
  amountCents: Cents | null;
  /** Four digits of FEBRABAN's register, or the first eight of the CNPJ. */
  company: string;
  /**
   * Which check digits are wrong: 0 is the general one, 1 to 4 the blocks of the digit line. Empty when all are right; 0 alone also
   * when the third digit says no way of counting them.
   */
  wrong: readonly number[];
}

const BLOCK = 11;

/** Reads 44 digits, or the 48 of a digit line. */
export function readBill(digits: string): Bill {
  const blocks = digits.length === 48 ? [0, 12, 24, 36].map((start) => digits.slice(start, start + 12)) : [];
  const barCode = blocks.length > 0 ? blocks.map((block) => block.slice(0, BLOCK)).join("") : digits;
  const segment = barCode[1] ?? "";
  const check = checkOf(barCode[2]);
  return {
    barCode,
    segment,
    amountCents: check?.inCents ? Number(barCode.slice(4, 15)) : null,
    company: segment === "6" ? barCode.slice(15, 23) : barCode.slice(15, 19),
    wrong: check ? wrongOf(barCode, blocks, check.count) : [0],
  };
}

function wrongOf(barCode: string, blocks: readonly string[], count: (digits: string) => number): number[] {
  const wrong = blocks.flatMap((block, i) => (Number(block[BLOCK]) === count(block.slice(0, BLOCK)) ? [] : [i + 1]));
  return Number(barCode[3]) === count(barCode.slice(0, 3) + barCode.slice(4)) ? wrong : [0, ...wrong];
}

/** The third digit: 6 and 8 an amount, 7 and 9 a quantity; 6 and 7 by módulo 10, 8 and 9 by módulo 11. */
function checkOf(valueId: string | undefined): { count: (digits: string) => number; inCents: boolean } | null {
  if (valueId === "6" || valueId === "7") return { count: mod10, inCents: valueId === "6" };
  if (valueId === "8" || valueId === "9") return { count: billMod11, inCents: valueId === "8" };
  return null;
}
