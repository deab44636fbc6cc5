// API keys as rows: only the hash of a key is kept, so that nobody who reads the database can use one.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

export const SCOPES = ["read", "write"] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKeyRow {
  name: string;
  scopes: Scope[];
  createdAt: Instant;
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
}

const COLUMNS = sql`name, scopes, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

const NAMES_LOCK = 7_308_903;

/** Makes programs that add keys at the same moment take turns, until the transaction ends: names are compared before one is taken. */
export async function lockKeyNames(db: Db): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${NAMES_LOCK}) -- one row`.execute(db);
}

/** Adds a key; false when a key of that name is or was there. */
export async function insertApiKey(db: Db, key: { hash: string; name: string; scopes: readonly Scope[] }, at: Instant): Promise<boolean> {
  const done = await sql`
    INSERT INTO api_key (key_hash, name, scopes, created_at)
    SELECT ${key.hash}, ${key.name}, ${[...key.scopes]}::text[], ${ts(at)}::timestamptz
    WHERE NOT EXISTS (SELECT 1 FROM api_key WHERE name = ${key.name}) -- one row`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

/** The key behind a hash, unless it was revoked. */
export async function findApiKey(db: Db, hash: string): Promise<ApiKeyRow | null> {
  const { rows } = await sql<ApiKeyRow>`SELECT ${COLUMNS} FROM api_key WHERE key_hash = ${hash} AND revoked_at IS NULL -- one row`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Remembers that a key is in use; at most once in a while, so that reading does not become writing. */
export async function seeApiKey(db: Db, hash: string, at: Instant, unlessSince: Instant): Promise<void> {
  await sql`UPDATE api_key SET last_used_at = ${ts(at)}
    WHERE key_hash = ${hash} AND (last_used_at IS NULL OR last_used_at < ${ts(unlessSince)})`.execute(db);
}

export async function listApiKeys(db: Db): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`SELECT ${COLUMNS} FROM api_key ORDER BY created_at, name`.execute(db);
  return rows;
}

/** What the key was good for; null when no valid key has that name. */
export async function markKeyRevoked(db: Db, name: string, at: Instant): Promise<{ scopes: Scope[] } | null> {
  const { rows } = await sql<{ scopes: Scope[] }>`
    UPDATE api_key SET revoked_at = ${ts(at)} WHERE name = ${name} AND revoked_at IS NULL RETURNING scopes -- one row`.execute(db);
  return rows[0] ?? null;
}
