// Clients, services and invoices of the billing system beside us, as they were last read there, and how far it was read.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export type BillingKind = "client" | "service" | "invoice";

/** What is kept of a row there. */
export interface SeenRow {
  kind: BillingKind;
  billingId: number;
  /** The client there whose it is; of a client its own number. */
  clientId: number;
  state: string;
  mark: string;
  /** It was read by itself. */
  whole: boolean;
  username?: string | null;
  domain?: string | null;
  server?: string | null;
  reason?: string | null;
  nextDueOn?: Day | null;
  heldOff?: { on: boolean; until: Day | null };
  creditCents?: Cents;
}

export interface BillingRow {
  customerId: Id;
  billingId: number;
  /** Our own row. */
  rowId: Id;
  state: string;
  mark: string;
  creditCents: Cents;
  wholeAt: Instant | null;
}

const REF_KIND = { client: "customer", service: "service", invoice: "invoice" } as const;

/** Keeps what was read of rows that are ours too; a row that was not taken in, or is another customer's here, is left out. */
export async function rememberRows(db: Db, seen: readonly SeenRow[], now: Instant): Promise<void> {
  if (seen.length === 0) return;
  const owners = await refRows(db, "client", [...new Set(seen.map(({ clientId }) => clientId))]);
  const own = new Map<BillingKind, Map<number, { customerId: Id; rowId: Id }>>();
  for (const kind of ["client", "service", "invoice"] as const)
    own.set(
      kind,
      await refRows(
        db,
        kind,
        seen.filter((row) => row.kind === kind).map(({ billingId }) => billingId),
      ),
    );
  const rows = seen.flatMap((row) => {
    const found = own.get(row.kind)?.get(row.billingId);
    return found && owners.get(row.clientId)?.customerId === found.customerId ? [{ ...row, ...found }] : [];
  });
  if (rows.length === 0) return;
  const day = (value: Day | null | undefined): string | null => (value === null || value === undefined ? null : formatDay(value));
  await sql`
    INSERT INTO billing_row AS b (customer_id, kind, billing_id, row_id, state, mark, username, domain, server, reason, next_due_on, held_off,
      held_off_until, credit_cents, settled, seen_at, whole_at)
    SELECT u.customer, u.kind, u.id, u.row, u.state, u.mark, u.username, u.domain, u.server, u.reason, u.due, u.held, u.until, u.credit, u.settled,
      ${ts(now)}::timestamptz, CASE WHEN u.whole THEN ${ts(now)}::timestamptz END
    FROM unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.billingId)}::bigint[],
      ${rows.map((r) => r.rowId)}::bigint[], ${rows.map((r) => r.state)}::text[], ${rows.map((r) => r.mark)}::text[],
      ${rows.map((r) => r.username ?? null)}::text[], ${rows.map((r) => r.domain ?? null)}::text[], ${rows.map((r) => r.server ?? null)}::text[],
      ${rows.map((r) => r.reason ?? null)}::text[], ${rows.map((r) => day(r.nextDueOn))}::date[], ${rows.map((r) => r.heldOff?.on ?? false)}::bool[],
      ${rows.map((r) => day(r.heldOff?.until))}::date[], ${rows.map((r) => r.creditCents ?? 0)}::bigint[], ${rows.map((r) => r.whole)}::bool[],
      ${rows.map((r) => isSettled(r.kind, r.state))}::bool[])
      AS u (customer, kind, id, row, state, mark, username, domain, server, reason, due, held, until, credit, whole, settled) -- unordered: an insert
    ON CONFLICT (customer_id, kind, billing_id) DO UPDATE SET row_id = excluded.row_id, state = excluded.state, mark = excluded.mark,
      username = excluded.username, domain = excluded.domain, server = excluded.server, reason = excluded.reason,
      next_due_on = excluded.next_due_on, held_off = excluded.held_off, held_off_until = excluded.held_off_until,
      credit_cents = excluded.credit_cents, settled = excluded.settled, seen_at = excluded.seen_at, whole_at = COALESCE(excluded.whole_at, b.whole_at)`.execute(
    db,
  );
}

