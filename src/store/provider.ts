// The installation's own row: whose it is, sandbox or live, and where the sandbox's clock stands.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, tsOrNull, type Db } from "./database.ts";

export interface ProviderRow {
  mode: "sandbox" | "live";
  timeZone: string;
  currency: string;
  /** See `Identity` in the engine's setting. */
  identity: unknown;
  sandboxNow: Instant | null;
}

export async function readProvider(db: Db): Promise<ProviderRow | null> {
  const { rows } = await sql<ProviderRow>`
    SELECT mode, time_zone AS "timeZone", currency, identity, sandbox_now AS "sandboxNow" FROM provider -- one row`.execute(db);
  return rows[0] ?? null;
}

export async function insertProvider(db: Db, row: ProviderRow, at: Instant): Promise<boolean> {
  const inserted = await sql`
    INSERT INTO provider (one, mode, time_zone, currency, identity, sandbox_now, created_at)
    VALUES (true, ${row.mode}, ${row.timeZone}, ${row.currency}, ${JSON.stringify(row.identity)}::jsonb, ${tsOrNull(row.sandboxNow)}, ${ts(at)})
    ON CONFLICT (one) DO NOTHING`.execute(db);
  return Number(inserted.numAffectedRows) === 1;
}

/** Moves the sandbox's clock. */
export async function setSandboxNow(db: Db, now: Instant): Promise<void> {
  await sql`UPDATE provider SET sandbox_now = ${ts(now)} WHERE mode = 'sandbox'`.execute(db);
}

/** Remembers the last time the clock was seen, so that a jump is noticed; answers the one before. */
export async function seeClock(db: Db, now: Instant): Promise<Instant | null> {
  const { rows } = await sql<{ before: Instant | null }>`
    WITH old AS (SELECT clock_seen FROM provider FOR UPDATE)
    UPDATE provider p SET clock_seen = ${ts(now)} FROM old RETURNING old.clock_seen AS before -- one row`.execute(db);
  return rows[0]?.before ?? null;
}

export async function markClockJump(db: Db, at: Instant): Promise<void> {
  await sql`UPDATE provider SET clock_jumped_at = ${ts(at)}`.execute(db);
}
