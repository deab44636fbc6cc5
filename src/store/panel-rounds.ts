// Going round a panel's accounts: whose turn it is, the services to compare, and the differences found.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** A service tied to an account, and what is recorded of it. */
export interface LinkedService {
  customerId: Id;
  serviceId: Id;
  ref: string;
  customerRef: string;
  panel: string;
  account: string;
  desired: "active" | "suspended";
  actual: "active" | "suspended" | "absent" | "unknown";
  confirmed: "active" | "suspended" | "absent";
  suspendedByUs: boolean;
  /** How often we changed the account's access. */
  accessSeq: number;
  /** A call about it is decided or in flight. */
  busy: boolean;
}

const LINKED = sql`
  s.customer_id AS "customerId", s.service_id AS "serviceId", s.ref, c.ref AS "customerRef", s.panel, s.account, s.desired, s.actual,
  s.confirmed, s.suspended_by_us AS "suspendedByUs", s.access_seq AS "accessSeq", s.call_outbox_id IS NOT NULL AS busy`;

/** Services on a panel in the order of their ids, after one of them. */
export async function linkedServices(db: Db, panel: string, after: Id, limit: number): Promise<LinkedService[]> {
  const { rows } = await sql<LinkedService>`
    SELECT ${LINKED} FROM service s JOIN customer c ON c.customer_id = s.customer_id
    WHERE s.panel = ${panel} AND s.terminated_at IS NULL AND s.service_id > ${after}
    ORDER BY s.service_id LIMIT ${limit}`.execute(db);
  return rows;
}

/** The same service as it is now, inside a unit of work; null: it is tied elsewhere, or ended. */
export async function linkedService(trx: Trx, like: LinkedService): Promise<LinkedService | null> {
  const { rows } = await sql<LinkedService>`
    SELECT ${LINKED} FROM service s JOIN customer c ON c.customer_id = s.customer_id
    WHERE s.customer_id = ${like.customerId} AND s.service_id = ${like.serviceId} AND s.panel = ${like.panel}
      AND s.account = ${like.account} AND s.terminated_at IS NULL -- one row`.execute(trx);
  return rows[0] ?? null;
}

/** Takes what was read over into the service's record. */
export async function recordReading(
  trx: Trx,
  service: LinkedService,
  read: { actual: "active" | "suspended" | "absent"; suspendedByUs: boolean; at: Instant },
): Promise<void> {
  await sql`
    UPDATE service SET actual = ${read.actual}, confirmed = ${read.actual}, suspended_by_us = ${read.suspendedByUs},
      actual_since = CASE WHEN actual IS DISTINCT FROM ${read.actual} THEN ${ts(read.at)} ELSE actual_since END
    WHERE customer_id = ${service.customerId} AND service_id = ${service.serviceId}`.execute(trx);
}

export type DifferenceKind = "suspended_by_other" | "open_though_suspended" | "down_though_active" | "absent" | "unread";

/** Notes a difference: a new one, or the same seen again. Every other open one of the service has ended. */
export async function noteDifference(
  trx: Trx,
  service: LinkedService,
  found: { kind: DifferenceKind; cause: string } | null,
  at: Instant,
): Promise<void> {
  const { customerId, serviceId, panel, account } = service;
  await sql`
    UPDATE panel_difference SET ended_at = ${ts(at)}
    WHERE customer_id = ${customerId} AND service_id = ${serviceId} AND ended_at IS NULL AND kind IS DISTINCT FROM ${found?.kind ?? null}`.execute(
    trx,
  );
  if (!found) return;
  const again = await sql`
    UPDATE panel_difference SET seen_at = ${ts(at)}, times = times + 1, cause = ${found.cause}, panel = ${panel}, account = ${account}
    WHERE customer_id = ${customerId} AND service_id = ${serviceId} AND kind = ${found.kind} AND ended_at IS NULL`.execute(trx);
  if (Number(again.numAffectedRows) > 0) return;
  await sql`
    INSERT INTO panel_difference (customer_id, service_id, kind, found_at, panel, account, cause, seen_at)
    VALUES (${customerId}, ${serviceId}, ${found.kind}, ${ts(at)}, ${panel}, ${account}, ${found.cause}, ${ts(at)})
    ON CONFLICT (customer_id, service_id, kind, found_at) DO UPDATE SET ended_at = NULL, seen_at = excluded.seen_at`.execute(trx);
}

