// Imported customers, services and invoices as rows: what is known of them is read in sets, what is new is written in sets.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";
import { writeSearch } from "./search.ts";

export type RefKind = "customer" | "service" | "invoice";

/** The provider's own numbers that an import names, and whose they are. */
export interface KnownRef {
  kind: RefKind;
  ref: string;
  customerId: Id;
  rowId: Id;
}

export interface CustomerNow {
  id: Id;
  version: number;
  evidenceSeq: number;
  evidenceHash: string;
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  taxId: string | null;
  lang: Lang;
  since: Day;
  tags: string[];
}

export interface ServiceNow {
  id: Id;
  customerId: Id;
  ref: string;
  name: string;
  plan: string | null;
  price: Cents | null;
  panel: string | null;
  account: string | null;
}

export interface InvoiceNow {
  id: Id;
  customerId: Id;
  ref: string;
  serviceId: Id | null;
  issuedOn: Day;
  dueOn: Day;
  amount: Cents;
  paid: Cents;
  currency: Currency;
  state: "open" | "paid" | "void" | "written_off";
}

/** A receipt known already: booked, or waiting in the sandbox. */
export interface ReceiptNow {
  customerId: Id;
  source: string;
  externalId: string;
  amount: Cents;
  paidOn: Day;
  /** The invoice it named. */
  invoiceRef: string | null;
}

export async function knownRefs(db: Db, refs: readonly { kind: RefKind; ref: string }[]): Promise<KnownRef[]> {
  if (refs.length === 0) return [];
  const { rows } = await sql<KnownRef>`
    SELECT r.kind, r.ref, r.customer_id AS "customerId", r.row_id AS "rowId"
    FROM ref_index r JOIN unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.ref)}::text[]) AS u (kind, ref)
      ON r.kind = u.kind AND r.ref = u.ref ORDER BY r.row_id`.execute(db);
  return rows;
}

export async function customersNow(db: Db, ids: readonly Id[]): Promise<CustomerNow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<CustomerNow>`
    SELECT customer_id AS id, version, evidence_seq AS "evidenceSeq", evidence_hash AS "evidenceHash", ref, name, email, phone,
      tax_id AS "taxId", lang, since, tags
    FROM customer WHERE customer_id = ANY(${ids}::bigint[]) ORDER BY customer_id`.execute(db);
  return rows;
}

export async function servicesNow(db: Db, known: readonly KnownRef[]): Promise<ServiceNow[]> {
  if (known.length === 0) return [];
  const { rows } = await sql<ServiceNow>`
    SELECT s.service_id AS id, s.customer_id AS "customerId", ref, name, plan, price_cents AS price, panel, account
    FROM service s JOIN unnest(${known.map((k) => k.customerId)}::bigint[], ${known.map((k) => k.rowId)}::bigint[]) AS u (customer, id)
      ON s.customer_id = u.customer AND s.service_id = u.id ORDER BY s.service_id`.execute(db);
  return rows;
}

export async function invoicesNow(db: Db, known: readonly KnownRef[]): Promise<InvoiceNow[]> {
  if (known.length === 0) return [];
  const { rows } = await sql<InvoiceNow>`
    SELECT i.invoice_id AS id, i.customer_id AS "customerId", ref, service_id AS "serviceId", issued_on AS "issuedOn", due_on AS "dueOn",
      amount_cents AS amount, paid_cents AS paid, currency, state
    FROM invoice i JOIN unnest(${known.map((k) => k.customerId)}::bigint[], ${known.map((k) => k.rowId)}::bigint[]) AS u (customer, id)
      ON i.customer_id = u.customer AND i.invoice_id = u.id ORDER BY i.invoice_id`.execute(db);
  return rows;
}

