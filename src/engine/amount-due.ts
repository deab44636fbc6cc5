// What an invoice costs on a day, with fine and interest: shown before it is paid, by the same sums that book the payment.
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { feesPaid } from "../store/allocations.ts";
import type { Engine } from "./engine.ts";
import { feeDue } from "./fees.ts";
import { invoiceNamed } from "./save-invoice.ts";

export interface AmountDue {
  invoice: string;
  customer: string;
  on: Day;
  dueOn: Day;
  /** After moving to the next banking day. */
  effectiveDueOn: Day;
  currency: Currency;
  /** What is still owed of the invoice itself; nothing once it is paid, void or written off. */
  openCents: Cents;
  fineCents: Cents;
  interestCents: Cents;
  totalCents: Cents;
  /** Days the interest counts: none while it is not late. */
  lateDays: number;
  /** The amount of the invoice alone settles it; fine and interest are not asked for afterwards. */
  feesWaived: boolean;
}

/** `on`: absent is today. A day that is past answers what it would have cost then. @throws ReguaError `invoice_unknown` */
export async function amountDue(engine: Engine, ask: { invoice: string; on?: Day | undefined }): Promise<AmountDue> {
  const now = engine.clock.now();
  const { policy, zone } = await engine.settings.load(engine.db, now);
  const row = await invoiceNamed(engine, ask.invoice);
  const on = ask.on ?? zone.dayOf(now);
  const open = row.state === "open" ? row.amount - row.paid : 0;
  const feePaid = (await feesPaid(engine.db, row.customerId)).get(row.id) ?? 0;
  const { fine, interest, total, days } = feeDue(policy, { open, dueOn: row.dueOn, feePaid }, on);
  return {
    invoice: row.ref,
    customer: row.customerRef,
    on,
    dueOn: row.dueOn,
    effectiveDueOn: policy.calendar.effectiveDue(row.dueOn),
    currency: row.currency,
    openCents: open,
    fineCents: fine,
    interestCents: interest,
    totalCents: total,
    lateDays: open === 0 ? 0 : days,
    feesWaived: policy.doc.late_fee.collect !== true,
  };
}
