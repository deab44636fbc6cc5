// What waits in the outbox, for people: of one customer, and the suspensions of all.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** Suspensions decided and not carried out: before the breaker, or on a panel that does not answer. */
export async function suspensionsWaiting(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM outbox
    WHERE state = 'open' AND kind = 'access' AND payload::jsonb ->> 'desired' = 'suspended' -- one row`.execute(db);
  return rows[0]?.count ?? 0;
}

/** What waits in the outbox for one customer and could be done now. */
export async function outboxDue(db: Db, customerId: Id, now: Instant): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT outbox_id AS id FROM outbox WHERE customer_id = ${customerId} AND state = 'open' AND not_before <= ${ts(now)}
    ORDER BY outbox_id`.execute(db);
  return rows.map((row) => row.id);
}
