// What people look at: lists of customers, one customer's page, and the last decisions of its evidence. Reads only.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { AllocationKind } from "../ledger/allocate.ts";
import type { ActualAccess, Channel, HoldFacts, NoticeState, PromiseKind } from "../policy/facts.ts";
import { ts, type Db } from "./database.ts";

/** Which customers are looked for. */
export interface CustomerSearch {
  /** Part of a name, address or account, or one of the provider's numbers. */
  text: string | null;
  /** Only who has an open invoice due on this day or before. */
  dueThrough: Day | null;
  /** Only who has a service that is down, or should be. */
  suspended: boolean;
  limit: number;
}

/** Who owes longest comes first; `total`: how many there are without the limit. */
export async function findCustomers(db: Db, search: CustomerSearch): Promise<{ ids: Id[]; total: number }> {
  const { text, dueThrough, suspended, limit } = search;
  const part = `%${(text ?? "").replace(/[\\%_]/gu, (letter) => `\\${letter}`)}%`;
  const { rows } = await sql<{ id: Id; total: number }>`
    SELECT c.customer_id AS id, count(*) OVER () AS total
    FROM customer c
      LEFT JOIN LATERAL (SELECT min(due_on) AS due FROM invoice i WHERE i.customer_id = c.customer_id AND i.state = 'open') o ON true
    WHERE true
      ${
        text === null
          ? sql``
          : sql`AND (c.name ILIKE ${part} OR c.email ILIKE ${part} OR c.ref ILIKE ${part} OR c.tax_id = ${text} OR c.phone = ${text}
            OR c.customer_id IN (SELECT customer_id FROM ref_index WHERE kind IN ('service', 'invoice') AND ref = ${text})
            OR EXISTS (SELECT 1 FROM service s WHERE s.customer_id = c.customer_id AND (s.name ILIKE ${part} OR s.account = ${text})))`
      }
      ${dueThrough === null ? sql`` : sql`AND o.due <= ${formatDay(dueThrough)}::date`}
      ${
        suspended
          ? sql`AND EXISTS (SELECT 1 FROM service s WHERE s.customer_id = c.customer_id AND s.terminated_at IS NULL
              AND (s.desired = 'suspended' OR s.actual = 'suspended'))`
          : sql``
      }
    ORDER BY o.due NULLS LAST, c.customer_id LIMIT ${limit}`.execute(db);
  return { ids: rows.map((row) => row.id), total: rows[0]?.total ?? 0 };
}

const WITH_SOMETHING_TO_COME = (until: Instant) => sql`
  (c.next_check_at <= ${ts(until)} OR EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id AND i.state = 'open'))`;

/**
 * Customers to whom something could happen until an instant, all at once: asked for page by page, the database looks at every open invoice
 * for each page. An id is a few bytes.
 */
