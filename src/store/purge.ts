// Removes what is kept for a while only: the count of an hour's suspensions, and answers to requests that nobody repeats any more.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** Answers how many went. */
export async function purgeSuspensionStarts(db: Db, before: Instant): Promise<number> {
  const gone = await sql`DELETE FROM suspension_start WHERE started_at < ${ts(before)}`.execute(db);
  return Number(gone.numAffectedRows);
}

/** Answers how many went. */
export async function purgeRequests(db: Db, before: Instant): Promise<number> {
  const gone = await sql`DELETE FROM idempotency WHERE created_at < ${ts(before)}`.execute(db);
  return Number(gone.numAffectedRows);
}
