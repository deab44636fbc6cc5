// Requests by their Idempotency-Key: taken before the work, marked done in the work's own transaction, answered after it.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";
import { withTransactions } from "./transactions.ts";

/** Who sent it (the API key's name), and the key it was sent under. */
export interface RequestKey {
  scope: string;
  key: string;
}

export interface RequestRow {
  requestHash: string;
  /** Null: nothing was committed yet. Zero: the work was committed, the answer is not kept yet. */
  code: number | null;
  answer: string | null;
  /** When it was taken; whoever took it is known by this instant. */
  takenAt: Instant;
}

/** The work is committed; its answer is not. */
export const WORK_DONE = 0;

/** Takes a key for the caller; false when it was taken before. */
export async function takeRequest(db: Db, id: RequestKey, requestHash: string, now: Instant): Promise<boolean> {
  const taken = await sql`
    INSERT INTO idempotency (scope, key, request_hash, created_at) VALUES (${id.scope}, ${id.key}, ${requestHash}, ${ts(now)})
    ON CONFLICT (scope, key) DO NOTHING`.execute(db);
  return Number(taken.numAffectedRows) === 1;
}

export async function readRequest(db: Db, id: RequestKey): Promise<RequestRow | null> {
  const { rows } = await sql<RequestRow>`
    SELECT request_hash AS "requestHash", answer_code AS code, answer, created_at AS "takenAt" FROM idempotency
    WHERE scope = ${id.scope} AND key = ${id.key} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Takes over a key whose taker committed nothing and is given up; false when somebody else was faster. */
export async function retakeRequest(db: Db, id: RequestKey, takenAt: Instant, now: Instant): Promise<boolean> {
  const retaken = await sql`
    UPDATE idempotency SET created_at = ${ts(now)}
    WHERE scope = ${id.scope} AND key = ${id.key} AND created_at = ${ts(takenAt)} AND answer_code IS NULL`.execute(db);
  return Number(retaken.numAffectedRows) === 1;
}

/** Marks the work done, in its own transaction; false when the key was taken over meanwhile. */
async function markDone(trx: Trx, id: RequestKey, takenAt: Instant): Promise<boolean> {
  const marked = await sql`
    UPDATE idempotency SET answer_code = ${WORK_DONE}
    WHERE scope = ${id.scope} AND key = ${id.key} AND created_at = ${ts(takenAt)} AND COALESCE(answer_code, ${WORK_DONE}) = ${WORK_DONE}`.execute(
    trx,
  );
  return Number(marked.numAffectedRows) === 1;
}

export async function keepAnswer(db: Db, id: RequestKey, takenAt: Instant, answer: { code: number; text: string }): Promise<void> {
  await sql`
    UPDATE idempotency SET answer_code = ${answer.code}, answer = ${answer.text}
    WHERE scope = ${id.scope} AND key = ${id.key} AND created_at = ${ts(takenAt)}`.execute(db);
}

/** Gives a key back whose request came to nothing, so that it can be sent again at once. */
export async function dropRequest(db: Db, id: RequestKey, takenAt: Instant): Promise<void> {
  await sql`
    DELETE FROM idempotency
    WHERE scope = ${id.scope} AND key = ${id.key} AND created_at = ${ts(takenAt)} AND answer_code IS NULL`.execute(db);
}

/** The key was taken over while the work went on: its transaction is undone. */
export class RequestTakenOver extends Error {
  override name = "RequestTakenOver";
}

/**
 * The database as seen by one request: every transaction begun on it also marks the request done, so that work and mark are
 * committed together or not at all. A use case needs to know nothing of it.
 */
export function markingDone(db: Db, id: RequestKey, takenAt: Instant): Db {
  return withTransactions(db, (work) =>
    db.transaction().execute(async (trx) => {
      const value = await work(trx);
      if (!(await markDone(trx, id, takenAt))) throw new RequestTakenOver(`the request ${id.key} is carried out elsewhere`);
      return value;
    }),
  );
}
