// Payment proofs as rows: under review until the bank, a person or time has spoken.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, tsOrNull, type Trx } from "./database.ts";

export async function insertClaim(
  trx: Trx,
  claim: { id: Id; customerId: Id; invoiceId: Id; receivedAt: Instant; releaseUntil: Instant | null; reviewUntil: Instant },
): Promise<void> {
  await sql`
    INSERT INTO claim (customer_id, claim_id, invoice_id, received_at, release_until, review_until)
    VALUES (${claim.customerId}, ${claim.id}, ${claim.invoiceId}, ${ts(claim.receivedAt)}, ${tsOrNull(claim.releaseUntil)}, ${ts(claim.reviewUntil)})`.execute(
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

/** Ends a claim that is under review; answers its invoice, or null when it is not. */
export async function closeClaim(
  trx: Trx,
  claim: { customerId: Id; id: Id; state: "confirmed" | "contradicted" | "refused"; reason: string; at: Instant },
): Promise<{ invoiceId: Id } | null> {
  const { rows } = await sql<{ invoiceId: Id }>`
    UPDATE claim SET state = ${claim.state}, reason = ${claim.reason}, ended_at = ${ts(claim.at)}
    WHERE customer_id = ${claim.customerId} AND claim_id = ${claim.id} AND state = 'under_review'
    RETURNING invoice_id AS "invoiceId"`.execute(trx);
  return rows[0] ?? null;
}