/** Receipts known by their keys; those the sandbox still holds back count as known. */
export async function receiptsNow(db: Db, keys: readonly { source: string; externalId: string }[]): Promise<ReceiptNow[]> {
  if (keys.length === 0) return [];
  const wanted = sql`unnest(${keys.map((k) => k.source)}::text[], ${keys.map((k) => k.externalId)}::text[]) AS u (source, external_id)`;
  const found = await sql<{ customerId: Id; receiptId: Id }>`
    SELECT k.customer_id AS "customerId", k.receipt_id AS "receiptId" FROM receipt_key k JOIN ${wanted} USING (source, external_id)
    ORDER BY k.receipt_id`.execute(db);
  const columns = sql`r.customer_id AS "customerId", r.source, r.external_id AS "externalId", r.amount_cents AS amount`;
  const booked = await sql<ReceiptNow>`
    SELECT ${columns}, r.paid_on AS "paidOn", r.named_invoice AS "invoiceRef" FROM receipt r JOIN unnest(${found.rows.map((r) => r.customerId)}::bigint[],
      ${found.rows.map((r) => r.receiptId)}::bigint[]) AS u (customer, id) ON r.customer_id = u.customer AND r.receipt_id = u.id
    ORDER BY r.receipt_id`.execute(db);
  const waiting = await sql<ReceiptNow>`
    SELECT ${columns}, r.arrives_on AS "paidOn", r.invoice_ref AS "invoiceRef" FROM sandbox_receipt r JOIN ${wanted} USING (source, external_id) ORDER BY r.customer_id, r.external_id`.execute(
    db,
  );
  return [...booked.rows, ...waiting.rows];
}

export interface EvidenceRow {
  seq: number;
  kind: string;
  text: string;
}

/** One customer's part of an import. `was`: the row as read; null: the customer is new. */
export interface ImportedCustomer {
  id: Id;
  ref: string;
  was: { version: number } | null;
  /** As the row shall be. */
  row: Omit<CustomerNow, "id" | "version" | "evidenceSeq" | "evidenceHash">;
  evidence: { seq: number; hash: string; entries: readonly EvidenceRow[] };
}

export interface ImportedService extends ServiceNow {
  isNew: boolean;
}

export interface ImportedInvoice extends InvoiceNow {
  isNew: boolean;
}

export interface ImportedRows {
  customers: readonly ImportedCustomer[];
  services: readonly ImportedService[];
  invoices: readonly ImportedInvoice[];
  /** Accounts of the sandbox's panel to be made, active. */
  sandboxAccounts: readonly string[];
}

/** A customer changed between the reading and the writing: nothing was written, the batch is read again. */
export class ImportRaced extends Error {
  override name = "ImportRaced";
}

/** Writes a batch. `nextCheckAt`: when those customers are decided unless somebody says sooner. */
export async function writeImport(trx: Trx, rows: ImportedRows, now: Instant, nextCheckAt: Instant): Promise<void> {
  const fresh = rows.customers.filter((customer) => customer.was === null);
  const changed = rows.customers.filter((customer) => customer.was !== null);
  await updateCustomers(trx, changed, now, nextCheckAt);
  await insertCustomers(trx, fresh, now, nextCheckAt);
  await insertRefs(trx, [
    ...fresh.map((c) => ({ kind: "customer" as const, ref: c.ref, customerId: c.id, rowId: c.id })),
    ...rows.services.filter((s) => s.isNew).map((s) => ({ kind: "service" as const, ref: s.ref, customerId: s.customerId, rowId: s.id })),
    ...rows.invoices.filter((i) => i.isNew).map((i) => ({ kind: "invoice" as const, ref: i.ref, customerId: i.customerId, rowId: i.id })),
  ]);
  await writeServices(trx, rows.services, now);
  await writeInvoices(trx, rows.invoices, now);
  if (rows.sandboxAccounts.length > 0)
    await sql`
      INSERT INTO sandbox_account (account, access) SELECT account, 'active' FROM unnest(${rows.sandboxAccounts}::text[]) AS u (account)
        -- unordered: an insert
      ON CONFLICT (account) DO NOTHING`.execute(trx);
  await insertEvidence(trx, rows.customers, now);
  await writeSearch(trx, [...new Set([...rows.customers.map((c) => c.id), ...rows.services.map((s) => s.customerId)])]);
}

