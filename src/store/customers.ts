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

/** Whose the provider's own numbers are; those that nobody has are left out. */
export async function findRefs(db: Db, kind: "customer" | "service" | "invoice", refs: readonly string[]): Promise<Map<string, Id>> {
  if (refs.length === 0) return new Map();
  const { rows } = await sql<{ ref: string; customerId: Id }>`
    SELECT ref, customer_id AS "customerId" FROM ref_index WHERE kind = ${kind} AND ref = ANY(${[...refs]}::text[]) ORDER BY ref`.execute(
    db,
  );
  return new Map(rows.map(({ ref, customerId }) => [ref, customerId]));
}

/** Has customers looked at by the next sweep. */
export async function wakeCustomers(trx: Db, customerIds: readonly Id[], now: Instant): Promise<void> {
  await sql`
    UPDATE customer SET next_check_at = LEAST(next_check_at, ${ts(now)}::timestamptz), version = version + 1
    WHERE customer_id = ANY(${customerIds}::bigint[])`.execute(trx);
}

/** Has every customer with something open looked at: after a policy came into force. */
export async function wakeEveryone(trx: Db, now: Instant): Promise<number> {
  const woken = await sql`
    UPDATE customer c SET next_check_at = LEAST(c.next_check_at, ${ts(now)}::timestamptz), version = version + 1
    WHERE EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id AND i.state = 'open')
      OR EXISTS (SELECT 1 FROM hold h WHERE h.customer_id = c.customer_id AND h.lifted_at IS NULL)`.execute(trx);
  return Number(woken.numAffectedRows);
}

/** Lets panel calls that wait be tried at once. */
export async function releaseBlocked(trx: Db, now: Instant): Promise<number> {
  const released = await sql`
    UPDATE outbox SET not_before = ${ts(now)} WHERE state = 'open' AND kind = 'access' AND not_before > ${ts(now)}`.execute(trx);
  return Number(released.numAffectedRows);
}

/** How often a customer's matter was written; null when there is no such customer. */
export async function versionOf(db: Db, customerId: Id): Promise<number | null> {
  const { rows } = await sql<{ version: number }>`SELECT version FROM customer WHERE customer_id = ${customerId} -- one row`.execute(db);
  return rows[0]?.version ?? null;
}
