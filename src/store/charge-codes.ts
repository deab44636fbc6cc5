// The codes we gave out for invoices: Pix txids, slip numbers, bar codes, gateways' charges. A payment that carries one names its invoice.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Db, Trx } from "./database.ts";

export interface ChargeCode {
  kind: "txid" | "slip" | "charge" | "bar_code";
  value: string;
}

export interface CodeOwner extends ChargeCode {
  customerId: Id;
  invoiceId: Id;
  invoiceRef: string;
}

/** Codes given out already stay with their first invoice. */
export async function insertCodes(trx: Trx, codes: readonly (ChargeCode & { customerId: Id; invoiceId: Id })[]): Promise<void> {
  if (codes.length === 0) return;
  await sql`
    INSERT INTO charge_code (kind, value, customer_id, invoice_id)
    SELECT * FROM unnest(${codes.map((c) => c.kind)}::text[], ${codes.map((c) => c.value)}::text[], ${codes.map((c) => c.customerId)}::bigint[],
      ${codes.map((c) => c.invoiceId)}::bigint[]) -- unordered: an insert
    ON CONFLICT (kind, value) DO NOTHING`.execute(trx);
}

/** Those of the codes that were given out. In two steps: codes and invoices lie on different machines where the tables are distributed. */
export async function findCodes(db: Db, codes: readonly ChargeCode[]): Promise<CodeOwner[]> {
  if (codes.length === 0) return [];
  const { rows } = await sql<Omit<CodeOwner, "invoiceRef">>`
    SELECT c.kind, c.value, c.customer_id AS "customerId", c.invoice_id AS "invoiceId"
    FROM charge_code c
      JOIN unnest(${codes.map((c) => c.kind)}::text[], ${codes.map((c) => c.value)}::text[]) AS u (kind, value)
        ON c.kind = u.kind AND c.value = u.value
    ORDER BY c.kind, c.value`.execute(db);
  if (rows.length === 0) return [];
  const found = await sql<{ id: Id; ref: string }>`
    SELECT i.invoice_id AS id, i.ref FROM invoice i
      JOIN unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.invoiceId)}::bigint[]) AS u (customer, invoice)
        ON i.customer_id = u.customer AND i.invoice_id = u.invoice
    ORDER BY i.invoice_id`.execute(db);
  const refs = new Map(found.rows.map((row) => [row.id, row.ref]));
  return rows.flatMap((row) => {
    const invoiceRef = refs.get(row.invoiceId);
    return invoiceRef === undefined ? [] : [{ ...row, invoiceRef }];
  });
}

/** What was given out for an invoice. */
export async function codesOf(db: Db, customerId: Id, invoiceId: Id): Promise<ChargeCode[]> {
  const { rows } = await sql<ChargeCode>`
    SELECT kind, value FROM charge_code
    WHERE customer_id = ${customerId} AND invoice_id = ${invoiceId} ORDER BY kind, value DESC`.execute(db);
  return rows;
}
