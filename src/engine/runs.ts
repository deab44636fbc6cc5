// A run of the motor as people see it. Nothing is decided by it, and its order changes nothing: the customers due are the customers due.
import { DAY_MS, type Instant } from "../kernel/time.ts";
import { nextCheckAt } from "../store/facts.ts";
import {
  addToRun,
  beginRun,
  callsUnderWay,
  endRun,
  lastRun,
  leavingNow,
  openRun,
  restingPanels,
  seeRun,
  type Leaving,
  type RunPart,
  type RunRow,
} from "../store/runs.ts";
import { breakerState } from "./breaker.ts";
import type { Engine } from "./engine.ts";

/** Names a run: the instant of the machine's clock at which it began. */
export type Run = Instant;

const NOTHING: RunPart = { judged: 0, faults: 0, accepted: 0, suspended: 0, reactivated: 0 };

/** A motor that looks every five seconds over days of small work leaves some thousands of rows a day; who asks wants the last. */
const KEPT_MS = 2 * DAY_MS;

/** A look at the work: begins a run where customers are due and none is open, and says how many are left. Null: none is open. */
export async function lookAtRun(engine: Engine, due: number): Promise<Run | null> {
  const now = engine.motorClock.now();
  if (due > 0) await beginRun(engine.db, now, due);
  const run = await openRun(engine.db);
  if (run) await seeRun(engine.db, run.beganAt, due, now);
  return run?.beganAt ?? null;
}

/** The run that is open; null: what is done now belongs to none. */
export async function runOpen(engine: Engine): Promise<Run | null> {
  return (await openRun(engine.db))?.beganAt ?? null;
}

/** Counts what was done. One short statement a batch of customers or a claim of the outbox. */
export async function noteRun(engine: Engine, run: Run | null, part: Partial<RunPart>): Promise<void> {
  if (run !== null) await addToRun(engine.db, run, { ...NOTHING, ...part }, engine.motorClock.now());
}

/** For a look that found nobody due and left nothing in the outbox that could be done: the run is over unless another's calls still are. */
export async function endRunUnlessCalling(engine: Engine, run: Run): Promise<void> {
  const now = engine.motorClock.now();
  if (!(await callsUnderWay(engine.db, now))) await endRun(engine.db, run, now, now - KEPT_MS);
}

export interface RunNow {
  /** By the machine's clock, as all here are but `nextAt`. */
  now: Instant;
  running: (RunRow & { aboutDoneAt: Instant | null; silent: boolean }) | null;
  last: RunRow | null;
  leaving: Leaving & { more: boolean };
  /** When the next customer is due, by the installation's clock; null: nobody will be. */
  nextAt: Instant | null;
  breakerTrippedAt: Instant | null;
  restingPanels: string[];
}

/** Rows of the outbox read for one answer. */
export const LEAVING_MAX = 10_000;

/** A batch is decided in about a second and a claim's calls end in minutes: after this the workers have most likely stopped. */
const SILENT_MS = 600_000;

/**
 * The run of now, in six queries by index: the open run, the last one, the first of the due dates, at most 10,000 rows of the outbox, the
 * breaker, and a row a panel. None of them grows with the customers.
 */
export async function runNow(engine: Engine): Promise<RunNow> {
  const { db } = engine;
  const now = engine.motorClock.now();
  const [open, last, nextAt, leaving, breaker, resting] = await Promise.all([
    openRun(db),
    lastRun(db),
    nextCheckAt(db),
    leavingNow(db, engine.clock.now(), LEAVING_MAX),
    breakerState(db),
    restingPanels(db, now),
  ]);
  const { messages, calls, later } = leaving;
  return {
    now,
    running: open && { ...open, aboutDoneAt: aboutDone(open, messages + calls, now), silent: now - open.seenAt > SILENT_MS },
    last,
    leaving: { ...leaving, more: messages + calls + later >= LEAVING_MAX },
    nextAt,
    breakerTrippedAt: breaker.trippedAt,
    restingPanels: resting,
  };
}

/** About when it ends, at the pace it had so far: deciding and sending go on side by side. Null where nothing yet tells the pace. */
export function aboutDone(run: Pick<RunRow, "beganAt" | "planned" | keyof RunPart>, leaving: number, now: Instant): Instant | null {
  const elapsed = now - run.beganAt;
  const still = (left: number, done: number): number | null => (left <= 0 ? 0 : done <= 0 || elapsed <= 0 ? null : (left * elapsed) / done);
  const judging = still(run.planned - run.judged, run.judged);
  const sending = still(leaving, run.accepted + run.suspended + run.reactivated);
  if (judging === null || sending === null) return null;
  return now + Math.ceil(Math.max(judging, sending));
}
