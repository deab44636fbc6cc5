// Where webhooks go, as rows: the address, the kinds of events, the sealed secrets, and how the last attempt ended.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, tsOrNull, type Db, type Trx } from "./database.ts";

export interface EndpointRow {
  name: string;
  url: string;
  events: string[];
  /** Sealed. */
  secret: string;
  oldSecret: string | null;
  oldSecretUntil: Instant | null;
  state: "on" | "stopped";
  stoppedAt: Instant | null;
  stoppedBecause: string | null;
  failingSince: Instant | null;
  restingUntil: Instant | null;
  lastAt: Instant | null;
  lastEvent: string | null;
  lastAccepted: boolean | null;
  lastAnswer: string | null;
  madeAt: Instant;
  madeBy: string;
}

const COLUMNS = sql`endpoint AS name, url, events, secret, old_secret AS "oldSecret", old_secret_until AS "oldSecretUntil", state,
  stopped_at AS "stoppedAt", stopped_because AS "stoppedBecause", failing_since AS "failingSince", resting_until AS "restingUntil",
  last_at AS "lastAt", last_event AS "lastEvent", last_accepted AS "lastAccepted", last_answer AS "lastAnswer",
  made_at AS "madeAt", made_by AS "madeBy"`;

/** False when an endpoint of that name is there. */
export async function insertEndpoint(
  db: Db,
  row: Pick<EndpointRow, "name" | "url" | "events" | "secret" | "madeAt" | "madeBy">,
): Promise<boolean> {
  const done = await sql`
    INSERT INTO webhook_endpoint (endpoint, url, events, secret, made_at, made_by)
    VALUES (${row.name}, ${row.url}, ${row.events}::text[], ${row.secret}, ${ts(row.madeAt)}, ${row.madeBy})
    ON CONFLICT (endpoint) DO NOTHING`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

export async function listEndpoints(db: Db): Promise<EndpointRow[]> {
  const { rows } = await sql<EndpointRow>`SELECT ${COLUMNS} FROM webhook_endpoint ORDER BY endpoint`.execute(db);
  return rows;
}

export async function readEndpoint(db: Db, name: string): Promise<EndpointRow | null> {
  const { rows } = await sql<EndpointRow>`SELECT ${COLUMNS} FROM webhook_endpoint WHERE endpoint = ${name} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** What was there; null when there is none of that name. */
export async function deleteEndpoint(db: Db, name: string): Promise<EndpointRow | null> {
  const { rows } = await sql<EndpointRow>`DELETE FROM webhook_endpoint WHERE endpoint = ${name} RETURNING ${COLUMNS} -- one row`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Another secret; the one before it signs too until an instant. False when it was changed meanwhile. */
export async function replaceSecret(db: Db, name: string, from: string, to: string, oldUntil: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE webhook_endpoint SET secret = ${to}, old_secret = ${from}, old_secret_until = ${ts(oldUntil)}
    WHERE endpoint = ${name} AND secret = ${from}`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

/** The same secrets under another key. */
export async function resealSecrets(
  db: Db,
  row: Pick<EndpointRow, "name" | "secret" | "oldSecret">,
  to: Pick<EndpointRow, "secret" | "oldSecret">,
): Promise<boolean> {
  const done = await sql`
    UPDATE webhook_endpoint SET secret = ${to.secret}, old_secret = ${to.oldSecret}
    WHERE endpoint = ${row.name} AND secret = ${row.secret}`.execute(db);
  return Number(done.numAffectedRows) === 1;
}

/** How an attempt ended. `restingUntil`: nothing more is tried before; null after one that was accepted. */
export interface AttemptWord {
  name: string;
  at: Instant;
  event: string;
  accepted: boolean;
  answer: string;
  restingUntil: Instant | null;
  /** A person tried it: accepted, it ends a bad spell; refused, it begins none. */
  test?: true;
}

export async function noteAttempt(trx: Trx, word: AttemptWord): Promise<void> {
  const spell = word.accepted
    ? sql`, failing_since = NULL, resting_until = NULL`
    : sql`, failing_since = COALESCE(failing_since, ${ts(word.at)}::timestamptz), resting_until = ${tsOrNull(word.restingUntil)}`;
  await sql`
    UPDATE webhook_endpoint SET last_at = ${ts(word.at)}, last_event = ${word.event}, last_accepted = ${word.accepted}, last_answer = ${word.answer}
      ${word.test && !word.accepted ? sql`` : spell}
    WHERE endpoint = ${word.name}`.execute(trx);
}

export async function stopEndpoint(trx: Trx, name: string, because: string, at: Instant): Promise<void> {
  await sql`
    UPDATE webhook_endpoint SET state = 'stopped', stopped_at = ${ts(at)}, stopped_because = ${because}
    WHERE endpoint = ${name} AND state = 'on'`.execute(trx);
}

/** Events are made and sent again from now on. False when there is none of that name. */
export async function resumeEndpoint(trx: Trx, name: string): Promise<boolean> {
  const done = await sql`
    UPDATE webhook_endpoint SET state = 'on', stopped_at = NULL, stopped_because = NULL, failing_since = NULL, resting_until = NULL
    WHERE endpoint = ${name}`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}
