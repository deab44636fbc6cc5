// The kept outlook of everybody: one row with the last result, and the lease of whoever works out the next.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** A result as it is kept; what is in it is its writer's matter. */
export interface KeptOutlook<T> {
  /** The instant of the installation's clock at which the facts were read; the first of them, where reading took a while. */
  factsAt: Instant;
  policyVersion: string;
  /** By the machine's clock. */
  begunAt: Instant;
  madeAt: Instant;
  result: T;
}

export interface OutlookRow<T> {
  askedAt: Instant | null;
  wantedAt: Instant | null;
  leaseUntil: Instant | null;
  done: number;
  total: number;
  kept: KeptOutlook<T> | null;
}

interface Read<T> extends Omit<OutlookRow<T>, "kept"> {
  factsAt: Instant | null;
  policyVersion: string;
  begunAt: Instant;
  madeAt: Instant;
  result: T;
}

const EMPTY = { askedAt: null, wantedAt: null, leaseUntil: null, done: 0, total: 0, kept: null };

export async function readOutlook<T>(db: Db): Promise<OutlookRow<T>> {
  const { rows } = await sql<Read<T>>`
    SELECT asked_at AS "askedAt", wanted_at AS "wantedAt", lease_until AS "leaseUntil", done, total, facts_at AS "factsAt",
      policy_version AS "policyVersion", begun_at AS "begunAt", made_at AS "madeAt", result FROM outlook -- one row`.execute(db);
  const [row] = rows;
  if (!row) return EMPTY;
  const { askedAt, wantedAt, leaseUntil, done, total, factsAt, policyVersion, begunAt, madeAt, result } = row;
  return {
    askedAt,
    wantedAt,
    leaseUntil,
    done,
    total,
    kept: factsAt === null ? null : { factsAt, policyVersion, begunAt, madeAt, result },
  };
}

/** Somebody looks: it is kept fresh from now on for a while. */
export async function markAsked(db: Db, at: Instant): Promise<void> {
  await sql`INSERT INTO outlook (asked_at) VALUES (${ts(at)}) ON CONFLICT (one) DO UPDATE SET asked_at = excluded.asked_at`.execute(db);
}

/** Somebody wants what is true now, and not what was kept. */
export async function markWanted(db: Db, at: Instant): Promise<void> {
  await sql`
    INSERT INTO outlook (asked_at, wanted_at) VALUES (${ts(at)}, ${ts(at)})
    ON CONFLICT (one) DO UPDATE SET asked_at = excluded.asked_at, wanted_at = excluded.wanted_at`.execute(db);
}

/** Takes the work on, unless somebody living has it. */
export async function takeOutlook(db: Db, lease: string, now: Instant, until: Instant): Promise<boolean> {
  const taken = await sql`
    UPDATE outlook SET lease = ${lease}, lease_until = ${ts(until)}, done = 0, total = 0
    WHERE lease_until IS NULL OR lease_until <= ${ts(now)}`.execute(db);
  return Number(taken.numAffectedRows) > 0;
}

/** Says how far it is and holds on to it; false: another has it. */
export async function moveOutlook(db: Db, lease: string, done: number, total: number, until: Instant): Promise<boolean> {
  const moved = await sql`
    UPDATE outlook SET done = ${done}, total = ${total}, lease_until = ${ts(until)} WHERE lease = ${lease}`.execute(db);
  return Number(moved.numAffectedRows) > 0;
}

/** Lets go of it without a result. */
export async function dropOutlook(db: Db, lease: string): Promise<void> {
  await sql`UPDATE outlook SET lease = NULL, lease_until = NULL WHERE lease = ${lease}`.execute(db);
}

export async function keepOutlook<T>(db: Db, lease: string, kept: KeptOutlook<T>): Promise<void> {
  await sql`
    UPDATE outlook SET lease = NULL, lease_until = NULL, facts_at = ${ts(kept.factsAt)}, policy_version = ${kept.policyVersion},
      begun_at = ${ts(kept.begunAt)}, made_at = ${ts(kept.madeAt)}, result = ${JSON.stringify(kept.result)}::jsonb
    WHERE lease = ${lease}`.execute(db);
}
