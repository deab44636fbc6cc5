// The outbox: what is to be done outside, claimed under a lease, and how each attempt ended.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, tsOrNull, type Db, type Trx } from "./database.ts";

export interface OutboxRow {
  customerId: Id;
  id: Id;
  kind: "message" | "access" | "terminate";
  serviceId: Id | null;
  payload: string;
  attempts: number;
  /** Attempts whose end nobody knows: a lost answer, or a worker that died with the call in flight. */
  unknowns: number;
}

export interface Candidate {
  customerId: Id;
  id: Id;
  kind: OutboxRow["kind"];
}

/** Open rows whose time has come and that nobody holds, oldest first. `range`: only those of one wake-up, of its panel calls if it is urgent. */
export async function claimable(
  db: Db,
  options: { now: Instant; motorNow: Instant; limit: number; range?: { from: Id; to: Id; urgent?: boolean } | undefined },
): Promise<Candidate[]> {
  const { range } = options;
  const { rows } = await sql<Candidate>`
    SELECT customer_id AS "customerId", outbox_id AS id, kind FROM outbox
    WHERE state = 'open' AND not_before <= ${ts(options.now)} AND (lease_until IS NULL OR lease_until < ${ts(options.motorNow)})
      ${range ? sql`AND outbox_id BETWEEN ${range.from} AND ${range.to}` : sql``} ${range?.urgent ? sql`AND kind = 'access'` : sql``}
    ORDER BY outbox_id LIMIT ${options.limit}`.execute(db);
  return rows;
}

