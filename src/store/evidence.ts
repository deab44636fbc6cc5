// Evidence and anchors as rows: the heads a day adds, and one customer's entries and state.
import { sql } from "kysely";
import type { Head, Anchor } from "../kernel/anchors.ts";
import type { Id } from "../kernel/ids.ts";
import { formatDay, formatInstant, type Day, type Instant } from "../kernel/time.ts";
import type { Db, Trx } from "./database.ts";
import { together } from "./driver.ts";

const ANCHOR_LOCK = 7_308_902;

/** The last anchor. Programs that anchor at the same moment take turns from here until the transaction ends. */
export async function lockLastAnchor(trx: Trx): Promise<{ day: Day; hash: string } | null> {
  const [, last] = await together(
    trx,
    sql`SELECT pg_advisory_xact_lock(${ANCHOR_LOCK}) -- one row`,
    sql<{ day: Day; hash: string }>`SELECT day, hash FROM anchor ORDER BY day DESC LIMIT 1`,
  );
  return last.rows[0] ?? null;
}

/** The seq through which a customer's chain is anchored. Not by the entries' time: a clock may jump, a number does not. */
const ANCHORED = sql`
  LEFT JOIN LATERAL (SELECT seq FROM anchor_leaf WHERE customer_id = c.customer_id ORDER BY day DESC LIMIT 1) l ON true`;

/** The earliest time of an entry that no anchor covers yet. */
export async function firstUnanchored(db: Db): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    SELECT min(e.at) AS at FROM customer c ${ANCHORED}
      JOIN evidence e ON e.customer_id = c.customer_id AND e.seq > COALESCE(l.seq, 0)
    WHERE c.evidence_seq > COALESCE(l.seq, 0) -- one row`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * Heads not anchored yet, of the customers after `afterId`: each customer's last entry from before `end`, whatever the time of the
 * entries below it. The hash is of the text that is kept, not the one the customer's row remembers.
 */
export async function unanchoredHeads(db: Db, end: Instant, afterId: Id, limit: number): Promise<(Head & { customerId: Id })[]> {
  const { rows } = await sql<Head & { customerId: Id }>`
    SELECT c.customer_id AS "customerId", c.ref, COALESCE(l.seq, 0) AS after, e.seq,
      encode(sha256(convert_to(e.entry, 'UTF8')), 'hex') AS hash
    FROM customer c ${ANCHORED}
      CROSS JOIN LATERAL (
        SELECT seq, entry FROM evidence
        WHERE customer_id = c.customer_id AND seq > COALESCE(l.seq, 0) AND at < ${formatInstant(end)} ORDER BY seq DESC LIMIT 1
      ) e
    WHERE c.customer_id > ${afterId} AND c.evidence_seq > COALESCE(l.seq, 0) ORDER BY c.customer_id LIMIT ${limit}`.execute(db);
  return rows;
}

export async function insertLeaves(
  trx: Trx,
  day: Day,
  leaves: readonly { customerId: Id; position: number; leaf: string; seq: number }[],
): Promise<void> {
  await sql`
    INSERT INTO anchor_leaf (customer_id, day, position, leaf, seq)
    SELECT u.customer, ${formatDay(day)}::date, u.position, u.leaf, u.seq
    FROM unnest(${leaves.map((l) => l.customerId)}::bigint[], ${leaves.map((l) => l.position)}::int[], ${leaves.map((l) => l.leaf)}::text[],
      ${leaves.map((l) => l.seq)}::int[]) AS u (customer, position, leaf, seq) -- unordered: an insert`.execute(trx);
}

export async function insertAnchor(trx: Trx, anchor: Anchor, madeAt: Instant): Promise<void> {
  const { day, root, leaves, previous, hash } = anchor;
  await sql`
    INSERT INTO anchor (day, root, leaves, previous, hash, made_at)
    VALUES (${formatDay(day)}, ${root}, ${leaves}, ${previous}, ${hash}, ${formatInstant(madeAt)})`.execute(trx);
}

/** The anchors from a day on, in order. */
export async function anchorsFrom(db: Db, from: Day): Promise<Anchor[]> {
  const { rows } = await sql<Anchor>`
    SELECT day, root, leaves, previous, hash FROM anchor WHERE day >= ${formatDay(from)} ORDER BY day`.execute(db);
  return rows;
}

/** A part of a day's leaves, in the order of the tree. */
export async function leavesOfDay(db: Db, day: Day, from: number, limit: number): Promise<string[]> {
  const { rows } = await sql<{ leaf: string }>`
    SELECT leaf FROM anchor_leaf WHERE day = ${formatDay(day)} AND position >= ${from} ORDER BY position LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.leaf);
}

