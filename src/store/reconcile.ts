// A day's money from every side: what gateways told, what statements say, what is in the books, and what was declared and never seen.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { bankSource } from "./bank-lines.ts";
import type { Db } from "./database.ts";
import { byKey, keyName, type Money, type MoneyKey } from "./money-keys.ts";

/** A payment as its gateway has it. */
export interface ToldPayment {
  externalId: string;
  amount: Cents;
  /** What of it went back: refunds, or all of it while it is charged back. */
  returned: Cents;
  currency: Currency;
}

/** What gateways told of payments of a day, as it was last believed. */
export async function rememberedPayments(db: Db, day: Day): Promise<(ToldPayment & { gateway: string })[]> {
  const { rows } = await sql<ToldPayment & { gateway: string }>`
    SELECT gateway, external_id AS "externalId", amount_cents AS amount, currency,
      CASE WHEN charged_back THEN amount_cents ELSE refunded_cents END AS returned
    FROM gateway_payment WHERE paid_on = ${formatDay(day)}::date ORDER BY gateway, external_id`.execute(db);
  return rows;
}

/** Money as the books have it, under one of its keys. */
export interface BookedMoney extends MoneyKey {
  amount: Cents;
  returned: Cents;
  /** Null: it has no owner. */
  customer: string | null;
}

/** What the books have under keys. Table by table: where they are distributed, keys and receipts lie on different machines. */
export async function bookedUnder(db: Db, keys: readonly MoneyKey[]): Promise<BookedMoney[]> {
  const found = await byKey(db, keys);
  const money = await moneyById(db, [...found.values()]);
  return keys.flatMap((key): BookedMoney[] => {
    const behind = money.get(found.get(keyName(key))?.id ?? 0);
    return behind ? [{ source: key.source, externalId: key.externalId, ...behind }] : [];
  });
}

type Behind = Omit<BookedMoney, "source" | "externalId">;

/** Receipts, and money without an owner, by their ids. */
async function moneyById(db: Db, money: readonly Money[]): Promise<Map<Id, Behind>> {
  const owned = money.filter((each) => each.customerId !== null);
  const receipts = await sql<Behind & { id: Id }>`
    SELECT r.receipt_id AS id, r.amount_cents AS amount, r.refunded_cents AS returned, c.ref AS customer
    FROM receipt r JOIN customer c ON c.customer_id = r.customer_id
      JOIN unnest(${owned.map((each) => each.customerId)}::bigint[], ${owned.map((each) => each.id)}::bigint[]) AS u (customer, receipt)
        ON r.customer_id = u.customer AND r.receipt_id = u.receipt
    ORDER BY r.receipt_id`.execute(db);
  const waiting = await sql<Behind & { id: Id }>`
    SELECT money_id AS id, amount_cents AS amount, returned_cents AS returned, NULL AS customer FROM waiting_money
    WHERE money_id = ANY(${money.filter((each) => each.customerId === null).map((each) => each.id)}::bigint[])
    ORDER BY money_id`.execute(db);
  return new Map([...receipts.rows, ...waiting.rows].map(({ id, ...behind }) => [id, behind]));
}

/** Receipts of a day that were booked by what a gateway told. */
export async function receiptsFrom(db: Db, gateway: string, day: Day): Promise<BookedMoney[]> {
  const { rows } = await sql<BookedMoney>`
    SELECT r.source, r.external_id AS "externalId", r.amount_cents AS amount, r.refunded_cents AS returned, c.ref AS customer
    FROM receipt r JOIN customer c ON c.customer_id = r.customer_id
    WHERE r.source = ${gateway} AND r.paid_on = ${formatDay(day)}::date ORDER BY r.external_id`.execute(db);
  return rows;
}

/** A line of a statement with what it is explained by. */
export interface LineSeen {
  account: string;
  key: string;
  amount: Cents;
  currency: Currency;
  memo: string;
  payerName: string | null;
  state: "new" | "explained" | "waiting" | "out";
  /** The receipt behind it. */
  booked: Cents | null;
  customer: string | null;
  /** The waiting money behind it, and what became of it. */
  moneyId: Id | null;
  waiting: "waiting" | "dismissed" | "returned" | null;
  reason: string | null;
}