async function refRows(db: Db, kind: BillingKind, ids: readonly number[]): Promise<Map<number, { customerId: Id; rowId: Id }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ ref: string; customerId: Id; rowId: Id }>`
    SELECT ref, customer_id AS "customerId", row_id AS "rowId" FROM ref_index
    WHERE kind = ${REF_KIND[kind]} AND ref = ANY(${ids.map(String)}::text[]) ORDER BY ref`.execute(db);
  return new Map(rows.map(({ ref, customerId, rowId }) => [Number(ref), { customerId, rowId }]));
}

/** What is known of rows there, by their numbers there. */
export async function knownRows(db: Db, kind: BillingKind, ids: readonly number[]): Promise<Map<number, BillingRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<BillingRow>`
    SELECT customer_id AS "customerId", billing_id AS "billingId", row_id AS "rowId", state, mark, credit_cents AS "creditCents",
      whole_at AS "wholeAt"
    FROM billing_row WHERE kind = ${kind} AND billing_id = ANY(${[...ids]}::bigint[]) ORDER BY billing_id, customer_id`.execute(db);
  return new Map(rows.map((row) => [row.billingId, row]));
}

/** What is the last word there of a row that is known. */
export async function markThere(db: Db, row: BillingRow, kind: BillingKind, state: string, mark: string, now: Instant): Promise<void> {
  await sql`
    UPDATE billing_row SET state = ${state}, mark = ${mark}, settled = ${isSettled(kind, state)}, seen_at = ${ts(now)}, whole_at = ${ts(now)}
    WHERE customer_id = ${row.customerId} AND kind = ${kind} AND billing_id = ${row.billingId}`.execute(db);
}

/** States of an invoice there in which nothing more is waited for. */
const SETTLED_THERE: ReadonlySet<string> = new Set(["Paid", "Cancelled", "Refunded", "Draft"]);

const isSettled = (kind: BillingKind, state: string): boolean => kind !== "invoice" || SETTLED_THERE.has(state);

/** Invoices that were not settled there when they were last read. */
export async function unsettledThere(db: Db): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT billing_id AS id FROM billing_row WHERE NOT settled
    ORDER BY billing_id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Of those, the ones not read by themselves since then, the longest ago first: a payment of a part shows in no list. */
export async function longestUnread(db: Db, before: Instant, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT billing_id AS id FROM billing_row
    WHERE NOT settled AND (whole_at IS NULL OR whole_at < ${ts(before)})
    ORDER BY whole_at NULLS FIRST, billing_id LIMIT ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** What of our own invoices is still open, though the billing system has them paid; and how often the rest of each was booked before. */
export async function openThoughPaid(
  db: Db,
  ids: readonly number[],
  source: string,
): Promise<{ billingId: number; customerId: Id; ref: string; open: Cents; currency: string; before: number }[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ billingId: number; customerId: Id; ref: string; open: Cents; currency: string; before: number }>`
    SELECT b.billing_id AS "billingId", i.customer_id AS "customerId", i.ref, i.amount_cents - i.paid_cents AS open, i.currency,
      (SELECT count(*)::int FROM receipt r WHERE r.customer_id = i.customer_id AND r.source = ${source}
        AND starts_with(r.external_id, 'rest-' || i.ref || '-')) AS before
    FROM billing_row b JOIN invoice i ON i.customer_id = b.customer_id AND i.invoice_id = b.row_id
    WHERE b.kind = 'invoice' AND b.billing_id = ANY(${[...ids]}::bigint[]) AND i.state = 'open' ORDER BY b.billing_id`.execute(db);
  return rows;
}

