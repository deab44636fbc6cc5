// Customers as rows: looked up by the provider's own numbers, set aside when deciding them fails.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** Sets a customer aside: a person is told, and it is tried again later. */
export async function markFault(db: Db, customerId: Id, fault: string, retryAt: Instant): Promise<void> {
  await sql`UPDATE customer SET fault = ${fault.slice(0, 2000)}, next_check_at = ${ts(retryAt)}, version = version + 1
    WHERE customer_id = ${customerId}`.execute(db);
}

/** Finds the row behind one of the provider's own numbers; null when there is none. */
export async function findRef(db: Db, kind: "customer" | "service" | "invoice", ref: string): Promise<{ customerId: Id; id: Id } | null> {
  const { rows } = await sql<{ customerId: Id; id: Id }>`
    SELECT customer_id AS "customerId", row_id AS id FROM ref_index WHERE kind = ${kind} AND ref = ${ref} -- one row`.execute(db);
  return rows[0] ?? null;
}
