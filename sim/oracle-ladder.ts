// The ladders that are simulated, as their policy files state them: rungs, distances, amounts. Read by a person, not by the program.
import { DAY_MS, HOUR_MS } from "../src/kernel/time.ts";
import type { Cents } from "../src/kernel/money.ts";

/** In order; `suspend` is a hold and `terminate` a proposal, the others are messages. */
export const RUNGS = ["issued", "before-due", "due", "reminder", "warning", "suspend", "termination-warning", "terminate"];
/** Rungs up to the due date only inform, and lapse when the next one's time comes; these never do. */
export const NEVER_SKIPPED = ["reminder", "warning", "suspend", "termination-warning"];
/** Messages of the ladder, and the reminder of a promise: they rest in the quiet hours. Answers to an act go at once. */
export const RESTING = new Set([...RUNGS, "promise-due"]);

/** Between two rungs of an invoice, and between an accepted warning and the suspension. */
export const GAP_MS = 24 * HOUR_MS;
/** Days past due, at the soonest, when an invoice takes its service down. */
export const SUSPEND_DAY = 5;
/** Days from the due date on which a rung is climbed at the soonest, at 09:00: a due date on a closed day moves on, an edited policy is later, or a day earlier. */
export const RUNG_DAYS: Readonly<Record<string, number>> = { "before-due": -3, due: 0, reminder: 3, warning: 4, suspend: SUSPEND_DAY };
export const RUNG_MINUTE = 9 * 60;
/** Debts up to this suspend nothing. */
export const SMALL: Cents = 100;
/**
 * Due longer ago than this, an unpaid invoice has passed the ladder: day 8 at the latest (an edited policy), weekend, carnival and their eves
 * (six days), a promise or a review (five days and their weekend).
 */
export const PAST_LADDER_DAYS = 21;

/** How the end of a service is announced and kept away from life. */
export interface EndTerms {
  /** Between the accepted announcement and the end. */
  gapMs: number;
  /** From any receipt, promise or claim. */
  distanceMs: number;
}

/** `preset`: as shipped. `quick`: the same, ended within weeks, so that a history of ninety days sees it. */
export type LadderName = "preset" | "quick";

export const END_TERMS: Readonly<Record<LadderName, EndTerms>> = {
  preset: { gapMs: 360 * HOUR_MS, distanceMs: 15 * DAY_MS },
  quick: { gapMs: 96 * HOUR_MS, distanceMs: 6 * DAY_MS },
};
