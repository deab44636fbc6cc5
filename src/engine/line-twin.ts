// A payment that a gateway tells of may be in the books already, from a line of the bank's statement that named its charge and nothing else.
import type { Id } from "../kernel/ids.ts";
import type { GatewayPayment } from "../ports/payment-gateway.ts";
import { receiptsOfLines } from "../store/bank-lines.ts";
import { findCodes } from "../store/charge-codes.ts";
import type { Db } from "../store/database.ts";
import { paymentsOfCharge, type GatewayPaymentRow } from "../store/gateways.ts";
import { byKey } from "../store/money-keys.ts";

/** A Pix arrives the day it is paid; near midnight a bank may write the next. */
export const SAME_MONEY_DAYS = 1;

/**
 * The receipt of a line that carries a Pix code of the payment's invoice, has its amount and about its day, and is not another payment of
 * the same charge. Where both are known by an EndToEndId the ids decide, and this is not asked; nor of a card, which brings no line.
 */
export async function receiptOfLine(
  db: Db,
  { row, payment }: { row: GatewayPaymentRow; payment: GatewayPayment },
  { customerId, invoiceRef }: { customerId: Id; invoiceRef: string },
): Promise<Id | null> {
  if (payment.method !== "pix") return null;
  const days = { from: row.paidOn - SAME_MONEY_DAYS, to: row.paidOn + SAME_MONEY_DAYS };
  const lines = await receiptsOfLines(db, { customerId, amount: row.amount, ...days });
  const alike = lines.filter(({ endToEndId }) => endToEndId === null || payment.endToEndId === null);
  if (alike.length === 0) return null;
  const codes = await findCodes(
    db,
    alike.map(({ txid }) => ({ kind: "txid", value: txid })),
  );
  const named = new Set(codes.filter((code) => code.customerId === customerId && code.invoiceRef === invoiceRef).map((code) => code.value));
  const others = row.chargeId === null ? [] : await paymentsOfCharge(db, row.gateway, row.chargeId);
  const keys = others.filter((id) => id !== row.externalId).map((externalId) => ({ source: row.gateway, externalId }));
  const taken = new Set([...(await byKey(db, keys)).values()].map((money) => money.id));
  return alike.find(({ id, txid }) => named.has(txid) && !taken.has(id))?.id ?? null;
}
