// The day at a glance: what is owed and what came back, what was said, and what waits for a person.
import type { Cents, Currency } from "../kernel/money.ts";
import { DAY_MS, HOUR_MS, type Day, type Instant, type Zone } from "../kernel/time.ts";
import { breakerState } from "./breaker.ts";
import { countToday, noticesSince, receivedByDay, recoveredIn, type TodayCounts } from "../store/console.ts";
import type { Engine } from "./engine.ts";
import { lastDayPastDue } from "./list-customers.ts";
import type { Setting } from "./setting.ts";

export interface Today {
  now: Instant;
  today: Day;
  setting: Setting;
  currency: Currency;
  counts: TodayCounts;
  /** Of thirty days up to today; days without money too. */
  received: { day: Day; cents: Cents; receipts: number }[];
  /** Paid after the due date, since the start of yesterday and in thirty days. */
  recovered: { sinceYesterday: Cents; inThirtyDays: Cents; invoices: number };
  notices: { step: string; accepted: number; undeliverable: number; pending: number }[];
  breaker: { trippedAt: Instant | null; because: string | null };
}

const DAYS = 30;
/** What lies before yesterday hardly changes, and summing a month of a large base takes a second: it is summed anew so often. */
const PAST_KEPT_MS = HOUR_MS / 12;
/** Later than anything: a range without an end. */
const ALWAYS: Instant = 253_402_214_400_000;

/** The day at a glance; sums of the days before yesterday are kept for a while by one process. */
export function todays(engine: Engine): () => Promise<Today> {
  const { db } = engine;
  const past = kept(engine, PAST_KEPT_MS, async (zone: Zone, from: Instant, to: Instant) => ({
    received: await receivedByDay(db, { from, to }, zone),
    recovered: await recoveredIn(db, { from, to }),
  }));
  return async () => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(db, now);
    const { zone } = setting;
    const day = zone.dayOf(now);
    const yesterday = zone.startOf(day - 1);
    const month = zone.startOf(day - DAYS + 1);
    const lately = { from: yesterday, to: ALWAYS };
    const [counts, before, received, recovered, told, { trippedAt, because }] = await Promise.all([
      countToday(db, { dueThrough: lastDayPastDue(setting.policy, now), dayEnd: zone.startOf(day + 2), since: now - 7 * DAY_MS }),
      past(`${day} ${zone.id}`, zone, month, yesterday),
      receivedByDay(db, lately, zone),
      recoveredIn(db, lately),
      noticesSince(db, yesterday),
      breakerState(db),
    ]);
    const byDay = new Map([...before.received, ...received].map((row) => [row.day, row]));
    const notices = new Map<string, Today["notices"][number]>();
    for (const { step, state, count } of told) {
      const row = notices.get(step) ?? { step, accepted: 0, undeliverable: 0, pending: 0 };
      if (state === "accepted" || state === "undeliverable" || state === "pending") row[state] += count;
      notices.set(step, row);
    }
    return {
      now,
      today: day,
      setting,
      currency: setting.currency,
      counts,
      received: Array.from({ length: DAYS }, (_, i) => byDay.get(day - DAYS + 1 + i) ?? { day: day - DAYS + 1 + i, cents: 0, receipts: 0 }),
      recovered: {
        sinceYesterday: recovered.cents,
        inThirtyDays: before.recovered.cents + recovered.cents,
        // An invoice paid in two parts, one of them before yesterday, counts in both.
        invoices: before.recovered.invoices + recovered.invoices,
      },
      notices: [...notices.values()],
      breaker: { trippedAt, because },
    };
  };
}

/** Keeps the last answer under its key for a while. */
function kept<A extends unknown[], T>(
  engine: Engine,
  forMs: number,
  find: (...ask: A) => Promise<T>,
): (key: string, ...ask: A) => Promise<T> {
  let last: { key: string; until: number; found: Promise<T> } | null = null;
  return (key, ...ask) => {
    const at = engine.motorClock.now();
    if (last?.key === key && at < last.until) return last.found;
    const mine = { key, until: at + forMs, found: find(...ask) };
    last = mine;
    mine.found.catch(() => {
      if (last === mine) last = null;
    });
    return mine.found;
  };
}
