// Writes what was decided for many customers in one transaction, a statement a table; a customer that changed meanwhile is left out.
import { sql, type QueryResult, type RawBuilder } from "kysely";
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { CustomerChange } from "./change-rows.ts";
import { columnsOf } from "./columns.ts";
import type { Trx } from "./database.ts";
import { together } from "./driver.ts";
import { insertDeliveries } from "./webhook-deliveries.ts";

/** The columns that statements below take, by the name they have here. */
const columns = columnsOf({
  bool: ["announce", "warning"],
  timestamptz: ["at", "next", "notBefore", "until"],
  text: ["attention", "by", "cause", "channel", "desired", "effect", "entry", "hash", "key", "kind", "payload", "reason", "state", "step"],
  int8: ["claim", "customer", "id", "invoice", "outbox", "promise", "service"],
  int4: ["seq", "version"],
});

/**
 * Writes the changes whose customer is still at the version read; answers the ids of the others, which must be decided again.
 * The version check comes first and takes the row locks, in id order.
 */
export async function writeChanges(trx: Trx, changes: readonly CustomerChange[]): Promise<Set<Id>> {
  const { rows } = await updateCustomers(changes).execute(trx);
  const won = new Set(rows.map((row) => row.customer_id));
  const stale = new Set(changes.filter((change) => !won.has(change.customerId)).map((change) => change.customerId));
  await write(trx, stale.size === 0 ? changes : changes.filter((change) => won.has(change.customerId)));
  return stale;
}

/** The same for customers that this transaction has taken: nobody else can have moved their versions on. */
export async function writeTaken(trx: Trx, changes: readonly CustomerChange[]): Promise<void> {
  const [updated] = await write(trx, changes, [updateCustomers(changes)]);
  assert(updated?.rows.length === changes.length, "a customer changed while its row was locked");
}

type Write = RawBuilder<unknown>;

/** All rows of the changes, a statement a table and one journey for all of them; `before` goes ahead, and its answers come first. */
async function write(trx: Trx, changes: readonly CustomerChange[], before: readonly Write[] = []): Promise<QueryResult<unknown>[]> {
  const notices = insertNotices(changes);
  const writes = [
    ...before,
    ...insertOutbox(changes),
    ...notices,
    ...insertHolds(changes),
    ...liftHolds(changes),
    ...updateAccess(changes),
    ...endPromises(changes),
    ...endClaims(changes),
    ...hushClaims(changes),
    ...changeTerminations(changes),
    ...insertEvidence(changes),
    ...insertDeliveries(changes),
  ];
  const answers: QueryResult<unknown>[] = await together(trx, ...writes);
  if (notices[0]) {
    const decided = changes.reduce((sum, change) => sum + change.notices.length, 0);
    const missing = decided - Number(answers[writes.indexOf(notices[0])]?.numAffectedRows ?? 0);
    if (missing > 0) throw new NoticeTwice(missing);
  }
  return answers;
}

function updateCustomers(changes: readonly CustomerChange[]): RawBuilder<{ customer_id: Id }> {
  const c = columns("id", "version", "next", "attention", "seq", "hash", "at");
  for (const change of changes)
    c.add({
      id: change.customerId,
      version: change.readVersion,
      next: change.nextCheckAt,
      attention: change.attention.join("\n"),
      seq: change.evidence.seq,
      hash: change.evidence.hash,
      at: change.evidence.entries.length > 0 ? change.at : null,
    });
  const { col } = c;
  return sql<{ customer_id: Id }>`
    UPDATE customer c SET version = c.version + 1, next_check_at = u.next, attention = string_to_array(u.attention, E'\n'),
      evidence_seq = u.seq, evidence_hash = u.hash, evidence_at = COALESCE(u.at, c.evidence_at), fault = NULL
    FROM unnest(${col.id}::bigint[], ${col.version}::int[], ${col.next}::timestamptz[], ${col.attention}::text[], ${col.seq}::int[],
      ${col.hash}::text[], ${col.at}::timestamptz[]) AS u (id, version, next, attention, seq, hash, at)
    WHERE c.customer_id = u.id AND c.version = u.version
    RETURNING c.customer_id -- unordered: gathered in a set`;
}

