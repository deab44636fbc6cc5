// What happens to whom on the days to come: every customer's decisions in memory, in one read-only transaction.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { formatDay, HOUR_MS, type Day, type Instant } from "../kernel/time.ts";
import { suspensionRate } from "../store/breaker.ts";
import type { Trx } from "../store/database.ts";
import { inOneMoment } from "../store/evidence.ts";
import { customersById, readCases } from "../store/facts.ts";
import { customersToCome } from "../store/views.ts";
import { hourlyLimit } from "./breaker.ts";
import type { Engine } from "./engine.ts";
import { outlook, type Coming } from "./outlook.ts";
import type { Setting } from "./setting.ts";

export interface RehearseOptions {
  /** First day looked at; absent: tomorrow. */
  on?: Day;
  /** How many days. */
  days: number;
  onProgress?: (done: number, total: number) => void;
}

/** Something that comes, and to whom. */
export interface Rehearsed extends Coming {
  customer: string;
  name: string;
}

export interface Rehearsal {
  fromDay: Day;
  throughDay: Day;
  policyVersion: string;
  /** In order of time, then of customer. */
  coming: Rehearsed[];
  /** Customers to whom something comes. */
  customersTouched: number;
  /** Customers looked at. */
  customersLooked: number;
  /** Customers that could not be projected, with the reason; they are left out above. */
  faults: { customer: string; fault: string }[];
  /** Set when more services would go down within an hour than the breaker lets through without a person. */
  breaker: { at: Instant; suspensions: number; limit: number; rule: string } | null;
}

/** Customers in memory at a time. */
const PAGE = 500;
/** Longest rehearsal: past a year a projection without payments says nothing of use. */
export const DAYS_MAX = 366;

/**
 * Plays the days up to the last one asked for, and tells what falls on the days asked for. Changes nothing: it reads in one
 * read-only transaction. Memory grows with what comes, and by an id for each customer.
 * @throws ReguaError `rehearse_past`
 */
export async function rehearse(engine: Engine, options: RehearseOptions): Promise<Rehearsal & { setting: Setting; now: Instant }> {
  return inOneMoment(engine.db, async (trx) => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(trx, now);
    const { zone } = setting;
    const today = zone.dayOf(now);
    const fromDay = options.on ?? today + 1;
    if (fromDay < today) throw new ReguaError("rehearse_past", { day: formatDay(fromDay), today: formatDay(today) });
    const throughDay = fromDay + options.days - 1;
    const span = { now, from: zone.startOf(fromDay), to: zone.startOf(throughDay + 1) - 1 };
    const all = nobody();
    const ids = await customersToCome(trx, span.to);
    for (let at = 0; at < ids.length; at += PAGE) {
      addPlayed(all, await playSome(trx, ids.slice(at, at + PAGE), setting, span));
      options.onProgress?.(all.looked, ids.length);
    }
    all.coming.sort(inOrder);
    const { services } = await suspensionRate(trx, now - HOUR_MS);
    return {
      fromDay,
      throughDay,
      policyVersion: setting.policy.version,
      coming: all.coming,
      customersTouched: all.touched,
      customersLooked: all.looked,
      faults: all.faults,
      breaker: breakerOf(suspensionsIn(all.coming), setting, services),
      setting,
      now,
    };
  });
}

/** What falls from one instant to another (both included) is told, as it looks from `now`. */
export interface Span {
  now: Instant;
  from: Instant;
  to: Instant;
}

/** What comes to some customers. */
export interface Played {
  coming: Rehearsed[];
  touched: number;
  looked: number;
  faults: Rehearsal["faults"];
}

function nobody(): Played {
  return { coming: [], touched: 0, looked: 0, faults: [] };
}

function addPlayed(all: Played, more: Played): void {
  for (const coming of more.coming) all.coming.push(coming);
  all.faults.push(...more.faults);
  all.touched += more.touched;
  all.looked += more.looked;
}

/** What comes to these customers, in no order. */
export async function playSome(trx: Trx, ids: readonly Id[], setting: Setting, span: Span): Promise<Played> {
  const played = nobody();
  for (const { facts } of await readCases(trx, await customersById(trx, ids), setting.channels)) {
    played.looked += 1;
    try {
      const mine = outlook(facts, setting.policy, span.now, span.to).filter((coming) => coming.at >= span.from);
      if (mine.length === 0) continue;
      played.touched += 1;
      for (const coming of mine) played.coming.push({ ...coming, customer: facts.ref, name: facts.name });
    } catch (error) {
      // As in the run: one customer that cannot be decided never hides the others.
      played.faults.push({ customer: facts.ref, fault: error instanceof Error ? error.message : String(error) });
    }
  }
  return played;
}

/** By time, then by customer. */
export function inOrder(a: Rehearsed, b: Rehearsed): number {
  return a.at - b.at || (a.customer < b.customer ? -1 : a.customer > b.customer ? 1 : 0);
}

/** When services go down. */
export function suspensionsIn(coming: readonly Rehearsed[]): Instant[] {
  return coming.filter((each) => each.kind === "suspension").map((each) => each.at);
}

/** The first hour in which more services go down than may without a person; `starts` in order of time. */
export function breakerOf(starts: readonly Instant[], setting: Setting, services: number): Rehearsal["breaker"] {
  for (let first = 0, last = 0; last < starts.length; last += 1) {
    const at = starts[last] ?? 0;
    while ((starts[first] ?? at) <= at - HOUR_MS) first += 1;
    const limit = hourlyLimit(setting, services, at);
    const next = starts[last + 1];
    // Counted once all that start at the same instant are in.
    if (limit === null || next === at) continue;
    const suspensions = last - first + 1;
    if (suspensions > limit.limit) return { at, suspensions, ...limit };
  }
  return null;
}