/** Of invoices by our numbers, those on which something is paid already: known here before the billing system was read. */
export async function paidHere(db: Db, refs: readonly string[]): Promise<Set<string>> {
  if (refs.length === 0) return new Set();
  const { rows } = await sql<{ ref: string }>`
    SELECT i.ref FROM ref_index r JOIN invoice i ON i.customer_id = r.customer_id AND i.invoice_id = r.row_id
    WHERE r.kind = 'invoice' AND r.ref = ANY(${[...refs]}::text[]) AND i.paid_cents > 0 ORDER BY i.ref`.execute(db);
  return new Set(rows.map(({ ref }) => ref));
}

/** Money is on its way for an invoice; answers false where that is known for long enough, or it is not open. */
export async function markClearing(trx: Trx, at: { customerId: Id; rowId: Id }, until: Instant, enough: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE invoice SET clearing_until = ${ts(until)} WHERE customer_id = ${at.customerId} AND invoice_id = ${at.rowId} AND state = 'open'
      AND (clearing_until IS NULL OR clearing_until < ${ts(enough)})`.execute(trx);
  return Number(numAffectedRows) === 1;
}

/** Receipts that stood for an invoice's payments as a whole, before these were told one by one. */
export async function wholeReceipts(db: Db, customerId: Id, ref: string, source: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT external_id AS id FROM receipt WHERE customer_id = ${customerId} AND source = ${source} AND refunded_cents < amount_cents
      AND (external_id = 'paid-' || ${ref} OR starts_with(external_id, 'rest-' || ${ref} || '-')) ORDER BY id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Of transaction numbers, those that a customer's receipts from elsewhere carry, or were booked there under: the same money, told here first. */
export async function receivedElsewhere(db: Db, customerId: Id, transids: readonly string[], source: string): Promise<Set<string>> {
  if (transids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    SELECT external_id AS id FROM receipt
    WHERE customer_id = ${customerId} AND source <> ${source} AND external_id = ANY(${[...transids]}::text[])
    UNION SELECT payload ->> 'transid' FROM billing_task
    WHERE customer_id = ${customerId} AND kind = 'payment' AND payload ->> 'transid' = ANY(${[...transids]}::text[]) ORDER BY id`.execute(
    db,
  );
  return new Set(rows.map(({ id }) => id));
}

export interface Sync {
  phase: "clients" | "services" | "invoices" | "follow";
  start: number;
  round: "clients" | "services";
  roundStart: number;
  lastInvoice: number;
  failures: number;
  locked: boolean;
  caughtUpAt: Instant | null;
}

const SYNC = sql`phase, start, round, round_start AS "roundStart", last_invoice AS "lastInvoice", failures, locked, caught_up_at AS "caughtUpAt"`;

/** Takes the reading of the billing system, for this process alone until then; null: not due yet, another has it, or it is locked. */
export async function takeSync(
  db: Db,
  system: string,
  take: { now: Instant; until: Instant; holder: string; hurry?: boolean },
): Promise<Sync | null> {
  await sql`
    INSERT INTO billing_sync (system, phase, not_before, begun_at) VALUES (${system}, 'clients', ${ts(take.now)}, ${ts(take.now)})
    ON CONFLICT (system) DO NOTHING`.execute(db);
  // In a hurry a pause is not waited for, and another process's turn is.
  const { rows } = await sql<Sync>`
    UPDATE billing_sync SET not_before = ${ts(take.until)}, holder = ${take.holder}
    WHERE system = ${system} AND NOT locked AND (not_before <= ${ts(take.now)} OR (${take.hurry === true} AND holder IS NULL))
    RETURNING ${SYNC} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Keeps the turn; false when another process has taken over. */
export async function keepTurn(db: Db, system: string, holder: string, until: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE billing_sync SET not_before = ${ts(until)} WHERE system = ${system} AND holder = ${holder}`.execute(db);
  return Number(numAffectedRows) === 1;
}

