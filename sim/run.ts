// A seed becomes a history: people and faults first, then quiet in which everything must come to rest, then the checks and a digest.
import { Settings } from "../src/engine/setting.ts";
import { ManualClock } from "../src/kernel/clock.ts";
import { sha256 } from "../src/kernel/hash.ts";
import { openDatabase } from "../src/store/database.ts";
import { chainHeads } from "../src/store/sandbox.ts";
import { checkAlways, checkRest } from "./always.ts";
import { outdoors, type Weather } from "./connection.ts";
import type { FaultKind, Occasion } from "./faults.ts";
import { History } from "./history.ts";
import type { Violation } from "./oracle.ts";
import { midnight } from "./midnight.ts";
import { mishaps } from "./mishaps.ts";
import { settle } from "./people.ts";
import { news } from "./people-news.ts";
import { Stocks } from "./program.ts";
import { install, settingOf, type SimSetting } from "./setting.ts";
import { View } from "./support/view.ts";

/** The end of each history, in which nothing goes wrong any more. */
const CALM_DAYS = 30;
/** No invoice falls due in the last days: what is owed then has passed the whole ladder. */
const LAST_DUE_DAYS = 25;
const SERVICES = 30;

export interface RunOptions {
  url: string;
  seed: number;
  days: number;
  /** The text of the policy in force. */
  policy: string;
  extraSweeps?: boolean;
  /** Kinds of fault that are left out. */
  without?: readonly FaultKind[];
  /** Kinds of fault that happen as often as they may, whatever the seed drew. */
  needs?: readonly FaultKind[];
  /** The customers that live, by number; the others are left out. Null: all. */
  people?: readonly number[] | null;
  /** Ends early when one of these invariants is violated. */
  until?: readonly string[];
}

export interface RunResult {
  seed: number;
  /** The customers that lived, by number. */
  people: readonly number[];
  digest: string;
  violations: Violation[];
  log: readonly string[];
  serviceDays: number;
  faults: Partial<Record<FaultKind, number>>;
  occasions: Partial<Record<Occasion, number>>;
  crashes: number;
  notices: number;
  suspensions: number;
  /** Notices and holds, without their times. */
  edges: string[];
  statements: number;
}

/** Lives a seed. What the program throws where nothing may be thrown is a violation too, named `error`. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { url, seed, days } = options;
  const database = openDatabase({ url, max: 3, durable: false, plans: "once" });
  // Ids are asked for by units of work that hold a connection: with their own one they never wait for each other.
  const idDatabase = openDatabase({ url, max: 1, durable: false, plans: "once" });
  const setting = settingOf(seed, days, options.policy);
  let weather: () => Weather | null = () => null;
  const db = outdoors(database, () => weather());
  try {
    await install(database.db, setting);
    const machine = { db, stocks: new Stocks(idDatabase.db), settings: new Settings(), clock: new ManualClock(setting.start) };
    const { extraSweeps = false, until = [], without = [], needs = [] } = options;
    const view = new View(database.pool, () => database.statements());
    const { zone, policy } = setting;
    const history = new History({ seed, machine, view, zone, ladder: policy.ladder, extraSweeps, until, without, needs });
    weather = () => history.weather();
    await live(history, setting, options).catch((error: unknown) => {
      history.oracle.fault("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
    return await resultOf(history, database.statements() + idDatabase.statements(), days);
  } finally {
    await database.close();
    await idDatabase.close();
  }
}

async function live(history: History, setting: SimSetting, options: RunOptions): Promise<void> {
  const { days, people = null } = options;
  const { zone, start, policy, occasions } = setting;
  const { view, faults } = history;
  for (const occasion of occasions) faults.note(occasion);
  const first = zone.dayOf(start);
  const calm = zone.startOf(first + days - CALM_DAYS);
  await settle(history, { services: SERVICES, lastDue: first + days - LAST_DUE_DAYS, calmAt: calm, people });
  // Rest is looked at when a suspension may start: in the morning of a Wednesday.
  let end = first + days;
  while ((end + 3) % 7 !== 2) end += 1;
  for (let day = first + 1; day <= end; day += 1) history.at(zone.startOf(day), () => midnight(history, first));
  mishaps(history, policy.source, calm);
  history.cashier.begin(zone.startOf(first + days + 10));
  history.account.begin();
  history.news = (about) => news(history, calm, about);
  await history.live(calm);
  if (history.over) return;
  faults.stop();
  history.world.say("--- the faults stop");
  await checkAlways(history, view, history.machine.db);
  await history.live(zone.at(end, 11 * 60));
  if (!history.over) await checkRest(history, view, history.machine.db);
}

async function resultOf(history: History, statements: number, days: number): Promise<RunResult> {
  const heads = await chainHeads(history.machine.db, "", 10_000);
  const notices = await history.view.notices();
  const holds = await history.view.holds();
  return {
    seed: history.seed,
    people: [...history.known.customers.keys()].map((ref) => Number(ref.slice(1))),
    digest: sha256([...heads.map((head) => `${head.ref} ${head.hash}`), ...history.world.log].join("\n")),
    violations: history.oracle.violations,
    log: history.world.log,
    serviceDays: SERVICES * days,
    faults: history.faults.counts,
    occasions: history.faults.occasions,
    crashes: history.crashes,
    notices: notices.length,
    suspensions: history.world.suspensions.length,
    edges: [
      ...notices.map((n) => `${n.customer} ${n.invoice ?? ""} ${n.step} ${n.state}`),
      ...holds.map((h) => `hold ${h.service} ${h.invoice}`),
    ].sort(),
    statements,
  };
}
