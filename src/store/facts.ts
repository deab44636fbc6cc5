// Reads the facts of many customers with a handful of set-based statements.
import { sql, type RawBuilder } from "kysely";
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type {
  Channel,
  ClaimFacts,
  CustomerFacts,
  EndedClaimFacts,
  HoldFacts,
  InvoiceFacts,
  NoticeFact,
  PromiseFacts,
  ServiceFacts,
  TerminationFacts,
} from "../policy/facts.ts";
import { idArray } from "./columns.ts";
import type { Db } from "./database.ts";
import { ts } from "./database.ts";
import { together, type Answers, type Statements } from "./driver.ts";

/** A customer as read for deciding: the facts, and what is needed to write back safely. */
export interface Case {
  facts: CustomerFacts;
  /** The row's version when read; a write under another version is refused and decided again. */
  version: number;
  evidence: { seq: number; hash: string };
}

export interface CustomerRow {
  id: Id;
  version: number;
  evidence_seq: number;
  evidence_hash: string;
  last_sign_of_life_at: Instant | null;
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  lang: Lang;
  since: Day;
  tags: string[];
  attention: string[];
}

const CUSTOMER_COLUMNS = sql`customer_id AS id, version, evidence_seq, evidence_hash, last_sign_of_life_at,
  ref, name, email, phone, lang, since, tags, attention`;

/** How many customers are due, by bucket. */
export async function dueBuckets(db: Db, now: Instant): Promise<{ bucket: number; due: number }[]> {
  const { rows } = await sql<{ bucket: number; due: number }>`
    SELECT bucket, count(*) AS due FROM customer WHERE next_check_at <= ${ts(now)} GROUP BY bucket ORDER BY bucket`.execute(db);
  return rows;
}