/** Where a leaf stands; two may stand at one position only where somebody changed the tables. */
export interface LeafPlace {
  day: Day;
  position: number;
  customerId: Id;
}

/** Leaves of all days behind a place, in the order of days and trees. */
export async function leavesAfter(db: Db, place: LeafPlace, limit: number): Promise<(LeafPlace & { leaf: string })[]> {
  const { rows } = await sql<LeafPlace & { leaf: string }>`
    SELECT day, position, customer_id AS "customerId", leaf FROM anchor_leaf
    WHERE (day, position, customer_id) > (${formatDay(place.day)}::date, ${place.position}::int, ${place.customerId}::bigint)
    ORDER BY day, position, customer_id LIMIT ${limit}`.execute(db);
  return rows;
}

export interface LeafRow {
  customerId: Id;
  day: Day;
  position: number;
  leaf: string;
  seq: number;
}

/** The leaves of customers, each customer's in the order of days. */
export async function leavesOf(db: Db, ids: readonly Id[]): Promise<LeafRow[]> {
  const { rows } = await sql<LeafRow>`
    SELECT customer_id AS "customerId", day, position, leaf, seq FROM anchor_leaf
    WHERE customer_id = ANY(${ids}::bigint[]) ORDER BY customer_id, day`.execute(db);
  return rows;
}

/** A customer's row, as far as its chain goes. */
export interface ChainHead {
  customerId: Id;
  ref: string;
  seq: number;
  hash: string;
}

/** Customers after an id, with the head their row remembers. */
export async function chainHeads(db: Db, afterId: Id, limit: number): Promise<ChainHead[]> {
  const { rows } = await sql<ChainHead>`
    SELECT customer_id AS "customerId", ref, evidence_seq AS seq, evidence_hash AS hash FROM customer
    WHERE customer_id > ${afterId} ORDER BY customer_id LIMIT ${limit}`.execute(db);
  return rows;
}

export interface EvidenceRow {
  customerId: Id;
  seq: number;
  at: Instant;
  kind: string;
  entry: string;
}

/** Entries of the customers given, in order, after a place among them. */
export async function entriesAfter(
  db: Db,
  ids: readonly Id[],
  place: { customerId: Id; seq: number },
  limit: number,
): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`
    SELECT customer_id AS "customerId", seq, at, kind, entry FROM evidence
    WHERE customer_id = ANY(${ids}::bigint[]) AND (customer_id, seq) > (${place.customerId}, ${place.seq})
    ORDER BY customer_id, seq LIMIT ${limit}`.execute(db);
  return rows;
}

/** Reads what follows as one moment, and changes nothing. */
export function inOneMoment<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);
}

/** A row for people to read: other rows are named by the provider's numbers; `…_at` and `until` are instants, `…_on` and `since` days. */
export type PlainRow = Record<string, unknown>;

async function plain(db: Db, query: ReturnType<typeof sql<PlainRow>>): Promise<PlainRow[]> {
  const { rows } = await query.execute(db);
  const text = (name: string, value: unknown): unknown => {
    if (typeof value !== "number") return value;
    if (name.endsWith("_at") || name.endsWith("until")) return formatInstant(value);
    return name.endsWith("_on") || name === "since" ? formatDay(value) : value;
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(name, value)])));
}

const SERVICE = sql`LEFT JOIN service s ON s.customer_id = x.customer_id AND s.service_id = x.service_id`;
const INVOICE = sql`LEFT JOIN invoice i ON i.customer_id = x.customer_id AND i.invoice_id = x.invoice_id`;

