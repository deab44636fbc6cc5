// When an imported invoice or payment contradicts what is known of it. Pure.
import type { InvoiceRecord, PaymentRecord } from "../ports/customer-source.ts";
import type { InvoiceNow } from "../store/imports.ts";
import { knownWithAnotherAmount, knownWithAnotherService, knownWithOtherDates, PARTLY_PAID, SETTLED, type Why } from "./import-words.ts";

/**
 * Reason and cure when a known invoice cannot become what the record says; null when it can. An unpaid invoice may get other
 * dates and another amount; one that money or a decision has settled stays as it is. `serviceNow`: the number of the service it bills.
 */
export function contradiction(record: InvoiceRecord, now: InvoiceNow, serviceNow: string | null): Why | null {
  const settled = now.state === "open" ? null : SETTLED[now.state];
  if (record.amount !== now.amount && (settled || now.paid > 0)) return knownWithAnotherAmount(now.ref, settled ?? PARTLY_PAID);
  if ((record.dueOn !== now.dueOn || record.issuedOn !== now.issuedOn) && settled) return knownWithOtherDates(now.ref, settled);
  if (record.serviceRef !== null && serviceNow !== null && record.serviceRef !== serviceNow) return knownWithAnotherService(now.ref);
  return null;
}

/** Two lines say the same invoice; what a line leaves blank it does not deny. */
export function sameInvoice(a: InvoiceRecord, b: InvoiceRecord): boolean {
  const sameService = a.serviceRef === b.serviceRef || b.serviceRef === null;
  return a.issuedOn === b.issuedOn && a.dueOn === b.dueOn && a.amount === b.amount && a.currency === b.currency && sameService;
}

/** A payment as it was told before, in a line or in the books. */
type ToldPayment = Pick<PaymentRecord, "amount" | "paidOn" | "invoiceRef">;

/** A line says again what is known of a payment of the same customer. */
export function samePayment(known: ToldPayment, record: ToldPayment): boolean {
  const sameInvoice = record.invoiceRef === null || record.invoiceRef === known.invoiceRef;
  return known.amount === record.amount && known.paidOn === record.paidOn && sameInvoice;
}
