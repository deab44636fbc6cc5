// Payments that gateways tell of at the same moment: those that are plainly new are booked in one transaction, each of the others in its own.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { GatewayPayment } from "../ports/payment-gateway.ts";
import { paidByLines } from "../store/bank-lines.ts";
import { findRefs } from "../store/customers.ts";
import type { Db } from "../store/database.ts";
import { takePayments } from "../store/gateways.ts";
import { byIdentity, byKey, keyName, nameOf } from "../store/money-keys.ts";
import { changeCustomers } from "./change.ts";
import type { Engine } from "./engine.ts";
import { MoneyRaced } from "./known-money.ts";
import { SAME_MONEY_DAYS } from "./line-twin.ts";
import { readingOf, receiptOf, recordGatewayPayment, type GatewayOutcome, type Owner, type Reading } from "./record-gateway-payment.ts";
import { bookReceipts } from "./record-receipts.ts";

export interface ToldPayment {
  gateway: string;
  payment: GatewayPayment;
  /** When the reading of the payment began. */
  askedAt: Instant;
}

/** Answers for each, in their order: what became of it, or why it could not be brought in. None holds up another. */
export async function recordGatewayPayments(engine: Engine, told: readonly ToldPayment[]): Promise<(GatewayOutcome | Error)[]> {
  const booked = await bookTogether(engine, told);
  const answers: (GatewayOutcome | Error)[] = [];
  for (const [i, { gateway, payment, askedAt }] of told.entries()) {
    if (booked.has(i)) {
      answers.push("booked");
      continue;
    }
    try {
      answers.push(await recordGatewayPayment(engine, gateway, payment, askedAt));
    } catch (error) {
      answers.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return answers;
}

/** Answers the places of those it booked: all that are new and name an invoice, of one customer each; or none, where anything is odd. */
async function bookTogether(engine: Engine, told: readonly ToldPayment[]): Promise<ReadonlySet<number>> {
  if (told.length < 2) return new Set();
  try {
    const news = await plainlyNew(engine, told);
    if (news.size < 2) return new Set();
    const all = [...news.values()];
    const ids = all.map(({ owner }) => owner.customerId).sort((a, b) => a - b);
    await changeCustomers(engine, ids, async (unit) => {
      const rows = all.map(({ reading }) => reading.row);
      if ((await withLines(unit.trx, all)).size > 0) throw new MoneyRaced("a statement was taken in meanwhile");
      if ((await takePayments(unit.trx, rows)) < rows.length) throw new MoneyRaced("a payment was brought in meanwhile");
      const receipts = all.map(({ reading, owner }) => receiptOf(reading, owner));
      if ((await bookReceipts(engine, unit, receipts)).booked < rows.length) throw new MoneyRaced("some of the money was booked meanwhile");
    });
    return new Set(news.keys());
  } catch {
    // Nothing was written. Each goes on alone, so that the one that fails fails alone, and says why.
    return new Set();
  }
}

interface New {
  reading: Reading;
  owner: Owner;
}

async function plainlyNew(engine: Engine, told: readonly ToldPayment[]): Promise<Map<number, New>> {
  const readings = told.map(({ gateway, payment, askedAt }) => readingOf(gateway, payment, askedAt));
  const keys = readings.map(({ row }) => ({ source: row.gateway, externalId: row.externalId }));
  const known = await byKey(engine.db, keys);
  const same = await byIdentity(
    engine.db,
    readings.flatMap(({ identities }) => identities),
  );
  const refs = told.flatMap(({ payment }) => (payment.invoiceRef === null ? [] : [payment.invoiceRef]));
  const owners = await findRefs(engine.db, "invoice", refs);
  const { currency } = await engine.settings.load(engine.db, engine.clock.now());
  const news = new Map<number, New>();
  const customers = new Set<Id>();
  for (const [i, reading] of readings.entries()) {
    const { row, payment, identities } = reading;
    const invoiceRef = payment.invoiceRef ?? "";
    const customerId = owners.get(invoiceRef);
    if (customerId === undefined || payment.currency !== currency || customers.has(customerId)) continue;
    if (known.has(keyName({ source: row.gateway, externalId: row.externalId })) || identities.some((each) => same.has(nameOf(each))))
      continue;
    customers.add(customerId);
    news.set(i, { reading, owner: { customerId, invoiceRef } });
  }
  return withoutLines(engine, news);
}

/** A line of a statement may have been such a payment already: that is looked at alone. */
async function withoutLines(engine: Engine, news: Map<number, New>): Promise<Map<number, New>> {
  if (news.size < 2) return news;
  const odd = await withLines(engine.db, [...news.values()]);
  return new Map([...news].filter(([, { owner }]) => !odd.has(owner.customerId)));
}

/** The customers of these who have a receipt from a statement of about those days. */
function withLines(db: Db, news: readonly New[]): Promise<Set<Id>> {
  const customers = news.map(({ owner }) => owner.customerId);
  return paidByLines(db, customers, Math.min(...news.map(({ reading }) => reading.row.paidOn)) - SAME_MONEY_DAYS);
}