function insertOutbox(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "id", "kind", "key", "service", "payload", "notBefore", "at");
  for (const change of changes)
    for (const row of change.outbox)
      c.add({
        customer: change.customerId,
        id: row.id,
        kind: row.kind,
        key: row.key,
        service: row.serviceId,
        payload: row.payload,
        notBefore: row.notBefore,
        at: change.at,
      });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    INSERT INTO outbox (customer_id, outbox_id, kind, key, service_id, payload, not_before, decided_at)
    SELECT * FROM unnest(${col.customer}::bigint[], ${col.id}::bigint[], ${col.kind}::text[], ${col.key}::text[], ${col.service}::bigint[],
      ${col.payload}::text[], ${col.notBefore}::timestamptz[], ${col.at}::timestamptz[]) -- unordered: an insert`,
  ];
}

/** A notice that was superseded before it left may be decided again under its key; any other repeat is a defect and stops the write. */
function insertNotices(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "key", "outbox", "invoice", "service", "seq", "promise", "claim", "step", "channel", "warning", "at");
  for (const change of changes)
    for (const row of change.notices)
      c.add({
        customer: change.customerId,
        key: row.key,
        outbox: row.outboxId,
        invoice: row.invoiceId,
        service: row.serviceId,
        seq: row.accessSeq,
        promise: row.promiseId,
        claim: row.claimId,
        step: row.step,
        channel: row.channel,
        warning: row.warning,
        at: change.at,
      });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    INSERT INTO notice (customer_id, key, outbox_id, invoice_id, service_id, access_seq, promise_id, claim_id, step, channel, warning, decided_at)
    SELECT * FROM unnest(${col.customer}::bigint[], ${col.key}::text[], ${col.outbox}::bigint[], ${col.invoice}::bigint[], ${col.service}::bigint[],
      ${col.seq}::int[], ${col.promise}::bigint[], ${col.claim}::bigint[], ${col.step}::text[], ${col.channel}::text[], ${col.warning}::bool[],
      ${col.at}::timestamptz[])
      -- unordered: an insert
    ON CONFLICT (customer_id, key) DO UPDATE
      SET outbox_id = excluded.outbox_id, state = 'pending', decided_at = excluded.decided_at, ended_at = NULL
      WHERE notice.state = 'superseded'`,
  ];
}

/** A notice was decided that is already there: the unit of work dies, and nothing is sent. */
export class NoticeTwice extends Error {
  override name = "NoticeTwice";

  constructor(count: number) {
    super(`${count} notice(s) decided a second time`);
  }
}

function insertHolds(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "id", "kind", "effect", "service", "invoice", "at", "by", "reason", "until");
  for (const change of changes)
    for (const row of change.holds)
      c.add({
        customer: change.customerId,
        id: row.id,
        kind: row.kind,
        effect: row.effect,
        service: row.serviceId,
        invoice: row.invoiceId,
        at: change.at,
        by: row.by,
        reason: row.reason,
        until: row.until,
      });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    INSERT INTO hold (customer_id, hold_id, kind, effect, service_id, invoice_id, placed_at, placed_by, reason, until)
    SELECT * FROM unnest(${col.customer}::bigint[], ${col.id}::bigint[], ${col.kind}::text[], ${col.effect}::text[], ${col.service}::bigint[],
      ${col.invoice}::bigint[], ${col.at}::timestamptz[], ${col.by}::text[], ${col.reason}::text[], ${col.until}::timestamptz[])
      -- unordered: an insert`,
  ];
}

function liftHolds(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "id", "at");
  for (const change of changes) for (const id of change.lifts) c.add({ customer: change.customerId, id, at: change.at });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    UPDATE hold h SET lifted_at = u.at, lifted_by = 'policy'
    FROM unnest(${col.customer}::bigint[], ${col.id}::bigint[], ${col.at}::timestamptz[]) AS u (customer, id, at)
    WHERE h.customer_id = u.customer AND h.hold_id = u.id AND h.lifted_at IS NULL`,
  ];
}

