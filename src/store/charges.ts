// Charges at gateways as rows: one for each invoice, taken under a lease by whoever asks the gateway about it.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { readAddress, type AddressRecord } from "./addresses.ts";
import { ts, tsOrNull, type Db, type Trx } from "./database.ts";

export interface ChargedInvoice {
  customerId: Id;
  invoiceId: Id;
}

/**
 * Invoices whose charge is not what it should be: none yet, another amount or day, expired, or standing for an invoice that is not open any
 * more. `until`: the last due date for which charges are made.
 */
export async function chargesDue(db: Db, ask: { now: Instant; motorNow: Instant; until: Day; limit: number }): Promise<ChargedInvoice[]> {
  const { rows } = await sql<ChargedInvoice>`
    SELECT i.customer_id AS "customerId", i.invoice_id AS "invoiceId"
    FROM invoice i LEFT JOIN charge c ON c.customer_id = i.customer_id AND c.invoice_id = i.invoice_id
    WHERE i.state = 'open' AND i.due_on <= ${formatDay(ask.until)} AND (c.invoice_id IS NULL OR ${free(ask)} AND (c.phase <> 'open'
      OR c.amount_cents <> i.amount_cents - i.paid_cents OR c.due_on <> i.due_on OR c.expires_at <= ${ts(ask.now)}))
    UNION ALL
    SELECT c.customer_id, c.invoice_id FROM charge c JOIN invoice i ON i.customer_id = c.customer_id AND i.invoice_id = c.invoice_id
    WHERE i.state <> 'open' AND c.phase IN ('wanted', 'open') AND ${free(ask)}
    ORDER BY "customerId", "invoiceId" LIMIT ${ask.limit}`.execute(db);
  return rows;
}

const free = (ask: { now: Instant; motorNow: Instant }) =>
  sql`c.not_before <= ${ts(ask.now)} AND (c.lease_until IS NULL OR c.lease_until < ${ts(ask.motorNow)})`;

export interface TakenCharge extends ChargedInvoice {
  gateway: string;
  chargeId: string | null;
  phase: "wanted" | "open" | "paid" | "cancelled";
  mayExist: boolean;
  amount: Cents;
  dueOn: Day;
  expiresAt: Instant | null;
  attempts: number;
}

/**
 * Takes an invoice's charge for this process alone until then; null: another has it. A lease that ran out leaves a charge of which nobody
 * knows whether it was made.
 */
export async function takeCharge(
  trx: Trx,
  at: ChargedInvoice,
  lease: { token: string; until: Instant; now: Instant; motorNow: Instant; gateway: string; amount: Cents; dueOn: Day },
): Promise<TakenCharge | null> {
  const { rows } = await sql<TakenCharge>`
    INSERT INTO charge AS c (customer_id, invoice_id, gateway, phase, amount_cents, due_on, attempts, not_before, lease, lease_until, changed_at)
    VALUES (${at.customerId}, ${at.invoiceId}, ${lease.gateway}, 'wanted', ${lease.amount}, ${formatDay(lease.dueOn)}, 1, ${ts(lease.now)},
      ${lease.token}, ${ts(lease.until)}, ${ts(lease.now)})
    ON CONFLICT (customer_id, invoice_id) DO UPDATE SET lease = excluded.lease, lease_until = excluded.lease_until, attempts = c.attempts + 1,
      may_exist = c.may_exist OR c.lease IS NOT NULL
      WHERE c.lease_until IS NULL OR c.lease_until < ${ts(lease.motorNow)}
    RETURNING customer_id AS "customerId", invoice_id AS "invoiceId", gateway, charge_id AS "chargeId", phase, may_exist AS "mayExist",
      amount_cents AS amount, due_on AS "dueOn", expires_at AS "expiresAt", attempts -- one row`.execute(trx);
  return rows[0] ?? null;
}

export interface ChargeEnd {
  gateway: string;
  chargeId: string | null;
  phase: TakenCharge["phase"];
  mayExist: boolean;
  amount: Cents;
  dueOn: Day;
  expiresAt: Instant | null;
  attempts: number;
  notBefore: Instant;
  answer: string | null;
}

