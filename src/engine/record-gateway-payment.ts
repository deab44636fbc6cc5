// A payment as its gateway tells it, brought into the books: booked once, settled, returned or reinstated until both say the same.
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { merge, returned, type Told } from "../ledger/told.ts";
import type { GatewayPayment } from "../ports/payment-gateway.ts";
import { findCodes } from "../store/charge-codes.ts";
import { findRef } from "../store/customers.ts";
import type { Trx } from "../store/database.ts";
import { rememberPayment, takePayment, type GatewayPaymentRow } from "../store/gateways.ts";
import { byIdentity, type Identity, type Money } from "../store/money-keys.ts";
import { receiptNow, type NewReceipt } from "../store/receipts.ts";
import { inTransaction } from "../store/retry.ts";
import { readWaiting, updateWaiting, type WhyWaiting } from "../store/waiting-money.ts";
import { giveOwner } from "./assign-money.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { addKeys, GATEWAY, keepWaiting, moneyBehind, MoneyRaced, unraced } from "./known-money.ts";
import { receiptOfLine } from "./line-twin.ts";
import { bookReceipts } from "./record-receipts.ts";
import { chargeCode } from "./record-charge.ts";
import { reinstateMoney, returnMoney } from "./reverse-receipt.ts";
import { settleReceipts } from "./settle.ts";

export type GatewayOutcome =
  | "booked"
  /** Money came in, and nobody knows whose it is. */
  | "waiting"
  /** Something of a known payment changed. */
  | "changed"
  /** All of it was known. */
  | "known";

/** What one reading of a payment says, and under which names. */
export interface Reading {
  row: GatewayPaymentRow;
  payment: GatewayPayment;
  identities: readonly Identity[];
  actor: string;
}

export interface Owner {
  customerId: Id;
  invoiceRef: string;
}

/** `askedAt`: when the reading of the payment began. Told again, late, or out of order, it changes nothing twice. */
export async function recordGatewayPayment(
  engine: Engine,
  gateway: string,
  payment: GatewayPayment,
  askedAt: Instant,
): Promise<GatewayOutcome> {
  const reading = readingOf(gateway, payment, askedAt);
  return unraced(() => bringIn(engine, reading));
}

export function readingOf(gateway: string, payment: GatewayPayment, askedAt: Instant): Reading {
  const { externalId, paymentId, chargeId, currency, paidOn, phase, chargedBack, method } = payment;
  const refunded = Math.min(payment.refundedCents, payment.amountCents);
  const told: Told = { amount: payment.amountCents, phase, refunded, chargedBack, askedAt };
  return {
    row: { ...told, gateway, externalId, paymentId, chargeId, currency, paidOn, method },
    payment,
    identities: payment.endToEndId === null ? [] : [{ kind: "end_to_end", value: payment.endToEndId }],
    actor: `${GATEWAY}${gateway}`,
  };
}

async function bringIn(engine: Engine, reading: Reading): Promise<GatewayOutcome> {
  const { row, payment, identities } = reading;
  const key = { source: row.gateway, externalId: row.externalId };
  const money = await moneyBehind(engine, key, identities);
  if (money && money.customerId !== null) {
    const known = { ...money, customerId: money.customerId };
    return changeCustomer(engine, money.customerId, (unit) => follow(engine, unit, reading, known));
  }
  const found = await ownerOf(engine, row.gateway, payment);
  const { currency } = await engine.settings.load(engine.db, engine.clock.now());
  const owner = payment.currency === currency ? found : null;
  const why = found && !owner ? "currency_differs" : payment.invoiceRef === null ? "names_no_invoice" : "invoice_unknown";
  if (money) {
    const waits = (await readWaiting(engine.db, money.id))?.state === "waiting";
    if (owner && waits) return changeCustomer(engine, owner.customerId, (unit) => adopt(engine, unit, reading, money, owner));
    return inTransaction(engine.db, (trx) => stay(engine, trx, reading, money));
  }
  if (owner) return changeCustomer(engine, owner.customerId, (unit) => book(engine, unit, reading, owner));
  return inTransaction(engine.db, (trx) => keep(engine, trx, reading, why));
}

/** The customer of the invoice that the payment names, or that its charge was made for. */
async function ownerOf(engine: Engine, gateway: string, payment: GatewayPayment): Promise<Owner | null> {
  if (payment.invoiceRef !== null) {
    const found = await findRef(engine.db, "invoice", payment.invoiceRef);
    if (found) return { customerId: found.customerId, invoiceRef: payment.invoiceRef };
  }
  if (payment.chargeId === null) return null;
  const [code] = await findCodes(engine.db, [chargeCode(gateway, payment.chargeId)]);
  return code ?? null;
}

/** Money that was not known, of a known customer. */
async function book(engine: Engine, unit: Unit, reading: Reading, owner: Owner): Promise<GatewayOutcome> {
  const twin = await receiptOfLine(unit, reading, owner);
  // A statement may have come in since it was looked for: then its own id leads to its receipt, and a likeness may be another's.
  if (twin !== null && (await byIdentity(unit.trx, reading.identities)).size > 0)
    throw new MoneyRaced("the same money was booked meanwhile");
  if (twin !== null) return follow(engine, unit, reading, { id: twin, customerId: owner.customerId, byKey: false });
  if (await takePayment(unit.trx, reading.row)) throw new MoneyRaced("the payment was brought in meanwhile");
  const { booked } = await bookReceipts(engine, unit, [receiptOf(reading, owner)]);
  if (booked === 0) throw new MoneyRaced("the same money was booked meanwhile");
  return "booked";
}

