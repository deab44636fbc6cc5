// What the sandbox still has to let happen, and the digest of all that happened.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { Db } from "./database.ts";

/** The next day on which a receipt arrives; null when none will. */
export async function nextArrival(db: Db): Promise<Day | null> {
  const { rows } = await sql<{ day: Day | null }>`SELECT min(arrives_on) AS day FROM sandbox_receipt -- one row`.execute(db);
  return rows[0]?.day ?? null;
}

/** Chain heads by customer number, in pages: what a digest of the whole history is made of. */
export async function chainHeads(db: Db, after: string, limit: number): Promise<{ id: Id; ref: string; hash: string }[]> {
  const { rows } = await sql<{ id: Id; ref: string; hash: string }>`
    SELECT customer_id AS id, ref, evidence_hash AS hash FROM customer WHERE ref > ${after} ORDER BY ref LIMIT ${limit}`.execute(db);
  return rows;
}

/** The earliest instant at which anything waits in the outbox; null when nothing does. */
export async function nextOutboxAt(db: Db): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`SELECT min(not_before) AS at FROM outbox WHERE state = 'open' -- one row`.execute(db);
  return rows[0]?.at ?? null;
}
