// The provider's own people: who they are, their sessions, the one-time links by which they come, and the secret that signs cookies.
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

export const ROLES = ["owner", "finance", "support", "auditor"] as const;
export type Role = (typeof ROLES)[number];

export interface StaffRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  lang: "pt-BR" | "en";
  twoFactor: boolean;
  disabledAt: Instant | null;
  createdAt: Instant;
  lastSeenAt: Instant | null;
}

/** A pool with the library's own types: the sign-in library reads dates where ours reads milliseconds. Few and short-lived connections. */
export function openStaffDatabase(options: { url: string; role: string | null }): { db: Kysely<unknown>; close(): Promise<void> } {
  const role = options.role ? ` -c role=${options.role}` : "";
  const pool = new pg.Pool({
    connectionString: options.url,
    max: 3,
    idleTimeoutMillis: 10_000,
    options: `-c timezone=UTC -c jit=off${role}`,
    application_name: "regua-staff",
  });
  // Dropped connections are replaced by the pool; without a listener Node would end the process.
  pool.on("error", () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}

const COLUMNS = sql`s.id, s.name, s.email, s.role, s.lang, s.two_factor_enabled AS "twoFactor", s.disabled_at AS "disabledAt",
  s.created_at AS "createdAt", (SELECT max(updated_at) FROM staff_session x WHERE x.staff_id = s.id) AS "lastSeenAt"`;

export async function listStaff(db: Db): Promise<StaffRow[]> {
  const { rows } = await sql<StaffRow>`SELECT ${COLUMNS} FROM staff s ORDER BY s.created_at, s.id`.execute(db);
  return rows;
}

export async function countOwners(db: Db): Promise<number> {
  const { rows } = await sql<{
    n: number;
  }>`SELECT count(*) AS n FROM staff WHERE role = 'owner' AND disabled_at IS NULL -- one row`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Whether a person is there and was not switched off. */
export async function isActive(db: Db, id: string): Promise<boolean> {
  const { rows } = await sql<{ ok: boolean }>`SELECT disabled_at IS NULL AS ok FROM staff WHERE id = ${id} -- one row`.execute(db);
  return rows[0]?.ok === true;
}

const STAFF_LOCK = 7_308_904;

/** Changes of who may what take turns, so that two owners cannot take each other's role at the same moment. */
export async function lockStaff(trx: Db): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${STAFF_LOCK}) -- one row`.execute(trx);
}

/** Who a person is and whether they may come in; null: no such person. */
export async function readStaff(trx: Db, id: string): Promise<Pick<StaffRow, "email" | "role" | "disabledAt"> | null> {
  const { rows } = await sql<Pick<StaffRow, "email" | "role" | "disabledAt">>`
    SELECT email, role, disabled_at AS "disabledAt" FROM staff WHERE id = ${id} -- one row`.execute(trx);
  return rows[0] ?? null;
}

/** Changes a person's role, or switches them off or on; the sessions of who may no longer come in end. */
export async function updateStaff(
  trx: Db,
  id: string,
  change: { role?: Role; lang?: "pt-BR" | "en"; disabled?: boolean },
  at: Instant,
): Promise<void> {
  const { role = null, lang = null, disabled = null } = change;
  await sql`
    UPDATE staff SET role = COALESCE(${role}, role), lang = COALESCE(${lang}, lang), updated_at = ${ts(at)},
      disabled_at = CASE WHEN ${disabled}::boolean THEN COALESCE(disabled_at, ${ts(at)}::timestamptz) WHEN NOT ${disabled}::boolean THEN NULL
        ELSE disabled_at END
    WHERE id = ${id}`.execute(trx);
  if (disabled === true) await sql`DELETE FROM staff_session WHERE staff_id = ${id}`.execute(trx);
}

export interface SessionRow {
  id: string;
  staffId: string;
  ip: string | null;
  agent: string | null;
  createdAt: Instant;
  seenAt: Instant;
  expiresAt: Instant;
}

/** Sessions that can still be used, the newest first. */
export async function listSessions(db: Db, staffId: string, now: Instant): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    SELECT id, staff_id AS "staffId", ip_address AS ip, user_agent AS agent, created_at AS "createdAt", updated_at AS "seenAt",
      expires_at AS "expiresAt"
    FROM staff_session WHERE staff_id = ${staffId} AND expires_at > ${ts(now)} ORDER BY created_at DESC, id`.execute(db);
  return rows;
}