export function receiptOf({ row, identities, actor }: Reading, owner: Owner): NewReceipt {
  const { gateway: source, externalId, amount, currency, paidOn, phase } = row;
  return {
    customerId: owner.customerId,
    source,
    externalId,
    amount,
    currency,
    paidOn,
    settledOn: phase === "settled" ? paidOn : null,
    returned: returned(row),
    identities,
    invoiceRef: owner.invoiceRef,
    reason: null,
    actor,
  };
}

/** Money that was not known, of nobody known. */
async function keep(engine: Engine, trx: Trx, { row, payment, identities }: Reading, why: WhyWaiting): Promise<GatewayOutcome> {
  if (await takePayment(trx, row)) throw new MoneyRaced("the payment was brought in meanwhile");
  const { gateway: source, externalId, amount, currency, paidOn, phase } = row;
  await keepWaiting(
    engine,
    trx,
    {
      origin: "gateway",
      source,
      externalId,
      amount,
      returned: returned(row),
      currency,
      paidOn,
      settledOn: phase === "settled" ? paidOn : null,
      namedInvoice: payment.invoiceRef,
      payerName: payment.payer.name,
      payerTaxId: payment.payer.taxId,
      memo: "",
      txid: null,
      endToEndId: payment.endToEndId,
      slipNumber: null,
      documentNumber: null,
      why,
    },
    identities,
    engine.clock.now(),
  );
  return "waiting";
}

/** Takes the reading into what is believed of the payment. */
async function believe(trx: Trx, row: GatewayPaymentRow): Promise<{ before: Told | null; told: Told }> {
  const before = await takePayment(trx, row);
  if (!before) return { before, told: row };
  const told = merge(before, row);
  await rememberPayment(trx, row, told);
  return { before, told };
}

/** Makes money without an owner say what the gateway tells of it. */
async function stay(engine: Engine, trx: Trx, reading: Reading, money: Money & { byKey: boolean }): Promise<GatewayOutcome> {
  const { row, identities, actor } = reading;
  const now = engine.clock.now();
  const { before, told } = await believe(trx, row);
  const key = money.byKey ? null : { source: row.gateway, externalId: row.externalId };
  await addKeys(trx, [{ key, identities, money }], now);
  const settledOn = told.phase === "settled" ? row.paidOn : null;
  const kept = await updateWaiting(trx, money.id, { returned: returned(told), settledOn, by: actor, at: now });
  if (!kept) throw new MoneyRaced("the money got its owner meanwhile");
  const same = before !== null && before.phase === told.phase && returned(before) === returned(told);
  return same ? "known" : "changed";
}

/** What it names is known by now: the money gets its owner, and then says what the gateway tells. */
async function adopt(
  engine: Engine,
  unit: Unit,
  reading: Reading,
  money: Money & { byKey: boolean },
  owner: Owner,
): Promise<GatewayOutcome> {
  if (!(await giveOwner(engine, unit, money.id, { ...owner, reason: null, by: reading.actor })))
    throw new MoneyRaced("the money got another owner meanwhile");
  await follow(engine, unit, reading, { ...money, customerId: owner.customerId });
  return "booked";
}

/** Makes a receipt say what the gateway tells of it. */
async function follow(
  engine: Engine,
  unit: Unit,
  { row, identities, actor }: Reading,
  money: { id: Id; customerId: Id; byKey: boolean },
): Promise<GatewayOutcome> {
  const { trx, now, setting } = unit;
  const { id, customerId } = money;
  const { before, told } = await believe(trx, row);
  // The bank's statement, or a person, may have been first: then the gateway's key now leads to the same receipt.
  const key = money.byKey ? null : { source: row.gateway, externalId: row.externalId };
  await addKeys(trx, [{ key, identities, money }], now);
  let changes = key ? 1 : 0;
  if (told.phase === "settled") {
    const on = before ? Math.max(row.paidOn, setting.zone.dayOf(now)) : row.paidOn;
    changes += await settleReceipts(unit, [{ customerId, receiptId: id, on, toldBy: row.gateway, actor }]);
  }
  const receipt = await receiptNow(trx, customerId, id);
  assert(receipt, "a key leads to a receipt that is not there");
  const gone = Math.min(returned(told), receipt.amount);
  // Only a chargeback that was won brings money back; a refund that staff recorded is no business of the gateway's.
  const back = before?.chargedBack && !told.chargedBack ? Math.min(receipt.returned, returned(before) - returned(told)) : 0;
  if (gone > receipt.returned) {
    const why = told.chargedBack ? "chargeback" : "refund";
    await returnMoney(engine, unit, customerId, receipt, { amount: gone - receipt.returned, why, reason: null, actor });
    changes += 1;
  } else if (back > 0) {
    await reinstateMoney(engine, unit, customerId, receipt, { amount: back, actor });
    changes += 1;
  }
  return changes > 0 ? "changed" : "known";
}
