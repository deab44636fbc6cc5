// An answer to a request for more time: granted or refused, its reasons, its conditions, and what would change it.
import type { Cents } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { HoldKind, PromiseKind } from "./facts.ts";
import type { PastPromise, PaymentHistory } from "./history.ts";

/** What speaks against a promise. */
export type RefusalRule =
  | "disabled" // the policy offers none
  | "nothing_due" // nothing open falls due by the deadline
  | "promise_running" // one at a time
  | "cancellation_open" // a service was asked to be ended
  | "proof_contradicted" // the bank's data contradicted a payment proof
  | "barred" // by staff, in writing
  | "too_new" // the tenure is too short and the courtesy is not to be had
  | "courtesy_used"
  | "few_paid_on_time"
  | "promises_broken"
  | "no_days_left" // broken promises took all days away
  | "too_soon" // after the last one
  | "amount_above"
  | "weekend_pattern"
  | "no_deadline" // the calendar has no moment for its end within the days allowed
  | "beyond_max" // staff asked for a later day than the rules allow
  | "beyond_ceiling"; // longer than any promise may be

/** What speaks for it, or shaped it. */
export type GrantRule =
  "tenure" | "paid_on_time" | "promises_kept" | "courtesy" | "shortened_broken" | "shortened_weekend" | "shortened_max" | "weekend_charged";

/** What would lead to another answer. Paying always does; it is named where nothing else would. */
export interface WouldChange {
  what:
    | "pay"
    | "pay_part" // at least `cents`
    | "pay_on_time" // `count` more invoices
    | "ask_from" // asking on `day` or later
    | "ask_until" // for a deadline no later than `day`
    | "end_running" // the running promise ends, at the latest on `day`
    | "withdraw_cancellation"
    | "none_needed"
    | "staff"; // a person decides, in writing
  day?: Day;
  cents?: Cents;
  count?: number;
}

/** One reason with the numbers it rests on. Stored in the evidence as it is. */
export interface Reason {
  rule: RefusalRule | GrantRule;
  /** How many there are, and how many the policy asks for or allows. */
  count?: number;
  limit?: number;
  days?: number;
  cents?: Cents;
  limitCents?: Cents;
  /** The day it rests on: of the last broken promise, of the refused proof. */
  day?: Day;
  promise?: string;
  /** Which service is to end. What staff wrote about a bar is never here: a reason is shown to the customer. */
  detail?: string;
  wouldChange: WouldChange | null;
}

export interface Refusal extends Reason {
  rule: RefusalRule;
  wouldChange: WouldChange;
}

/** What the customer is shown and accepts. */
export type Condition =
  | { condition: "pay_by"; until: Instant; cents: Cents; invoices: readonly string[] }
  | { condition: "access_ends"; until: Instant }
  | { condition: "ladder_continues"; until: Instant }
  | { condition: "lowers_next"; days: number }
  | { condition: "released_days_charged" | "weekend_charged"; days: number; cents: Cents | null }
  | { condition: "late_fee_counts"; finePercent: string; interestPercentMonth: string }
  | { condition: "other_hold_stays"; hold: HoldKind };

export interface Granted {
  granted: true;
  kind: PromiseKind;
  /** The deadline: money must be received before it. */
  until: Instant;
  /** The invoices it names. */
  invoices: readonly string[];
  owed: Cents;
  conditions: readonly Condition[];
  reasons: readonly Reason[];
  /** Refusals that staff set aside in writing. */
  overridden: readonly Refusal[];
}

export type Offer = Granted | { granted: false; reasons: readonly Refusal[] };

export interface OfferRequest {
  kind?: "auto";
  /** The day until which time is asked for; null: as long as may be. */
  requestedUntil: Day | null;
  now: Instant;
  by: "customer" | "staff";
  /** Staff's written reason to grant it against the rules; counts only with `by: "staff"`. */
  override?: string | null;
}

/** Everything the checks look at, worked out once. */
export interface Scene {
  history: PaymentHistory;
  policy: Policy;
  request: OfferRequest;
  today: Day;
  /** Broken promises that still count, oldest end first. */
  broken: readonly { promise: PastPromise; day: Day }[];
  /** Too new for anything but the courtesy, which is still to be had. */
  courtesy: boolean;
  /** Longest promise for this customer, in days from today; may be negative. */
  days: number;
  /** The same before a misused weekend shortened it. */
  earned: number;
  until: Instant | null;
}
