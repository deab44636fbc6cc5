// How long access is given back for a payment proof: until the receiver's own bank must have spoken.
import { DAY_MS, HOUR_MS, MINUTE_MS, type Day, type Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";

/** How the payment that a proof shows was made. */
export type PaymentMeans = "pix" | "boleto" | "unknown";

/** A Pix arrives in seconds; half a day covers a bank that is slow to tell. */
const PIX_MINUTES = 60;
/** A boleto is credited on the banking day after it is paid; the bank's file comes in the morning after that. */
const BOLETO_MARGIN_HOURS = 12;
const UNKNOWN_HOURS = 24;
const KEEP_FILES_DAYS = 180;

/** What the policy says of proofs, with what it leaves unsaid. */
export function claimTerms(policy: Policy): {
  neutral: "release" | "person";
  scheduled: "wait" | "person";
  keepFilesDays: number;
} {
  const { claims } = policy.doc;
  return {
    neutral: claims.neutral ?? "release",
    scheduled: claims.scheduled ?? "wait",
    keepFilesDays: claims.keep_files_days ?? KEEP_FILES_DAYS,
  };
}

/** The end of the clearing window that begins now. */
export function clearingUntil(policy: Policy, means: PaymentMeans, now: Instant): Instant {
  const { release } = policy.doc.claims;
  if (means === "pix") return now + (release?.pix_minutes ?? PIX_MINUTES) * MINUTE_MS;
  if (means === "unknown") return now + (release?.unknown_hours ?? UNKNOWN_HOURS) * HOUR_MS;
  const { calendar, zone } = policy;
  // Paid on a day without banks it counts as paid on the next one, and is credited on the one after.
  const credited = calendar.nextBankingDay(calendar.nextBankingDay(zone.dayOf(now)) + 1);
  return zone.startOf(credited + 1) + (release?.boleto_margin_hours ?? BOLETO_MARGIN_HOURS) * HOUR_MS;
}

/** An order for later is waited for this long at most: who schedules a payment for next year has not paid by that. */
const ORDER_MS = 10 * DAY_MS;

/** When the bank can speak of an order that it carries out on a day; by the policy's windows, from that day's end. */
export function orderSpeaksAt(policy: Policy, means: PaymentMeans, day: Day | null, now: Instant): Instant {
  const from = day === null ? now : Math.max(now, policy.zone.startOf(day + 1));
  return Math.min(clearingUntil(policy, means, from), now + ORDER_MS);
}

/** Proofs taken for one invoice: with each under review no suspension begins, and a picture every week is not a payment. */
export const CLAIMS_OF_INVOICE_MAX = 3;

/** A review ends by itself some days after the window in which the bank would have spoken. */
export const REVIEW_MS = 5 * DAY_MS;
