// The breaker's state, and the suspensions started lately.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface BreakerState {
  trippedAt: Instant | null;
  because: string | null;
  approvedUntil: Instant | null;
  approvedBy: string | null;
}

export async function readBreaker(db: Db): Promise<BreakerState> {
  const { rows } = await sql<BreakerState>`
    SELECT tripped_at AS "trippedAt", because, approved_until AS "approvedUntil", approved_by AS "approvedBy" FROM breaker -- one row`.execute(
    db,
  );
  return rows[0] ?? { trippedAt: null, because: null, approvedUntil: null, approvedBy: null };
}

export async function tripBreaker(db: Db, at: Instant, because: string): Promise<void> {
  await sql`
    INSERT INTO breaker (one, tripped_at, because) VALUES (true, ${ts(at)}, ${because})
    ON CONFLICT (one) DO UPDATE SET tripped_at = COALESCE(breaker.tripped_at, excluded.tripped_at), because = excluded.because`.execute(db);
}

/** A person lets suspensions go on, for a while. */
export async function approveBreaker(db: Db, by: string, at: Instant, until: Instant): Promise<void> {
  await sql`
    INSERT INTO breaker (one, approved_by, approved_at, approved_until) VALUES (true, ${by}, ${ts(at)}, ${ts(until)})
    ON CONFLICT (one) DO UPDATE SET tripped_at = NULL, because = NULL, approved_by = excluded.approved_by,
      approved_at = excluded.approved_at, approved_until = excluded.approved_until`.execute(db);
}

/** Suspensions started since an instant, and how many services there are to suspend. */
export async function suspensionRate(db: Db, since: Instant): Promise<{ started: number; services: number }> {
  const { rows } = await sql<{ started: number; services: number }>`
    SELECT (SELECT count(*) FROM suspension_start WHERE started_at > ${ts(since)}) AS started,
      (SELECT count(*) FROM service WHERE panel IS NOT NULL AND terminated_at IS NULL) AS services -- one row`.execute(db);
  return rows[0] ?? { started: 0, services: 0 };
}

export async function recordStarts(trx: Trx, services: readonly { customerId: Id; serviceId: Id }[], at: Instant): Promise<void> {
  if (services.length === 0) return;
  await sql`
    INSERT INTO suspension_start (customer_id, service_id, started_at)
    SELECT u.customer, u.service, ${ts(at)}::timestamptz FROM unnest(${services.map((s) => s.customerId)}::bigint[], ${services.map((s) => s.serviceId)}::bigint[])
      AS u (customer, service)
    -- unordered: an insert
    ON CONFLICT DO NOTHING`.execute(trx);
}
