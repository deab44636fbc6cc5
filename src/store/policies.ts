// Policy versions: stored as written, with their hash; one is in force at a time.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

export interface PolicyVersionRow {
  version: string;
  name: string;
  hash: string;
  storedAt: Instant;
  storedBy: string;
  activatedAt: Instant | null;
  activatedBy: string | null;
}

/** Stores a version; the same content again is the same version. */
export async function storePolicy(
  db: Db,
  policy: { version: string; name: string; hash: string; source: string; doc: unknown; by: string; at: Instant },
): Promise<boolean> {
  const stored = await sql`
    INSERT INTO policy_version (version, name, hash, source, doc, stored_at, stored_by)
    VALUES (${policy.version}, ${policy.name}, ${policy.hash}, ${policy.source}, ${JSON.stringify(policy.doc)}::jsonb, ${ts(policy.at)}, ${policy.by})
    ON CONFLICT (version) DO NOTHING`.execute(db);
  return Number(stored.numAffectedRows) === 1;
}

/** Puts a version in force from an instant on. Of two with the same instant (a sandbox's clock stands still) the later act holds. */
export async function activatePolicy(db: Db, version: string, by: string, at: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE policy_version SET activated_at = ${ts(at)}, activated_by = ${by},
      activation = (SELECT COALESCE(max(activation), 0) + 1 FROM policy_version) WHERE version = ${version}`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

export async function listPolicies(db: Db): Promise<PolicyVersionRow[]> {
  const { rows } = await sql<PolicyVersionRow>`
    SELECT version, name, hash, stored_at AS "storedAt", stored_by AS "storedBy", activated_at AS "activatedAt", activated_by AS "activatedBy"
    FROM policy_version ORDER BY stored_at, version`.execute(db);
  return rows;
}

/** The text of a version; `name` takes the version stored last under that name. */
export async function policySource(db: Db, nameOrVersion: string): Promise<{ version: string; source: string } | null> {
  const { rows } = await sql<{ version: string; source: string }>`
    SELECT version, source FROM policy_version WHERE version = ${nameOrVersion} OR name = ${nameOrVersion}
    ORDER BY stored_at DESC, version LIMIT 1`.execute(db);
  return rows[0] ?? null;
}
