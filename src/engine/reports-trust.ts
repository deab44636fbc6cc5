// The reports on trust: how releases end, what weekends cost, who pays on the last day, and proofs that were not borne out.
import { letOthersIn } from "../kernel/clock.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Currency } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import type { Policy } from "../policy/compile.ts";
import { lastDays, type LastDays } from "../policy/last-day.ts";
import { LEFT_WITHIN_DAYS } from "../policy/weekend.ts";
import {
  countProofs,
  lastDayPayers,
  promisesByWeekday,
  proofsByCheck,
  releasesByMonth,
  releasesLike,
  repeatSenders,
  type LastDayPayer,
  type LastDayTotals,
  type LocalRange,
  type ProofCheckRow,
  type ProofSender,
  type ProofTotals,
  type ReleaseFilter,
  type ReleaseListed,
  type ReleaseRow,
  type WeekdayRow,
} from "../store/reports-trust.ts";
import type { Engine } from "./engine.ts";
import { csvOf } from "./reports.ts";

/** From so many times on, paying on the last day is called a habit. */
const HABIT = 3;
const SHOWN = 100;
/** The rules are played for a day in 1.5 ms: so many, and others are let in. */
const DAYS_AT_ONCE = 10;

export interface TrustReports {
  from: Day;
  through: Day;
  currency: Currency;
  /** Of who asked. */
  lang: Lang;
  releases: ReleaseRow[];
  weekdays: WeekdayRow[];
  /** Null: the policy in force suspends nothing. */
  lastDay: { habit: number; totals: LastDayTotals; payers: LastDayPayer[] } | null;
  proofs: { totals: ProofTotals; checks: ProofCheckRow[]; senders: ProofSender[] };
}

async function rangeOf(engine: Engine, days: number) {
  const now = engine.clock.now();
  const setting = await engine.settings.load(engine.db, now);
  const { zone } = setting;
  const through = zone.dayOf(now);
  const from = through - days + 1;
  const range: LocalRange = { from: zone.startOf(from), to: zone.startOf(through + 1), zone };
  return { now, setting, from, through, range };
}

/** Promises granted, proofs received and invoices due in the last `days`. */
export async function trustReports(engine: Engine, days: number): Promise<TrustReports> {
  const { db } = engine;
  const { now, setting, from, through, range } = await rangeOf(engine, days);
  const tolerated = await toleratedDays(setting.policy, from, through);
  const { zone } = setting;
  return {
    from,
    through,
    currency: setting.currency,
    lang: setting.provider.lang,
    releases: await releasesByMonth(db, range),
    weekdays: bothParts(await promisesByWeekday(db, range, now, LEFT_WITHIN_DAYS)),
    lastDay:
      tolerated.length === 0 ? null : { habit: HABIT, ...(await lastDayPayers(db, tolerated, { zone, often: HABIT, limit: SHOWN })) },
    proofs: {
      totals: await countProofs(db, range),
      checks: await proofsByCheck(db, range),
      senders: await repeatSenders(db, range, SHOWN),
    },
  };
}

/** Nothing asked at a weekend is a finding too. */
function bothParts(rows: readonly WeekdayRow[]): WeekdayRow[] {
  const nothing = { releases: 0, customers: 0, kept: 0, broken: 0, days: 0, owedCents: 0, inTimeCents: 0, laterCents: 0 };
  return [true, false].map(
    (weekend) => rows.find((row) => row.weekend === weekend) ?? { weekend, ...nothing, lost: 0, lostDays: 0, lostCents: 0 },
  );
}

async function toleratedDays(policy: Policy, from: Day, through: Day): Promise<LastDays[]> {
  const found: LastDays[] = [];
  for (let due = from; due <= through; due += 1) {
    const days = lastDays(policy, due);
    if (days !== null) found.push(days);
    if ((due - from) % DAYS_AT_ONCE === 0) await letOthersIn();
  }
  return found;
}

/** The releases behind a number of the report; the latest hundred. */
export async function releasesBehind(engine: Engine, days: number, filter: ReleaseFilter): Promise<ReleaseListed[]> {
  const { range } = await rangeOf(engine, days);
  return releasesLike(engine.db, range, filter, SHOWN);
}

export const TRUST_REPORTS = ["releases", "weekends", "last-day", "proofs", "senders"] as const;

export function trustCsv(found: TrustReports, which: (typeof TRUST_REPORTS)[number]): string {
  const money = (cents: number): string => (cents / 100).toFixed(2);
  if (which === "releases")
    return csvOf(["month", "what", "outcome", "count", "amount"], found.releases, (r) => [
      r.month,
      r.what,
      r.outcome,
      r.count,
      money(r.cents),
    ]);
  if (which === "weekends")
    return csvOf(
      "asked,releases,customers,kept,broken,days,owed,paid_in_time,paid_later,lost,lost_days,lost_amount".split(","),
      found.weekdays,
      (r) => [
        ...[r.weekend ? "friday_to_sunday" : "monday_to_thursday", r.releases, r.customers, r.kept, r.broken, r.days],
        ...[money(r.owedCents), money(r.inTimeCents), money(r.laterCents), r.lost, r.lostDays, money(r.lostCents)],
      ],
    );
  if (which === "last-day")
    return csvOf(["customer", "name", "on_last_day", "paid", "amount"], found.lastDay?.payers ?? [], (r) => [
      ...[r.customer, r.name, r.lastDay, r.paid, money(r.cents)],
    ]);
  if (which === "senders")
    return csvOf(["customer", "name", "contradicted", "refused", "last_on"], found.proofs.senders, (r) => [
      ...[r.customer, r.name, r.contradicted, r.refused, formatDay(r.lastOn)],
    ]);
  return csvOf(["check", "contradicted", "refused", "customers", "amount"], found.proofs.checks, (r) => [
    ...[r.rule ?? "", r.contradicted, r.refused, r.customers, money(r.cents)],
  ]);
}
