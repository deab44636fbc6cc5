// Runs of the motor as people see them: when one began, how much of it is judged, what left, and when it ended.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** What a part of a run did. */
export interface RunPart {
  judged: number;
  faults: number;
  /** Messages that a server accepted. */
  accepted: number;
  suspended: number;
  reactivated: number;
}

export interface RunRow extends RunPart {
  /** Names the run. */
  beganAt: Instant;
  seenAt: Instant;
  endedAt: Instant | null;
  planned: number;
}

const COLUMNS = sql`began_at AS "beganAt", seen_at AS "seenAt", ended_at AS "endedAt", planned, judged, faults, accepted, suspended, reactivated`;

/** Begins a run, unless one is open. */
export async function beginRun(db: Db, at: Instant, due: number): Promise<void> {
  await sql`
    INSERT INTO motor_run (began_at, seen_at, planned) VALUES (${ts(at)}, ${ts(at)}, ${due}) ON CONFLICT DO NOTHING`.execute(db);
}

/** By index: at most one is open. */
export async function openRun(db: Db): Promise<RunRow | null> {
  const { rows } = await sql<RunRow>`SELECT ${COLUMNS} FROM motor_run WHERE ended_at IS NULL -- one row`.execute(db);
  return rows[0] ?? null;
}

/** The run that ended last, by the key from its end. */
export async function lastRun(db: Db): Promise<RunRow | null> {
  const { rows } = await sql<RunRow>`
    SELECT ${COLUMNS} FROM motor_run WHERE ended_at IS NOT NULL ORDER BY began_at DESC LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** A look at a run: so many customers are due still. */
export async function seeRun(db: Db, run: Instant, due: number, at: Instant): Promise<void> {
  await sql`UPDATE motor_run SET planned = judged + ${due}, seen_at = ${ts(at)} WHERE began_at = ${ts(run)} AND ended_at IS NULL`.execute(
    db,
  );
}

/** Counts what was done in a run; a part that is told after its end still counts. */
export async function addToRun(db: Db, run: Instant, part: RunPart, at: Instant): Promise<void> {
  await sql`
    UPDATE motor_run SET judged = judged + ${part.judged}, planned = GREATEST(planned, judged + ${part.judged}), faults = faults + ${part.faults},
      accepted = accepted + ${part.accepted}, suspended = suspended + ${part.suspended}, reactivated = reactivated + ${part.reactivated},
      seen_at = GREATEST(seen_at, ${ts(at)})
    WHERE began_at = ${ts(run)}`.execute(db);
}

/** Ends a run, and forgets those that ended before an instant. */
export async function endRun(db: Db, run: Instant, at: Instant, forgetBefore: Instant): Promise<void> {
  await sql`UPDATE motor_run SET ended_at = ${ts(at)}, planned = judged WHERE began_at = ${ts(run)} AND ended_at IS NULL`.execute(db);
  await sql`DELETE FROM motor_run WHERE began_at < ${ts(forgetBefore)} AND ended_at IS NOT NULL`.execute(db);
}

/** Whether somebody holds a row of the outbox: a call to the outside is under way. By index over the open rows, up to the first. */
export async function callsUnderWay(db: Db, motorNow: Instant): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'open' AND lease_until >= ${ts(motorNow)}) AS held -- one row`.execute(db);
  return rows[0]?.held === true;
}

export interface Leaving {
  messages: number;
  calls: number;
  /** Rows that wait for a later time: tried again, or stopped by the breaker. */
  later: number;
}

/** What is about to leave, among the oldest open rows: never more than `most` are read, however many wait. */
export async function leavingNow(db: Db, now: Instant, most: number): Promise<Leaving> {
  const { rows } = await sql<Leaving>`
    SELECT count(*) FILTER (WHERE due AND kind = 'message') AS messages, count(*) FILTER (WHERE due AND kind <> 'message') AS calls,
      count(*) FILTER (WHERE NOT due) AS later
    FROM (
      SELECT kind, not_before <= ${ts(now)} AS due FROM outbox WHERE state = 'open' ORDER BY outbox_id LIMIT ${most}
    ) oldest -- one row`.execute(db);
  return rows[0] ?? { messages: 0, calls: 0, later: 0 };
}

/** Panels that are let be for a while, or until a person looks: one row a panel. */
export async function restingPanels(db: Db, now: Instant): Promise<string[]> {
  const { rows } = await sql<{ panel: string }>`
    SELECT panel FROM panel_circuit WHERE state <> 'closed' AND (until IS NULL OR until > ${ts(now)}) ORDER BY panel`.execute(db);
  return rows.map(({ panel }) => panel);
}
