// A payment that a gateway tells of may be in the books already, from a line of the bank's statement that named its charge and nothing else.
import type { Id } from "../kernel/ids.ts";
import { readEndToEnd } from "../codes/end-to-end.ts";
import { HOUR_MS, type Day, type Instant, type Zone } from "../kernel/time.ts";
import type { GatewayPayment } from "../ports/payment-gateway.ts";
import { receiptsOfLines } from "../store/bank-lines.ts";
import { findCodes } from "../store/charge-codes.ts";
import type { GatewayPaymentRow } from "../store/gateways.ts";
import { toldBy } from "../store/money-keys.ts";
import type { Unit } from "./change.ts";

/** A Pix arrives the day it is paid; near midnight a bank may write the next, and a gateway in another zone the day before. */
export const SAME_MONEY_DAYS = 1;
const MIDNIGHT_MS = 2 * HOUR_MS;

/**
 * The receipt of a line that carries a Pix code of the payment's invoice, has its amount and about its day, and is not another payment
 * of the gateway already: a code paid twice has two lines and two payments, whether or not the gateway names the charge. Where both are known
 * by an EndToEndId the ids decide, and this is not asked; nor of a card, which brings no line.
 */
export async function receiptOfLine(
  { trx, setting }: Unit,
  { row, payment }: { row: GatewayPaymentRow; payment: GatewayPayment },
  { customerId, invoiceRef }: { customerId: Id; invoiceRef: string },
): Promise<Id | null> {
  if (payment.method !== "pix") return null;
  const { from, to } = daysOfLine(row.paidOn, paidAtOf(payment), setting.zone);
  const lines = await receiptsOfLines(trx, { customerId, amount: row.amount, from, to });
  const days = ({ bookedOn }: { bookedOn: Day }): number => Math.abs(bookedOn - row.paidOn);
  // The nearest day first: the day before, the code may have been paid too, and that payment is yet to be told.
  const alike = lines
    .filter(({ endToEndId }) => endToEndId === null || payment.endToEndId === null)
    .sort((a, b) => days(a) - days(b) || b.bookedOn - a.bookedOn);
  if (alike.length === 0) return null;
  const codes = await findCodes(
    trx,
    alike.map(({ txid }) => ({ kind: "txid", value: txid })),
  );
  const named = new Set(codes.filter((code) => code.customerId === customerId && code.invoiceRef === invoiceRef).map((code) => code.value));
  const ids = alike.map(({ id }) => id);
  const taken = await toldBy(trx, row.gateway, ids);
  return alike.find(({ id, txid }) => named.has(txid) && !taken.has(id))?.id ?? null;
}

/** Paid in the middle of a day it is in no other day's line: that is the code paid again, and its own payment is yet to be told. */
function daysOfLine(paidOn: Day, paidAt: Instant | null, zone: Zone): { from: Day; to: Day } {
  const other = (ms: number): boolean => paidAt === null || zone.dayOf(paidAt + ms) !== zone.dayOf(paidAt);
  return {
    from: other(-MIDNIGHT_MS) ? paidOn - SAME_MONEY_DAYS : paidOn,
    to: other(MIDNIGHT_MS) ? paidOn + SAME_MONEY_DAYS : paidOn,
  };
}

/** Where the gateway gives the day alone, the Pix's own number has the minute. */
function paidAtOf({ paidAt, endToEndId }: GatewayPayment): Instant | null {
  if (paidAt !== null) return paidAt;
  const read = endToEndId === null ? null : readEndToEnd(endToEndId);
  return read?.ok ? read.id.at : null;
}
