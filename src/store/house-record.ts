// The record of the house as rows: appended one behind the other, each naming the hash of the one before, and read newest first.
import { sql } from "kysely";
import { HOUSE_GENESIS, houseHash, type HouseAct, type HouseRow } from "../kernel/house-record.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import type { Db, Trx } from "./database.ts";
import { together } from "./driver.ts";

const RECORD_LOCK = 7_308_905;

const COLUMNS = sql`seq, at, actor, kind, subject, body->'before' AS before, body->'after' AS after, prev, hash`;

/**
 * Adds a row in the transaction of the change it tells of: with it, or not at all. Writers take turns from here until their transactions end,
 * so this is the last thing a transaction does.
 */
export async function appendToRecord(trx: Trx, act: HouseAct, at: Instant): Promise<void> {
  const [, last] = await together(
    trx,
    sql`SELECT pg_advisory_xact_lock(${RECORD_LOCK}) -- one row`,
    sql<{ seq: number; hash: string }>`SELECT seq, hash FROM house_record ORDER BY seq DESC LIMIT 1`,
  );
  const { seq, hash: prev } = last.rows[0] ?? { seq: 0, hash: HOUSE_GENESIS };
  const row = { ...act, seq: seq + 1, at, prev };
  const body = JSON.stringify({ before: act.before, after: act.after });
  await sql`
    INSERT INTO house_record (seq, at, actor, kind, subject, body, prev, hash)
    VALUES (${row.seq}, ${formatInstant(at)}, ${act.actor}, ${act.kind}, ${act.subject}, ${body}::jsonb, ${prev}, ${houseHash(row)})`.execute(
    trx,
  );
}

/** Newest first; `before`: rows older than that one. */
export async function listRecord(db: Db, before: number | null, limit: number): Promise<HouseRow[]> {
  const { rows } = await sql<HouseRow>`
    SELECT ${COLUMNS} FROM house_record WHERE ${before}::bigint IS NULL OR seq < ${before}::bigint ORDER BY seq DESC LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

/** In the order of the chain. */
export async function recordAfter(db: Db, seq: number, limit: number): Promise<HouseRow[]> {
  const { rows } = await sql<HouseRow>`SELECT ${COLUMNS} FROM house_record WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`.execute(db);
  return rows;
}