/** Everything kept of one customer's matter as it stands: for the bundle. */
export async function stateOf(db: Db, customerId: Id): Promise<Record<string, PlainRow[]>> {
  const mine = sql`WHERE x.customer_id = ${customerId}`;
  return {
    services: await plain(
      db,
      sql`SELECT ref, name, plan, price_cents, panel, account, desired, desired_cause, actual, suspended_by_us, actual_since AS actual_since_at,
        cancel_asked_at, cancel_on, terminated_at, created_at FROM service x ${mine} ORDER BY service_id`,
    ),
    invoices: await plain(
      db,
      sql`SELECT x.ref, s.ref AS service, issued_on, due_on, amount_cents, paid_cents, fee_paid_cents, currency,
        state, settled_at, reopened_at, clearing_until, x.created_at
        FROM invoice x ${SERVICE} ${mine} ORDER BY due_on, invoice_id`,
    ),
    receipts: await plain(
      db,
      sql`SELECT receipt_id AS id, source, external_id, amount_cents, allocated_cents, credit_cents, refunded_cents, currency, paid_on, settled_on,
        recorded_at, named_invoice AS names_invoice, reason, actor FROM receipt x ${mine} ORDER BY receipt_id`,
    ),
    allocations: await plain(
      db,
      sql`SELECT receipt_id AS receipt, i.ref AS invoice, x.kind, x.amount_cents, allocated_at FROM allocation x ${INVOICE} ${mine} ORDER BY allocation_id`,
    ),
    promises: await plain(
      db,
      sql`SELECT protocol, kind, ARRAY(
          SELECT ref FROM invoice i WHERE i.customer_id = x.customer_id AND i.invoice_id = ANY(x.invoice_ids) ORDER BY invoice_id) AS invoices,
        owed_cents, reason, asked_by, owner, conditions, granted_at, until, state, ended_at FROM promise x ${mine} ORDER BY promise_id`,
    ),
    holds: await plain(
      db,
      sql`SELECT kind, effect, s.ref AS service, i.ref AS invoice, placed_at, placed_by, reason, until, lifted_at, lifted_by
        FROM hold x ${SERVICE} ${INVOICE} ${mine} ORDER BY hold_id`,
    ),
    claims: await plain(
      db,
      sql`SELECT i.ref AS invoice, x.state, received_at, release_until, review_until, ended_at, reason, x.recommendation, x.ended_by,
          (SELECT d.sha256 FROM claim_document d WHERE d.customer_id = x.customer_id AND d.claim_id = x.claim_id) AS file
        FROM claim x ${INVOICE} ${mine} ORDER BY claim_id`,
    ),
    terminations: await plain(
      db,
      sql`SELECT s.ref AS service, i.ref AS invoice, x.state, proposed_at, first_by, first_at, second_by, second_at, ended_at
        FROM termination x ${SERVICE} ${INVOICE} ${mine} ORDER BY termination_id`,
    ),
  };
}

/** The messages decided for a customer, in order, with what became of each and of the notices in it. */
export async function messagesOf(db: Db, customerId: Id): Promise<PlainRow[]> {
  return plain(
    db,
    sql`SELECT payload, state, attempts, unknowns, answer, decided_at, ended_at, (
          SELECT COALESCE(jsonb_agg(jsonb_build_object('step', step, 'warning', warning, 'state', state) ORDER BY key), '[]')
          FROM notice n WHERE n.customer_id = x.customer_id AND n.outbox_id = x.outbox_id) AS notices
        FROM outbox x WHERE x.customer_id = ${customerId} AND kind = 'message' ORDER BY outbox_id`,
  );
}

/** The customer as it is known, and the provider it is a customer of. */
export async function identitiesOf(db: Db, customerId: Id): Promise<{ customer: PlainRow | undefined; provider: PlainRow | undefined }> {
  const columns = sql`ref, name, email, phone, tax_id, lang, since, tags, created_at`;
  const [customer] = await plain(db, sql`SELECT ${columns} FROM customer WHERE customer_id = ${customerId} -- one row`);
  const [provider] = await plain(db, sql`SELECT mode, time_zone, currency, identity, channels FROM provider -- one row`);
  return { customer, provider };
}

/** Policy versions as kept: the source as written, the document as compiled. */
export async function policyVersions(db: Db, versions: readonly string[]): Promise<PlainRow[]> {
  return plain(
    db,
    sql`SELECT version, hash, source, doc, stored_at, stored_by, activated_at, activated_by FROM policy_version
        WHERE version = ANY(${versions}::text[]) ORDER BY stored_at, version`,
  );
}
