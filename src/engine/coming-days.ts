// What the next days hold for everybody, worked out beside the daily work and kept: a page shows the last result, and never waits for the next.
import { wait } from "../kernel/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Day, type Instant } from "../kernel/time.ts";
import { suspensionRate } from "../store/breaker.ts";
import { inOneMoment } from "../store/evidence.ts";
import {
  dropOutlook,
  keepOutlook,
  markAsked,
  markWanted,
  moveOutlook,
  readOutlook,
  takeOutlook,
  type KeptOutlook,
  type OutlookRow,
} from "../store/outlook.ts";
import { customersToCome } from "../store/views.ts";
import type { Engine } from "./engine.ts";
import type { Coming } from "./outlook.ts";
import { breakerOf, inOrder, playSome, suspensionsIn, type Rehearsed, type Rehearsal } from "./rehearse.ts";
import type { Setting } from "./setting.ts";

/** Today and the four days after it: on a Thursday, the Monday that follows is among them. */
const DAYS = 5;

/** As it is kept: sums, and the first of what comes. */
export interface ComingDays {
  from: Day;
  days: { day: Day; counts: Record<Coming["kind"], number> }[];
  /** The first of them, in order of time. */
  first: Rehearsed[];
  total: number;
  breaker: Rehearsal["breaker"];
  looked: number;
  touched: number;
  /** Customers that could not be projected; they are left out above. */
  faults: number;
}

export interface ComingShown {
  /** The last result; null: there is none yet. */
  kept: KeptOutlook<ComingDays> | null;
  /** The next one, under way. */
  working: { done: number; total: number } | null;
  /** The next one begins by itself in a moment, or is under way. */
  comes: boolean;
  setting: Setting;
}

const FIRST = 60;
/** Customers in one go: so many are projected in less time than a request may take, and others are let in between. */
const PAGE = 100;
/** After each page it rests as long as that took: of one processor it has half, at most. */
const REST = 1;
/** A result is renewed when it is so old, or so many times as old as it took to make: on a base of any size it costs a twentieth at most. */
const OLD_MS = 5 * MINUTE_MS;
const OLD_TIMES = 20;
/** Kept fresh so long after somebody looked: over a long weekend, and not for a console that nobody opens. */
const LOOKED_AT_MS = 4 * DAY_MS;
/** That somebody looks is written down no more often than this. */
const ASKED_EACH_MS = MINUTE_MS;
/** Whoever works on it renews its lease with each page; one that died is followed by another after this. */
const LEASE_MS = MINUTE_MS;

/** The last result at once, whatever the size of the base; that it was looked at keeps it fresh. */
export async function showComing(engine: Engine): Promise<ComingShown> {
  const { db, motorClock } = engine;
  const setting = await engine.settings.load(db, engine.clock.now());
  let row = await readOutlook<ComingDays>(db);
  if (row.askedAt === null || motorClock.now() - row.askedAt >= ASKED_EACH_MS) {
    await markAsked(db, motorClock.now());
    row = { ...row, askedAt: motorClock.now() };
  }
  return shown(engine, row, setting);
}

/** Wants a new one now; the answer shows the old. */
export async function refreshComing(engine: Engine): Promise<ComingShown> {
  await markWanted(engine.db, engine.motorClock.now());
  return showComing(engine);
}

function shown(engine: Engine, row: OutlookRow<ComingDays>, setting: Setting): ComingShown {
  const under = row.leaseUntil !== null && row.leaseUntil > engine.motorClock.now();
  return {
    kept: row.kept,
    working: under ? { done: row.done, total: row.total } : null,
    comes: under || isDue(engine, row, setting),
    setting,
  };
}

function isDue({ clock, motorClock }: Engine, { kept, askedAt, wantedAt }: OutlookRow<ComingDays>, setting: Setting): boolean {
  const now = motorClock.now();
  if (askedAt === null || now - askedAt > LOOKED_AT_MS) return false;
  if (kept === null || (wantedAt !== null && wantedAt > kept.begunAt)) return true;
  const today = setting.zone.dayOf(clock.now());
  if (kept.result.from !== today || kept.policyVersion !== setting.policy.version) return true;
  // A sandbox's date stands still and then leaps; what was to come may have been.
  if (setting.mode === "sandbox" && kept.factsAt !== clock.now()) return true;
  return now - kept.madeAt >= Math.max(OLD_MS, OLD_TIMES * (kept.madeAt - kept.begunAt));
}

