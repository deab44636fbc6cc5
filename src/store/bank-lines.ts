// Lines of bank statements as rows: each is explained by a receipt, waits for its owner, or is money that went out.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** What the receipts of an account's lines name as their source; no other source has a colon in it. */
export function bankSource(account: string): string {
  return `bank:${account}`;
}

export interface BankLineRow {
  account: string;
  /** Unique within the account. */
  key: string;
  bookedOn: Day;
  paidOn: Day;
  amount: Cents;
  currency: Currency;
  memo: string;
  payerName: string | null;
  payerTaxId: string | null;
  txid: string | null;
  endToEndId: string | null;
  slipNumber: string | null;
  documentNumber: string | null;
}

const COLUMNS = sql`account, line_key AS key, booked_on AS "bookedOn", paid_on AS "paidOn", amount_cents AS amount, currency, memo,
  payer_name AS "payerName", payer_tax_id AS "payerTaxId", txid, end_to_end_id AS "endToEndId", slip_number AS "slipNumber",
  document_number AS "documentNumber"`;

/** Keeps lines; those kept before stay as they are. Answers how many new ones are money that went out. */
export async function insertLines(trx: Trx, some: readonly BankLineRow[], by: string, now: Instant): Promise<number> {
  // In one order everywhere, so that two who import the same file never wait for each other crosswise.
  const lines = [...some].sort((a, b) => (`${a.account} ${a.key}` < `${b.account} ${b.key}` ? -1 : 1));
  const texts = <K extends keyof BankLineRow>(name: K): BankLineRow[K][] => lines.map((line) => line[name]);
  const { rows } = await sql<{ state: string }>`
    INSERT INTO bank_line (account, line_key, booked_on, paid_on, amount_cents, currency, memo, payer_name, payer_tax_id, txid, end_to_end_id,
      slip_number, document_number, state, imported_at, imported_by)
    SELECT u.*, CASE WHEN u.amount < 0 THEN 'out' ELSE 'new' END, ${ts(now)}::timestamptz, ${by}
    FROM unnest(${texts("account")}::text[], ${texts("key")}::text[], ${lines.map((l) => formatDay(l.bookedOn))}::date[],
      ${lines.map((l) => formatDay(l.paidOn))}::date[], ${texts("amount")}::bigint[], ${texts("currency")}::text[], ${texts("memo")}::text[],
      ${texts("payerName")}::text[], ${texts("payerTaxId")}::text[], ${texts("txid")}::text[], ${texts("endToEndId")}::text[],
      ${texts("slipNumber")}::text[], ${texts("documentNumber")}::text[])
      AS u (account, key, booked, paid, amount, currency, memo, payer, tax, txid, e2e, slip, document) -- unordered: an insert
    ON CONFLICT (account, line_key) DO NOTHING RETURNING state`.execute(trx);
  return rows.filter((row) => row.state === "out").length;
}

/** Lines of the keys given that nobody has dealt with yet; also those of an import that was cut off. */
export async function newLines(db: Db, keys: readonly { account: string; key: string }[]): Promise<BankLineRow[]> {
  const { rows } = await sql<BankLineRow>`
    SELECT ${COLUMNS} FROM bank_line l
    WHERE l.state = 'new' AND EXISTS (
      SELECT 1 FROM unnest(${keys.map((k) => k.account)}::text[], ${keys.map((k) => k.key)}::text[]) AS u (account, key)
      WHERE u.account = l.account AND u.key = l.line_key)
    ORDER BY booked_on, account, line_key`.execute(db);
  return rows;
}

/** What became of new lines. Answers how many were still new. */
export async function endLines(
  trx: Trx,
  lines: readonly { account: string; key: string; moneyId: Id; state: "explained" | "waiting" }[],
): Promise<number> {
  if (lines.length === 0) return 0;
  const { numAffectedRows } = await sql`
    UPDATE bank_line l SET state = u.state, receipt_id = u.money
    FROM unnest(${lines.map((l) => l.account)}::text[], ${lines.map((l) => l.key)}::text[], ${lines.map((l) => l.moneyId)}::bigint[],
      ${lines.map((l) => l.state)}::text[]) AS u (account, key, money, state)
    WHERE l.account = u.account AND l.line_key = u.key AND l.state = 'new'`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Money that lines explain already, with the day and amount that the first of them says. */
export async function explainedBy(db: Db, moneyIds: readonly Id[]): Promise<Map<Id, { account: string; bookedOn: Day; amount: Cents }>> {
  if (moneyIds.length === 0) return new Map();
  const { rows } = await sql<{ id: Id; account: string; bookedOn: Day; amount: Cents }>`
    SELECT DISTINCT ON (receipt_id) receipt_id AS id, account, booked_on AS "bookedOn", amount_cents AS amount FROM bank_line
    WHERE receipt_id = ANY(${[...moneyIds]}::bigint[]) ORDER BY receipt_id, booked_on, account, line_key`.execute(db);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** A receipt that a statement's line was booked as, with what the line is known by. */
export interface LineReceipt {
  id: Id;
  bookedOn: Day;
  txid: string;
  endToEndId: string | null;
}

/**
 * Receipts of a customer that were booked from a line with a txid, of that amount and about that day; oldest first. In two steps: receipts
 * and lines lie on different machines where the tables are distributed.
 */
export async function receiptsOfLines(db: Db, ask: { customerId: Id; amount: Cents; from: Day; to: Day }): Promise<LineReceipt[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT receipt_id AS id FROM receipt
    WHERE customer_id = ${ask.customerId} AND source LIKE 'bank:%' AND amount_cents = ${ask.amount}
      AND paid_on BETWEEN ${formatDay(ask.from)} AND ${formatDay(ask.to)} ORDER BY paid_on, receipt_id`.execute(db);
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const found = await sql<LineReceipt>`
    SELECT receipt_id AS id, booked_on AS "bookedOn", txid, end_to_end_id AS "endToEndId" FROM bank_line
    WHERE receipt_id = ANY(${ids}::bigint[]) AND txid IS NOT NULL ORDER BY booked_on, account, line_key`.execute(db);
  return found.rows;
}

/** Those of the customers who have a receipt that was booked from a statement, paid on that day or later. */
export async function paidByLines(db: Db, customers: readonly Id[], since: Day): Promise<Set<Id>> {
  const { rows } = await sql<{ id: Id }>`
    SELECT DISTINCT customer_id AS id FROM receipt
    WHERE customer_id = ANY(${[...customers]}::bigint[]) AND source LIKE 'bank:%' AND paid_on >= ${formatDay(since)} ORDER BY 1`.execute(
    db,
  );
  return new Set(rows.map((row) => row.id));
}

/** Lines behind money that got its owner are explained. */
export async function explainLines(trx: Trx, moneyId: Id): Promise<void> {
  await sql`UPDATE bank_line SET state = 'explained' WHERE receipt_id = ${moneyId} AND state = 'waiting'`.execute(trx);
}
