// The motor of a running installation, on pg-boss: ticks, sweeps and dispatches shared by any number of workers.

import { fromKysely, PgBoss } from "pg-boss";
import type { Engine, Wake } from "../engine/engine.ts";
import { emptyTally, type Tally } from "../engine/evaluate.ts";
import type { Transitions } from "../engine/record-outcomes.ts";
import { endRunUnlessCalling, lookAtRun, noteRun, runOpen, type Run } from "../engine/runs.ts";
import { every } from "../kernel/clock.ts";
import type { Trx } from "../store/database.ts";
import { grantJobs, JOBS_SCHEMA } from "../store/jobs-schema.ts";
import { dispatch, type Dispatcher } from "./dispatch.ts";
import { planSweep, sweepRange, type BucketRange } from "./sweep.ts";

/** A run of buckets to be judged, and the run it is counted in. */
type SweepJob = BucketRange & { run: Run | null };

const SWEEP = "sweep";
const DISPATCH = "dispatch";
const RELEASE = "release";

/** Wake-ups of a release taken together: while payments come faster than panels are called, one claim takes all that came meanwhile. */
const TOGETHER = 100;

/** Jobs of each kind at the same time, of one process: each works in batches and asks for two or three connections. */
export const JOBS = 2;

/** A worker that says nothing this long is taken for dead; its jobs go to another (at least ten seconds in pg-boss). */
const HEARTBEAT_SECONDS = 15;

/** How often each worker looks for due customers and for rows whose lease or waiting time ended. Wake-ups make it the exception. */
const LOOK_MS = 5_000;

export interface MotorLog {
  info(what: Record<string, unknown>, message: string): void;
  error(what: Record<string, unknown>, message: string): void;
}

export interface Motor {
  /** Enqueues a wake-up for the dispatcher, in the caller's transaction. */
  wake: (trx: Trx, wake: Wake) => Promise<void>;
  /** Starts taking work. */
  work: (dispatcher: Dispatcher, options: { parallel: number; onTally?: (tally: Tally) => void }) => Promise<void>;
  /** Finishes what is in flight, then stops. */
  stop: () => Promise<void>;
}

/** Connects to the job tables (made when absent). `url` must be allowed to make a schema the first time. */
export async function startMotor(options: { url: string; log: MotorLog }): Promise<Motor> {
  const boss = new PgBoss({
    connectionString: options.url,
    schema: JOBS_SCHEMA,
    application_name: "regua-motor",
    max: 4,
    useListenNotify: true,
    monitorIntervalSeconds: 15,
  });
  boss.on("error", (error) => options.log.error({ err: error }, "motor"));
  await boss.start();
  const queue = {
    notify: true,
    retryLimit: 3,
    retryDelay: 5,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: 900,
    deleteAfterSeconds: 3600,
  };
  // “short”: one waiting job a key, so that looking often never piles up sweeps of the same buckets.
  await ensureQueue(boss, SWEEP, { ...queue, policy: "short" });
  await ensureQueue(boss, DISPATCH, { ...queue, policy: "standard" });
  await ensureQueue(boss, RELEASE, { ...queue, policy: "standard" });
  await grantJobs(options.url);
  const stops: (() => Promise<void>)[] = [];
  let stopping = false;
  return {
    wake: async (trx, wake) => void (await boss.send(wake.urgent ? RELEASE : DISPATCH, wake, { db: fromKysely(trx) })),
    work: async (given, { parallel, onTally }) => {
      const dispatcher: Dispatcher = { ...given, stopping: () => stopping };
      const report = onTally ?? ((): void => undefined);
      await work(boss, dispatcher, parallel, report);
      const look = every(LOOK_MS, () =>
        lookAround(boss, dispatcher, report).catch((error: unknown) => options.log.error({ err: error }, "look")),
      );
      stops.push(() => look.stop());
      await lookAround(boss, dispatcher, report);
    },
    stop: async () => {
      stopping = true;
      await Promise.all(stops.map((stop) => stop()));
      await boss.stop({ graceful: true, timeout: 60_000 });
    },
  };
}

async function ensureQueue(boss: PgBoss, name: string, options: Parameters<PgBoss["createQueue"]>[1]): Promise<void> {
  if ((await boss.getQueue(name)) === null) await boss.createQueue(name, options);
}

async function work(boss: PgBoss, dispatcher: Dispatcher, parallel: number, report: (tally: Tally) => void): Promise<void> {
  const polling = { pollingIntervalSeconds: 2, batchSize: 1, localConcurrency: parallel };
  await boss.work<Wake>(RELEASE, { ...polling, batchSize: TOGETHER }, async (jobs) => {
    const range = { from: Math.min(...jobs.map(({ data }) => data.from)), to: Math.max(...jobs.map(({ data }) => data.to)), urgent: true };
    const tally = emptyTally();
    await dispatch(dispatcher, { range, tally, onPart: partOfRun(dispatcher.engine) });
    report(tally);
  });
  await boss.work<SweepJob>(SWEEP, polling, async (jobs) => {
    for (const job of jobs) {
      const tally = emptyTally();
      const { run } = job.data;
      await sweepRange(dispatcher.engine, job.data, tally, { onBatch: (part) => noteRun(dispatcher.engine, run, part) });
      report(tally);
    }
  });
  await boss.work<Wake>(DISPATCH, polling, async (jobs) => {
    for (const job of jobs) {
      const tally = emptyTally();
      await dispatch(dispatcher, { range: job.data, tally, onPart: partOfRun(dispatcher.engine) });
      report(tally);
    }
  });
}

/** What leaves while a run is open is counted as its. Which one is asked beside the work: a release waits for nothing that is only shown. */
function partOfRun(engine: Engine): (part: Transitions) => Promise<void> {
  const run = runOpen(engine);
  // Where nothing left, nobody asks for the answer; where something did, a failure is told there.
  run.catch(() => undefined);
  return async (part) => noteRun(engine, await run, part);
}

/** Shares due customers out as jobs, and works rows that nobody was woken for: retries, and what a dead worker left. */
async function lookAround(boss: PgBoss, dispatcher: Dispatcher, report: (tally: Tally) => void): Promise<void> {
  const { engine } = dispatcher;
  const ranges = await planSweep(engine, engine.clock.now());
  const due = ranges.reduce((sum, range) => sum + range.due, 0);
  const run = await lookAtRun(engine, due);
  for (const range of ranges) {
    const job: SweepJob = { ...range, run };
    await boss.send(SWEEP, job, { singletonKey: `${range.from}-${range.to}` });
  }
  const tally = emptyTally();
  await dispatch(dispatcher, { tally, onPart: (part) => noteRun(engine, run, part) });
  report(tally);
  if (run !== null && due === 0 && !dispatcher.stopping?.()) await endRunUnlessCalling(engine, run);
}
