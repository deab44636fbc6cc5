// A seed becomes a history: people and faults first, then quiet in which everything must come to rest, then the checks and a digest.
import { installProvider, enforcePolicy, importPolicy } from "../src/engine/install-provider.ts";
import { Settings } from "../src/engine/setting.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import { ManualClock } from "../src/kernel/clock.ts";
import { sha256 } from "../src/kernel/hash.ts";
import { DAY_MS, formatDay, HOUR_MS, parseDay, parseInstant, Zone, type Instant } from "../src/kernel/time.ts";
import { openDatabase } from "../src/store/database.ts";
import { chainHeads } from "../src/store/sandbox.ts";
import { checkAlways, checkRest } from "./always.ts";
import type { FaultKind } from "./faults.ts";
import { History } from "./history.ts";
import type { Violation } from "./oracle.ts";
import { hold, settle } from "./people.ts";
import { stream } from "./random.ts";
import { View } from "./support/view.ts";

export const ZONE = new Zone("America/Sao_Paulo");
const LONG_AGO = parseInstant("2020-01-01T00:00:00Z");
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
}

export interface RunResult {
  seed: number;
  digest: string;
  violations: Violation[];
  log: readonly string[];
  serviceDays: number;
  faults: Partial<Record<FaultKind, number>>;
  crashes: number;
  notices: number;
  suspensions: number;
  /** Notices and holds, without their times. */
  edges: string[];
  statements: number;
}

/** Fills the template that each seed's database is cloned from. */
export async function prepare(url: string, policy: string): Promise<void> {
  const database = openDatabase({ url, max: 1 });
  const identity = {
    name: "Hospedagem Exemplo",
    legalName: "Hospedagem Exemplo Ltda",
    taxId: "12.345.678/0001-90",
    address: "Rua das Flores, 10, Curitiba, 80000-000",
    email: "financeiro@hospedagem.example",
    phone: "+55 41 3333-4444",
    site: "https://hospedagem.example",
    lang: "pt-BR",
    payment: { "pt-BR": ["Pix: pix@hospedagem.example"], en: ["Pix: pix@hospedagem.example"] },
    proof: null,
  } as const;
  const provider = { identity, timeZone: ZONE.id, currency: "BRL" };
  await installProvider(database.db, { mode: "live", provider, policySource: policy, at: LONG_AGO, by: "sim" });
  await database.close();
}

export async function run(options: RunOptions): Promise<RunResult> {
  const { url, seed, days } = options;
  const database = openDatabase({ url, max: 3, durable: false });
  // Ids are asked for by units of work that hold a connection: with their own one they never wait for each other.
  const idDatabase = openDatabase({ url, max: 1, durable: false });
  try {
    const start = ZONE.at(parseDay("2026-01-05") + stream(seed, "start").between(0, 330), 0);
    const machine = { db: database.db, idDb: idDatabase.db, settings: new Settings(), clock: new ManualClock(start) };
    const view = new View(database.pool);
    const history = new History({ seed, machine, view, zone: ZONE, extraSweeps: options.extraSweeps ?? false });
    const calm = ZONE.startOf(ZONE.dayOf(start) + days - CALM_DAYS);
    await settle(history, { services: SERVICES, lastDue: ZONE.dayOf(start) + days - LAST_DUE_DAYS, calmAt: calm });
    for (let day = ZONE.dayOf(start) + 1; ZONE.startOf(day) < start + days * DAY_MS; day += 1)
      history.at(ZONE.startOf(day), () => history.midnight());
    mishaps(history, options, calm);
    await history.live(calm);
    history.faults.stop();
    history.world.say("--- the faults stop");
    await checkAlways(history, view);
    // Rest is looked at when a suspension may start: in the morning of a Wednesday.
    let end = ZONE.dayOf(start) + days;
    while ((end + 3) % 7 !== 2) end += 1;
    await history.live(ZONE.at(end, 11 * 60));
    await checkRest(history, view, database.db);
    return await resultOf(history, database.statements() + idDatabase.statements(), days);
  } finally {
    await database.close();
    await idDatabase.close();
  }
}

async function resultOf(history: History, statements: number, days: number): Promise<RunResult> {
  const heads = await chainHeads(history.machine.db, "", 10_000);
  const notices = await history.view.notices();
  const holds = await history.view.holds();
  return {
    seed: history.seed,
    digest: sha256([...heads.map((head) => `${head.ref} ${head.hash}`), ...history.world.log].join("\n")),
    violations: history.oracle.violations,
    log: history.world.log,
    serviceDays: SERVICES * days,
    faults: history.faults.counts,
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

/** What goes wrong by itself, a draw of each kind a day. */
function mishaps(history: History, options: RunOptions, calm: Instant): void {
  const random = stream(options.seed, "mishaps");
  for (let at = history.now + DAY_MS; at < calm; at += DAY_MS)
    history.at(at + random.between(0, 24 * 60 - 1) * 60_000, () => mishap(history, options, calm));
}

async function mishap(history: History, options: RunOptions, calm: Instant): Promise<void> {
  const { faults, known, world, now } = history;
  const random = stream(options.seed, `mishap ${formatDay(ZONE.dayOf(now))}`);
  if (faults.hit("operator_toggles") && world.keepsReason) world.toggle(random.pick([...world.accounts.keys()]));
  if (faults.hit("clock_jumps")) {
    history.machine.clock.set(Math.min(calm, now + random.between(1, 360) * 60_000));
    world.say("the clock jumps ahead");
  }
  if (faults.hit("scheduler_asleep")) {
    history.asleepUntil = Math.min(calm, now + random.between(2, 7 * 24) * HOUR_MS);
    world.say("the scheduler sleeps");
  }
  if (faults.hit("policy_edited")) await editPolicy(history, options.policy, random.between(0, 3));
  const open = [...known.invoices.values()].filter((i) => i.settledAt === null);
  if (faults.hit("invoice_voided")) {
    const invoice = open.length === 0 ? null : random.pick(open);
    if (invoice && invoice.open === invoice.amount) {
      await history.ask(({ engine }) => voidInvoice(engine, { invoice: invoice.ref, reason: "emitida por engano", by: "staff" }));
      known.voided(invoice.ref);
      world.say(`invoice ${invoice.ref} is void`);
    }
  }
  if (faults.hit("hold_placed") && open.length > 0)
    await hold(history, random, {
      customer: random.pick(open).customer,
      kind: "manual",
      until: Math.min(calm, now + random.between(1, 10) * DAY_MS),
    });
}

/** The same ladder with its steps some days later: invoices stand in the middle of it. */
async function editPolicy(history: History, source: string, later: number): Promise<void> {
  const steps: readonly (readonly [string, number])[] = [
    ["reminder", 3],
    ["warning", 4],
    ["suspend", 5],
  ];
  const text = steps.reduce((t, [step, day]) => t.replace(`step: ${step}, day: ${day},`, `step: ${step}, day: ${day + later},`), source);
  const { now } = history;
  await history.ask(async ({ engine }) => {
    const version = await importPolicy(engine.db, { source: text, by: "staff", at: now });
    await enforcePolicy(engine.db, version, "staff", now);
  });
  history.world.say(`the policy is edited: ${later} days later`);
}
