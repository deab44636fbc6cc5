// The charges of the sandbox's gateway as rows: each as its adapter has it, under a revision that moves on with every change.
import { sql } from "kysely";
import type { Json } from "../kernel/hash.ts";
import type { Db } from "./database.ts";

export interface SandboxChargeRow {
  chargeId: string;
  revision: number;
  state: unknown;
}

const COLUMNS = sql`charge_id AS "chargeId", revision, state`;

export async function readSandboxCharge(db: Db, chargeId: string): Promise<SandboxChargeRow | null> {
  const { rows } = await sql<SandboxChargeRow>`SELECT ${COLUMNS} FROM sandbox_charge WHERE charge_id = ${chargeId} -- one row`.execute(db);
  return rows[0] ?? null;
}

export async function sandboxChargesOf(db: Db, invoiceRef: string): Promise<SandboxChargeRow[]> {
  const { rows } = await sql<SandboxChargeRow>`
    SELECT ${COLUMNS} FROM sandbox_charge WHERE state->>'invoiceRef' = ${invoiceRef} ORDER BY revision`.execute(db);
  return rows;
}

export async function writeSandboxCharge(db: Db, chargeId: string, state: Json): Promise<void> {
  await sql`
    INSERT INTO sandbox_charge (charge_id, revision, state)
    SELECT ${chargeId}, COALESCE(max(revision), 0) + 1, ${JSON.stringify(state)}::jsonb FROM sandbox_charge -- one row
    ON CONFLICT (charge_id) DO UPDATE SET revision = excluded.revision, state = excluded.state`.execute(db);
}

export async function sandboxChargesSince(db: Db, revision: number, limit: number): Promise<SandboxChargeRow[]> {
  const { rows } = await sql<SandboxChargeRow>`
    SELECT ${COLUMNS} FROM sandbox_charge WHERE revision > ${revision} ORDER BY revision LIMIT ${limit}`.execute(db);
  return rows;
}
