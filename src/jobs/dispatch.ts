// Carries out what the outbox holds: claim, call with no transaction open, record.
import type { Engine, Wake } from "../engine/engine.ts";
import { claimTasks } from "../engine/claim.ts";
import { stillWanted } from "../engine/still-wanted.ts";
import type { Tally } from "../engine/evaluate.ts";
import { recordOutcomes, type Finished, type Transitions } from "../engine/record-outcomes.ts";
import type { Task } from "../engine/sift.ts";
import type { Setting } from "../engine/setting.ts";
import { call, type Outside } from "./call.ts";
import { HeldLease, LEASE_MS } from "./lease.ts";

export interface Dispatcher {
  engine: Engine;
  outside: Outside;
  /** A new name for each claim. */
  newToken: () => string;
  /** Calls at the same time. */
  parallel: number;
  /**
   * Outcomes of a claim are recorded together, in the order of its rows, when its last call has ended: the same history every time,
   * however fast the database answers. For rehearsals; where people wait, each outcome is recorded as it comes.
   */
  steady?: boolean;
  /** True once the program is asked to stop: what is in flight is finished, nothing more is claimed. */
  stopping?: () => boolean;
}

/** Rows per claim: large enough to make statements few, small enough to be shared between workers. */
const CLAIM_LIMIT = 500;

/** Never more claims than this in one go: whatever remains is found by the next poll. */
const MAX_CLAIMS = 10_000;

export interface DispatchOptions {
  range?: Wake;
  tally?: Tally;
  /** Told what each claim did once it is recorded. */
  onPart?: (part: Transitions) => Promise<void>;
}

/**
 * Works the outbox until nothing more can be done now. Outcomes are recorded as they come, in the order of the rows where
 * they are ready together: a slow mail server never delays another customer's reactivation.
 */
export async function dispatch(dispatcher: Dispatcher, options: DispatchOptions = {}): Promise<Transitions> {
  const total: Transitions = { accepted: 0, suspended: 0, reactivated: 0 };
  const { engine } = dispatcher;
  for (let claims = 0; claims < MAX_CLAIMS && !dispatcher.stopping?.(); claims += 1) {
    const token = dispatcher.newToken();
    const claimedAt = engine.motorClock.now();
    const claimed = await claimTasks(engine, { token, limit: CLAIM_LIMIT, leaseMs: LEASE_MS, range: options.range, tally: options.tally });
    if (claimed.moved === 0) break;
    if (claimed.setting === null || claimed.tasks.length === 0) continue;
    const lease = new HeldLease(engine, token, claimedAt);
    try {
      const part = await carryOut(dispatcher, { token, lease }, claimed.tasks, claimed.setting, options.tally);
      add(total, part);
      await options.onPart?.(part);
    } finally {
      await lease.stop();
    }
  }
  return total;
}

async function carryOut(
  dispatcher: Dispatcher,
  claim: { token: string; lease: HeldLease },
  tasks: readonly Task[],
  setting: Setting,
  tally: Tally | undefined,
): Promise<Transitions> {
  const total: Transitions = { accepted: 0, suspended: 0, reactivated: 0 };
  const ready: Finished[] = [];
  let recording: Promise<void> | null = null;
  const failures: unknown[] = [];
  const record = async (): Promise<void> => {
    while (ready.length > 0) {
      const some = ready.splice(0).sort((a, b) => a.task.row.id - b.task.row.id);
      const part = await recordOutcomes(dispatcher.engine, claim.token, some, { tally });
      add(total, part);
    }
  };
  // A recording that fails while calls are still under way is told when they have ended; what it held is taken over with the lease.
  const keep = (): Promise<void> =>
    record()
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        recording = null;
      });
  // Reactivations first: somebody is waiting in front of a suspended site.
  const queue = [...tasks].sort((a, b) => urgency(a) - urgency(b) || a.row.id - b.row.id);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let task = queue[next++]; task && (await claim.lease.covers()); task = queue[next++]) {
      ready.push(await call(task, dispatcher.outside, setting, (last) => stillWanted(dispatcher.engine, last, claim.token)));
      // While one recording runs, what finishes meanwhile gathers for the next.
      if (!dispatcher.steady) recording ??= keep();
    }
  };
  await Promise.all(Array.from({ length: Math.min(dispatcher.parallel, queue.length) }, worker));
  await (recording ?? Promise.resolve());
  if (failures.length === 0) await record();
  else throw failures[0];
  return total;
}

function add(total: Transitions, part: Transitions): void {
  total.accepted += part.accepted;
  total.suspended += part.suspended;
  total.reactivated += part.reactivated;
}

function urgency(task: Task): number {
  return task.kind === "access" && task.desired === "active" ? 0 : 1;
}
