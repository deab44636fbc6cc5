// Pix Automático: on which days a recurring charge may be asked for, and asked for again when it was not paid.
import { assert } from "../kernel/assert.ts";
import type { Day } from "../kernel/time.ts";

/** `NAO_PERMITE` or `PERMITE_3R_7D`, as agreed with the payer in the recurrence (API Pix 2.9.0, `politicaRetentativa`). */
export type RetryPolicy = "none" | "three_in_seven_days";

const EARLIEST_DAYS = 10;
const LATEST_DAYS = 2;
const RETRIES_MAX = 3;
const RETRY_DAYS = 7;

/**
 * First and last day on which the payment instruction of a charge may be sent, counted in calendar days back from the day of settlement
 * (already moved to a banking day where the charge says so): from the tenth to the second day before (Instrução Normativa BCB 436/2023,
 * art. 4, taken over by Instrução Normativa BCB 513/2024).
 */
export function instructionWindow(settleOn: Day): { from: Day; until: Day } {
  return { from: settleOn - EARLIEST_DAYS, until: settleOn - LATEST_DAYS };
}

export interface RetryInput {
  policy: RetryPolicy;
  /** The day on which the charge was to be settled. That day's second try, between 18:00 and 21:00, is the payer's bank's and counts for nothing here. */
  settleOn: Day;
  today: Day;
  /** Days for which a further attempt was asked for, whatever became of it. */
  asked: readonly Day[];
  /** An attempt is requested, scheduled or under way. */
  pending: boolean;
  /** The day of the recurrence's next charge. Null: there is none. */
  nextCycleOn: Day | null;
}

/**
 * Days for which one more attempt may be asked for now; empty: none. At most three attempts, on days of their own, within seven calendar days
 * after the day of settlement and before the next charge of the recurrence; only for a future day and only while no other attempt is open.
 *
 * Sources: API Pix 2.9.0 of the Banco Central, `PERMITE_3R_7D` and the violations of `POST /cobr/{txid}/retentativa/{data}`; Asaas and
 * Celcoin, documents on Pix Automático retries (calendar days, different dates, before the next cycle).
 */
export function retryDays(input: RetryInput): Day[] {
  const { policy, settleOn, today, asked, pending, nextCycleOn } = input;
  assert(
    [settleOn, today, ...asked].every((day) => Number.isSafeInteger(day)),
    "a day is a whole number",
  );
  if (policy === "none" || pending || new Set(asked).size >= RETRIES_MAX) return [];
  const last = Math.min(settleOn + RETRY_DAYS, (nextCycleOn ?? Number.POSITIVE_INFINITY) - 1);
  const days: Day[] = [];
  for (let day = Math.max(settleOn, today) + 1; day <= last; day += 1) if (!asked.includes(day)) days.push(day);
  return days;
}
