// Finds due customers by index, in runs of buckets, and has them evaluated in batches.
import type { Engine } from "../engine/engine.ts";
import { evaluateCustomers, type Tally } from "../engine/evaluate.ts";
import type { Instant } from "../kernel/time.ts";
import { dueBuckets, dueCustomers } from "../store/facts.ts";

/** Customers per transaction: about what keeps a statement's parameters near a megabyte. */
export const BATCH = 1_500;

export interface BucketRange {
  from: number;
  to: number;
  due: number;
}

/** Runs of buckets with about a batch of due customers each; the whole due work, shared out. */
export async function planSweep(engine: Engine, now: Instant, batch = BATCH): Promise<BucketRange[]> {
  const ranges: BucketRange[] = [];
  let open: BucketRange | null = null;
  for (const { bucket, due } of await dueBuckets(engine.db, now)) {
    if (open === null || open.due + due > batch) {
      open = { from: bucket, to: bucket, due: 0 };
      ranges.push(open);
    }
    open.to = bucket;
    open.due += due;
  }
  return ranges;
}

export interface SweepOptions {
  batch?: number | undefined;
  /** Told of each batch once it is written. */
  onBatch?: ((part: { judged: number; faults: number }) => Promise<void>) | undefined;
}

/** Evaluates what is due in a run of buckets. */
export async function sweepRange(
  engine: Engine,
  range: { from: number; to: number },
  tally: Tally,
  { batch = BATCH, onBatch }: SweepOptions = {},
): Promise<void> {
  for (;;) {
    const now = engine.clock.now();
    const due = await dueCustomers(engine.db, range, now, batch);
    if (due.length === 0) return;
    const setting = await engine.settings.load(engine.db, now);
    const { faults } = tally;
    await evaluateCustomers(engine, setting, due, now, tally);
    await onBatch?.({ judged: due.length, faults: tally.faults - faults });
    if (due.length < batch) return;
  }
}

/** Evaluates all that is due, a few batches at a time: while one is decided, another is read or written. */
export async function sweep(
  engine: Engine,
  tally: Tally,
  options: SweepOptions & { parallel?: number; onRange?: (range: BucketRange) => void } = {},
): Promise<void> {
  const ranges = await planSweep(engine, engine.clock.now(), options.batch);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let range = ranges[next++]; range; range = ranges[next++]) {
      await sweepRange(engine, range, tally, options);
      options.onRange?.(range);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel ?? 1, ranges.length) }, worker));
}
