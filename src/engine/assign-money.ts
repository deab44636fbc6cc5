// Money that waited gets its owner: by a person's word, or because what it names is known by now.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { explainLines } from "../store/bank-lines.ts";
import { findRef } from "../store/customers.ts";
import { byKey, giveKeys, keyName, type MoneyKey } from "../store/money-keys.ts";
import { inTransaction } from "../store/retry.ts";
import { receiptsAlike } from "../store/match-facts.ts";
import { assignWaiting, dismissWaiting, joinWaiting, readWaiting, type Waiting } from "../store/waiting-money.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { RECEIPT_DAYS } from "./find-owners.ts";
import { applyReceipts } from "./record-receipts.ts";
import { settleReceipts } from "./settle.ts";
import { required } from "./who.ts";
import { moneyStateIn } from "../words/inserts.ts";

export interface Assignment {
  money: Id;
  /** By the provider's number; absent: the customer of the invoice. */
  customer?: string | undefined;
  /** The invoice it pays; absent: the oldest open one first. */
  invoice?: string | undefined;
  /** It is the money of a receipt that was booked already; then nothing else is named. */
  receipt?: { source: string; externalId: string } | undefined;
  /** It is another payment than a receipt of about that day over the same amount, which the other side told of. */
  apart?: boolean | undefined;
  /** Why the person thinks so; kept with the receipt. */
  reason?: string | undefined;
  by: string;
}

/**
 * Books money that waits as a receipt of a customer, or says which receipt it is.
 * @throws ReguaError `money_unknown`, `money_not_waiting`, `customer_unknown`, `invoice_unknown`, `receipt_unknown`, `field_invalid`,
 * `currency_differs`, `money_may_be_booked`, `words_missing`
 */
export async function assignMoney(engine: Engine, ask: Assignment): Promise<{ customerId: Id }> {
  const by = required("by", ask.by);
  if (ask.receipt) return sameAsReceipt(engine, ask.money, ask.receipt, by);
  const customerId = await ownerOf(engine, ask);
  const money = await readWaiting(engine.db, ask.money);
  if (!money) throw new ReguaError("money_unknown", { value: ask.money });
  await changeCustomer(engine, customerId, async (unit) => {
    const { currency } = unit.setting;
    if (money.currency !== currency) throw new ReguaError("currency_differs", { value: money.currency, currency });
    if (!ask.apart) await refuseAlike(unit, money, customerId);
    const to = { customerId, invoiceRef: ask.invoice ?? null, reason: ask.reason?.trim() || null, by };
    if (!(await giveOwner(engine, unit, ask.money, to)))
      throw new ReguaError("money_not_waiting", {
        value: ask.money,
        state: moneyStateIn((await readWaiting(unit.trx, ask.money))?.state ?? "gone"),
      });
  });
  return { customerId };
}

/**
 * One payment is told by its gateway and by the bank's statement, and only an EndToEndId says that the two are one. Where it is missing, what
 * is booked of the one looks like the other, and a person has to say.
 * @throws ReguaError `money_may_be_booked`
 */
async function refuseAlike(unit: Unit, money: Waiting, customerId: Id): Promise<void> {
  const { origin, amount, paidOn } = money;
  const days = { from: paidOn - RECEIPT_DAYS, to: paidOn + RECEIPT_DAYS };
  const alike = await receiptsAlike(unit.trx, { customerId, origin, amount, ...days });
  const found = alike.find(({ known }) => !known || money.endToEndId === null);
  if (found) throw new ReguaError("money_may_be_booked", { value: money.id, source: found.source, receipt: found.externalId });
}

/** The line that waited confirms a receipt: what leads to the one leads to the other, and the receipt is settled. */
async function sameAsReceipt(engine: Engine, moneyId: Id, key: MoneyKey, by: string): Promise<{ customerId: Id }> {
  const receipt = (await byKey(engine.db, [key])).get(keyName(key));
  const customerId = receipt?.customerId ?? null;
  if (!receipt || customerId === null) throw new ReguaError("receipt_unknown", { value: key.externalId, source: key.source });
  await changeCustomer(engine, customerId, async (unit) => {
    const money = await readWaiting(unit.trx, moneyId);
    if (!money) throw new ReguaError("money_unknown", { value: moneyId });
    if (!(await joinWaiting(unit.trx, moneyId, { id: receipt.id, customerId }, { by, at: unit.now })))
      throw new ReguaError("money_not_waiting", { value: moneyId, state: moneyStateIn(money.state) });
    const on = money.settledOn ?? money.paidOn;
    await settleReceipts(unit, [{ customerId, receiptId: receipt.id, on, toldBy: money.source, actor: by }]);
  });
  return { customerId };
}

async function ownerOf(engine: Engine, { customer, invoice }: Assignment): Promise<Id> {
  const byInvoice = invoice === undefined ? null : await findRef(engine.db, "invoice", invoice);
  const byCustomer = customer === undefined ? null : await findRef(engine.db, "customer", customer);
  if (customer !== undefined && !byCustomer) throw new ReguaError("customer_unknown", { value: customer });
  if (invoice !== undefined && (!byInvoice || (byCustomer && byInvoice.customerId !== byCustomer.id)))
    throw new ReguaError("invoice_unknown", { value: invoice });
  const id = byCustomer?.id ?? byInvoice?.customerId;
  if (id === undefined)
    throw new ReguaError("field_invalid", {
      field: "customer",
      problem: inEach("name the customer, the invoice, or both", "indique o cliente, a fatura ou os dois"),
    });
  return id;
}

/** The same in a unit of work that has taken the customer; false when the money does not wait any more. */
export async function giveOwner(
  engine: Engine,
  unit: Unit,
  moneyId: Id,
  to: { customerId: Id; invoiceRef: string | null; reason: string | null; by: string },
): Promise<boolean> {
  const { customerId, invoiceRef, reason, by } = to;
  const was = await assignWaiting(unit.trx, moneyId, { customerId, by, reason, at: unit.now });
  if (!was) return false;
  await giveKeys(unit.trx, moneyId, customerId);
  await explainLines(unit.trx, moneyId);
  const { source, externalId, amount, returned, currency, paidOn, settledOn } = was;
  const receipt = { customerId, receiptId: moneyId, source, externalId, amount, returned, currency, paidOn, settledOn };
  await applyReceipts(engine, unit, [{ ...receipt, invoiceRef, reason, actor: by }]);
  return true;
}

/**
 * Puts money aside that is nobody's payment: a transfer of our own, a gateway's payout, a loan. It can still be assigned later.
 * @throws ReguaError `money_unknown`, `money_not_waiting`, `words_missing`
 */
export async function dismissMoney(engine: Engine, ask: { money: Id; reason: string; by: string }): Promise<void> {
  const by = required("by", ask.by);
  const reason = required("reason", ask.reason);
  if (await inTransaction(engine.db, (trx) => dismissWaiting(trx, ask.money, by, reason, engine.clock.now()))) return;
  const money = await readWaiting(engine.db, ask.money);
  if (!money) throw new ReguaError("money_unknown", { value: ask.money });
  throw new ReguaError("money_not_waiting", { value: ask.money, state: moneyStateIn(money.state) });
}
