// Moves the sandbox's clock: receipts arrive at midnight, sweeps follow hour by hour, messages and panel calls at once.
import { anchorDay } from "../engine/anchor-day.ts";
import { emptyTally, type Tally } from "../engine/evaluate.ts";
import { recordReceipts } from "../engine/record-receipts.ts";
import { assert } from "../kernel/assert.ts";
import type { ManualClock } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import { formatDay, type Day, type Instant, type Zone } from "../kernel/time.ts";
import { nextCheckAt } from "../store/facts.ts";
import { setSandboxNow } from "../store/provider.ts";
import { arrivingReceipts, forgetArrived } from "../store/receipts.ts";
import { chainHeads, nextArrival, nextOutboxAt } from "../store/sandbox.ts";
import { dispatch, type Dispatcher } from "./dispatch.ts";
import { sweep } from "./sweep.ts";

export interface Advanced {
  days: number;
  notices: Record<string, number>;
  messages: number;
  /** Overdue holds placed, by service and invoice. */
  holds: number;
  /** Transitions on the panel. */
  suspensions: number;
  reactivations: number;
  receipts: number;
  faults: number;
  digest: string;
}

export interface AdvanceOptions {
  /** The instant to reach; usually the start of a day. */
  until: Instant;
  /** Hours of sandbox time between sweeps. */
  every: number;
  onDay?: (day: Day) => void;
  /** False leaves the digest out: it reads every customer. */
  digest?: boolean;
}

/** Rounds of sweep and dispatch in one tick before it is called a defect. */
const ROUNDS_MAX = 50;

/**
 * Lives through the time up to an instant, that instant included. Between two ticks at which nothing is due, nothing
 * would happen: those sweeps are left out, which the facts allow (evaluating more or less often gives the same history).
 */
export async function advanceSandbox(dispatcher: Dispatcher, clock: ManualClock, zone: Zone, options: AdvanceOptions): Promise<Advanced> {
  const { engine } = dispatcher;
  const start = clock.now();
  const end = options.until;
  const lastDay = zone.dayOf(end);
  if (end < start) throw new ReguaError("sandbox_backwards", { now: formatDay(zone.dayOf(start)), to: formatDay(lastDay) });
  const done: Advanced = {
    days: lastDay - zone.dayOf(start),
    notices: {},
    messages: 0,
    holds: 0,
    suspensions: 0,
    reactivations: 0,
    receipts: 0,
    faults: 0,
    digest: "",
  };
  const tally = emptyTally();
  let wanted: Instant | null = null;
  for (const tick of ticks(zone, start, end, options.every)) {
    const day = zone.dayOf(tick);
    clock.set(tick);
    if (zone.startOf(day) === tick) {
      await anchorDay(engine, day - 1);
      options.onDay?.(day);
    }
    if (wanted !== null && wanted > tick) continue;
    await live(dispatcher, day, tally, done);
    await setSandboxNow(engine.db, tick);
    wanted = await nextWanted(dispatcher, zone);
    // Nothing will ever be due again: only midnights (anchors) are left.
    if (wanted === null) wanted = Number.POSITIVE_INFINITY;
  }
  clock.set(end);
  await setSandboxNow(engine.db, end);
  if (options.digest !== false) done.digest = await digestOf(dispatcher);
  return { ...done, notices: tally.notices, messages: tally.messages, holds: tally.holds, faults: tally.faults };
}

/** One tick: what arrived, what is due, what goes out, until nothing more follows from it. */
async function live(dispatcher: Dispatcher, day: Day, tally: Tally, done: Advanced): Promise<void> {
  const { engine } = dispatcher;
  for (;;) {
    const arriving = await arrivingReceipts(engine.db, day, 5_000);
    if (arriving.length === 0) break;
    const recorded = await recordReceipts(engine, arriving, { tally });
    assert(recorded.refused.length === 0, `a receipt in the sandbox was refused: ${recorded.refused[0]?.reason ?? ""}`);
    done.receipts += recorded.booked;
    await forgetArrived(engine.db, arriving);
  }
  for (let round = 0; ; round += 1) {
    assert(round < ROUNDS_MAX, "the sandbox finds no rest");
    const before = tally.customers;
    await sweep(engine, tally);
    const moved = await dispatch(dispatcher, { tally });
    done.suspensions += moved.suspended;
    done.reactivations += moved.reactivated;
    if (tally.customers === before) return;
  }
}

async function nextWanted(dispatcher: Dispatcher, zone: Zone): Promise<Instant | null> {
  const { db } = dispatcher.engine;
  const arrival = await nextArrival(db);
  const times = [await nextCheckAt(db), await nextOutboxAt(db), arrival === null ? null : zone.startOf(arrival)];
  return times.reduce<Instant | null>((soonest, at) => (at !== null && (soonest === null || at < soonest) ? at : soonest), null);
}

/** The present instant, every full hour (or every n-th) of local time after it, and the end. */
function* ticks(zone: Zone, start: Instant, end: Instant, every: number): Generator<Instant> {
  let last = start;
  yield start;
  for (let day = zone.dayOf(start); ; day += 1) {
    for (let hour = 0; hour < 24; hour += every) {
      const tick = zone.at(day, hour * 60);
      if (tick <= last) continue;
      if (tick > end) {
        if (last < end) yield end;
        return;
      }
      last = tick;
      yield tick;
    }
  }
}

/** One hash of everybody's evidence: two runs with the same digest had the same history, to the byte. */
async function digestOf(dispatcher: Dispatcher): Promise<string> {
  let digest = "";
  let after = "";
  for (;;) {
    const heads = await chainHeads(dispatcher.engine.db, after, 5_000);
    const last = heads[heads.length - 1];
    if (!last) return digest === "" ? sha256("") : digest;
    digest = sha256(`${digest}\n${heads.map((head) => `${head.ref} ${head.hash}`).join("\n")}`);
    after = last.ref;
  }
}
