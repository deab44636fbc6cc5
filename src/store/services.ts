// Services as rows: cancellations asked, and the matters that are open.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** The customer asked to leave. */
export async function markCancellation(trx: Trx, ask: { customerId: Id; serviceId: Id; askedAt: Instant; on: Day }): Promise<void> {
  await sql`UPDATE service SET cancel_asked_at = ${ts(ask.askedAt)}, cancel_on = ${formatDay(ask.on)}
    WHERE customer_id = ${ask.customerId} AND service_id = ${ask.serviceId}`.execute(trx);
}

/** The customer stays after all. */
export async function clearCancellation(trx: Trx, ask: { customerId: Id; serviceId: Id }): Promise<void> {
  await sql`UPDATE service SET cancel_asked_at = NULL, cancel_on = NULL
    WHERE customer_id = ${ask.customerId} AND service_id = ${ask.serviceId}`.execute(trx);
}

/** The due date of the newest invoice that bills a service; null when there is none. */
export async function latestInvoice(db: Db, customerId: Id, serviceId: Id): Promise<Day | null> {
  const { rows } = await sql<{ dueOn: Day | null }>`
    SELECT max(due_on) AS "dueOn" FROM invoice
    WHERE customer_id = ${customerId} AND service_id = ${serviceId} AND state IN ('open', 'paid') -- one row`.execute(db);
  return rows[0]?.dueOn ?? null;
}

/** A customer's oldest open invoice that is past due, and the service it bills. */
export interface OpenMatter {
  customerRef: string;
  serviceRef: string;
  invoiceRef: string;
  dueOn: Day;
  suspended: boolean;
  cancelling: boolean;
}

/** Overdue matters by the customer's number; for small bases only: it reads them all. */
export async function openMatters(db: Db): Promise<Map<string, OpenMatter>> {
  const { rows } = await sql<OpenMatter>`
    SELECT DISTINCT ON (c.ref) c.ref AS "customerRef", s.ref AS "serviceRef", i.ref AS "invoiceRef", i.due_on AS "dueOn",
      s.actual = 'suspended' AS suspended, s.cancel_asked_at IS NOT NULL AS cancelling
    FROM customer c JOIN invoice i ON i.customer_id = c.customer_id AND i.state = 'open'
      JOIN service s ON s.customer_id = i.customer_id AND s.service_id = i.service_id
    ORDER BY c.ref, i.due_on, i.invoice_id`.execute(db);
  return new Map(rows.map((row) => [row.customerRef, row]));
}
