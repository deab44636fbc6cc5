// When an imported invoice or payment contradicts what is known of it. Pure.
import type { InvoiceRecord, PaymentRecord } from "../ports/customer-source.ts";
import type { InvoiceNow } from "../store/imports.ts";

const SETTLED = { paid: "is paid", void: "is void", written_off: "is written off" } as const;

/**
 * Reason and cure when a known invoice cannot become what the record says; null when it can. An unpaid invoice may get other
 * dates and another amount; one that money or a decision has settled stays as it is. `serviceNow`: the number of the service it bills.
 */
export function contradiction(record: InvoiceRecord, now: InvoiceNow, serviceNow: string | null): [string, string] | null {
  const settled = now.state === "open" ? null : SETTLED[now.state];
  if (record.amount !== now.amount && (settled || now.paid > 0))
    return [
      `the invoice “${now.ref}” is known with another amount, and ${settled ?? "part of it is paid"}`,
      "An amount no longer changes under a payment: issue the difference as an invoice of its own.",
    ];
  if ((record.dueOn !== now.dueOn || record.issuedOn !== now.issuedOn) && settled)
    return [`the invoice “${now.ref}” is known with other dates, and ${settled}`, "Its dates no longer change; leave the line as it was."];
  if (record.serviceRef !== null && serviceNow !== null && record.serviceRef !== serviceNow)
    return [`the invoice “${now.ref}” is known as one of another service`, "An invoice stays with its service: void it and issue another."];
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
