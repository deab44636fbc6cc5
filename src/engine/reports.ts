// The reports of the console: when people pay, what each step brings back, how old the debt is, how fast service returns.
import type { Currency } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { ladderFor } from "../policy/compile.ts";
import type { StepAct } from "../policy/decision.ts";
import { sampleCustomer } from "../policy/timeline.ts";
import {
  ageing,
  paymentCurve,
  reactivations,
  recovery,
  type AgeRow,
  type CurveRow,
  type Reactivation,
  type RecoveryRow,
} from "../store/reports.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";

/** A step of the ladder that most customers are on, at its day. */
export interface LadderStep {
  step: string;
  offset: number;
  act: StepAct;
}

export function ladderSteps({ policy, currency }: Pick<Setting, "policy" | "currency">, today: Day): LadderStep[] {
  const sample = sampleCustomer({ issuedOn: today - 10, dueOn: today, amount: 100, currency });
  const { steps } = ladderFor(policy, sample, null, today);
  return steps.flatMap(({ name, day, act }) => (day === "issued" ? [] : [{ step: name, offset: day, act }]));
}

export interface Reports {
  from: Day;
  through: Day;
  currency: Currency;
  curve: { rows: CurveRow[]; total: number; totalCents: number };
  /** The default ladder's steps, on the curve. */
  steps: LadderStep[];
  recovery: RecoveryRow[];
  ageing: AgeRow[];
  reactivation: Reactivation;
}

/** Invoices due in the last `days`. */
export async function reports(engine: Engine, days: number): Promise<Reports> {
  const { db } = engine;
  const now = engine.clock.now();
  const setting = await engine.settings.load(db, now);
  const { zone, currency } = setting;
  const through = zone.dayOf(now);
  const from = through - days + 1;
  return {
    from,
    through,
    currency,
    curve: await paymentCurve(db, from, through),
    steps: ladderSteps(setting, through),
    recovery: await recovery(db, from, through),
    ageing: await ageing(db, through),
    reactivation: await reactivations(db, from),
  };
}

export const REPORTS = ["curve", "recovery", "ageing"] as const;

/** A report as CSV (RFC 4180) with a byte order mark, which spreadsheets need to read accents. */
export function reportCsv(found: Reports, which: (typeof REPORTS)[number]): string {
  const money = (cents: number): string => (cents / 100).toFixed(2);
  const rows: (string | number)[][] =
    which === "curve"
      ? [["days_after_due", "invoices", "amount"], ...found.curve.rows.map((r) => [r.offset, r.invoices, money(r.cents)])]
      : which === "recovery"
        ? [
            ["step", "channel", "told", "settled", "amount"],
            ...found.recovery.map((r) => [r.step, r.channel, r.told, r.settled, money(r.cents)]),
          ]
        : [
            ["days_from", "days_to", "invoices", "customers", "amount"],
            ...found.ageing.map((r) => [r.from, r.to ?? "", r.invoices, r.customers, money(r.cents)]),
          ];
  const [head = [], ...body] = rows;
  return csvOf(head, body, (row) => row);
}

/** RFC 4180 with a byte order mark. */
export function csvOf<T>(head: readonly (string | number)[], rows: readonly T[], row: (each: T) => readonly (string | number)[]): string {
  return `\uFEFF${[head, ...rows.map(row)].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A spreadsheet takes what begins with one of these for a formula; an apostrophe makes it text. A plain number stays one. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/u.test(text) && !/^-?\d+(\.\d+)?$/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function reportName(found: Pick<Reports, "from" | "through">, which: string): string {
  return `regua-${which}-${formatDay(found.from)}-${formatDay(found.through)}.csv`;
}
