// A customer's past as it is kept, for playing it again under another policy. Reads only, a page of customers at a time.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Channel, ClaimFacts, HoldFacts, InvoiceFacts, PromiseFacts, ServiceFacts } from "../policy/facts.ts";
import { idArray } from "./columns.ts";
import { ts, type Db } from "./database.ts";
import { together } from "./driver.ts";

type Owned<T> = T & { customerId: Id };

export interface PastRows {
  services: Owned<ServiceFacts & { endedAt: Instant | null; cancelAskedAt: Instant | null }>[];
  invoices: Owned<InvoiceFacts & { endedAt: Instant | null }>[];
  money: Owned<{ at: Instant; invoiceId: Id; cents: Cents }>[];
  holds: Owned<HoldFacts & { liftedAt: Instant | null }>[];
  promises: Owned<PromiseFacts & { cancelledAt: Instant | null }>[];
  claims: Owned<ClaimFacts & { invoiceRef: string; end: "confirmed" | "contradicted" | "refused" | null; endedAt: Instant | null }>[];
  undeliverable: Owned<{ channel: Channel }>[];
  /** What really was told and taken down in the window. */
  real: Owned<{ messages: number; suspensions: number }>[];
}

/** One customer in `every`, by a hash of its id: numbers come in runs, and any step over them could meet a pattern. */
const oneIn = (every: number) => sql`(hashint8(customer_id) & 2147483647) % ${every}::int = 0`;

/** How many customers there are, or one in so many of them. */
export async function countOneIn(db: Db, every: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM customer WHERE ${oneIn(every)} -- one row`.execute(db);
  return rows[0]?.count ?? 0;
}

/** One customer in so many, after one. */
export async function customersOneIn(db: Db, every: number, after: Id, limit: number): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT customer_id AS id FROM customer WHERE customer_id > ${after} AND ${oneIn(every)} ORDER BY customer_id LIMIT ${limit}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Invoices still owed at the window's beginning or issued since, and everything about them. */
export async function readPasts(db: Db, customers: readonly Id[], window: { from: Instant; to: Instant }): Promise<PastRows> {
  const ids = idArray(customers);
  const mine = sql`customer_id = ANY(${ids}::bigint[])`;
  const inWindow = (column: string) => sql`${sql.ref(column)} BETWEEN ${ts(window.from)} AND ${ts(window.to)}`;
  const wanted = sql`state IN ('open', 'paid', 'void', 'written_off') AND (settled_at IS NULL OR settled_at >= ${ts(window.from)})`;
  const [services, invoices, money, holds, promises, claims, undeliverable, real] = await together<
    [
      PastRows["services"][number],
      PastRows["invoices"][number],
      PastRows["money"][number],
      PastRows["holds"][number],
      PastRows["promises"][number],
      PastRows["claims"][number],
      PastRows["undeliverable"][number],
      PastRows["real"][number],
    ]
  >(
    db,
    sql`SELECT customer_id AS "customerId", service_id AS id, ref, name, plan, panel IS NOT NULL AS linked, 'active' AS desired,
        CASE WHEN actual = 'suspended' AND NOT suspended_by_us THEN 'suspended' ELSE 'active' END AS actual, false AS "suspendedByUs",
        0 AS "accessSeq", false AS announce, false AS "callOpen", cancel_on AS "cancelOn", terminated_at AS "endedAt",
        cancel_asked_at AS "cancelAskedAt"
      FROM service WHERE ${mine} ORDER BY customer_id, service_id`,
    sql`SELECT customer_id AS "customerId", invoice_id AS id, ref, service_id AS "serviceId", issued_on AS "issuedOn", due_on AS "dueOn",
        amount_cents AS amount, amount_cents AS open, currency, NULL::timestamptz AS "clearingUntil",
        CASE WHEN state IN ('void', 'written_off') THEN settled_at END AS "endedAt"
      FROM invoice WHERE ${mine} AND ${wanted} ORDER BY customer_id, due_on, invoice_id`,
    sql`SELECT customer_id AS "customerId", allocated_at AS at, invoice_id AS "invoiceId", amount_cents AS cents
      FROM allocation WHERE ${mine} AND kind = 'principal' ORDER BY customer_id, allocated_at, allocation_id`,
    sql`SELECT customer_id AS "customerId", hold_id AS id, kind, effect, service_id AS "serviceId", invoice_id AS "invoiceId", reason,
        placed_at AS "placedAt", until, lifted_at AS "liftedAt"
      FROM hold WHERE ${mine} AND kind <> 'overdue' ORDER BY customer_id, hold_id`,
    sql`SELECT customer_id AS "customerId", promise_id AS id, protocol, kind, invoice_ids AS "invoiceIds", granted_at AS "grantedAt", until,
        CASE state WHEN 'cancelled' THEN ended_at END AS "cancelledAt"
      FROM promise WHERE ${mine} ORDER BY customer_id, promise_id`,
    sql`SELECT k.customer_id AS "customerId", k.claim_id AS id, k.invoice_id AS "invoiceId", i.ref AS "invoiceRef",
        k.received_at AS "receivedAt", k.release_until AS "releaseUntil", k.review_until AS "reviewUntil",
        EXISTS (SELECT FROM notice n WHERE n.customer_id = k.customer_id AND n.claim_id = k.claim_id) AS announce,
        k.recommendation = 'wait' AS scheduled, CASE WHEN k.state IN ('confirmed', 'contradicted', 'refused') THEN k.state END AS end,
        k.ended_at AS "endedAt"
      FROM claim k JOIN invoice i ON i.customer_id = k.customer_id AND i.invoice_id = k.invoice_id
      WHERE k.customer_id = ANY(${ids}::bigint[]) ORDER BY k.customer_id, k.claim_id`,
    sql`SELECT "customerId", channel FROM (
        SELECT DISTINCT ON (customer_id, channel) customer_id AS "customerId", channel, state FROM notice
        WHERE ${mine} AND ended_at IS NOT NULL AND state IN ('accepted', 'undeliverable') ORDER BY customer_id, channel, ended_at DESC, key
      ) last WHERE state = 'undeliverable' ORDER BY "customerId", channel`,
    sql`SELECT c.customer_id AS "customerId",
        (SELECT count(DISTINCT n.outbox_id) FROM notice n WHERE n.customer_id = c.customer_id AND n.state IN ('accepted', 'undeliverable')
          AND ${inWindow("n.decided_at")}) AS messages,
        (SELECT count(*) FROM suspension_start s WHERE s.customer_id = c.customer_id AND ${inWindow("s.started_at")}) AS suspensions
      FROM customer c WHERE c.customer_id = ANY(${ids}::bigint[]) ORDER BY c.customer_id`,
  );
  return {
    services: services.rows,
    invoices: invoices.rows,
    money: money.rows,
    holds: holds.rows,
    promises: promises.rows,
    claims: claims.rows,
    undeliverable: undeliverable.rows,
    real: real.rows,
  };
}
