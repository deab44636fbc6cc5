// One customer's story as the console tells it: entries of the evidence, and the exact texts that went out. Reads only.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Db } from "./database.ts";

/** Entries before one, the newest first; views of the record are told apart, since each would stand between two facts. */
export async function storyEntries(
  db: Db,
  customerId: Id,
  before: number | null,
  limit: number,
): Promise<{ seq: number; entry: string }[]> {
  const { rows } = await sql<{ seq: number; entry: string }>`
    SELECT seq, entry FROM evidence
    WHERE customer_id = ${customerId} AND kind <> 'record.viewed' AND (${before}::int IS NULL OR seq < ${before}::int)
    ORDER BY seq DESC LIMIT ${limit}`.execute(db);
  return rows;
}

export interface SentRow {
  id: Id;
  payload: string;
  state: "open" | "done" | "refused" | "superseded";
  attempts: number;
  unknowns: number;
  answer: string | null;
  decidedAt: Instant;
  endedAt: Instant | null;
  steps: string[];
}

/** Messages to a customer, the newest first, with the steps that each carried. */
export async function storyMessages(db: Db, customerId: Id, limit: number): Promise<SentRow[]> {
  const { rows } = await sql<SentRow>`
    SELECT outbox_id AS id, payload, state, attempts, unknowns, answer, decided_at AS "decidedAt", ended_at AS "endedAt",
      ARRAY(SELECT DISTINCT step FROM notice n WHERE n.customer_id = o.customer_id AND n.outbox_id = o.outbox_id ORDER BY step) AS steps
    FROM outbox o WHERE customer_id = ${customerId} AND kind = 'message' ORDER BY outbox_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** Who looked at a customer's record, the newest first. */
export async function storyViews(db: Db, customerId: Id, limit: number): Promise<{ entry: string }[]> {
  const { rows } = await sql<{ entry: string }>`
    SELECT entry FROM evidence WHERE customer_id = ${customerId} AND kind = 'record.viewed' ORDER BY seq DESC LIMIT ${limit}`.execute(db);
  return rows;
}
