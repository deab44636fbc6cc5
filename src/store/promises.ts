// Promises as rows: a granted one inserted, a running one cancelled by staff; kept and broken are written by the decision.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { PromiseKind } from "../policy/facts.ts";
import { ts, type Trx } from "./database.ts";

export interface NewPromise {
  id: Id;
  customerId: Id;
  protocol: string;
  kind: PromiseKind;
  invoiceIds: readonly Id[];
  owed: Cents;
  /** Why more time was asked for, in the customer's or staff's words. */
  reason: string;
  askedBy: string;
  /** Who answers for it. */
  owner: string;
  /** The conditions as they were shown, as JSON. */
  conditions: string;
  grantedAt: Instant;
  until: Instant;
  overWeekend: boolean;
}

export async function insertPromise(trx: Trx, promise: NewPromise): Promise<void> {
  await sql`
    INSERT INTO promise (customer_id, promise_id, protocol, kind, invoice_ids, owed_cents, reason, asked_by, owner, conditions, granted_at,
      until, over_weekend)
    VALUES (${promise.customerId}, ${promise.id}, ${promise.protocol}, ${promise.kind}, ${promise.invoiceIds}::bigint[], ${promise.owed},
      ${promise.reason}, ${promise.askedBy}, ${promise.owner}, ${promise.conditions}, ${ts(promise.grantedAt)}, ${ts(promise.until)},
      ${promise.overWeekend})`.execute(trx);
}

/** Cancels a running promise; false when it does not run. */
export async function markPromiseCancelled(trx: Trx, customerId: Id, promiseId: Id, at: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE promise SET state = 'cancelled', ended_at = ${ts(at)}
    WHERE customer_id = ${customerId} AND promise_id = ${promiseId} AND state = 'running'`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}
