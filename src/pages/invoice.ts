// An open invoice as the pages show it.
import type { Cents } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";

export interface OpenInvoiceView {
  ref: string;
  service: string | null;
  dueOn: Day;
  /** After moving to the next banking day. */
  effectiveDueOn: Day;
  openCents: Cents;
  fineCents: Cents;
  interestCents: Cents;
  /** What settles it today: with fine and interest where the policy collects them. */
  askedCents: Cents;
  clearingUntil: Instant | null;
}
