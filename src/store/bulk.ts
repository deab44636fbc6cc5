// Acts on many customers at once, as rows: the act, the holds it gave, and what came to their customers since.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface BulkActRow {
  id: Id;
  act: "hold" | "lift" | "time";
  customers: number;
  reason: string;
  at: Instant;
  by: string;
}

export async function insertBulkAct(db: Db, row: BulkActRow): Promise<void> {
  await sql`
    INSERT INTO bulk_act (act_id, act, customers, reason, done_at, done_by)
    VALUES (${row.id}, ${row.act}, ${row.customers}, ${row.reason}, ${ts(row.at)}, ${row.by})`.execute(db);
}

export async function readBulkAct(db: Db, id: Id): Promise<BulkActRow | null> {
  const { rows } = await sql<BulkActRow>`
    SELECT act_id AS id, act, customers, reason, done_at AS at, done_by AS by FROM bulk_act WHERE act_id = ${id} -- one row`.execute(db);
  return rows[0] ?? null;
}

export async function insertBulkHold(trx: Trx, row: { customerId: Id; actId: Id; holdId: Id; entry: number }): Promise<void> {
  await sql`
    INSERT INTO bulk_hold (customer_id, act_id, hold_id, entry)
    VALUES (${row.customerId}, ${row.actId}, ${row.holdId}, ${row.entry})`.execute(trx);
}

/** Whom an act gave a hold, in the order of their numbers here. */
export async function bulkHolders(db: Db, actId: Id): Promise<{ customerId: Id; ref: string; name: string }[]> {
  const { rows } = await sql<{ customerId: Id; ref: string; name: string }>`
    SELECT b.customer_id AS "customerId", c.ref, c.name FROM bulk_hold b JOIN customer c ON c.customer_id = b.customer_id
    WHERE b.act_id = ${actId} ORDER BY b.customer_id`.execute(db);
  return rows;
}

/** Marks a customer's part of an act undone, and answers the hold and the entry that tells of it; null where it was undone before. */
export async function markBulkUndone(trx: Trx, customerId: Id, actId: Id, at: Instant): Promise<{ holdId: Id; entry: number } | null> {
  const { rows } = await sql<{ holdId: Id; entry: number }>`
    UPDATE bulk_hold SET undone_at = ${ts(at)} WHERE customer_id = ${customerId} AND act_id = ${actId} AND undone_at IS NULL
    RETURNING hold_id AS "holdId", entry -- one row`.execute(trx);
  return rows[0] ?? null;
}

/**
 * The first thing that somebody did about a customer after an entry of the evidence: money, words, another act. Not counted is what follows
 * from the act or changes nothing: decisions, messages and panel calls on their way, and looks at the record.
 */
export async function firstTouch(trx: Trx, customerId: Id, entry: number): Promise<{ kind: string; at: Instant } | null> {
  const { rows } = await sql<{ kind: string; at: Instant }>`
    SELECT kind, at FROM evidence
    WHERE customer_id = ${customerId} AND seq > ${entry} AND kind NOT IN ('decision', 'record.viewed', 'portal.opened')
      AND kind NOT LIKE 'message.%' AND kind NOT LIKE 'access.%'
    ORDER BY seq LIMIT 1`.execute(trx);
  return rows[0] ?? null;
}
