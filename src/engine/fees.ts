// Fine and interest of an open invoice by the policy in force: what is due on a day, less what was paid of it already.
import { lateFee } from "../billing/late-fee.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import type { Fees } from "../ledger/allocate.ts";
import type { Policy } from "../policy/compile.ts";

export interface FeeDue {
  fine: Cents;
  interest: Cents;
  /** What is owed in all on that day: open, fine and interest. */
  total: Cents;
  /** Days the interest counts. */
  days: number;
}

/** `feePaid`: fees paid so far, which are never asked for twice: they count against the fine first. */
export function feeDue(policy: Policy, invoice: { open: Cents; dueOn: Day; feePaid: Cents }, payOn: Day): FeeDue {
  const { open, dueOn, feePaid } = invoice;
  const { fine, interest, days } = lateFee({
    open,
    dueOn,
    effectiveDueOn: policy.calendar.effectiveDue(dueOn),
    payOn,
    finePercent: policy.doc.late_fee.fine_percent,
    interestPercentMonth: policy.doc.late_fee.interest_percent_month,
  });
  const fineLeft = Math.max(0, fine - feePaid);
  const interestLeft = Math.max(0, interest - Math.max(0, feePaid - fine));
  return { fine: fineLeft, interest: interestLeft, total: open + fineLeft + interestLeft, days };
}

/** The same as the ledger asks for it: for money paid on a day. */
export function feesOn(policy: Policy, payOn: Day): Fees {
  return {
    of: (invoice) => feeDue(policy, invoice, payOn).total - invoice.open,
    collect: policy.doc.late_fee.collect === true,
  };
}
