// Brings a database to the present schema: numbered SQL files, forward only, each once, each with its checksum.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import { openClient } from "./client.ts";

/** The role the program works under: it reads and writes the state, and can only add to the evidence. */
export const APP_ROLE = "regua_app";

/** Tables of which nothing may be changed or taken away. */
export const INSERT_ONLY = ["evidence", "anchor", "anchor_leaf", "house_record"] as const;

/** Takes from the role what would let it change them. */
export const INSERTS_ALONE = `REVOKE UPDATE, DELETE, TRUNCATE ON ${INSERT_ONLY.join(", ")} FROM ${APP_ROLE}`;

const MIGRATION_LOCK = 7_308_901;
const folder = fileURLToPath(new URL("./migrations/", import.meta.url));

interface Migration {
  name: string;
  text: string;
  checksum: string;
}

function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/u.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(folder + name, "utf8");
      return { name, text, checksum: sha256(text) };
    });
}

/**
 * Applies what is missing, one transaction a file, under a lock that makes several starting programs take turns.
 * @throws ReguaError `schema_changed` when an applied file no longer reads as it did, `schema_newer` when the database is ahead of the program
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const client = await openClient({ connectionString: url, options: "-c timezone=UTC" });
  try {
    await client.query("SELECT pg_advisory_lock($1) -- one row", [MIGRATION_LOCK]);
    await client.query("CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, checksum text NOT NULL)");
    const rows = await client.query<{ name: string; checksum: string }>("SELECT name, checksum FROM schema_migration ORDER BY name");
    const applied = new Map(rows.rows.map((row) => [row.name, row.checksum]));
    const known = migrations();
    for (const name of applied.keys()) if (!known.some((m) => m.name === name)) throw new ReguaError("schema_newer", { name });
    const fresh: string[] = [];
    for (const migration of known) {
      const checksum = applied.get(migration.name);
      if (checksum === migration.checksum) continue;
      if (checksum !== undefined) throw new ReguaError("schema_changed", { name: migration.name });
      await apply(client, migration);
      fresh.push(migration.name);
    }
    if (fresh.length > 0) await grantAppRole(client);
    return { applied: fresh };
  } finally {
    await client.end();
  }
}

/** The row goes in first: two programs that got past the lock by mistake collide on it before any table is touched. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query("INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", [migration.name, migration.checksum]);
    await client.query(migration.text);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

/** Gives the application's role its rights. Where roles may not be made, the program works as who it signed in as. */
async function grantAppRole(client: pg.Client): Promise<void> {
  const may = await client.query<{ ok: boolean }>(
    "SELECT rolsuper OR rolcreaterole AS ok FROM pg_roles WHERE rolname = current_user -- one row",
  );
  if (may.rows[0]?.ok !== true) return;
  await client.query(`DO $$ BEGIN CREATE ROLE ${APP_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
  await client.query(`GRANT ${APP_ROLE} TO current_user`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${APP_ROLE}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${APP_ROLE}`);
  await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${APP_ROLE}`);
  await client.query(INSERTS_ALONE);
}

/** Whether the application's role is there to be worked under. */
export async function hasAppRole(url: string): Promise<boolean> {
  const client = await openClient({ connectionString: url });
  try {
    const found = await client.query<{ ok: boolean }>(
      "SELECT pg_has_role(current_user, oid, 'MEMBER') AS ok FROM pg_roles WHERE rolname = $1 -- one row",
      [APP_ROLE],
    );
    return found.rows[0]?.ok === true;
  } finally {
    await client.end();
  }
}

/** What the installation is; null before `regua init`. Asked before the pool is opened, since a rehearsal's commits need not wait for the disk. */
export async function installationMode(url: string): Promise<"sandbox" | "live" | null> {
  const client = await openClient({ connectionString: url });
  try {
    const found = await client.query<{ mode: "sandbox" | "live" }>("SELECT mode FROM provider -- one row");
    return found.rows[0]?.mode ?? null;
  } finally {
    await client.end();
  }
}
