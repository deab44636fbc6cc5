// Counts over the whole installation: for the monitoring, and for the first screen a person sees.
import { sql } from "kysely";
import type { Cents } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** What waits, by kind. */
export interface OutboxLoad {
  kind: "message" | "access" | "terminate";
  open: number;
  /** Since when the oldest could have been done; null when all wait for a later time. */
  oldestAt: Instant | null;
}

/** By index over the open rows: what is done costs nothing. */
export async function outboxLoad(db: Db, now: Instant): Promise<OutboxLoad[]> {
  const { rows } = await sql<OutboxLoad>`
    SELECT kind, count(*) AS open, min(not_before) FILTER (WHERE not_before <= ${ts(now)}) AS "oldestAt"
    FROM outbox WHERE state = 'open' GROUP BY kind ORDER BY kind`.execute(db);
  return rows;
}

/** Customers whose time has come and who wait to be decided. */
export async function countDue(db: Db, now: Instant): Promise<number> {
  const { rows } = await sql<{ due: number }>`SELECT count(*) AS due FROM customer WHERE next_check_at <= ${ts(now)} -- one row`.execute(
    db,
  );
  return rows[0]?.due ?? 0;
}

/** The names of the migrations applied. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM schema_migration ORDER BY name`.execute(db);
  return rows.map((row) => row.name);
}

/** What the ladder did so far. */
export interface StoryCounts {
  customers: number;
  withDebt: number;
  suspended: number;
  receipts: number;
  received: Cents;
  promisesKept: number;
  promisesBroken: number;
  promisesRunning: number;
}

export async function countStory(db: Db): Promise<StoryCounts> {
  const { rows } = await sql<StoryCounts>`
    SELECT (SELECT count(*) FROM customer) AS customers,
      (SELECT count(DISTINCT customer_id) FROM invoice WHERE state = 'open') AS "withDebt",
      (SELECT count(*) FROM service WHERE confirmed = 'suspended' AND suspended_by_us AND terminated_at IS NULL) AS suspended,
      (SELECT count(*) FROM receipt) AS receipts,
      (SELECT COALESCE(sum(amount_cents), 0)::bigint FROM receipt) AS received,
      (SELECT count(*) FROM promise WHERE state = 'kept') AS "promisesKept",
      (SELECT count(*) FROM promise WHERE state = 'broken') AS "promisesBroken",
      (SELECT count(*) FROM promise WHERE state = 'running') AS "promisesRunning" -- one row`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("counts without a row");
  return row;
}

/** Notices that were accepted, by the step they are of, the most frequent first. */
export async function countNotices(db: Db): Promise<{ step: string; notices: number }[]> {
  const { rows } = await sql<{ step: string; notices: number }>`
    SELECT step, count(*) AS notices FROM notice WHERE state = 'accepted' GROUP BY step ORDER BY notices DESC, step`.execute(db);
  return rows;
}

/** A customer worth looking at: one whose promise ended and whose service is down, else the one with the longest story. */
export async function tellingCustomer(db: Db): Promise<string | null> {
  const { rows } = await sql<{ ref: string }>`
    SELECT c.ref FROM customer c
    ORDER BY EXISTS (
        SELECT 1 FROM service s WHERE s.customer_id = c.customer_id AND s.confirmed = 'suspended' AND s.suspended_by_us) DESC,
      EXISTS (SELECT 1 FROM promise p WHERE p.customer_id = c.customer_id AND p.state IN ('kept', 'broken')) DESC,
      c.evidence_seq DESC, c.customer_id
    LIMIT 1`.execute(db);
  return rows[0]?.ref ?? null;
}

/** A suspended customer whose matter one payment settles, as far as there is one: for a look at the portal. */
export async function portalCustomer(db: Db): Promise<string | null> {
  const { rows } = await sql<{ ref: string }>`
    SELECT c.ref FROM customer c
      JOIN service s ON s.customer_id = c.customer_id AND s.confirmed = 'suspended' AND s.suspended_by_us
    ORDER BY (SELECT count(*) FROM invoice i WHERE i.customer_id = c.customer_id AND i.state = 'open'), c.customer_id
    LIMIT 1`.execute(db);
  return rows[0]?.ref ?? null;
}