export async function customersToCome(db: Db, until: Instant): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT c.customer_id AS id FROM customer c WHERE ${WITH_SOMETHING_TO_COME(until)} ORDER BY c.customer_id`.execute(db);
  return rows.map((row) => row.id);
}

export interface IdentityView {
  id: Id;
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  taxId: string | null;
  lang: Lang;
  sinceOn: Day;
  tags: string[];
  /** Staff's written reasons against releases on trust, against payment proofs. */
  releaseBarred: string | null;
  claimsBarred: string | null;
  /** Why the customer could not be decided. */
  fault: string | null;
  nextCheckAt: Instant | null;
}

export interface ServiceView {
  id: Id;
  ref: string;
  name: string;
  plan: string | null;
  priceCents: Cents | null;
  panel: string | null;
  account: string | null;
  desired: "active" | "suspended";
  desiredCause: string | null;
  actual: ActualAccess;
  actualSinceAt: Instant | null;
  suspendedByUs: boolean;
  callOpen: boolean;
  cancelOn: Day | null;
  terminatedAt: Instant | null;
}

export interface NoticeView {
  step: string;
  channel: Channel;
  warning: boolean;
  state: NoticeState;
  invoice: string | null;
  service: string | null;
  promise: string | null;
  decidedAt: Instant;
  endedAt: Instant | null;
  to: string | null;
  messageId: string | null;
  attempts: number;
  /** What the receiving server answered last. */
  answer: string | null;
}

export interface PromiseView {
  protocol: string;
  kind: PromiseKind;
  state: "running" | "kept" | "broken" | "cancelled";
  invoices: string[];
  owedCents: Cents;
  reason: string;
  askedBy: string;
  owner: string;
  grantedAt: Instant;
  untilAt: Instant;
  endedAt: Instant | null;
}

export interface ClaimView {
  id: Id;
  invoice: string;
  state: "under_review" | "confirmed" | "contradicted" | "refused" | "expired";
  receivedAt: Instant;
  releaseUntilAt: Instant | null;
  reviewUntilAt: Instant;
  endedAt: Instant | null;
  reason: string | null;
}

export interface HoldView {
  id: Id;
  kind: HoldFacts["kind"];
  effect: HoldFacts["effect"];
  service: string | null;
  invoice: string | null;
  reason: string;
  placedBy: string;
  placedAt: Instant;
  untilAt: Instant | null;
}

export interface ReceiptView {
  source: string;
  externalId: string;
  amountCents: Cents;
  creditCents: Cents;
  currency: Currency;
  paidOn: Day;
  recordedAt: Instant;
  reason: string | null;
  actor: string;
  /** What went back of it. */
  returnedCents: Cents;
  /** Null: declared or captured, and not seen in an account yet. */
  settledOn: Day | null;
  /** What of it stands on invoices: what was taken back is left out. */
  allocations: { invoice: string; kind: AllocationKind; amountCents: Cents }[];
}

export interface ProposalView {
  id: Id;
  service: string;
  invoice: string;
  state: "proposed" | "approved";
  proposedAt: Instant;
  firstBy: string | null;
}

/** One customer as a page shows it. Lists that grow are cut: the newest `recent` of each. */
export interface CustomerView {
  identity: IdentityView;
  services: ServiceView[];
  notices: NoticeView[];
  promises: PromiseView[];
  claims: ClaimView[];
  holds: HoldView[];
  receipts: ReceiptView[];
  proposals: ProposalView[];
  creditCents: Cents;
  invoicesSettled: number;
}

/** Null: no such customer. */
export async function viewCustomer(db: Db, customerId: Id, recent: number): Promise<CustomerView | null> {
  const { rows } = await sql<IdentityView>`
    SELECT customer_id AS id, ref, name, email, phone, tax_id AS "taxId", lang, since AS "sinceOn", tags, release_barred AS "releaseBarred",
      claims_barred AS "claimsBarred", fault, next_check_at AS "nextCheckAt"
    FROM customer WHERE customer_id = ${customerId} -- one row`.execute(db);
  const [identity] = rows;
  if (!identity) return null;
  const { creditCents, invoicesSettled } = await viewSums(db, customerId);
  return {
    identity,
    services: await viewServices(db, customerId),
    notices: await viewNotices(db, customerId, recent),
    promises: await viewPromises(db, customerId, recent),
    claims: await viewClaims(db, customerId, recent),
    holds: await viewHolds(db, customerId),
    receipts: await viewReceipts(db, customerId, recent),
    proposals: await viewProposals(db, customerId),
    creditCents,
    invoicesSettled,
  };
}

async function viewServices(db: Db, customerId: Id): Promise<ServiceView[]> {
  const { rows } = await sql<ServiceView>`
    SELECT service_id AS id, ref, name, plan, price_cents AS "priceCents", panel, account, desired, desired_cause AS "desiredCause", actual,
      actual_since AS "actualSinceAt", suspended_by_us AS "suspendedByUs", call_outbox_id IS NOT NULL AS "callOpen", cancel_on AS "cancelOn",
      terminated_at AS "terminatedAt"
    FROM service WHERE customer_id = ${customerId} ORDER BY service_id`.execute(db);
  return rows;
}

async function viewNotices(db: Db, customerId: Id, recent: number): Promise<NoticeView[]> {
  const { rows } = await sql<NoticeView>`
    SELECT n.step, n.channel, n.warning, n.state, i.ref AS invoice, s.ref AS service, p.protocol AS promise, n.decided_at AS "decidedAt",
      n.ended_at AS "endedAt", o.payload::jsonb ->> 'to' AS "to", o.payload::jsonb ->> 'messageId' AS "messageId",
      COALESCE(o.attempts, 0) AS attempts, o.answer
    FROM notice n LEFT JOIN claim k USING (customer_id, claim_id)
      LEFT JOIN invoice i ON i.customer_id = n.customer_id AND i.invoice_id = COALESCE(n.invoice_id, k.invoice_id)
      LEFT JOIN service s ON s.customer_id = n.customer_id AND s.service_id = n.service_id
      LEFT JOIN promise p ON p.customer_id = n.customer_id AND p.promise_id = n.promise_id
      LEFT JOIN outbox o ON o.customer_id = n.customer_id AND o.outbox_id = n.outbox_id
    WHERE n.customer_id = ${customerId} ORDER BY n.decided_at DESC, n.outbox_id DESC, n.key LIMIT ${recent}`.execute(db);
  return rows;
}

async function viewPromises(db: Db, customerId: Id, recent: number): Promise<PromiseView[]> {
  const { rows } = await sql<PromiseView>`
    SELECT protocol, kind, state, ARRAY(
        SELECT ref FROM invoice i WHERE i.customer_id = x.customer_id AND i.invoice_id = ANY(x.invoice_ids) ORDER BY due_on, invoice_id
      ) AS invoices, owed_cents AS "owedCents", reason, asked_by AS "askedBy", owner, granted_at AS "grantedAt", until AS "untilAt",
      ended_at AS "endedAt"
    FROM promise x WHERE customer_id = ${customerId} ORDER BY granted_at DESC, promise_id DESC LIMIT ${recent}`.execute(db);
  return rows;
}

async function viewClaims(db: Db, customerId: Id, recent: number): Promise<ClaimView[]> {
  const { rows } = await sql<ClaimView>`
    SELECT x.claim_id AS id, i.ref AS invoice, x.state, x.received_at AS "receivedAt", x.release_until AS "releaseUntilAt",
      x.review_until AS "reviewUntilAt", x.ended_at AS "endedAt", x.reason
    FROM claim x JOIN invoice i ON i.customer_id = x.customer_id AND i.invoice_id = x.invoice_id
    WHERE x.customer_id = ${customerId} ORDER BY x.received_at DESC, x.claim_id DESC LIMIT ${recent}`.execute(db);
  return rows;
}

async function viewHolds(db: Db, customerId: Id): Promise<HoldView[]> {
  const { rows } = await sql<HoldView>`
    SELECT x.hold_id AS id, x.kind, x.effect, s.ref AS service, i.ref AS invoice, x.reason, x.placed_by AS "placedBy",
      x.placed_at AS "placedAt", x.until AS "untilAt"
    FROM hold x
      LEFT JOIN service s ON s.customer_id = x.customer_id AND s.service_id = x.service_id
      LEFT JOIN invoice i ON i.customer_id = x.customer_id AND i.invoice_id = x.invoice_id
    WHERE x.customer_id = ${customerId} AND x.lifted_at IS NULL ORDER BY x.hold_id`.execute(db);
  return rows;
}

const RECEIPT = sql`r.source, r.external_id AS "externalId", r.amount_cents AS "amountCents", r.credit_cents AS "creditCents", r.currency,
  r.refunded_cents AS "returnedCents", r.paid_on AS "paidOn", r.settled_on AS "settledOn", r.recorded_at AS "recordedAt", r.reason, r.actor, (
    SELECT COALESCE(jsonb_agg(jsonb_build_object('invoice', i.ref, 'kind', n.kind, 'amountCents', n.amount) ORDER BY n.first), '[]')
    FROM (
      SELECT invoice_id, kind, sum(amount_cents) AS amount, min(allocation_id) AS first FROM allocation a
      WHERE a.customer_id = r.customer_id AND a.receipt_id = r.receipt_id GROUP BY invoice_id, kind HAVING sum(amount_cents) > 0) n
      JOIN invoice i ON i.customer_id = r.customer_id AND i.invoice_id = n.invoice_id) AS allocations`;

async function viewReceipts(db: Db, customerId: Id, recent: number): Promise<ReceiptView[]> {
  const { rows } = await sql<ReceiptView>`
    SELECT ${RECEIPT} FROM receipt r WHERE r.customer_id = ${customerId} ORDER BY r.recorded_at DESC, r.receipt_id DESC LIMIT ${recent}`.execute(
    db,
  );
  return rows;
}

/** The receipt known by a source and its own id, with the number of the customer it is of. */
export async function receiptByKey(db: Db, source: string, externalId: string): Promise<(ReceiptView & { customer: string }) | null> {
  const { rows } = await sql<ReceiptView & { customer: string }>`
    SELECT ${RECEIPT}, c.ref AS customer
    FROM receipt_key k JOIN receipt r ON r.customer_id = k.customer_id AND r.receipt_id = k.receipt_id
      JOIN customer c ON c.customer_id = k.customer_id
    WHERE k.source = ${source} AND k.external_id = ${externalId} -- one row`.execute(db);
  return rows[0] ?? null;
}

async function viewProposals(db: Db, customerId: Id): Promise<ProposalView[]> {
  const { rows } = await sql<ProposalView>`
    SELECT t.termination_id AS id, s.ref AS service, i.ref AS invoice, t.state, t.proposed_at AS "proposedAt", t.first_by AS "firstBy"
    FROM termination t JOIN service s ON s.customer_id = t.customer_id AND s.service_id = t.service_id
      JOIN invoice i ON i.customer_id = t.customer_id AND i.invoice_id = t.invoice_id
    WHERE t.customer_id = ${customerId} AND t.state IN ('proposed', 'approved') ORDER BY t.termination_id`.execute(db);
  return rows;
}

async function viewSums(db: Db, customerId: Id): Promise<Pick<CustomerView, "creditCents" | "invoicesSettled">> {
  const { rows } = await sql<Pick<CustomerView, "creditCents" | "invoicesSettled">>`
    SELECT (SELECT COALESCE(sum(credit_cents), 0)::bigint FROM receipt WHERE customer_id = ${customerId}) AS "creditCents",
      (SELECT count(*) FROM invoice WHERE customer_id = ${customerId} AND state <> 'open') AS "invoicesSettled" -- one row`.execute(db);
  return rows[0] ?? { creditCents: 0, invoicesSettled: 0 };
}

/** The texts of a customer's newest decisions, newest first. */
export async function lastDecisions(db: Db, customerId: Id, limit: number): Promise<string[]> {
  const { rows } = await sql<{ entry: string }>`
    SELECT entry FROM evidence WHERE customer_id = ${customerId} AND kind = 'decision' ORDER BY seq DESC LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.entry);
}
