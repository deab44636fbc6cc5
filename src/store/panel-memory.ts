// What panels cannot remember themselves, and the accounts of the sandbox panel.
import { sql } from "kysely";
import type { Db } from "./database.ts";

/** Small texts kept per panel, account and key. */
export async function recall(db: Db, panel: string, account: string, key: string): Promise<string | null> {
  const { rows } = await sql<{ value: string }>`
    SELECT value FROM panel_memory WHERE panel = ${panel} AND account = ${account} AND key = ${key} -- one row`.execute(db);
  return rows[0]?.value ?? null;
}

/** `null` forgets. */
export async function remember(db: Db, panel: string, account: string, key: string, value: string | null): Promise<void> {
  if (value === null) await sql`DELETE FROM panel_memory WHERE panel = ${panel} AND account = ${account} AND key = ${key}`.execute(db);
  else
    await sql`INSERT INTO panel_memory (panel, account, key, value) VALUES (${panel}, ${account}, ${key}, ${value})
      ON CONFLICT (panel, account, key) DO UPDATE SET value = excluded.value`.execute(db);
}

export interface SandboxAccountRow {
  account: string;
  access: "active" | "suspended" | "absent";
  by: "us" | "other" | null;
  reason: string | null;
}

export async function readSandboxAccount(db: Db, account: string): Promise<SandboxAccountRow | null> {
  const { rows } = await sql<SandboxAccountRow>`
    SELECT account, access, by, reason FROM sandbox_account WHERE account = ${account} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Writes an account of the sandbox panel; one that is absent is removed. */
export async function writeSandboxAccount(db: Db, row: SandboxAccountRow): Promise<void> {
  if (row.access === "absent") {
    await sql`DELETE FROM sandbox_account WHERE account = ${row.account}`.execute(db);
    return;
  }
  await sql`
    INSERT INTO sandbox_account (account, access, by, reason) VALUES (${row.account}, ${row.access}, ${row.by}, ${row.reason})
    ON CONFLICT (account) DO UPDATE SET access = excluded.access, by = excluded.by, reason = excluded.reason`.execute(db);
}

export async function listSandboxAccounts(db: Db): Promise<SandboxAccountRow[]> {
  const { rows } = await sql<SandboxAccountRow>`SELECT account, access, by, reason FROM sandbox_account ORDER BY account`.execute(db);
  return rows;
}