/** The next instant at which some customer is due; null when none is. */
export async function nextCheckAt(db: Db): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    SELECT min(next_check_at) AS at FROM customer WHERE next_check_at IS NOT NULL -- one row`.execute(db);
  return rows[0]?.at ?? null;
}

/** Customers with due work in a run of buckets, oldest due first by id so that two workers never wait for each other crosswise. */
export async function dueCustomers(db: Db, range: { from: number; to: number }, now: Instant, limit: number): Promise<CustomerRow[]> {
  const { rows } = await sql<CustomerRow>`
    SELECT ${CUSTOMER_COLUMNS} FROM customer
    WHERE next_check_at <= ${ts(now)} AND bucket BETWEEN ${range.from} AND ${range.to}
    ORDER BY customer_id LIMIT ${limit}`.execute(db);
  return rows;
}

/**
 * Takes named customers for a change: locks their rows and moves their version on, so that a batch decided before this moment
 * is decided again. Those that do not exist are left out. (An UPDATE, since a distributed table cannot lock many rows by SELECT.)
 */
export async function takeCustomers(db: Db, ids: readonly Id[]): Promise<CustomerRow[]> {
  return byId((await taking(ids).execute(db)).rows);
}

/** The statement of it, for a journey with others; its rows come in no order. */
export function taking(ids: readonly Id[]): RawBuilder<CustomerRow> {
  return sql<CustomerRow>`
    UPDATE customer SET version = version + 1 WHERE customer_id = ANY(${idArray(ids)}::bigint[]) RETURNING ${CUSTOMER_COLUMNS}
    -- unordered: sorted below`;
}

export function byId(rows: CustomerRow[]): CustomerRow[] {
  return rows.sort((a, b) => a.id - b.id);
}

/** Named customers, only to look at. */
export async function customersById(db: Db, ids: readonly Id[]): Promise<CustomerRow[]> {
  return (await customersOf(idArray(ids)).execute(db)).rows;
}

function customersOf(ids: Buffer): RawBuilder<CustomerRow> {
  return sql<CustomerRow>`SELECT ${CUSTOMER_COLUMNS} FROM customer WHERE customer_id = ANY(${ids}::bigint[]) ORDER BY customer_id`;
}

type Owned<T> = T & { customer_id: Id };

/** Reads everything else the rules need, for the customers given. */
export async function readCases(db: Db, customers: readonly CustomerRow[], channels: readonly Channel[]): Promise<Case[]> {
  if (customers.length === 0) return [];
  return casesOf(customers, await together(db, ...factsOf(idArray(customers.map((customer) => customer.id)))), channels);
}

/** Reads named customers with everything the rules need. */
export async function readCasesOf(db: Db, customerIds: readonly Id[], channels: readonly Channel[]): Promise<Case[]> {
  if (customerIds.length === 0) return [];
  const ids = idArray(customerIds);
  const [customers, ...facts] = await together(db, customersOf(ids), ...factsOf(ids));
  return casesOf(customers.rows, facts, channels);
}

type Facts = [
  Owned<ServiceFacts>,
  Owned<InvoiceFacts>,
  Owned<HoldFacts>,
  Owned<PromiseFacts>,
  Owned<ClaimRow>,
  Owned<TerminationFacts>,
  Owned<NoticeFact>,
];

function factsOf(ids: Buffer): Statements<Facts> {
  return [servicesOf(ids), invoicesOf(ids), holdsOf(ids), promisesOf(ids), claimsOf(ids), terminationsOf(ids), noticesOf(ids)];
}

function casesOf(customers: readonly CustomerRow[], facts: Answers<Facts>, channels: readonly Channel[]): Case[] {
  const services = byCustomer(facts[0].rows);
  const invoices = byCustomer(facts[1].rows);
  const holds = byCustomer(facts[2].rows);
  const promises = byCustomer(facts[3].rows);
  const claims = byCustomer(facts[4].rows);
  const terminations = byCustomer(facts[5].rows);
  const notices = byCustomer(facts[6].rows);
  return customers.map((row) => ({
    version: row.version,
    evidence: { seq: row.evidence_seq, hash: row.evidence_hash },
    facts: {
      id: row.id,
      ref: row.ref,
      name: row.name,
      lang: row.lang,
      since: row.since,
      tags: row.tags,
      addresses: addressesOf(row, channels),
      lastSignOfLifeAt: row.last_sign_of_life_at,
      services: services.get(row.id) ?? [],
      invoices: invoices.get(row.id) ?? [],
      holds: holds.get(row.id) ?? [],
      promises: promises.get(row.id) ?? [],
      ...claimsOfBoth(claims.get(row.id) ?? []),
      terminations: terminations.get(row.id) ?? [],
      notices: notices.get(row.id) ?? [],
      attention: row.attention,
    },
  }));
}

function addressesOf(row: CustomerRow, channels: readonly Channel[]): Partial<Record<Channel, string>> {
  const addresses: Partial<Record<Channel, string>> = {};
  for (const channel of channels) {
    const address = channel === "email" ? row.email : row.phone;
    if (address !== null) addresses[channel] = address;
  }
  return addresses;
}

/** Rows arrive ordered by customer; each group keeps the statement's own order. */
function byCustomer<T>(rows: readonly Owned<T>[]): Map<Id, T[]> {
  const groups = new Map<Id, T[]>();
  let owner: Id | null = null;
  let group: T[] = [];
  for (const row of rows) {
    if (owner !== row.customer_id) {
      assert(!groups.has(row.customer_id), "facts must arrive ordered by customer");
      owner = row.customer_id;
      group = [];
      groups.set(owner, group);
    }
    const { customer_id: _, ...fact } = row;
    group.push(fact as T);
  }
  return groups;
}

function servicesOf(ids: Buffer): RawBuilder<Owned<ServiceFacts>> {
  return sql<Owned<ServiceFacts>>`
    SELECT customer_id, service_id AS id, ref, name, plan, panel IS NOT NULL AS linked, desired, actual,
      suspended_by_us AS "suspendedByUs", access_seq AS "accessSeq", announce, call_outbox_id IS NOT NULL AS "callOpen",
      cancel_on AS "cancelOn"
    FROM service WHERE customer_id = ANY(${ids}::bigint[]) AND terminated_at IS NULL ORDER BY customer_id, service_id`;
}

function invoicesOf(ids: Buffer): RawBuilder<Owned<InvoiceFacts>> {
  return sql<Owned<InvoiceFacts>>`
    SELECT customer_id, invoice_id AS id, ref, service_id AS "serviceId", issued_on AS "issuedOn", due_on AS "dueOn",
      amount_cents AS amount, amount_cents - paid_cents AS open, currency, clearing_until AS "clearingUntil",
      reopened_at AS "reopenedAt", pix_code AS "pixCode", boleto_line AS "boletoLine", pay_url AS "payUrl"
    FROM invoice WHERE customer_id = ANY(${ids}::bigint[]) AND state = 'open' ORDER BY customer_id, due_on, invoice_id`;
}

function holdsOf(ids: Buffer): RawBuilder<Owned<HoldFacts>> {
  return sql<Owned<HoldFacts>>`
    SELECT customer_id, hold_id AS id, kind, effect, service_id AS "serviceId", invoice_id AS "invoiceId", reason, placed_at AS "placedAt",
      until
    FROM hold WHERE customer_id = ANY(${ids}::bigint[]) AND lifted_at IS NULL ORDER BY customer_id, hold_id`;
}

function promisesOf(ids: Buffer): RawBuilder<Owned<PromiseFacts>> {
  return sql<Owned<PromiseFacts>>`
    SELECT customer_id, promise_id AS id, protocol, kind, invoice_ids AS "invoiceIds", granted_at AS "grantedAt", until
    FROM promise WHERE customer_id = ANY(${ids}::bigint[]) AND state = 'running' ORDER BY customer_id, promise_id`;
}

interface ClaimRow extends ClaimFacts {
  state: "under_review" | EndedClaimFacts["end"];
  invoiceRef: string;
}

/** Under review, or ended and not told of yet. */
function claimsOf(ids: Buffer): RawBuilder<Owned<ClaimRow>> {
  return sql<Owned<ClaimRow>>`
    SELECT k.customer_id, k.claim_id AS id, k.invoice_id AS "invoiceId", k.received_at AS "receivedAt", k.release_until AS "releaseUntil",
      k.review_until AS "reviewUntil", k.announce, k.recommendation = 'wait' AS scheduled, k.state, i.ref AS "invoiceRef"
    FROM claim k JOIN invoice i ON i.customer_id = k.customer_id AND i.invoice_id = k.invoice_id
    WHERE k.customer_id = ANY(${ids}::bigint[]) AND (k.state = 'under_review' OR k.announce) ORDER BY k.customer_id, k.claim_id`;
}

function claimsOfBoth(rows: readonly ClaimRow[]): Pick<CustomerFacts, "claims" | "endedClaims"> {
  const claims: ClaimFacts[] = [];
  const endedClaims: EndedClaimFacts[] = [];
  for (const { state, invoiceRef, ...claim } of rows) {
    const { id, invoiceId, receivedAt } = claim;
    if (state === "under_review") claims.push(claim);
    else endedClaims.push({ id, invoiceId, invoiceRef, receivedAt, end: state });
  }
  return { claims, endedClaims };
}

function terminationsOf(ids: Buffer): RawBuilder<Owned<TerminationFacts>> {
  return sql<Owned<TerminationFacts>>`
    SELECT customer_id, termination_id AS id, service_id AS "serviceId", invoice_id AS "invoiceId", state = 'approved' AS approved
    FROM termination WHERE customer_id = ANY(${ids}::bigint[]) AND state IN ('proposed', 'approved')
    ORDER BY customer_id, termination_id`;
}

/** Only notices that still bear on something: an open invoice, a service's present access, a running promise, a claim to be told of. */
function noticesOf(ids: Buffer): RawBuilder<Owned<NoticeFact>> {
  const columns = sql`n.customer_id, n.key, n.invoice_id AS "invoiceId", n.step, n.channel, n.warning, n.state, n.decided_at AS "decidedAt",
    n.ended_at AS "endedAt", n.outbox_id AS "outboxId"`;
  return sql<Owned<NoticeFact>>`
    SELECT ${columns} FROM notice n
      JOIN invoice i ON i.customer_id = n.customer_id AND i.invoice_id = n.invoice_id AND i.state = 'open'
      WHERE n.customer_id = ANY(${ids}::bigint[])
    UNION ALL
    SELECT ${columns} FROM notice n
      JOIN service s ON s.customer_id = n.customer_id AND s.service_id = n.service_id AND s.access_seq = n.access_seq
      WHERE n.customer_id = ANY(${ids}::bigint[]) AND n.invoice_id IS NULL AND s.announce
    UNION ALL
    SELECT ${columns} FROM notice n
      JOIN promise p ON p.customer_id = n.customer_id AND p.promise_id = n.promise_id AND p.state = 'running'
      WHERE n.customer_id = ANY(${ids}::bigint[])
    UNION ALL
    SELECT ${columns} FROM notice n
      JOIN claim k ON k.customer_id = n.customer_id AND k.claim_id = n.claim_id AND (k.state = 'under_review' OR k.announce)
      WHERE n.customer_id = ANY(${ids}::bigint[])
    ORDER BY customer_id, "decidedAt", key`;
}
