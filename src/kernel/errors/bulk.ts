// Errors of acts on many customers at once.
import type { ErrorEntry } from "./entry.ts";

export const BULK_ERRORS = {
  bulk_too_many: {
    http: 422,
    exit: 1,
    message: "{count} customers were chosen, and one act takes at most {max}.",
    cure: "Choose fewer, and act once more for the others. Nothing was changed.",
  },
  bulk_hold_stands: {
    http: 409,
    exit: 1,
    message: "The ladder stands still for the whole account already, by a hold ({kind}).",
    cure: "Nothing is needed here; to move its end, lift that hold first and place another.",
  },
  bulk_nothing_open: {
    http: 409,
    exit: 1,
    message: "No invoice is open, so there is no ladder to stop.",
    cure: "Nothing is needed here. A hold for invoices to come is placed on the customer's own page.",
  },
  bulk_no_hold: {
    http: 409,
    exit: 1,
    message: "No hold on collection of this kind ({kind}) stands here.",
    cure: "Nothing is needed here; the customer's own page shows every hold that stands.",
  },
  bulk_row_failed: {
    http: 500,
    exit: 1,
    message: "A fault kept this customer from being changed.",
    cure: "Nothing was changed for this customer. Open the case and act there; the log has the fault.",
  },
  bulk_unknown: {
    http: 404,
    exit: 1,
    message: "There is no act {value} on many customers.",
    cure: "Use the number that the act's own answer gave.",
  },
  bulk_not_undone: {
    http: 409,
    exit: 1,
    message: "Only holds that were placed together are lifted together again.",
    cure: "Promises are ended, and holds placed, on each customer's own page.",
  },
  bulk_touched: {
    http: 409,
    exit: 1,
    message: "Something else happened here since ({what}), so the hold stays.",
    cure: "Open the case, look at what happened, and lift the hold there if it is still to go.",
  },
  bulk_undone: {
    http: 409,
    exit: 1,
    message: "This was undone already.",
    cure: "Nothing is needed here.",
  },
} as const satisfies Record<string, ErrorEntry>;
