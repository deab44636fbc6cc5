// The due date in a boleto: four digits that count days, and that began again at 1000 on 22 February 2025.
import { assert } from "../kernel/assert.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { dayOf, formatDay, type Day } from "../kernel/time.ts";

/** Day 0 of the first count: factor 1000 was 3 July 2000, 9999 was 21 February 2025 (Banco Central, Carta-Circular 2.926/2000). */
export const BASE_1997 = dayOf(1997, 10, 7);
/** Day 0 of the second count: factor 1000 is 22 February 2025, 9999 will be 13 October 2049 (FEBRABAN). */
export const BASE_2022 = dayOf(2022, 5, 29);
/** The first factor of a count. What is below is no factor: the digits belong to an amount of fourteen digits. */
const FACTOR_MIN = 1000;
const FACTOR_MAX = 9999;
/**
 * FEBRABAN's window around the day of reading: a boleto in circulation was due at most 3,000 days ago and will be at most 5,500 days
 * ahead. The 500 days that remain of a count's 9,000 belong to nobody, so that the two counts never both fit.
 */
const PAST_DAYS = 3000;
const AHEAD_DAYS = 5500;

/** A due date as a factor says it. */
export interface DueDate {
  /** 0 when the code carries none; otherwise 1000 to 9999. */
  factor: number;
  /** The candidate within the window of the reference day; null when the code carries no date, or neither candidate is within. */
  day: Day | null;
  /** What the factor means in each count, oldest first. Empty when the code carries no date. */
  candidates: readonly { base: Day; day: Day }[];
}

/** What a factor means for somebody who reads it on the day `on`. */
export function readDueFactor(factor: number, on: Day): DueDate {
  assert(Number.isInteger(factor) && factor >= 0 && factor <= FACTOR_MAX, `no due factor: ${factor}`);
  if (factor < FACTOR_MIN) return { factor: 0, day: null, candidates: [] };
  const candidates = [BASE_1997, BASE_2022].map((base) => ({ base, day: base + factor }));
  const within = candidates.find(({ day }) => day >= on - PAST_DAYS && day <= on + AHEAD_DAYS);
  return { factor, day: within?.day ?? null, candidates };
}

/**
 * The factor of a due date; 0 for none.
 * @throws ReguaError `field_invalid` before 2000-07-03 and after 2049-10-13, which no factor can say
 */
export function dueFactor(day: Day | null): number {
  if (day === null) return 0;
  const factor = day <= BASE_1997 + FACTOR_MAX ? day - BASE_1997 : day - BASE_2022;
  if (factor >= FACTOR_MIN && factor <= FACTOR_MAX) return factor;
  const [first, last] = [formatDay(BASE_1997 + FACTOR_MIN), formatDay(BASE_2022 + FACTOR_MAX)];
  throw new ReguaError("field_invalid", {
    field: "due",
    problem: inEach(`a boleto can be due from ${first} to ${last}`, `um boleto pode vencer de ${first} a ${last}`),
  });
}
