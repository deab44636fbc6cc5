// How we stand with the billing system beside us, for people: how far it was read, what waits, what was refused, and where it is about to act against us.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { TaskKind } from "./billing-tasks.ts";
import { ts, type Db } from "./database.ts";

export interface BesideStanding {
  phase: "clients" | "services" | "invoices" | "follow";
  start: number;
  read: number;
  locked: boolean;
  failures: number;
  answer: string | null;
  begunAt: Instant;
  caughtUpAt: Instant | null;
  polledAt: Instant | null;
}

/** Null: nothing was read yet. */
export async function besideStanding(db: Db, system: string): Promise<BesideStanding | null> {
  const { rows } = await sql<BesideStanding>`
    SELECT phase, start, read, locked, failures, answer, begun_at AS "begunAt", caught_up_at AS "caughtUpAt", polled_at AS "polledAt"
    FROM billing_sync WHERE system = ${system} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Rows known of each kind. */
export async function besideCounts(db: Db): Promise<{ kind: string; rows: number }[]> {
  const { rows } = await sql<{ kind: string; rows: number }>`
    SELECT kind, count(*)::int AS rows FROM billing_row GROUP BY kind ORDER BY kind`.execute(db);
  return rows;
}

export interface TaskShown {
  kind: TaskKind;
  billingId: number;
  customer: string;
  state: "open" | "refused" | "superseded";
  attempts: number;
  answer: string;
  madeAt: Instant;
}

/** What could not be written there, or was not because the matter there is another by now; oldest first. What nobody tried yet is left out. */
export async function unwrittenTasks(db: Db, since: Instant, limit: number): Promise<TaskShown[]> {
  const { rows } = await sql<TaskShown>`
    SELECT t.kind, t.billing_id AS "billingId", c.ref AS customer, t.state, t.attempts, t.answer, t.made_at AS "madeAt"
    FROM billing_task t JOIN customer c ON c.customer_id = t.customer_id
    WHERE t.answer IS NOT NULL AND (t.state IN ('open', 'refused')
      OR (t.state = 'superseded' AND t.kind = 'payment' AND t.ended_at > ${ts(since)}))
    ORDER BY t.made_at, t.task_id LIMIT ${limit}`.execute(db);
  return rows;
}

export async function waitingTasks(db: Db): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    SELECT count(*)::int AS waiting FROM billing_task WHERE state = 'open' AND answer IS NULL -- one row`.execute(db);
  return rows[0]?.waiting ?? 0;
}

export interface RefusedRow {
  kind: string;
  billingId: number;
  reason: string;
  seenAt: Instant;
}

export async function refusedRows(db: Db, limit: number): Promise<RefusedRow[]> {
  const { rows } = await sql<RefusedRow>`
    SELECT kind, billing_id AS "billingId", reason, seen_at AS "seenAt" FROM billing_refusal ORDER BY kind, billing_id LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

export interface AgainstUs {
  service: string;
  name: string;
  customer: string;
  nextDueOn: Day;
  /** `will`: its own suspension is not held off and its day has come; `did`: it suspended what we keep up. */
  what: "will" | "did";
}

/** Services that we keep up and the billing system suspends by itself, or is about to: without a reason, or with the one that it gives itself. */
export async function againstUs(db: Db, ask: { today: Day; limit: number }): Promise<AgainstUs[]> {
  const { rows } = await sql<AgainstUs>`
    SELECT s.ref AS service, s.name, c.ref AS customer, b.next_due_on AS "nextDueOn", CASE b.state WHEN 'Active' THEN 'will' ELSE 'did' END AS what
    FROM billing_row b JOIN service s ON s.customer_id = b.customer_id AND s.service_id = b.row_id JOIN customer c ON c.customer_id = b.customer_id
    WHERE b.kind = 'service' AND s.panel IS NOT NULL AND s.terminated_at IS NULL AND s.desired = 'active' AND b.next_due_on < ${formatDay(ask.today)}
      AND ((b.state = 'Active' AND (NOT b.held_off OR b.held_off_until <= ${formatDay(ask.today)}))
        OR (b.state = 'Suspended' AND (b.reason IS NULL OR b.reason = 'Overdue on Payment')))
    ORDER BY b.next_due_on, b.billing_id LIMIT ${ask.limit}`.execute(db);
  return rows;
}

export interface KnownThere {
  /** Our number of the service. */
  ref: string;
  serviceId: Id;
  username: string | null;
  domain: string | null;
  server: string | null;
}

/** How services are known on their servers, by the billing system's word; after one of them by our id. */
export async function servicesThere(db: Db, after: Id, limit: number): Promise<KnownThere[]> {
  const { rows } = await sql<KnownThere>`
    SELECT s.ref, s.service_id AS "serviceId", b.username, b.domain, b.server
    FROM billing_row b JOIN service s ON s.customer_id = b.customer_id AND s.service_id = b.row_id
    WHERE b.kind = 'service' AND s.terminated_at IS NULL AND s.service_id > ${after} ORDER BY s.service_id LIMIT ${limit}`.execute(db);
  return rows;
}