/** Takes rows under a lease; another dispatcher may have been faster. A row whose lease ran out counts an unknown. */
export async function leaseRows(
  trx: Trx,
  candidates: readonly Candidate[],
  lease: { token: string; until: Instant; now: Instant; motorNow: Instant },
): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    UPDATE outbox o SET lease = ${lease.token}, lease_until = ${ts(lease.until)}, attempts = o.attempts + 1,
      unknowns = o.unknowns + (o.lease IS NOT NULL)::int
    FROM unnest(${candidates.map((c) => c.customerId)}::bigint[], ${candidates.map((c) => c.id)}::bigint[]) AS u (customer, id)
    WHERE o.customer_id = u.customer AND o.outbox_id = u.id AND o.state = 'open' AND o.not_before <= ${ts(lease.now)}
      AND (o.lease_until IS NULL OR o.lease_until < ${ts(lease.motorNow)})
    RETURNING o.customer_id AS "customerId", o.outbox_id AS id, o.kind, o.service_id AS "serviceId", o.payload, o.attempts, o.unknowns
    -- unordered: sorted below`.execute(trx);
  return rows.sort((a, b) => a.id - b.id);
}

/**
 * Messages under the same key whose end nobody knows, and that were superseded since: what is sent now may be the second that arrives.
 * (A panel call has no such past: its key is its service's for good.)
 */
export async function unknownBefore(trx: Trx, rows: readonly OutboxRow[]): Promise<Map<Id, number>> {
  const messages = rows.filter((row) => row.kind === "message");
  if (messages.length === 0) return new Map();
  const { rows: found } = await sql<{ id: Id; unknowns: number }>`
    SELECT o.outbox_id AS id, sum(b.unknowns) AS unknowns FROM outbox o
      JOIN outbox b ON b.customer_id = o.customer_id AND b.key = o.key AND b.kind = 'message' AND b.state = 'superseded' AND b.unknowns > 0
    WHERE o.customer_id = ANY(${messages.map((row) => row.customerId)}::bigint[]) AND o.outbox_id = ANY(${messages.map((row) => row.id)}::bigint[])
    GROUP BY o.outbox_id ORDER BY o.outbox_id`.execute(trx);
  return new Map(found.map((row) => [row.id, row.unknowns]));
}

/** A service taken for one panel call. */
export interface TakenService {
  customerId: Id;
  serviceId: Id;
  ref: string;
  panel: string;
  account: string;
  suspendedByUs: boolean;
  /** What is known of it now; after a lost answer nothing. */
  actual: "active" | "suspended" | "absent" | "unknown";
  /** What the panel was last read to say; a lost answer does not change it. */
  confirmed: "active" | "suspended" | "absent";
  /** Until then a call that was given up may still be carried out. */
  landingUntil: Instant | null;
}

/**
 * One panel call per service in flight: takes the services that nobody calls now. `landedBy`: by then what a dead holder may have asked of the
 * panel is carried out, where it had begun a suspension of which nobody knows the end.
 */
export async function leaseServices(
  trx: Trx,
  wanted: readonly { customerId: Id; serviceId: Id }[],
  lease: { token: string; until: Instant; motorNow: Instant; landedBy: Instant },
): Promise<TakenService[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<TakenService>`
    UPDATE service s SET call_lease = ${lease.token}, call_lease_until = ${ts(lease.until)},
      landing_until = CASE WHEN s.call_lease IS NOT NULL AND s.actual = 'unknown' THEN ${ts(lease.landedBy)} ELSE s.landing_until END
    FROM unnest(${wanted.map((w) => w.customerId)}::bigint[], ${wanted.map((w) => w.serviceId)}::bigint[]) AS u (customer, service)
    WHERE s.customer_id = u.customer AND s.service_id = u.service AND s.panel IS NOT NULL AND s.terminated_at IS NULL
      AND (s.call_lease_until IS NULL OR s.call_lease_until < ${ts(lease.motorNow)})
    RETURNING s.customer_id AS "customerId", s.service_id AS "serviceId", s.ref, s.panel, s.account, s.suspended_by_us AS "suspendedByUs",
      s.actual, s.confirmed, s.landing_until AS "landingUntil"
    -- unordered: looked up by id`.execute(trx);
  return rows;
}

/** Holds the leases of a dispatcher that is still at work. */
export async function renewLeases(db: Db, token: string, until: Instant): Promise<void> {
  await sql`UPDATE outbox SET lease_until = ${ts(until)} WHERE lease = ${token} AND state = 'open'`.execute(db);
  await sql`UPDATE service SET call_lease_until = ${ts(until)} WHERE call_lease = ${token}`.execute(db);
}

/** How an attempt ended, as the outbox keeps it. */
export interface AttemptEnd {
  customerId: Id;
  id: Id;
  /** `open`: to be tried again at `notBefore`. */
  state: "open" | "done" | "refused" | "superseded";
  unknown: boolean;
  /** False: nothing was asked of the outside. Waiting for one's turn is no attempt, or the first that fails would wait an hour for the next. */
  tried: boolean;
  notBefore: Instant;
  answer: string;
  endedAt: Instant;
}

/** Records ends for rows still under the lease; answers the ids that were. A zombie whose lease was taken over changes nothing. */
export async function endAttempts(trx: Trx, token: string, ends: readonly AttemptEnd[]): Promise<Set<Id>> {
  if (ends.length === 0) return new Set();
  const { rows } = await sql<{ outbox_id: Id }>`
    UPDATE outbox o SET state = u.state, lease = NULL, lease_until = NULL, unknowns = o.unknowns + u.unknown::int,
      attempts = o.attempts - (NOT u.tried)::int, not_before = u.not_before, answer = u.answer, ended_at = CASE WHEN u.state = 'open' THEN NULL ELSE u.ended END
    FROM unnest(${ends.map((e) => e.customerId)}::bigint[], ${ends.map((e) => e.id)}::bigint[], ${ends.map((e) => e.state)}::text[],
      ${ends.map((e) => e.unknown)}::bool[], ${ends.map((e) => e.tried)}::bool[], ${ends.map((e) => ts(e.notBefore))}::timestamptz[],
      ${ends.map((e) => e.answer)}::text[], ${ends.map((e) => ts(e.endedAt))}::timestamptz[])
      AS u (customer, id, state, unknown, tried, not_before, answer, ended)
    WHERE o.customer_id = u.customer AND o.outbox_id = u.id AND o.lease = ${token}
    RETURNING o.outbox_id -- unordered: gathered in a set`.execute(trx);
  return new Set(rows.map((row) => row.outbox_id));
}

/**
 * Writes down that the panel is about to be asked to suspend, as far as the service is still the holder's. Whoever dies from here on leaves a
 * service of which nobody knows whether it is down, and that it would be by us. False: somebody else has it now, and nothing may be asked.
 */
export async function beginSuspension(db: Db, token: string, service: { customerId: Id; serviceId: Id }): Promise<boolean> {
  const begun = await sql`
    UPDATE service SET actual = 'unknown', suspended_by_us = true
    WHERE customer_id = ${service.customerId} AND service_id = ${service.serviceId} AND call_lease = ${token}`.execute(db);
  return Number(begun.numAffectedRows) === 1;
}

/** Gives services back. */
export async function releaseServices(trx: Trx, token: string, services: readonly { customerId: Id; serviceId: Id }[]): Promise<void> {
  if (services.length === 0) return;
  await sql`
    UPDATE service s SET call_lease = NULL, call_lease_until = NULL
    FROM unnest(${services.map((s) => s.customerId)}::bigint[], ${services.map((s) => s.serviceId)}::bigint[]) AS u (customer, service)
    WHERE s.customer_id = u.customer AND s.service_id = u.service AND s.call_lease = ${token}`.execute(trx);
}

/** Marks the notices of outbox rows. */
export async function endNotices(
  trx: Trx,
  ends: readonly { customerId: Id; outboxId: Id; state: "accepted" | "undeliverable" | "superseded"; at: Instant }[],
): Promise<void> {
  if (ends.length === 0) return;
  await sql`
    UPDATE notice n SET state = u.state, ended_at = u.at
    FROM unnest(${ends.map((e) => e.customerId)}::bigint[], ${ends.map((e) => e.outboxId)}::bigint[], ${ends.map((e) => e.state)}::text[],
      ${ends.map((e) => ts(e.at))}::timestamptz[]) AS u (customer, outbox, state, at)
    WHERE n.customer_id = u.customer AND n.outbox_id = u.outbox AND n.state = 'pending'`.execute(trx);
}

/** What a panel was seen to say of a service after a call. */
export interface SeenAccess {
  customerId: Id;
  serviceId: Id;
  outboxId: Id;
  /** Null: the answer was lost; what is there is unknown. */
  actual: "active" | "suspended" | "absent" | null;
  suspendedByUs: boolean;
  /** Until when a call that was given up just now may still be carried out; null: none was. */
  landingUntil: Instant | null;
  /** We changed it: a change is counted, and announced once. */
  changed: boolean;
  /** No further attempt will be made under this row. */
  ended: boolean;
  at: Instant;
}

export async function recordAccess(trx: Trx, seen: readonly SeenAccess[]): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    UPDATE service s SET actual = COALESCE(u.actual, 'unknown'), confirmed = COALESCE(u.actual, s.confirmed), suspended_by_us = u.by_us,
      landing_until = GREATEST(s.landing_until, u.landing),
      actual_since = CASE WHEN s.actual IS DISTINCT FROM COALESCE(u.actual, 'unknown') THEN u.at ELSE s.actual_since END,
      access_seq = s.access_seq + u.changed::int,
      call_outbox_id = CASE WHEN u.ended AND s.call_outbox_id = u.outbox THEN NULL ELSE s.call_outbox_id END
    FROM unnest(${seen.map((s) => s.customerId)}::bigint[], ${seen.map((s) => s.serviceId)}::bigint[], ${seen.map((s) => s.outboxId)}::bigint[],
      ${seen.map((s) => s.actual)}::text[], ${seen.map((s) => s.suspendedByUs)}::bool[], ${seen.map((s) => s.changed)}::bool[],
      ${seen.map((s) => s.ended)}::bool[], ${seen.map((s) => ts(s.at))}::timestamptz[], ${seen.map((s) => tsOrNull(s.landingUntil))}::timestamptz[])
      AS u (customer, service, outbox, actual, by_us, changed, ended, at, landing)
    WHERE s.customer_id = u.customer AND s.service_id = u.service`.execute(trx);
}

/** A superseded panel call waits for nothing any more. */
export async function dropCalls(trx: Trx, rows: readonly { customerId: Id; serviceId: Id; outboxId: Id }[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    UPDATE service s SET call_outbox_id = NULL
    FROM unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.serviceId)}::bigint[], ${rows.map((r) => r.outboxId)}::bigint[])
      AS u (customer, service, outbox)
    WHERE s.customer_id = u.customer AND s.service_id = u.service AND s.call_outbox_id = u.outbox`.execute(trx);
}
