// Customers, services and invoices as rows, one at a time: what a person or another system writes down, and reads back.
import { sql } from "kysely";
import { bucketOf, type Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";
import { writeSearch } from "./search.ts";

/** Takes one of the provider's own numbers; false when somebody has it already. */
export async function takeRef(
  trx: Trx,
  kind: "customer" | "service" | "invoice",
  ref: string,
  row: { customerId: Id; id: Id },
): Promise<boolean> {
  const taken = await sql`
    INSERT INTO ref_index (kind, ref, customer_id, row_id) VALUES (${kind}, ${ref}, ${row.customerId}, ${row.id})
    ON CONFLICT (kind, ref) DO NOTHING`.execute(trx);
  return Number(taken.numAffectedRows) === 1;
}

export interface CustomerRecord {
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  taxId: string | null;
  lang: Lang;
  since: Day;
  tags: readonly string[];
}

/** A new customer has nothing to be decided, so it is due for nothing. Its first entry of evidence comes with it. */
export async function insertCustomer(
  trx: Trx,
  customer: CustomerRecord & { id: Id },
  evidence: { seq: number; hash: string; kind: string; text: string },
  at: Instant,
): Promise<void> {
  const { id, ref, name, email, phone, taxId, lang, since, tags } = customer;
  await sql`
    INSERT INTO customer (customer_id, bucket, evidence_seq, evidence_hash, evidence_at, ref, name, email, phone, tax_id, lang, since, tags,
      created_at)
    VALUES (${id}, ${bucketOf(id)}, ${evidence.seq}, ${evidence.hash}, ${ts(at)}, ${ref}, ${name}, ${email}, ${phone}, ${taxId}, ${lang},
      ${formatDay(since)}, ${[...tags]}::text[], ${ts(at)})`.execute(trx);
  await sql`
    INSERT INTO evidence (customer_id, seq, at, kind, entry)
    VALUES (${id}, ${evidence.seq}, ${ts(at)}, ${evidence.kind}, ${evidence.text})`.execute(trx);
  await writeSearch(trx, [id]);
}

export async function readCustomerRecord(db: Db, id: Id): Promise<CustomerRecord | null> {
  const { rows } = await sql<CustomerRecord>`
    SELECT ref, name, email, phone, tax_id AS "taxId", lang, since, tags FROM customer WHERE customer_id = ${id} -- one row`.execute(db);
  return rows[0] ?? null;
}

export async function updateCustomer(trx: Trx, id: Id, customer: CustomerRecord): Promise<void> {
  const { name, email, phone, taxId, lang, since, tags } = customer;
  await sql`
    UPDATE customer SET name = ${name}, email = ${email}, phone = ${phone}, tax_id = ${taxId}, lang = ${lang}, since = ${formatDay(since)},
      tags = ${[...tags]}::text[]
    WHERE customer_id = ${id}`.execute(trx);
  await writeSearch(trx, [id]);
}

export interface ServiceRecord {
  id: Id;
  customerId: Id;
  customerRef: string;
  ref: string;
  name: string;
  plan: string | null;
  price: Cents | null;
  /** The panel and the account on it; both or neither. */
  panel: string | null;
  account: string | null;
  desired: "active" | "suspended";
  actual: "active" | "suspended" | "absent" | "unknown";
  suspendedByUs: boolean;
  terminatedAt: Instant | null;
}

export type NewService = Pick<ServiceRecord, "id" | "customerId" | "ref" | "name" | "plan" | "price" | "panel" | "account">;

export async function insertService(trx: Trx, service: NewService, at: Instant): Promise<void> {
  const { customerId, id, ref, name, plan, price, panel, account } = service;
  await sql`
    INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, created_at)
    VALUES (${customerId}, ${id}, ${ref}, ${name}, ${plan}, ${price}, ${panel}, ${account}, ${ts(at)})`.execute(trx);
  await writeSearch(trx, [customerId]);
}

export async function readService(db: Db, customerId: Id, id: Id): Promise<ServiceRecord | null> {
  const { rows } = await sql<ServiceRecord>`
    SELECT s.service_id AS id, s.customer_id AS "customerId", c.ref AS "customerRef", s.ref, s.name, s.plan, s.price_cents AS price, s.panel,
      s.account, s.desired, s.actual, s.suspended_by_us AS "suspendedByUs", s.terminated_at AS "terminatedAt"
    FROM service s JOIN customer c ON c.customer_id = s.customer_id
    WHERE s.customer_id = ${customerId} AND s.service_id = ${id} -- one row`.execute(db);
  return rows[0] ?? null;
}

/**
 * Ties a service to another account, or to none; false while a call for it is in flight. Nothing is known of the new account: where it
 * should be down it is taken for up, so that the panel is asked (a call reads before it acts).
 */
export async function linkServiceTo(
  trx: Trx,
  service: { customerId: Id; id: Id },
  link: { panel: string; account: string } | null,
  motorNow: Instant,
): Promise<boolean> {
  const done = await sql`
    UPDATE service SET panel = ${link?.panel ?? null}, account = ${link?.account ?? null}, confirmed = 'active', suspended_by_us = false, landing_until = NULL,
      actual = CASE WHEN desired = 'suspended' THEN 'active' ELSE 'unknown' END
    WHERE customer_id = ${service.customerId} AND service_id = ${service.id}
      AND (call_lease_until IS NULL OR call_lease_until < ${ts(motorNow)})`.execute(trx);
  await writeSearch(trx, [service.customerId]);
  return Number(done.numAffectedRows) === 1;
}

/** Gives the sandbox's panel an account, active, unless it has it. */
export async function ensureSandboxAccount(trx: Trx, account: string): Promise<void> {
  await sql`INSERT INTO sandbox_account (account, access) VALUES (${account}, 'active') ON CONFLICT (account) DO NOTHING`.execute(trx);
}

export interface InvoiceRecord {
  id: Id;
  customerId: Id;
  customerRef: string;
  ref: string;
  serviceRef: string | null;
  issuedOn: Day;
  dueOn: Day;
  amount: Cents;
  paid: Cents;
  currency: Currency;
  state: "open" | "paid" | "void" | "written_off";
  settledAt: Instant | null;
  /** What it can be paid with by itself, where a charge stands for it. */
  pixCode: string | null;
  boletoLine: string | null;
  payUrl: string | null;
}

export interface NewInvoice {
  id: Id;
  customerId: Id;
  serviceId: Id | null;
  ref: string;
  issuedOn: Day;
  dueOn: Day;
  amount: Cents;
  currency: Currency;
}

export async function insertInvoice(trx: Trx, invoice: NewInvoice, at: Instant): Promise<void> {
  const { customerId, id, serviceId, ref, issuedOn, dueOn, amount, currency } = invoice;
  await sql`
    INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, currency, created_at)
    VALUES (${customerId}, ${id}, ${serviceId}, ${ref}, ${formatDay(issuedOn)}, ${formatDay(dueOn)}, ${amount}, ${currency}, ${ts(at)})`.execute(
    trx,
  );
}

export async function readInvoice(db: Db, customerId: Id, id: Id): Promise<InvoiceRecord | null> {
  const { rows } = await sql<InvoiceRecord>`
    SELECT i.invoice_id AS id, i.customer_id AS "customerId", c.ref AS "customerRef", i.ref, s.ref AS "serviceRef", i.issued_on AS "issuedOn",
      i.due_on AS "dueOn", i.amount_cents AS amount, i.paid_cents AS paid, i.currency, i.state, i.settled_at AS "settledAt",
      i.pix_code AS "pixCode", i.boleto_line AS "boletoLine", i.pay_url AS "payUrl"
    FROM invoice i JOIN customer c ON c.customer_id = i.customer_id
      LEFT JOIN service s ON s.customer_id = i.customer_id AND s.service_id = i.service_id
    WHERE i.customer_id = ${customerId} AND i.invoice_id = ${id} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Voids an open invoice on which nothing was paid; false when it is not one. */
export async function markVoid(trx: Trx, customerId: Id, id: Id, at: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE invoice SET state = 'void', settled_at = ${ts(at)}, clearing_until = NULL
    WHERE customer_id = ${customerId} AND invoice_id = ${id} AND state = 'open' AND paid_cents = 0 AND fee_paid_cents = 0`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

export interface ReceiptRecord {
  id: Id;
  customerRef: string;
  source: string;
  externalId: string;
  amount: Cents;
  allocated: Cents;
  credit: Cents;
  refunded: Cents;
  currency: Currency;
  paidOn: Day;
  /** Null: declared or captured, and not seen in an account yet. */
  settledOn: Day | null;
  recordedAt: Instant;
  namedInvoice: string | null;
  reason: string | null;
  actor: string;
}

/** A customer's receipts, newest first, before a receipt's id. */
export async function listReceipts(db: Db, customerId: Id, before: Id | null, limit: number): Promise<ReceiptRecord[]> {
  const { rows } = await sql<ReceiptRecord>`
    SELECT r.receipt_id AS id, c.ref AS "customerRef", r.source, r.external_id AS "externalId", r.amount_cents AS amount,
      r.allocated_cents AS allocated, r.credit_cents AS credit, r.refunded_cents AS refunded, r.currency, r.paid_on AS "paidOn",
      r.settled_on AS "settledOn", r.recorded_at AS "recordedAt", r.named_invoice AS "namedInvoice", r.reason, r.actor
    FROM receipt r JOIN customer c ON c.customer_id = r.customer_id
    WHERE r.customer_id = ${customerId} AND (${before}::bigint IS NULL OR r.receipt_id < ${before}::bigint)
    ORDER BY r.receipt_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

export interface PromiseRecord {
  protocol: string;
  kind: "release" | "postponement" | "courtesy";
  state: "running" | "kept" | "broken" | "cancelled";
  invoices: string[];
  owed: Cents;
  reason: string;
  askedBy: string;
  owner: string;
  grantedAt: Instant;
  until: Instant;
  endedAt: Instant | null;
}

/** A customer's promises, newest first. */
export async function listPromises(db: Db, customerId: Id): Promise<PromiseRecord[]> {
  const { rows } = await sql<PromiseRecord>`
    SELECT protocol, kind, state, ARRAY(
        SELECT i.ref FROM invoice i WHERE i.customer_id = p.customer_id AND i.invoice_id = ANY(p.invoice_ids) ORDER BY i.invoice_id) AS invoices,
      owed_cents AS owed, reason, asked_by AS "askedBy", owner, granted_at AS "grantedAt", until, ended_at AS "endedAt"
    FROM promise p WHERE customer_id = ${customerId} ORDER BY promise_id DESC`.execute(db);
  return rows;
}

/** A customer as a list shows it. */
export interface CustomerSummary extends CustomerRecord {
  id: Id;
  owed: Cents;
  openInvoices: number;
  suspendedServices: number;
}

/** Customers in the order they were entered, after one of them; `text`: whose number, name, e-mail or tax number holds it. */
export async function pageCustomers(db: Db, page: { text: string | null; after: Id; limit: number }): Promise<CustomerSummary[]> {
  const like = page.text === null ? null : `%${page.text.replace(/[\\%_]/gu, (sign) => `\\${sign}`)}%`;
  const { rows } = await sql<CustomerSummary>`
    SELECT c.customer_id AS id, c.ref, c.name, c.email, c.phone, c.tax_id AS "taxId", c.lang, c.since, c.tags,
      (SELECT COALESCE(sum(amount_cents - paid_cents), 0)::bigint FROM invoice i
        WHERE i.customer_id = c.customer_id AND i.state = 'open') AS owed,
      (SELECT count(*) FROM invoice i WHERE i.customer_id = c.customer_id AND i.state = 'open') AS "openInvoices",
      (SELECT count(*) FROM service s WHERE s.customer_id = c.customer_id AND s.confirmed = 'suspended' AND s.terminated_at IS NULL)
        AS "suspendedServices"
    FROM customer c
    WHERE c.customer_id > ${page.after}
      AND (${like}::text IS NULL OR c.ref ILIKE ${like} OR c.name ILIKE ${like} OR c.email ILIKE ${like} OR c.tax_id ILIKE ${like})
    ORDER BY c.customer_id LIMIT ${page.limit}`.execute(db);
  return rows;
}