async function updateCustomers(trx: Trx, changed: readonly ImportedCustomer[], now: Instant, next: Instant): Promise<void> {
  if (changed.length === 0) return;
  const { numAffectedRows } = await sql`
    UPDATE customer c SET version = c.version + 1, next_check_at = ${ts(next)}::timestamptz, evidence_seq = u.seq, evidence_hash = u.hash,
      evidence_at = ${ts(now)}::timestamptz, name = u.name, email = u.email, phone = u.phone, tax_id = u.tax_id, lang = u.lang,
      since = u.since, tags = string_to_array(u.tags, E'\n')
    FROM unnest(${changed.map((c) => c.id)}::bigint[], ${changed.map((c) => c.was?.version)}::int[], ${changed.map((c) => c.evidence.seq)}::int[],
      ${changed.map((c) => c.evidence.hash)}::text[], ${changed.map((c) => c.row.name)}::text[], ${changed.map((c) => c.row.email)}::text[],
      ${changed.map((c) => c.row.phone)}::text[], ${changed.map((c) => c.row.taxId)}::text[], ${changed.map((c) => c.row.lang)}::text[],
      ${changed.map((c) => formatDay(c.row.since))}::date[], ${changed.map((c) => c.row.tags.join("\n"))}::text[])
      AS u (id, version, seq, hash, name, email, phone, tax_id, lang, since, tags)
    WHERE c.customer_id = u.id AND c.version = u.version`.execute(trx);
  if (Number(numAffectedRows) !== changed.length) throw new ImportRaced("a customer changed during the import");
}

async function insertCustomers(trx: Trx, fresh: readonly ImportedCustomer[], now: Instant, next: Instant): Promise<void> {
  if (fresh.length === 0) return;
  await sql`
    INSERT INTO customer (customer_id, bucket, evidence_seq, evidence_hash, ref, name, email, phone, tax_id, lang, since, tags,
      next_check_at, evidence_at, created_at)
    SELECT id, bucket, seq, hash, ref, name, email, phone, tax_id, lang, since, string_to_array(tags, E'\n'),
      ${ts(next)}::timestamptz, ${ts(now)}::timestamptz, ${ts(now)}::timestamptz
    FROM unnest(${fresh.map((c) => c.id)}::bigint[], ${fresh.map((c) => bucketOf(c.id))}::smallint[], ${fresh.map((c) => c.evidence.seq)}::int[],
      ${fresh.map((c) => c.evidence.hash)}::text[], ${fresh.map((c) => c.ref)}::text[], ${fresh.map((c) => c.row.name)}::text[],
      ${fresh.map((c) => c.row.email)}::text[], ${fresh.map((c) => c.row.phone)}::text[], ${fresh.map((c) => c.row.taxId)}::text[],
      ${fresh.map((c) => c.row.lang)}::text[], ${fresh.map((c) => formatDay(c.row.since))}::date[],
      ${fresh.map((c) => c.row.tags.join("\n"))}::text[])
      AS u (id, bucket, seq, hash, ref, name, email, phone, tax_id, lang, since, tags) -- unordered: an insert`.execute(trx);
}

async function insertRefs(trx: Trx, refs: readonly KnownRef[]): Promise<void> {
  if (refs.length === 0) return;
  await sql`
    INSERT INTO ref_index (kind, ref, customer_id, row_id)
    SELECT * FROM unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.ref)}::text[], ${refs.map((r) => r.customerId)}::bigint[],
      ${refs.map((r) => r.rowId)}::bigint[]) -- unordered: an insert`.execute(trx);
}

