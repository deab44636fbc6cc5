// Money received of which nobody knows yet whose it is, as rows: it waits, gets its owner, goes back, or is put aside with a reason.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";
import type { Money } from "./money-keys.ts";

/** Why nobody booked it. */
export type WhyWaiting = "names_no_invoice" | "invoice_unknown" | "currency_differs" | "not_certain" | "slip_paid_again";

export interface NewWaiting {
  id: Id;
  origin: "gateway" | "statement";
  source: string;
  externalId: string;
  amount: Cents;
  returned: Cents;
  currency: Currency;
  paidOn: Day;
  settledOn: Day | null;
  namedInvoice: string | null;
  payerName: string | null;
  payerTaxId: string | null;
  memo: string;
  txid: string | null;
  endToEndId: string | null;
  slipNumber: string | null;
  documentNumber: string | null;
  why: WhyWaiting;
}

export interface Waiting extends NewWaiting {
  state: "waiting" | "assigned" | "dismissed" | "returned";
  recordedAt: Instant;
  customerId: Id | null;
  endedAt: Instant | null;
  endedBy: string | null;
  reason: string | null;
}

const COLUMNS = sql`money_id AS id, origin, source, external_id AS "externalId", amount_cents AS amount, returned_cents AS returned, currency,
  paid_on AS "paidOn", settled_on AS "settledOn", named_invoice AS "namedInvoice", payer_name AS "payerName", payer_tax_id AS "payerTaxId",
  memo, txid, end_to_end_id AS "endToEndId", slip_number AS "slipNumber", document_number AS "documentNumber", why, state,
  recorded_at AS "recordedAt", customer_id AS "customerId", ended_at AS "endedAt", ended_by AS "endedBy", reason`;

/** What has gone back already when it is first heard of does not wait. */
export async function insertWaiting(trx: Trx, m: NewWaiting, now: Instant): Promise<void> {
  const gone = m.returned === m.amount;
  await sql`
    INSERT INTO waiting_money (money_id, origin, source, external_id, amount_cents, returned_cents, currency, paid_on, settled_on,
      named_invoice, payer_name, payer_tax_id, memo, txid, end_to_end_id, slip_number, document_number, why, state, recorded_at, ended_at, ended_by)
    VALUES (${m.id}, ${m.origin}, ${m.source}, ${m.externalId}, ${m.amount}, ${m.returned}, ${m.currency}, ${formatDay(m.paidOn)},
      ${dayOrNull(m.settledOn)}, ${m.namedInvoice}, ${m.payerName}, ${m.payerTaxId}, ${m.memo}, ${m.txid}, ${m.endToEndId}, ${m.slipNumber},
      ${m.documentNumber}, ${m.why}, ${gone ? "returned" : "waiting"}, ${ts(now)}, ${gone ? ts(now) : null}, ${gone ? m.source : null})`.execute(
    trx,
  );
}

function dayOrNull(day: Day | null): string | null {
  return day === null ? null : formatDay(day);
}

export async function readWaiting(db: Db, id: Id): Promise<Waiting | null> {
  const { rows } = await sql<Waiting>`SELECT ${COLUMNS} FROM waiting_money WHERE money_id = ${id} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** What waits, oldest first, after one of them. */
export async function pageWaiting(db: Db, page: { after: Id; limit: number }): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    SELECT ${COLUMNS} FROM waiting_money WHERE state = 'waiting' AND money_id > ${page.after} ORDER BY money_id LIMIT ${page.limit}`.execute(
    db,
  );
  return rows;
}

/**
 * Waiting money gets its owner; answers it as it was, or null when somebody was faster. Money that was put aside, or went back, may
 * turn out to be somebody's all the same.
 */
export async function assignWaiting(
  trx: Trx,
  id: Id,
  to: { customerId: Id; by: string; reason: string | null; at: Instant },
): Promise<Waiting | null> {
  const { rows } = await sql<Waiting>`
    UPDATE waiting_money SET state = 'assigned', customer_id = ${to.customerId}, ended_at = ${ts(to.at)}, ended_by = ${to.by},
      reason = ${to.reason}
    WHERE money_id = ${id} AND state <> 'assigned' RETURNING ${COLUMNS} -- one row`.execute(trx);
  return rows[0] ?? null;
}

/** Puts money aside that is nobody's payment; false when it does not wait. */
export async function dismissWaiting(db: Db, id: Id, by: string, reason: string, at: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE waiting_money SET state = 'dismissed', ended_at = ${ts(at)}, ended_by = ${by}, reason = ${reason}
    WHERE money_id = ${id} AND state = 'waiting'`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

/** A bank's line says that money without an owner is in the account; false: it has one by now. */
export async function settleWaiting(trx: Trx, id: Id, on: Day): Promise<boolean> {
  const done = await sql`
    UPDATE waiting_money SET settled_on = COALESCE(settled_on, ${formatDay(on)}::date) WHERE money_id = ${id} AND state <> 'assigned'`.execute(
    trx,
  );
  return Number(done.numAffectedRows) === 1;
}

/** What the gateway tells later of money that has no owner: that it is in the account, or that it went back. */
export async function updateWaiting(
  trx: Trx,
  id: Id,
  told: { returned: Cents; settledOn: Day | null; by: string; at: Instant },
): Promise<boolean> {
  const done = await sql`
    UPDATE waiting_money SET returned_cents = ${told.returned}, settled_on = COALESCE(settled_on, ${dayOrNull(told.settledOn)}::date),
      state = CASE WHEN ${told.returned}::bigint = amount_cents THEN 'returned' WHEN state = 'returned' THEN 'waiting' ELSE state END,
      ended_at = CASE WHEN ${told.returned}::bigint = amount_cents THEN COALESCE(ended_at, ${ts(told.at)}::timestamptz)
        WHEN state = 'returned' THEN NULL ELSE ended_at END,
      ended_by = CASE WHEN ${told.returned}::bigint = amount_cents THEN COALESCE(ended_by, ${told.by}) WHEN state = 'returned' THEN NULL ELSE ended_by END
    WHERE money_id = ${id} AND state <> 'assigned'`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** Money that waited is a receipt's that was booked apart from it: all that leads to it leads there. False: it has an owner already. */
export async function joinWaiting(trx: Trx, id: Id, money: Money, end: { by: string; at: Instant }): Promise<boolean> {
  const done = await sql`
    UPDATE waiting_money SET state = 'dismissed', ended_at = ${ts(end.at)}, ended_by = ${end.by}, reason = ${`the money of receipt ${money.id}`}
    WHERE money_id = ${id} AND state <> 'assigned'`.execute(trx);
  if (Number(done.numAffectedRows) === 0) return false;
  await sql`UPDATE receipt_key SET customer_id = ${money.customerId}, receipt_id = ${money.id}
    WHERE receipt_id = ${id} AND customer_id IS NULL`.execute(trx);
  await sql`UPDATE money_identity SET customer_id = ${money.customerId}, receipt_id = ${money.id}
    WHERE receipt_id = ${id} AND customer_id IS NULL`.execute(trx);
  await sql`UPDATE bank_line SET receipt_id = ${money.id}, state = 'explained' WHERE receipt_id = ${id} AND state = 'waiting'`.execute(trx);
  return true;
}