export interface WorkOptions {
  /** Names this piece of work among those of other processes. */
  lease: string;
  /** True once the program is asked to stop. */
  stopping?: () => boolean;
  onPage?: (tookMs: number) => void | Promise<void>;
}

/**
 * Works out a new one where one is due and nobody is at it; answers whether a result was kept. Each page of customers is one moment of
 * the database: a snapshot held for minutes would keep it from clearing up what the daily work leaves behind.
 */
export async function workOutComing(engine: Engine, options: WorkOptions): Promise<boolean> {
  const { db, motorClock } = engine;
  const row = await readOutlook<ComingDays>(db);
  // One row read each second is all that an installation costs whose console nobody opens.
  if (row.askedAt === null || motorClock.now() - row.askedAt > LOOKED_AT_MS) return false;
  const setting = await engine.settings.load(db, engine.clock.now());
  if (!isDue(engine, row, setting)) return false;
  const begunAt = motorClock.now();
  if (!(await takeOutlook(db, options.lease, begunAt, begunAt + LEASE_MS))) return false;
  const factsAt = engine.clock.now();
  const result = await playDays(engine, setting, factsAt, options);
  if (result === null) {
    await dropOutlook(db, options.lease);
    return false;
  }
  await keepOutlook(db, options.lease, { factsAt, policyVersion: setting.policy.version, begunAt, madeAt: motorClock.now(), result });
  return true;
}

/** Null: it was stopped, or another took over. */
async function playDays(engine: Engine, setting: Setting, factsAt: Instant, options: WorkOptions): Promise<ComingDays | null> {
  const { db, motorClock } = engine;
  const { zone } = setting;
  const from = zone.dayOf(factsAt);
  const window = { from: zone.startOf(from), to: zone.startOf(from + DAYS) - 1 };
  const sums = new Sums(zone, from);
  const ids = await customersToCome(db, window.to);
  for (let at = 0; at < ids.length; at += PAGE) {
    if (options.stopping?.()) return null;
    const begun = motorClock.now();
    const page = ids.slice(at, at + PAGE);
    sums.add(await inOneMoment(db, (trx) => playSome(trx, page, setting, { ...window, now: engine.clock.now() })));
    const took = motorClock.now() - begun;
    await options.onPage?.(took);
    if (!(await moveOutlook(db, options.lease, at + page.length, ids.length, motorClock.now() + LEASE_MS))) return null;
    await wait(REST * took);
  }
  const { services } = await suspensionRate(db, factsAt - HOUR_MS);
  sums.starts.sort((a, b) => a - b);
  return { ...sums.result, breaker: breakerOf(sums.starts, setting, services) };
}

/** What is kept of all that comes. */
class Sums {
  readonly result: ComingDays;
  readonly starts: Instant[] = [];
  readonly #zone: Setting["zone"];

  constructor(zone: Setting["zone"], from: Day) {
    this.#zone = zone;
    const days = Array.from({ length: DAYS }, (_, i) => ({ day: from + i, counts: none() }));
    this.result = { from, days, first: [], total: 0, breaker: null, looked: 0, touched: 0, faults: 0 };
  }

  add({ coming, looked, touched, faults }: Awaited<ReturnType<typeof playSome>>): void {
    const { result } = this;
    result.looked += looked;
    result.touched += touched;
    result.faults += faults.length;
    result.total += coming.length;
    for (const at of suspensionsIn(coming)) this.starts.push(at);
    for (const each of coming) {
      const row = result.days[this.#zone.dayOf(each.at) - result.from];
      if (row) row.counts[each.kind] += 1;
    }
    result.first = [...result.first, ...coming].sort(inOrder).slice(0, FIRST);
  }
}

function none(): Record<Coming["kind"], number> {
  return { message: 0, suspension: 0, release: 0, promise: 0, claim: 0, termination: 0, person: 0 };
}
