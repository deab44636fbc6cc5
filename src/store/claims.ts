// Payment proofs as rows: under review until the bank, a person or time has spoken.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, tsOrNull, type Db, type Trx } from "./database.ts";

export async function insertClaim(
  trx: Trx,
  claim: { id: Id; customerId: Id; invoiceId: Id; receivedAt: Instant; releaseUntil: Instant | null; reviewUntil: Instant },
): Promise<void> {
  await sql`
    INSERT INTO claim (customer_id, claim_id, invoice_id, received_at, release_until, review_until, announce)
    VALUES (${claim.customerId}, ${claim.id}, ${claim.invoiceId}, ${ts(claim.receivedAt)}, ${tsOrNull(claim.releaseUntil)}, ${ts(claim.reviewUntil)}, true)`.execute(
    trx,
  );
}

/** Whether an earlier claim of the invoice gave a release: there is only one without settlement. */
export async function releasedByClaim(trx: Trx, customerId: Id, invoiceId: Id): Promise<boolean> {
  const { rows } = await sql<{ released: boolean }>`
    SELECT EXISTS (SELECT 1 FROM claim WHERE customer_id = ${customerId} AND invoice_id = ${invoiceId} AND release_until IS NOT NULL) AS released
    -- one row`.execute(trx);
  return rows[0]?.released === true;
}

/** Staff's written reason against payment proofs of a customer; null: they are taken as the policy says. */
export async function claimsBarred(db: Db, customerId: Id): Promise<string | null> {
  const { rows } = await sql<{ barred: string | null }>`
    SELECT claims_barred AS barred FROM customer WHERE customer_id = ${customerId} -- one row`.execute(db);
  return rows[0]?.barred ?? null;
}

export async function barClaims(trx: Trx, customerId: Id, reason: string | null): Promise<void> {
  await sql`UPDATE customer SET claims_barred = ${reason} WHERE customer_id = ${customerId}`.execute(trx);
}

/** How many payment proofs were sent of an invoice. */
export async function claimsOf(trx: Trx, customerId: Id, invoiceId: Id): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM claim WHERE customer_id = ${customerId} AND invoice_id = ${invoiceId} -- one row`.execute(trx);
  return rows[0]?.count ?? 0;
}

/** Ends a claim that is under review; answers its invoice, or null when it is not. */
export async function closeClaim(
  trx: Trx,
  claim: { customerId: Id; id: Id; state: "confirmed" | "contradicted" | "refused"; reason: string; by: string; at: Instant },
): Promise<{ invoiceId: Id } | null> {
  const { rows } = await sql<{ invoiceId: Id }>`
    UPDATE claim SET state = ${claim.state}, reason = ${claim.reason}, ended_by = ${claim.by}, ended_at = ${ts(claim.at)}
    WHERE customer_id = ${claim.customerId} AND claim_id = ${claim.id} AND state = 'under_review'
    RETURNING invoice_id AS "invoiceId" -- one row`.execute(trx);
  return rows[0] ?? null;
}

/** Ends the claims under review of one customer's invoices; answers those that it ended. With `paid`, only of invoices that are settled. */
export async function closeClaimsOf(
  trx: Trx,
  ends: { customerId: Id; invoices: readonly Id[]; paid: boolean; state: "confirmed" | "refused"; reason: string; by: string; at: Instant },
): Promise<{ id: Id; invoice: string }[]> {
  const { rows } = await sql<{ id: Id; invoice: string }>`
    UPDATE claim k SET state = ${ends.state}, reason = ${ends.reason}, ended_by = ${ends.by}, ended_at = ${ts(ends.at)}
    FROM invoice i
    WHERE k.customer_id = ${ends.customerId} AND k.invoice_id = ANY(${[...ends.invoices]}::bigint[]) AND k.state = 'under_review'
      AND i.customer_id = ${ends.customerId} AND i.invoice_id = k.invoice_id AND (NOT ${ends.paid}::boolean OR i.state = 'paid')
    RETURNING k.claim_id AS id, i.ref AS invoice -- unordered: sorted below`.execute(trx);
  return rows.sort((a, b) => a.id - b.id);
}