export async function linesOfDay(db: Db, day: Day): Promise<LineSeen[]> {
  const { rows: lines } = await sql<Pick<LineSeen, "account" | "key" | "amount" | "currency" | "memo" | "payerName" | "state">>`
    SELECT account, line_key AS key, amount_cents AS amount, currency, memo, payer_name AS "payerName", state
    FROM bank_line WHERE booked_on = ${formatDay(day)}::date ORDER BY account, line_key`.execute(db);
  const keyOf = (line: { account: string; key: string }): MoneyKey => ({ source: bankSource(line.account), externalId: line.key });
  const found = await byKey(db, lines.map(keyOf));
  const money = await moneyById(db, [...found.values()]);
  const { rows: waiting } = await sql<{ id: Id; waiting: LineSeen["waiting"]; reason: string | null }>`
    SELECT money_id AS id, state AS waiting, reason FROM waiting_money
    WHERE money_id = ANY(${[...found.values()].map((each) => each.id)}::bigint[]) AND state <> 'assigned' ORDER BY money_id`.execute(db);
  const states = new Map(waiting.map((row) => [row.id, row]));
  return lines.map((line): LineSeen => {
    const id = found.get(keyName(keyOf(line)))?.id ?? 0;
    const behind = money.get(id);
    // Money that was joined to a receipt keeps its row; the receipt is what explains the line.
    const waits = behind?.customer ? undefined : states.get(id);
    return {
      ...line,
      booked: behind?.customer ? behind.amount : null,
      customer: behind?.customer ?? null,
      moneyId: waits ? id : null,
      waiting: waits?.waiting ?? null,
      reason: waits?.reason ?? null,
    };
  });
}

export interface DeclaredReceipt extends MoneyKey {
  customer: string;
  amount: Cents;
  currency: Currency;
  paidOn: Day;
}

/** Money said to be paid on this day or before and never seen in an account, the oldest first; `total`: how many there are. */
export async function declaredReceipts(db: Db, through: Day, limit: number): Promise<{ receipts: DeclaredReceipt[]; total: number }> {
  const { rows } = await sql<DeclaredReceipt & { total: number }>`
    SELECT r.source, r.external_id AS "externalId", c.ref AS customer, r.amount_cents - r.refunded_cents AS amount, r.currency,
      r.paid_on AS "paidOn", count(*) OVER () AS total
    FROM receipt r JOIN customer c ON c.customer_id = r.customer_id
    WHERE r.settled_on IS NULL AND r.paid_on <= ${formatDay(through)}::date AND r.refunded_cents < r.amount_cents
    ORDER BY r.paid_on, r.receipt_id LIMIT ${limit}`.execute(db);
  return { receipts: rows.map(({ total: _, ...receipt }) => receipt), total: rows[0]?.total ?? 0 };
}

export interface DeclaredTotal {
  count: number;
  amount: Cents;
  oldestOn: Day | null;
  /** Statements are imported here at all: without them nothing that staff declare could ever be seen. */
  statements: boolean;
}

/** The same in sum. */
export async function declaredTotal(db: Db, through: Day): Promise<DeclaredTotal> {
  const { rows } = await sql<DeclaredTotal>`
    SELECT count(*)::int AS count, COALESCE(sum(amount_cents - refunded_cents), 0)::bigint AS amount, min(paid_on) AS "oldestOn",
      EXISTS (SELECT 1 FROM bank_line) AS statements
    FROM receipt WHERE settled_on IS NULL AND paid_on <= ${formatDay(through)}::date AND refunded_cents < amount_cents -- one row`.execute(
    db,
  );
  return rows[0] ?? { count: 0, amount: 0, oldestOn: null, statements: false };
}

/** Money without an owner, of any day. */
export async function waitingTotal(db: Db): Promise<{ count: number; amount: Cents; oldestOn: Day | null }> {
  const { rows } = await sql<{ count: number; amount: Cents; oldestOn: Day | null }>`
    SELECT count(*) AS count, COALESCE(sum(amount_cents - returned_cents), 0)::bigint AS amount, min(paid_on) AS "oldestOn"
    FROM waiting_money WHERE state = 'waiting' -- one row`.execute(db);
  return rows[0] ?? { count: 0, amount: 0, oldestOn: null };
}

/** Webhooks of a day that were nobody's we know. */
export async function forgedOfDay(db: Db, day: Day): Promise<{ gateway: string; forged: number }[]> {
  const { rows } = await sql<{ gateway: string; forged: number }>`
    SELECT gateway, forged FROM hook_count WHERE day = ${formatDay(day)}::date ORDER BY gateway`.execute(db);
  return rows;
}
