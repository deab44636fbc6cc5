// A payment that a gateway tells of may be in the books already, from a line of the bank's statement that named its charge and nothing else.
import type { Id } from "../kernel/ids.ts";
import type { Day } from "../kernel/time.ts";
import type { GatewayPayment } from "../ports/payment-gateway.ts";
import { receiptsOfLines } from "../store/bank-lines.ts";
import { findCodes } from "../store/charge-codes.ts";
import type { Db } from "../store/database.ts";
import type { GatewayPaymentRow } from "../store/gateways.ts";
import { toldBy } from "../store/money-keys.ts";

/** A Pix arrives the day it is paid; near midnight a bank may write the next. */
export const SAME_MONEY_DAYS = 1;

/**
 * The receipt of a line that carries a Pix code of the payment's invoice, has its amount and about its day, and is not another payment
 * of the gateway already: a code paid twice has two lines and two payments, whether or not the gateway names the charge. Where both are known
 * by an EndToEndId the ids decide, and this is not asked; nor of a card, which brings no line.
 */
export async function receiptOfLine(
  db: Db,
  { row, payment }: { row: GatewayPaymentRow; payment: GatewayPayment },
  { customerId, invoiceRef }: { customerId: Id; invoiceRef: string },
): Promise<Id | null> {
  if (payment.method !== "pix") return null;
  const [from, to] = [row.paidOn - SAME_MONEY_DAYS, row.paidOn + SAME_MONEY_DAYS];
  const lines = await receiptsOfLines(db, { customerId, amount: row.amount, from, to });
  const days = ({ bookedOn }: { bookedOn: Day }): number => Math.abs(bookedOn - row.paidOn);
  // The nearest day first: the day before, the code may have been paid too, and that payment is yet to be told.
  const alike = lines
    .filter(({ endToEndId }) => endToEndId === null || payment.endToEndId === null)
    .sort((a, b) => days(a) - days(b) || b.bookedOn - a.bookedOn);
  if (alike.length === 0) return null;
  const codes = await findCodes(
    db,
    alike.map(({ txid }) => ({ kind: "txid", value: txid })),
  );
  const named = new Set(codes.filter((code) => code.customerId === customerId && code.invoiceRef === invoiceRef).map((code) => code.value));
  const ids = alike.map(({ id }) => id);
  const taken = await toldBy(db, row.gateway, ids);
  return alike.find(({ id, txid }) => named.has(txid) && !taken.has(id))?.id ?? null;
}