function updateAccess(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "service", "desired", "cause", "announce", "outbox", "at");
  let supersedes = false;
  for (const change of changes)
    for (const row of change.access) {
      supersedes ||= row.supersedes;
      c.add({
        customer: change.customerId,
        service: row.serviceId,
        desired: row.desired,
        cause: row.cause,
        announce: row.announce,
        outbox: row.outboxId,
        at: change.at,
      });
    }
  if (c.empty) return [];
  const { col } = c;
  const superseding = sql`
      UPDATE outbox o SET state = 'superseded', ended_at = u.at, answer = 'the desired access changed before the call'
      FROM service s, unnest(${col.customer}::bigint[], ${col.service}::bigint[], ${col.at}::timestamptz[]) AS u (customer, service, at)
      WHERE s.customer_id = u.customer AND s.service_id = u.service
        AND o.customer_id = s.customer_id AND o.outbox_id = s.call_outbox_id AND o.state = 'open' AND o.lease IS NULL`;
  const wanting = sql`
    UPDATE service s SET desired = u.desired, desired_cause = u.cause, announce = u.announce, call_outbox_id = u.outbox
    FROM unnest(${col.customer}::bigint[], ${col.service}::bigint[], ${col.desired}::text[], ${col.cause}::text[], ${col.announce}::bool[],
      ${col.outbox}::bigint[]) AS u (customer, service, desired, cause, announce, outbox)
    WHERE s.customer_id = u.customer AND s.service_id = u.service`;
  return supersedes ? [superseding, wanting] : [wanting];
}

function endPromises(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "id", "state", "at");
  for (const change of changes)
    for (const end of change.promiseEnds) c.add({ customer: change.customerId, id: end.id, state: end.state, at: change.at });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    UPDATE promise p SET state = u.state, ended_at = u.at
    FROM unnest(${col.customer}::bigint[], ${col.id}::bigint[], ${col.state}::text[], ${col.at}::timestamptz[]) AS u (customer, id, state, at)
    WHERE p.customer_id = u.customer AND p.promise_id = u.id AND p.state = 'running'`,
  ];
}

function endClaims(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "id", "state", "at");
  for (const change of changes)
    for (const end of change.claimEnds) c.add({ customer: change.customerId, id: end.id, state: end.state, at: change.at });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    UPDATE claim k SET state = u.state, ended_at = u.at, ended_by = 'policy'
    FROM unnest(${col.customer}::bigint[], ${col.id}::bigint[], ${col.state}::text[], ${col.at}::timestamptz[]) AS u (customer, id, state, at)
    WHERE k.customer_id = u.customer AND k.claim_id = u.id AND k.state = 'under_review'`,
  ];
}

function hushClaims(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "id");
  for (const change of changes) for (const id of change.claimsTold) c.add({ customer: change.customerId, id });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    UPDATE claim k SET announce = false FROM unnest(${col.customer}::bigint[], ${col.id}::bigint[]) AS u (customer, id)
    WHERE k.customer_id = u.customer AND k.claim_id = u.id`,
  ];
}

function changeTerminations(changes: readonly CustomerChange[]): Write[] {
  const p = columns("customer", "id", "service", "invoice", "at");
  const w = columns("customer", "id", "at");
  for (const change of changes) {
    for (const row of change.proposals)
      p.add({ customer: change.customerId, id: row.id, service: row.serviceId, invoice: row.invoiceId, at: change.at });
    for (const id of change.withdrawals) w.add({ customer: change.customerId, id, at: change.at });
  }
  const proposing = sql`
      INSERT INTO termination (customer_id, termination_id, service_id, invoice_id, proposed_at)
      SELECT * FROM unnest(${p.col.customer}::bigint[], ${p.col.id}::bigint[], ${p.col.service}::bigint[], ${p.col.invoice}::bigint[],
        ${p.col.at}::timestamptz[]) -- unordered: an insert`;
  const withdrawing = sql`
      UPDATE termination t SET state = 'withdrawn', ended_at = u.at
      FROM unnest(${w.col.customer}::bigint[], ${w.col.id}::bigint[], ${w.col.at}::timestamptz[]) AS u (customer, id, at)
      WHERE t.customer_id = u.customer AND t.termination_id = u.id AND t.state IN ('proposed', 'approved')`;
  return [...(p.empty ? [] : [proposing]), ...(w.empty ? [] : [withdrawing])];
}

function insertEvidence(changes: readonly CustomerChange[]): Write[] {
  const c = columns("customer", "seq", "at", "kind", "entry");
  for (const change of changes)
    for (const entry of change.evidence.entries)
      c.add({ customer: change.customerId, seq: entry.seq, at: change.at, kind: entry.kind, entry: entry.text });
  if (c.empty) return [];
  const { col } = c;
  return [
    sql`
    INSERT INTO evidence (customer_id, seq, at, kind, entry)
    SELECT * FROM unnest(${col.customer}::bigint[], ${col.seq}::int[], ${col.at}::timestamptz[], ${col.kind}::text[], ${col.entry}::text[])
      -- unordered: an insert`,
  ];
}