/** Moves on, after what was read before it is stored; false when another process has taken over. `release`: the turn ends. */
export async function moveSync(
  db: Db,
  system: string,
  holder: string,
  moved: Omit<Sync, "locked" | "failures"> & { notBefore: Instant; release: boolean; read: number; refused: number; now: Instant },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE billing_sync SET phase = ${moved.phase}, start = ${moved.start}, round = ${moved.round}, round_start = ${moved.roundStart},
      last_invoice = GREATEST(last_invoice, ${moved.lastInvoice}), read = read + ${moved.read}, refused = refused + ${moved.refused},
      not_before = ${ts(moved.notBefore)}, holder = CASE WHEN ${moved.release} THEN NULL ELSE holder END, failures = 0, answer = NULL,
      caught_up_at = ${moved.caughtUpAt === null ? null : ts(moved.caughtUpAt)}, polled_at = ${ts(moved.now)}
    WHERE system = ${system} AND holder = ${holder}`.execute(db);
  return Number(numAffectedRows) === 1;
}

/** A reading that failed: where it stood is kept. */
export async function stopSync(
  db: Db,
  system: string,
  holder: string,
  failed: { answer: string; notBefore: Instant; locked: boolean },
): Promise<void> {
  await sql`
    UPDATE billing_sync SET failures = failures + 1, answer = ${failed.answer.slice(0, 500)}, not_before = ${ts(failed.notBefore)},
      locked = ${failed.locked}, holder = NULL
    WHERE system = ${system} AND holder = ${holder}`.execute(db);
}

/** Our key was refused when something was to be written. */
export async function lockSync(db: Db, system: string, answer: string): Promise<void> {
  await sql`UPDATE billing_sync SET locked = true, answer = ${answer.slice(0, 500)} WHERE system = ${system}`.execute(db);
}

/** A person tested the key, and it is good again. */
export async function unlockSync(db: Db, system: string, now: Instant): Promise<void> {
  await sql`UPDATE billing_sync SET locked = false, failures = 0, answer = NULL, not_before = ${ts(now)} WHERE system = ${system} AND locked`.execute(
    db,
  );
}

export async function isLocked(db: Db, system: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`SELECT locked FROM billing_sync WHERE system = ${system} -- one row`.execute(db);
  return rows[0]?.locked ?? false;
}

/** Everything is read again from the first client on; what is known stays. */
export async function beginAgain(db: Db, system: string, now: Instant): Promise<void> {
  await sql`
    UPDATE billing_sync SET phase = 'clients', start = 0, round_start = 0, read = 0, refused = 0, caught_up_at = NULL, begun_at = ${ts(now)},
      not_before = ${ts(now)}, holder = NULL WHERE system = ${system}`.execute(db);
  await sql`UPDATE billing_row SET mark = ''`.execute(db);
}

/** Keeps why rows were not taken, and forgets it of those that were. */
export async function keepRefusals(
  db: Db,
  taken: readonly { kind: string; billingId: number }[],
  refused: readonly { kind: string; billingId: number; reason: string }[],
  now: Instant,
): Promise<void> {
  const bad = [...new Map(refused.map((each) => [`${each.kind} ${each.billingId}`, each])).values()];
  if (taken.length > 0)
    await sql`
      DELETE FROM billing_refusal r USING unnest(${taken.map((t) => t.kind)}::text[], ${taken.map((t) => t.billingId)}::bigint[]) AS u (kind, id)
      WHERE r.kind = u.kind AND r.billing_id = u.id`.execute(db);
  if (bad.length > 0)
    await sql`
      INSERT INTO billing_refusal (kind, billing_id, reason, seen_at)
      SELECT u.kind, u.id, u.reason, ${ts(now)}::timestamptz
      FROM unnest(${bad.map((b) => b.kind)}::text[], ${bad.map((b) => b.billingId)}::bigint[], ${bad.map((b) => b.reason.slice(0, 500))}::text[])
        AS u (kind, id, reason) -- unordered: an insert
      ON CONFLICT (kind, billing_id) DO UPDATE SET reason = excluded.reason, seen_at = excluded.seen_at`.execute(db);
}