/** Records how it ended, and gives it back; false when the lease was lost meanwhile, and nothing was written. */
export async function endCharge(trx: Trx, at: ChargedInvoice, token: string, end: ChargeEnd, now: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE charge SET gateway = ${end.gateway}, charge_id = ${end.chargeId}, phase = ${end.phase}, may_exist = ${end.mayExist},
      amount_cents = ${end.amount}, due_on = ${formatDay(end.dueOn)}, expires_at = ${tsOrNull(end.expiresAt)}, attempts = ${end.attempts},
      not_before = ${ts(end.notBefore)}, answer = ${end.answer?.slice(0, 500) ?? null}, lease = NULL, lease_until = NULL, changed_at = ${ts(now)}
    WHERE customer_id = ${at.customerId} AND invoice_id = ${at.invoiceId} AND lease = ${token}`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** What an invoice can be paid with. All null: by what the provider says to everybody. */
export interface PayWith {
  pixCode: string | null;
  boletoLine: string | null;
  payUrl: string | null;
  /** The boleto itself, at the gateway. */
  slipUrl: string | null;
  /** Where a card is typed, at the gateway. */
  cardUrl: string | null;
  /** Fine and interest of the day are added there. */
  cardAddsFee: boolean;
}

/** No charge stands. */
export const NO_CHARGE: PayWith = { pixCode: null, boletoLine: null, payUrl: null, slipUrl: null, cardUrl: null, cardAddsFee: false };

export async function setPayWith(trx: Trx, at: ChargedInvoice, pay: PayWith): Promise<void> {
  await sql`
    UPDATE invoice SET pix_code = ${pay.pixCode}, boleto_line = ${pay.boletoLine}, pay_url = ${pay.payUrl}, slip_url = ${pay.slipUrl},
      card_url = ${pay.cardUrl}, card_adds_fee = ${pay.cardAddsFee}
    WHERE customer_id = ${at.customerId} AND invoice_id = ${at.invoiceId}`.execute(trx);
}

export async function payWithOf(db: Db, at: ChargedInvoice): Promise<PayWith> {
  const { rows } = await sql<PayWith>`
    SELECT pix_code AS "pixCode", boleto_line AS "boletoLine", pay_url AS "payUrl", slip_url AS "slipUrl", card_url AS "cardUrl",
      card_adds_fee AS "cardAddsFee" FROM invoice
    WHERE customer_id = ${at.customerId} AND invoice_id = ${at.invoiceId} -- one row`.execute(db);
  return rows[0] ?? NO_CHARGE;
}

export interface ChargeSubject {
  invoiceRef: string;
  state: "open" | "paid" | "void" | "written_off";
  open: Cents;
  dueOn: Day;
  currency: Currency;
  name: string;
  taxId: string | null;
  email: string | null;
  address: AddressRecord | null;
}

/** What a charge is made from, as it stands now; null: there is no such invoice. */
export async function chargeSubject(trx: Trx, at: ChargedInvoice): Promise<ChargeSubject | null> {
  const { rows } = await sql<Omit<ChargeSubject, "address">>`
    SELECT i.ref AS "invoiceRef", i.state, i.amount_cents - i.paid_cents AS open, i.due_on AS "dueOn", i.currency, c.name, c.tax_id AS "taxId", c.email
    FROM invoice i JOIN customer c ON c.customer_id = i.customer_id
    WHERE i.customer_id = ${at.customerId} AND i.invoice_id = ${at.invoiceId} -- one row`.execute(trx);
  return rows[0] ? { ...rows[0], address: await readAddress(trx, at.customerId) } : null;
}

export interface ChargeHealth {
  open: number;
  wanted: number;
  /** Wanted, asked for at least once, and not had. */
  failed: number;
  lastAnswer: string | null;
}

export async function chargeHealth(db: Db): Promise<ChargeHealth> {
  const { rows } = await sql<ChargeHealth>`
    SELECT count(*) FILTER (WHERE phase = 'open')::int AS open, count(*) FILTER (WHERE phase = 'wanted')::int AS wanted,
      count(*) FILTER (WHERE phase = 'wanted' AND answer IS NOT NULL)::int AS failed,
      (SELECT answer FROM charge WHERE phase = 'wanted' AND answer IS NOT NULL ORDER BY changed_at DESC LIMIT 1) AS "lastAnswer"
    FROM charge -- one row`.execute(db);
  return rows[0] ?? { open: 0, wanted: 0, failed: 0, lastAnswer: null };
}
