// Services as rows.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Trx } from "./database.ts";

/** The customer asked to leave. */
export async function markCancellation(trx: Trx, ask: { customerId: Id; serviceId: Id; askedAt: Instant; on: Day }): Promise<void> {
  await sql`UPDATE service SET cancel_asked_at = ${ts(ask.askedAt)}, cancel_on = ${formatDay(ask.on)}
    WHERE customer_id = ${ask.customerId} AND service_id = ${ask.serviceId}`.execute(trx);
}
