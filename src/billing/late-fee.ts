// Fine and interest on an invoice paid late, to the cent; who pays on the next banking day after a closed due date pays none.
import { assert } from "../kernel/assert.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";

export interface LateFeeInput {
  /** What is overdue on the day of payment. */
  open: Cents;
  /** The due date written on the invoice. */
  dueOn: Day;
  /** The same moved to the next banking day; equal to `dueOn` when that is one. */
  effectiveDueOn: Day;
  payOn: Day;
  /** Percent, for example 2. As many decimals as wanted; they are taken as written, not as a binary fraction. */
  finePercent: number;
  /** Percent per month of 30 days, for example 1. */
  interestPercentMonth: number;
}

export interface LateFee {
  fine: Cents;
  interest: Cents;
  /** Open amount, fine and interest. */
  total: Cents;
  /** Days the interest counts: 0 while it is not late, else from the due date as written. */
  days: number;
}

/** Commercial month: 1 % a month is 0.033 % a day, whatever the month's length. */
const MONTH_DAYS = 30n;

/**
 * What is owed when `open` is paid on `payOn`. The fine falls due once; interest is simple, by the day.
 *
 * A due date on a day without banks may be met on the next banking day without any surcharge (Lei 7.089/1983, art. 1). Who pays later than
 * that owes from the due date as written: the waiver is for payment on that day only (STJ, REsp 1.954.924).
 *
 * Fractions of a cent are dropped, each of the two on its own: rounded up, a fine of 2 % of R$ 29,90 would be 2.007 %, above what the law
 * allows (CDC art. 52 §1).
 */
export function lateFee(input: LateFeeInput): LateFee {
  const { open, dueOn, effectiveDueOn, payOn } = input;
  assert(Number.isSafeInteger(open) && open >= 0, `not an amount: ${open}`);
  assert(
    [dueOn, effectiveDueOn, payOn].every((day) => Number.isSafeInteger(day)),
    "a day is a whole number",
  );
  assert(effectiveDueOn >= dueOn, "the effective due date lies before the due date");
  if (payOn <= effectiveDueOn) return { fine: 0, interest: 0, total: open, days: 0 };
  const days = payOn - dueOn;
  const fine = percentOf(open, input.finePercent, 1n, 1n);
  const interest = percentOf(open, input.interestPercentMonth, BigInt(days), MONTH_DAYS);
  return { fine, interest, total: open + fine + interest, days };
}

/** `amount × percent × times / per`, fractions of a cent dropped. */
function percentOf(amount: Cents, percent: number, times: bigint, per: bigint): Cents {
  const { digits, scale } = decimal(percent);
  const cents = (BigInt(amount) * digits * times) / (100n * scale * per);
  assert(cents <= BigInt(Number.MAX_SAFE_INTEGER), "a fee larger than can be counted");
  return Number(cents);
}

/** The shortest decimal that names the number, as a fraction: 0.033 is 33/1000, not the binary number nearest to it. */
function decimal(percent: number): { digits: bigint; scale: bigint } {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/u.exec(String(percent));
  assert(match, `not a percentage: ${percent}`);
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places >= 0 ? { digits, scale: 10n ** BigInt(places) } : { digits: digits * 10n ** BigInt(-places), scale: 1n };
}