async function writeServices(trx: Trx, services: readonly ImportedService[], now: Instant): Promise<void> {
  const columns = (rows: readonly ImportedService[]) => sql`
    FROM unnest(${rows.map((s) => s.customerId)}::bigint[], ${rows.map((s) => s.id)}::bigint[], ${rows.map((s) => s.ref)}::text[],
      ${rows.map((s) => s.name)}::text[], ${rows.map((s) => s.plan)}::text[], ${rows.map((s) => s.price)}::bigint[],
      ${rows.map((s) => s.panel)}::text[], ${rows.map((s) => s.account)}::text[])
      AS u (customer, id, ref, name, plan, price, panel, account)`;
  const fresh = services.filter((service) => service.isNew);
  const changed = services.filter((service) => !service.isNew);
  if (fresh.length > 0)
    await sql`
      INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, created_at)
      SELECT u.*, ${ts(now)}::timestamptz ${columns(fresh)} -- unordered: an insert`.execute(trx);
  if (changed.length > 0)
    await sql`
      UPDATE service s SET name = u.name, plan = u.plan, price_cents = u.price, panel = u.panel, account = u.account
      ${columns(changed)} WHERE s.customer_id = u.customer AND s.service_id = u.id`.execute(trx);
}

async function writeInvoices(trx: Trx, invoices: readonly ImportedInvoice[], now: Instant): Promise<void> {
  const columns = (rows: readonly ImportedInvoice[]) => sql`
    FROM unnest(${rows.map((i) => i.customerId)}::bigint[], ${rows.map((i) => i.id)}::bigint[], ${rows.map((i) => i.serviceId)}::bigint[],
      ${rows.map((i) => i.ref)}::text[], ${rows.map((i) => formatDay(i.issuedOn))}::date[], ${rows.map((i) => formatDay(i.dueOn))}::date[],
      ${rows.map((i) => i.amount)}::bigint[], ${rows.map((i) => i.currency)}::text[])
      AS u (customer, id, service, ref, issued, due, amount, currency)`;
  const fresh = invoices.filter((invoice) => invoice.isNew);
  const changed = invoices.filter((invoice) => !invoice.isNew);
  if (fresh.length > 0)
    await sql`
      INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, currency, created_at)
      SELECT u.*, ${ts(now)}::timestamptz ${columns(fresh)} -- unordered: an insert`.execute(trx);
  if (changed.length > 0)
    await sql`
      UPDATE invoice i SET service_id = u.service, issued_on = u.issued, due_on = u.due, amount_cents = u.amount
      ${columns(changed)} WHERE i.customer_id = u.customer AND i.invoice_id = u.id`.execute(trx);
}

async function insertEvidence(trx: Trx, customers: readonly ImportedCustomer[], now: Instant): Promise<void> {
  const rows = customers.flatMap((c) => c.evidence.entries.map((entry) => ({ ...entry, customerId: c.id })));
  await sql`
    INSERT INTO evidence (customer_id, seq, at, kind, entry)
    SELECT customer, seq, ${ts(now)}::timestamptz, kind, entry
    FROM unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.seq)}::int[], ${rows.map((r) => r.kind)}::text[],
      ${rows.map((r) => r.text)}::text[]) AS u (customer, seq, kind, entry) -- unordered: an insert`.execute(trx);
}

/** A payment that the sandbox lets arrive on its day. */
export interface SandboxReceipt {
  customerId: Id;
  source: string;
  externalId: string;
  arrivesOn: Day;
  invoiceRef: string | null;
  amount: Cents;
  currency: Currency;
}

/** Answers how many were new. */
export async function addSandboxReceipts(trx: Trx, receipts: readonly SandboxReceipt[]): Promise<number> {
  if (receipts.length === 0) return 0;
  const { numAffectedRows } = await sql`
    INSERT INTO sandbox_receipt (customer_id, source, external_id, arrives_on, invoice_ref, amount_cents, currency)
    SELECT * FROM unnest(${receipts.map((r) => r.customerId)}::bigint[], ${receipts.map((r) => r.source)}::text[],
      ${receipts.map((r) => r.externalId)}::text[], ${receipts.map((r) => formatDay(r.arrivesOn))}::date[],
      ${receipts.map((r) => r.invoiceRef)}::text[], ${receipts.map((r) => r.amount)}::bigint[], ${receipts.map((r) => r.currency)}::text[])
      -- unordered: an insert
    ON CONFLICT (customer_id, source, external_id) DO NOTHING`.execute(trx);
  return Number(numAffectedRows ?? 0);
}
