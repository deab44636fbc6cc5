// Termination proposals as rows: two persons, then the end of a service.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

export interface ProposalRow {
  id: Id;
  customerId: Id;
  customerRef: string;
  serviceId: Id;
  serviceRef: string;
  invoiceRef: string;
  state: "proposed" | "approved";
  proposedAt: Instant;
  firstBy: string | null;
}

/** Proposals that wait for a person, oldest first. */
export async function openProposals(db: Db, limit: number): Promise<ProposalRow[]> {
  const { rows } = await sql<ProposalRow>`
    SELECT t.termination_id AS id, t.customer_id AS "customerId", c.ref AS "customerRef", t.service_id AS "serviceId", s.ref AS "serviceRef",
      i.ref AS "invoiceRef", t.state, t.proposed_at AS "proposedAt", t.first_by AS "firstBy"
    FROM termination t JOIN customer c ON c.customer_id = t.customer_id
      JOIN service s ON s.customer_id = t.customer_id AND s.service_id = t.service_id
      JOIN invoice i ON i.customer_id = t.customer_id AND i.invoice_id = t.invoice_id
    WHERE t.state IN ('proposed', 'approved') ORDER BY t.proposed_at, t.termination_id LIMIT ${limit}`.execute(db);
  return rows;
}

export async function readProposal(
  trx: Trx,
  customerId: Id,
  id: Id,
): Promise<{ serviceId: Id; state: string; firstBy: string | null } | null> {
  const { rows } = await sql<{ serviceId: Id; state: string; firstBy: string | null }>`
    SELECT service_id AS "serviceId", state, first_by AS "firstBy" FROM termination
    WHERE customer_id = ${customerId} AND termination_id = ${id} -- one row`.execute(trx);
  return rows[0] ?? null;
}

export async function signProposal(
  trx: Trx,
  customerId: Id,
  id: Id,
  signature: { by: string; at: Instant; second: boolean },
): Promise<void> {
  const at = ts(signature.at);
  if (signature.second)
    await sql`UPDATE termination SET second_by = ${signature.by}, second_at = ${at}, state = 'approved'
      WHERE customer_id = ${customerId} AND termination_id = ${id} AND state = 'proposed'`.execute(trx);
  else
    await sql`UPDATE termination SET first_by = ${signature.by}, first_at = ${at}
      WHERE customer_id = ${customerId} AND termination_id = ${id} AND state = 'proposed'`.execute(trx);
}

/** The service is gone: it is linked to nothing any more, and its proposals are done. */
export async function endTermination(trx: Trx, services: readonly { customerId: Id; serviceId: Id }[], at: Instant): Promise<void> {
  if (services.length === 0) return;
  const u = sql`unnest(${services.map((s) => s.customerId)}::bigint[], ${services.map((s) => s.serviceId)}::bigint[]) AS u (customer, service)`;
  await sql`UPDATE service s SET terminated_at = ${ts(at)} FROM ${u} WHERE s.customer_id = u.customer AND s.service_id = u.service`.execute(
    trx,
  );
  await sql`UPDATE termination t SET state = 'done', ended_at = ${ts(at)} FROM ${u}
    WHERE t.customer_id = u.customer AND t.service_id = u.service AND t.state = 'approved'`.execute(trx);
}

/** Queues the panel call of an approved termination. */
export async function insertCall(trx: Trx, call: { customerId: Id; serviceId: Id; outboxId: Id; at: Instant }): Promise<void> {
  const at = ts(call.at);
  await sql`
    INSERT INTO outbox (customer_id, outbox_id, kind, key, service_id, payload, not_before, decided_at)
    VALUES (${call.customerId}, ${call.outboxId}, 'terminate', ${`terminate:${call.serviceId}`}, ${call.serviceId}, '{}', ${at}, ${at})`.execute(
    trx,
  );
}