export interface Difference {
  customerRef: string;
  serviceRef: string;
  panel: string;
  account: string;
  kind: DifferenceKind;
  cause: string;
  foundAt: Instant;
  seenAt: Instant;
  times: number;
  endedAt: Instant | null;
}

/** Differences, the oldest first; those that ended only when asked for. */
export async function listDifferences(db: Db, ask: { panel: string | null; ended: boolean; limit: number }): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    SELECT c.ref AS "customerRef", s.ref AS "serviceRef", d.panel, d.account, d.kind, d.cause, d.found_at AS "foundAt", d.seen_at AS "seenAt",
      d.times, d.ended_at AS "endedAt"
    FROM panel_difference d JOIN customer c ON c.customer_id = d.customer_id
      JOIN service s ON s.customer_id = d.customer_id AND s.service_id = d.service_id
    WHERE (${ask.panel}::text IS NULL OR d.panel = ${ask.panel}) AND (${ask.ended} OR d.ended_at IS NULL)
    ORDER BY d.found_at, s.ref, d.kind LIMIT ${ask.limit}`.execute(db);
  return rows;
}

export interface Round {
  panel: string;
  afterService: Id;
  begunAt: Instant | null;
  read: number;
}

/** Takes a panel's round when its time has come, for this process alone until then; null: it is not due, or another has it. */
export async function takeRound(db: Db, panel: string, take: { now: Instant; until: Instant }): Promise<Round | null> {
  await sql`INSERT INTO panel_round (panel, not_before) VALUES (${panel}, ${ts(take.now)}) ON CONFLICT (panel) DO NOTHING`.execute(db);
  const { rows } = await sql<Round>`
    UPDATE panel_round SET not_before = ${ts(take.until)}, begun_at = COALESCE(begun_at, ${ts(take.now)})
    WHERE panel = ${panel} AND not_before <= ${ts(take.now)}
    RETURNING panel, after_service AS "afterService", begun_at AS "begunAt", read -- one row`.execute(db);
  return rows[0] ?? null;
}

/** The round came so far; `finishedAt`: it ended, and the next begins at the first service. */
export async function moveRound(
  db: Db,
  panel: string,
  moved: { afterService: Id; read: number; notBefore: Instant; answer: string | null; finishedAt: Instant | null },
): Promise<void> {
  await sql`
    UPDATE panel_round SET after_service = ${moved.finishedAt === null ? moved.afterService : 0}, read = ${moved.finishedAt === null ? moved.read : 0},
      begun_at = CASE WHEN ${moved.finishedAt !== null} THEN NULL ELSE begun_at END,
      finished_at = COALESCE(${moved.finishedAt === null ? null : ts(moved.finishedAt)}::timestamptz, finished_at),
      not_before = ${ts(moved.notBefore)}, answer = ${moved.answer === null ? null : moved.answer.slice(0, 500)}
    WHERE panel = ${panel}`.execute(db);
}

export interface PanelStanding {
  panel: string;
  services: number;
  differences: number;
  roundFinishedAt: Instant | null;
  roundAnswer: string | null;
}

/** How things stand with each panel that services or rounds name. */
export async function panelStandings(db: Db): Promise<PanelStanding[]> {
  const { rows } = await sql<PanelStanding>`
    SELECT n.panel, count(s.service_id) AS services,
      (SELECT count(*) FROM panel_difference d WHERE d.panel = n.panel AND d.ended_at IS NULL) AS differences,
      r.finished_at AS "roundFinishedAt", r.answer AS "roundAnswer"
    FROM (SELECT panel FROM service WHERE panel IS NOT NULL UNION SELECT panel FROM panel_round) n
      LEFT JOIN service s ON s.panel = n.panel AND s.terminated_at IS NULL LEFT JOIN panel_round r ON r.panel = n.panel
    GROUP BY n.panel, r.finished_at, r.answer ORDER BY n.panel`.execute(db);
  return rows;
}

/** A person wants the panel's accounts compared now, from the first. */
export async function dueNow(db: Db, panel: string, now: Instant): Promise<void> {
  await sql`
    INSERT INTO panel_round (panel, not_before) VALUES (${panel}, ${ts(now)})
    ON CONFLICT (panel) DO UPDATE SET not_before = excluded.not_before, after_service = 0, read = 0, begun_at = NULL`.execute(db);
}