export async function touchSession(db: Db, id: string, at: Instant): Promise<void> {
  await sql`UPDATE staff_session SET updated_at = ${ts(at)} WHERE id = ${id}`.execute(db);
}

/** Ends a session of a person; false when there is none of that id. */
export async function endSession(db: Db, staffId: string, id: string): Promise<boolean> {
  const done = await sql`DELETE FROM staff_session WHERE staff_id = ${staffId} AND id = ${id}`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

export async function endOtherSessions(db: Db, staffId: string, but: string): Promise<number> {
  const done = await sql`DELETE FROM staff_session WHERE staff_id = ${staffId} AND id <> ${but}`.execute(db);
  return Number(done.numAffectedRows);
}

export interface InviteRow {
  role: Role;
  email: string | null;
  madeBy: string;
  expiresAt: Instant;
}

export async function insertInvite(db: Db, invite: InviteRow & { hash: string }, at: Instant): Promise<void> {
  await sql`
    INSERT INTO staff_invite (token_hash, role, email, made_by, made_at, expires_at)
    VALUES (${invite.hash}, ${invite.role}, ${invite.email}, ${invite.madeBy}, ${ts(at)}, ${ts(invite.expiresAt)})`.execute(db);
}

/** Who makes the links that a server prints while nobody can sign in. */
export const BY_SERVER = "server";

/** Each start prints a link for the first person; once there is one, those that other starts printed open nothing. */
const USABLE = (hash: string, now: Instant) => sql`token_hash = ${hash} AND used_at IS NULL AND expires_at > ${ts(now)}
  AND (made_by <> ${BY_SERVER} OR NOT EXISTS (SELECT 1 FROM staff))`;

export async function readInvite(db: Db, hash: string, now: Instant): Promise<InviteRow | null> {
  const { rows } = await sql<InviteRow>`
    SELECT role, email, made_by AS "madeBy", expires_at AS "expiresAt" FROM staff_invite WHERE ${USABLE(hash, now)} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Uses a link up; null when somebody else did, or its time is over. */
export async function useInvite(db: Db, hash: string, now: Instant): Promise<InviteRow | null> {
  const { rows } = await sql<InviteRow>`
    UPDATE staff_invite SET used_at = ${ts(now)} WHERE ${USABLE(hash, now)}
    RETURNING role, email, made_by AS "madeBy", expires_at AS "expiresAt" -- one row`.execute(db);
  return rows[0] ?? null;
}

export interface NewStaff {
  /** Names that nobody else has, and the password's hash, as the sign-in library makes them. */
  id: string;
  accountId: string;
  passwordHash: string;
  name: string;
  /** In small letters. */
  email: string;
  role: Role;
  lang: "pt-BR" | "en";
}

/** A person and their password, as the sign-in library keeps them. False when somebody has that address. */
export async function insertStaff(trx: Db, person: NewStaff, at: Instant): Promise<boolean> {
  const done = await sql`
    INSERT INTO staff (id, name, email, email_verified, role, lang, created_at, updated_at)
    VALUES (${person.id}, ${person.name}, ${person.email}, true, ${person.role}, ${person.lang}, ${ts(at)}, ${ts(at)})
    ON CONFLICT (email) DO NOTHING`.execute(trx);
  if (Number(done.numAffectedRows) === 0) return false;
  await sql`
    INSERT INTO staff_account (id, account_id, provider_id, staff_id, password, created_at, updated_at)
    VALUES (${person.accountId}, ${person.id}, 'credential', ${person.id}, ${person.passwordHash}, ${ts(at)}, ${ts(at)})`.execute(trx);
  return true;
}

/** The installation's secret of that name: the one given, unless there is one already. */
export async function keepSecret(db: Db, name: string, value: string, at: Instant): Promise<string> {
  await sql`INSERT INTO installation_secret (name, value, made_at) VALUES (${name}, ${value}, ${ts(at)}) ON CONFLICT (name) DO NOTHING`.execute(
    db,
  );
  const { rows } = await sql<{ value: string }>`SELECT value FROM installation_secret WHERE name = ${name} -- one row`.execute(db);
  return rows[0]?.value ?? value;
}
