// Proposals to give an invoice up, as rows: who proposed, who approved or took it back.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export type WriteOffKind = "void" | "write_off";

export interface WriteOffRow {
  id: Id;
  customerRef: string;
  customerName: string;
  invoiceRef: string;
  kind: WriteOffKind;
  reason: string;
  /** What is open now. */
  openCents: Cents;
  currency: Currency;
  proposedAt: Instant;
  proposedBy: string;
}

/** Proposals that wait for a second person, oldest first: of one customer, or of all. */
export async function openWriteOffs(db: Db, customerId: Id | null, limit: number): Promise<WriteOffRow[]> {
  const { rows } = await sql<WriteOffRow>`
    SELECT w.write_off_id AS id, c.ref AS "customerRef", c.name AS "customerName", i.ref AS "invoiceRef", w.kind, w.reason,
      CASE WHEN i.state = 'open' THEN i.amount_cents - i.paid_cents ELSE 0 END AS "openCents", i.currency,
      w.proposed_at AS "proposedAt", w.proposed_by AS "proposedBy"
    FROM write_off w JOIN customer c ON c.customer_id = w.customer_id
      JOIN invoice i ON i.customer_id = w.customer_id AND i.invoice_id = w.invoice_id
    WHERE w.state = 'proposed' AND (${customerId}::bigint IS NULL OR w.customer_id = ${customerId})
    ORDER BY w.proposed_at, w.write_off_id LIMIT ${limit}`.execute(db);
  return rows;
}

/** False when one waits already for this invoice. */
export async function insertWriteOff(
  trx: Trx,
  row: { customerId: Id; id: Id; invoiceId: Id; kind: WriteOffKind; reason: string; by: string; at: Instant },
): Promise<boolean> {
  const done = await sql`
    INSERT INTO write_off (customer_id, write_off_id, invoice_id, kind, reason, proposed_at, proposed_by)
    VALUES (${row.customerId}, ${row.id}, ${row.invoiceId}, ${row.kind}, ${row.reason}, ${ts(row.at)}, ${row.by})
    ON CONFLICT (customer_id, invoice_id) WHERE state = 'proposed' DO NOTHING`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

export interface WriteOffProposal {
  invoiceId: Id;
  kind: WriteOffKind;
  reason: string;
  proposedBy: string;
}

/** One that waits. */
export async function readWriteOff(trx: Trx, customerId: Id, id: Id): Promise<WriteOffProposal | null> {
  const { rows } = await sql<WriteOffProposal>`
    SELECT invoice_id AS "invoiceId", kind, reason, proposed_by AS "proposedBy" FROM write_off
    WHERE customer_id = ${customerId} AND write_off_id = ${id} AND state = 'proposed' -- one row`.execute(trx);
  return rows[0] ?? null;
}

export async function endWriteOff(
  trx: Trx,
  customerId: Id,
  id: Id,
  end: { state: "approved" | "withdrawn"; by: string; at: Instant },
): Promise<void> {
  await sql`UPDATE write_off SET state = ${end.state}, ended_at = ${ts(end.at)}, ended_by = ${end.by}
    WHERE customer_id = ${customerId} AND write_off_id = ${id} AND state = 'proposed'`.execute(trx);
}

/** Gives an open invoice up; what was paid on it stays where it is. False when it is not open. */
export async function markWrittenOff(trx: Trx, customerId: Id, invoiceId: Id, at: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE invoice SET state = 'written_off', settled_at = ${ts(at)}, clearing_until = NULL
    WHERE customer_id = ${customerId} AND invoice_id = ${invoiceId} AND state = 'open'`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}
