// Goes round the accounts of each panel and compares them with what they should be, at a pace that the panel bears.
import { takeReading, takeSilence } from "../engine/record-reading.ts";
import type { Comparison } from "../engine/compare-access.ts";
import { compareAccess } from "../engine/compare-access.ts";
import type { Engine } from "../engine/engine.ts";
import { deadline, every, wait } from "../kernel/clock.ts";
import { HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import type { Id } from "../kernel/ids.ts";
import type { AccountState, ControlPanel } from "../ports/control-panel.ts";
import { unknown, type Outcome } from "../ports/outcome.ts";
import { linkedServices, moveRound, takeRound, type LinkedService } from "../store/panel-rounds.ts";
import type { MotorLog } from "./motor.ts";

/** A round begins this long after the last one ended: what a person changed by hand is seen within a working day. */
const EVERY_MS = 4 * HOUR_MS;
/** A round whose process died is taken over after this; each batch renews it. */
const TAKEN_MS = 5 * MINUTE_MS;
/** Between two readings. A reading costs Virtualmin half a second: it is asked for no more than half of its time. */
const PACE_MS = 250;
const BATCH = 20;
/** So many of one panel, then the others': a large panel's round takes an hour. */
const BATCHES = 10;
const LOOK_MS = 5_000;
/** So many readings in a row without an answer are the panel's silence, not the accounts'. */
const SILENT_AFTER = 3;
const SILENT_WAIT_MS = 5 * MINUTE_MS;
const READ_DEADLINE_MS = 20_000;

export interface ReconcileOptions {
  engine: Engine;
  panels: ReadonlyMap<string, ControlPanel>;
  log: MotorLog;
  /** True once the program is asked to stop. */
  stopping?: () => boolean;
  /** Batches of one panel before the others' rounds are looked at again; absent: to the end. */
  batches?: number;
  /** Milliseconds between two readings; for tests, whose panels bear more. */
  paceMs?: number;
}

/** The rounds of a running installation. */
export function startRounds(options: Omit<ReconcileOptions, "stopping" | "batches">): { stop(): Promise<void> } {
  let stopping = false;
  const look = every(LOOK_MS, () =>
    reconcilePanels({ ...options, stopping: () => stopping, batches: BATCHES }).catch((error: unknown) =>
      options.log.error({ err: error }, "rounds"),
    ),
  );
  return {
    stop: async () => {
      stopping = true;
      await look.stop();
    },
  };
}

/** Works on every panel whose round is due, each at its own pace. A panel that is silent holds up no other. */
export async function reconcilePanels(options: ReconcileOptions): Promise<void> {
  await Promise.all([...options.panels].map(([name, panel]) => goOn(options, name, panel)));
}

async function goOn(options: ReconcileOptions, name: string, panel: ControlPanel): Promise<void> {
  const { engine, log } = options;
  let now = engine.motorClock.now();
  const round = await takeRound(engine.db, name, { now, until: now + TAKEN_MS });
  if (!round) return;
  let { afterService, read } = round;
  for (let batch = 0; batch < (options.batches ?? Infinity) && !options.stopping?.(); batch += 1) {
    const services = await linkedServices(engine.db, name, afterService, BATCH);
    const part = await compareAll(options, panel, services);
    now = engine.motorClock.now();
    read += part.read;
    if (part.silent !== null) {
      log.error({ panel: name, reason: part.silent }, "panel silent; its accounts are compared later");
      await moveRound(engine.db, name, { afterService, read, notBefore: now + SILENT_WAIT_MS, answer: part.silent, finishedAt: null });
      return;
    }
    afterService = part.last ?? afterService;
    const ended = services.length < BATCH && !options.stopping?.();
    const notBefore = ended ? now + EVERY_MS : now + TAKEN_MS;
    await moveRound(engine.db, name, { afterService, read, notBefore, answer: null, finishedAt: ended ? now : null });
    if (ended) {
      log.info({ panel: name, accounts: read }, "panel compared");
      return;
    }
  }
  await moveRound(engine.db, name, { afterService, read, notBefore: engine.motorClock.now(), answer: null, finishedAt: null });
}

/** Reads a batch; `silent`: the panel answered nothing any more, in its own words. */
async function compareAll(
  options: ReconcileOptions,
  panel: ControlPanel,
  services: readonly LinkedService[],
): Promise<{ read: number; silent: string | null; last: Id | null }> {
  const { engine } = options;
  let read = 0;
  let last: Id | null = null;
  const unanswered: { service: LinkedService; why: string }[] = [];
  for (const service of services) {
    if (options.stopping?.()) break;
    last = service.serviceId;
    // A call that is decided reads for itself.
    if (service.busy) continue;
    const begun = engine.motorClock.now();
    const seen = await readAccount(panel, service.account);
    if (seen.outcome === "done") {
      read += 1;
      for (const one of unanswered.splice(0)) await takeSilence(engine, one.service, one.why);
      await takeReading(engine, service, seen.value);
    } else {
      unanswered.push({ service, why: seen.reason });
      // A refused key is the whole panel's at once, and must not be tried again.
      if (unanswered.length >= SILENT_AFTER || (seen.outcome === "refused" && seen.credentials)) return { read, silent: seen.reason, last };
    }
    await wait(Math.max(options.paceMs ?? PACE_MS, engine.motorClock.now() - begun));
  }
  // Fewer than it takes to call the panel silent: if it answered anything, these accounts are the matter.
  if (read === 0 && unanswered.length > 0) return { read, silent: unanswered[0]?.why ?? "", last };
  for (const one of unanswered) await takeSilence(engine, one.service, one.why);
  return { read, silent: null, last };
}

async function readAccount(panel: ControlPanel, account: string): Promise<Outcome<AccountState>> {
  try {
    return await panel.read(account, { signal: deadline(READ_DEADLINE_MS) });
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

/** What a look at every account of a panel would find; nothing is written and nothing repaired. */
export interface Rehearsed {
  service: LinkedService;
  comparison: Comparison | null;
  /** Why the account could not be read; null: it was. */
  unread: string | null;
}

export async function rehearseRound(
  options: ReconcileOptions,
  name: string,
  panel: ControlPanel,
  onRead: (read: number) => void,
): Promise<Rehearsed[]> {
  const found: Rehearsed[] = [];
  let after: Id = 0;
  let silent = 0;
  for (;;) {
    const services = await linkedServices(options.engine.db, name, after, BATCH);
    for (const service of services) {
      if (silent >= SILENT_AFTER) return found;
      const seen = await readAccount(panel, service.account);
      silent = seen.outcome === "done" ? 0 : silent + 1;
      if (seen.outcome === "refused" && seen.credentials) silent = SILENT_AFTER;
      found.push(
        seen.outcome === "done"
          ? { service, comparison: compareAccess(service, seen.value), unread: null }
          : { service, comparison: null, unread: seen.reason },
      );
      onRead(found.length);
      await wait(options.paceMs ?? PACE_MS);
    }
    const last = services.at(-1);
    if (!last || services.length < BATCH) return found;
    after = last.serviceId;
  }
}
