// What a doctor looks at in the database: the server's own settings, the application's rights, what waits, what was set aside.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { openClient } from "./client.ts";
import type { Db } from "./database.ts";
import type { ChainHead } from "./evidence.ts";
import { INSERT_ONLY } from "./migrate.ts";

export interface ServerHealth {
  /** `18.4`. */
  version: string;
  /** 180004: the number that can be compared. */
  versionNumber: number;
  /** What was committed survives a loss of power only with all three on (`synchronous_commit` may be stronger than on). */
  fsync: string;
  fullPageWrites: string;
  synchronousCommit: string;
  /** Version of the Citus extension; null without it. */
  citus: string | null;
  /** Migrations applied, the last by its name. */
  migrations: number;
  lastMigration: string | null;
  /** Milliseconds by which the server's clock is ahead of ours, give or take half of `roundTrip`. */
  ahead: number;
  roundTrip: number;
}

/** Looks as the owner: the role of the application may not see the session's own start. */
export async function serverHealth(url: string, now: () => Instant): Promise<ServerHealth> {
  const client = await openClient({ connectionString: url, options: "-c timezone=UTC" });
  try {
    const { rows } = await client.query<Omit<ServerHealth, "ahead" | "roundTrip">>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNumber",
         current_setting('fsync') AS fsync, current_setting('full_page_writes') AS "fullPageWrites",
         current_setting('synchronous_commit') AS "synchronousCommit",
         (SELECT extversion FROM pg_extension WHERE extname = 'citus') AS citus,
         (SELECT count(*)::int FROM schema_migration) AS migrations, (SELECT max(name) FROM schema_migration) AS "lastMigration" -- one row`,
    );
    const before = now();
    // The start of this very statement: the server's clock, asked of its list of sessions. No rule reads it, only the doctor.
    const clock = await client.query<{ at: number }>(
      "SELECT (extract(epoch FROM query_start) * 1000)::float8 AS at FROM pg_stat_activity WHERE pid = pg_backend_pid() -- one row",
    );
    const roundTrip = now() - before;
    const ahead = (clock.rows[0]?.at ?? before) - (before + roundTrip / 2);
    return { ...(rows[0] as Omit<ServerHealth, "ahead" | "roundTrip">), ahead: Math.round(ahead), roundTrip };
  } finally {
    await client.end();
  }
}

/** Who the application works as, and what it may do to the evidence beyond adding to it: `UPDATE evidence`. Empty: nothing. */
export async function evidenceRights(db: Db): Promise<{ user: string; tooMuch: string[] }> {
  const { rows } = await sql<{ user: string; right: string | null }>`
    SELECT current_user::text AS user, r.action || ' ' || t.name AS right
    FROM (SELECT current_user) me LEFT JOIN (unnest(${[...INSERT_ONLY]}::text[]) t (name)
      CROSS JOIN unnest('{UPDATE,DELETE,TRUNCATE}'::text[]) r (action)) ON has_table_privilege(current_user, to_regclass(t.name), r.action)
    ORDER BY 2`.execute(db);
  return { user: rows[0]?.user ?? "", tooMuch: rows.flatMap((row) => row.right ?? []) };
}

export interface OutboxHealth {
  open: number;
  /** Open although their time has come, and when the oldest of them was decided. */
  due: number;
  oldestDueAt: Instant | null;
  /** Open rows with attempts behind them, and the answer of the one tried most. */
  retried: number;
  lastAnswer: string | null;
}

export async function outboxHealth(db: Db, now: string): Promise<OutboxHealth> {
  const { rows } = await sql<OutboxHealth>`
    SELECT count(*) AS open, count(*) FILTER (WHERE not_before <= ${now}) AS due,
      min(decided_at) FILTER (WHERE not_before <= ${now}) AS "oldestDueAt", count(*) FILTER (WHERE attempts > 0) AS retried,
      (SELECT answer FROM outbox WHERE state = 'open' AND answer IS NOT NULL ORDER BY attempts DESC, outbox_id LIMIT 1) AS "lastAnswer"
    FROM outbox WHERE state = 'open' -- one row`.execute(db);
  return rows[0] ?? { open: 0, due: 0, oldestDueAt: null, retried: 0, lastAnswer: null };
}

/** Customers in all, those that could not be decided, and the first few of these with why. */
export async function faults(
  db: Db,
  limit: number,
): Promise<{ customers: number; count: number; first: { ref: string; fault: string }[] }> {
  const { rows } = await sql<{ customers: number; count: number }>`
    SELECT count(*) AS customers, count(fault) AS count FROM customer -- one row`.execute(db);
  const first = await sql<{ ref: string; fault: string }>`
    SELECT ref, fault FROM customer WHERE fault IS NOT NULL ORDER BY ref LIMIT ${limit}`.execute(db);
  return { customers: rows[0]?.customers ?? 0, count: rows[0]?.count ?? 0, first: first.rows };
}

/** The panels that services still served name, and how many services each has. */
export async function panelsNamed(db: Db): Promise<{ panel: string; services: number }[]> {
  const { rows } = await sql<{ panel: string; services: number }>`
    SELECT panel, count(*) AS services FROM service WHERE panel IS NOT NULL AND terminated_at IS NULL GROUP BY panel ORDER BY panel`.execute(
    db,
  );
  return rows;
}

/** Customers whose bucket is `from` or follows it, the first of them: another part of the base for another number. */
export async function sampleHeads(db: Db, from: number, limit: number): Promise<ChainHead[]> {
  const { rows } = await sql<ChainHead & { bucket: number }>`
    SELECT customer_id AS "customerId", ref, evidence_seq AS seq, evidence_hash AS hash, bucket FROM customer
    ORDER BY (bucket - ${from}::int + 1024) % 1024, customer_id LIMIT ${limit}`.execute(db);
  return rows;
}
