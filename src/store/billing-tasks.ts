// What is to be written in the billing system beside us: an outbox of its own, each task once, taken under a lease.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export type TaskKind = "payment" | "hold_off" | "state" | "reply";

export interface TaskPayload {
  /** Of a payment: the transaction's number, the amount in cents, its day, and our numbers. */
  transid?: string;
  amount?: Cents;
  on?: Day;
  invoice?: string;
  source?: string;
  /** Of a suspension that is held off. */
  until?: Day;
  /** Of what a service is. */
  state?: "Active" | "Suspended";
  reason?: string;
  service?: string;
  /** Of an answer. */
  text?: string;
  mark?: string;
  ticket?: string;
}

export interface NewTask {
  customerId: Id;
  kind: TaskKind;
  /** One task has it for ever: asked for again, nothing more is made. */
  key: string;
  billingId: number;
  payload: TaskPayload;
}

export interface Task extends NewTask {
  id: Id;
  attempts: number;
  /** Calls of which nobody knows whether they were carried out. */
  unknowns: number;
}

/** What the billing system gives back as it was written: by any other text a payment would not be found again. */
const KEPT_AS_IT_IS = /^[A-Za-z0-9._:@/+=-]{1,100}$/u;

/** Money of ours on invoices that are open there, and not on its way yet. Money that the billing system told us of is left out. */
export async function paymentsToBook(db: Db, source: string, limit: number): Promise<NewTask[]> {
  const { rows } = await sql<{
    customerId: Id;
    receiptId: Id;
    invoiceId: Id;
    amount: Cents;
    transid: string;
    source: string;
    on: Day;
    billingId: number;
    invoice: string;
  }>`
    SELECT a.customer_id AS "customerId", a.receipt_id AS "receiptId", a.invoice_id AS "invoiceId", sum(a.amount_cents)::bigint AS amount,
      r.external_id AS transid, r.source, r.paid_on AS "on", b.billing_id AS "billingId", i.ref AS invoice
    FROM billing_row b
      JOIN invoice i ON i.customer_id = b.customer_id AND i.invoice_id = b.row_id
      JOIN allocation a ON a.customer_id = b.customer_id AND a.invoice_id = b.row_id
      JOIN receipt r ON r.customer_id = a.customer_id AND r.receipt_id = a.receipt_id
    WHERE NOT b.settled AND r.source <> ${source} AND a.kind = 'principal'
      AND NOT EXISTS (SELECT 1 FROM billing_task t WHERE t.customer_id = b.customer_id
        AND t.key = 'payment:' || a.receipt_id || ':' || a.invoice_id)
    GROUP BY a.customer_id, a.receipt_id, a.invoice_id, r.external_id, r.source, r.paid_on, b.billing_id, i.ref
    HAVING sum(a.amount_cents) > 0 ORDER BY a.receipt_id, a.invoice_id LIMIT ${limit}`.execute(db);
  return rows.map(({ customerId, receiptId, invoiceId, billingId, amount, transid, ...rest }) => ({
    customerId,
    kind: "payment",
    key: `payment:${receiptId}:${invoiceId}`,
    billingId,
    payload: { ...rest, amount, transid: KEPT_AS_IT_IS.test(transid) ? transid : `regua-${receiptId}` },
  }));
}

/** Services tied to an account by us that the billing system's own suspension would reach by `soon`. */
export async function suspensionsToHoldOff(db: Db, ask: { soon: Day; until: Day; limit: number }): Promise<NewTask[]> {
  const { rows } = await sql<{ customerId: Id; billingId: number; service: string }>`
    SELECT b.customer_id AS "customerId", b.billing_id AS "billingId", s.ref AS service
    FROM billing_row b JOIN service s ON s.customer_id = b.customer_id AND s.service_id = b.row_id
    WHERE b.kind = 'service' AND b.state = 'Active' AND s.panel IS NOT NULL AND s.terminated_at IS NULL
      AND b.next_due_on <= ${formatDay(ask.soon)} AND (NOT b.held_off OR b.held_off_until < ${formatDay(ask.soon)})
      AND NOT EXISTS (SELECT 1 FROM billing_task t WHERE t.customer_id = b.customer_id
        AND t.key = 'hold_off:' || b.billing_id || ':' || ${formatDay(ask.until)})
    ORDER BY b.next_due_on, b.billing_id LIMIT ${ask.limit}`.execute(db);
  const until = formatDay(ask.until);
  return rows.map(({ customerId, billingId, service }) => ({
    customerId,
    kind: "hold_off",
    key: `hold_off:${billingId}:${until}`,
    billingId,
    payload: { until: ask.until, service },
  }));
}

/** Services whose account we suspended or opened, and of which the billing system says otherwise. `mark`: what our reasons begin with. */
export async function statesToWrite(db: Db, mark: string, limit: number): Promise<NewTask[]> {
  const { rows } = await sql<{
    customerId: Id;
    billingId: number;
    service: string;
    state: "Active" | "Suspended";
    cause: string | null;
    seq: number;
  }>`
    SELECT b.customer_id AS "customerId", b.billing_id AS "billingId", s.ref AS service, s.desired_cause AS cause, s.access_seq AS seq,
      CASE s.actual WHEN 'active' THEN 'Active' ELSE 'Suspended' END AS state
    FROM billing_row b JOIN service s ON s.customer_id = b.customer_id AND s.service_id = b.row_id
    WHERE b.kind = 'service' AND s.panel IS NOT NULL AND s.terminated_at IS NULL AND s.actual = s.desired
      AND ((b.state = 'Active' AND s.actual = 'suspended' AND s.suspended_by_us)
        OR (b.state = 'Suspended' AND s.actual = 'active' AND starts_with(b.reason, ${mark})))
      AND NOT EXISTS (SELECT 1 FROM billing_task t WHERE t.customer_id = b.customer_id
        AND t.key = 'state:' || b.billing_id || ':' || s.access_seq || ':' || CASE s.actual WHEN 'active' THEN 'Active' ELSE 'Suspended' END)
    ORDER BY b.billing_id LIMIT ${limit}`.execute(db);
  return rows.map(({ customerId, billingId, service, state, cause, seq }) => ({
    customerId,
    kind: "state",
    key: `state:${billingId}:${seq}:${state}`,
    billingId,
    payload: { state, reason: `${mark} ${cause ?? ""}`.trim(), service },
  }));
}

/** Tasks with a key that is there already are left out. Answers how many were new. */
export async function addTasks(db: Db, tasks: readonly (NewTask & { id: Id })[], now: Instant): Promise<number> {
  if (tasks.length === 0) return 0;
  const { numAffectedRows } = await sql`
    INSERT INTO billing_task (customer_id, task_id, kind, key, billing_id, payload, not_before, made_at)
    SELECT u.customer, u.id, u.kind, u.key, u.about, u.payload, ${ts(now)}::timestamptz, ${ts(now)}::timestamptz
    FROM unnest(${tasks.map((t) => t.customerId)}::bigint[], ${tasks.map((t) => t.id)}::bigint[], ${tasks.map((t) => t.kind)}::text[],
      ${tasks.map((t) => t.key)}::text[], ${tasks.map((t) => t.billingId)}::bigint[], ${tasks.map((t) => JSON.stringify(t.payload))}::jsonb[])
      AS u (customer, id, kind, key, about, payload) -- unordered: an insert
    ON CONFLICT (customer_id, key) DO NOTHING`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Takes tasks that can be tried now. A lease that ran out leaves a call of which nobody knows whether it was made. */
export async function takeTasks(db: Db, take: { token: string; now: Instant; until: Instant; limit: number }): Promise<Task[]> {
  const free = sql`state = 'open' AND not_before <= ${ts(take.now)} AND (lease_until IS NULL OR lease_until < ${ts(take.now)})`;
  const { rows: some } = await sql<{ customer: Id; id: Id }>`
    SELECT customer_id AS customer, task_id AS id FROM billing_task WHERE ${free} ORDER BY not_before, task_id LIMIT ${take.limit}`.execute(
    db,
  );
  if (some.length === 0) return [];
  const { rows } = await sql<Task>`
    UPDATE billing_task t SET lease = ${take.token}, lease_until = ${ts(take.until)}, attempts = t.attempts + 1,
      unknowns = t.unknowns + CASE WHEN t.lease IS NULL THEN 0 ELSE 1 END
    FROM unnest(${some.map((s) => s.customer)}::bigint[], ${some.map((s) => s.id)}::bigint[]) AS u (customer, id)
    WHERE t.customer_id = u.customer AND t.task_id = u.id AND t.state = 'open' AND t.not_before <= ${ts(take.now)}
      AND (t.lease_until IS NULL OR t.lease_until < ${ts(take.now)})
    RETURNING t.customer_id AS "customerId", t.task_id AS id, t.kind, t.key, t.billing_id AS "billingId", t.payload, t.attempts, t.unknowns
    -- unordered: sorted below`.execute(db);
  return rows.sort((a, b) => a.id - b.id);
}

export type TaskEnd =
  | { state: "done" | "refused" | "superseded"; answer: string | null }
  | { state: "open"; answer: string; notBefore: Instant; unknown: boolean };

/** Records how it ended; false when the lease was lost meanwhile, and nothing was written. */
export async function endTask(
  trx: Trx,
  task: Pick<Task, "customerId" | "id">,
  token: string,
  end: TaskEnd,
  now: Instant,
): Promise<boolean> {
  const answer = end.answer?.slice(0, 500) ?? null;
  const open = end.state === "open";
  const { numAffectedRows } = await sql`
    UPDATE billing_task SET state = ${end.state}, answer = ${answer}, lease = NULL, lease_until = NULL,
      unknowns = unknowns + ${open && end.unknown ? 1 : 0}, not_before = ${ts(open ? end.notBefore : now)}, ended_at = ${open ? null : ts(now)}
    WHERE customer_id = ${task.customerId} AND task_id = ${task.id} AND lease = ${token}`.execute(trx);
  return Number(numAffectedRows) === 1;
}

/** Since when a customer was not answered by us: one answer for a heap of tickets is enough. */
export async function answeredSince(db: Db, customerId: Id, since: Instant): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    SELECT EXISTS (SELECT 1 FROM billing_task WHERE customer_id = ${customerId} AND kind = 'reply' AND made_at > ${ts(since)}) AS there
    -- one row`.execute(db);
  return rows[0]?.there ?? false;
}
