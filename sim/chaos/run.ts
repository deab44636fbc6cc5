// One chaos run: trouble for some minutes, then rest, then judgement.
import { join } from "node:path";
import { every, systemClock, wait } from "../../src/kernel/clock.ts";
import { MINUTE_MS, type Instant } from "../../src/kernel/time.ts";
import { openDatabase, type Database } from "../../src/store/database.ts";
import type { Violation } from "../oracle.ts";
import { judge } from "./judge.ts";
import { keepLogs, setStage, type Closing, type Stage, type StageOptions } from "./stage.ts";
import { Books, type Left } from "./support/books.ts";
import { QUIET_MS, REST_SECONDS, SECOND_MS } from "./times.ts";
import type { Paces } from "./trouble.ts";

export interface ChaosOptions extends StageOptions {
  /** The faults go on until there were as many, on a slow machine up to four times as long. */
  atLeast: { kills: number; stopsPastLease: number; restarts: number };
  paces: Paces;
  progress: (line: string) => void;
  /** Folder in which the logs of the processes and of the run are left; null: nowhere. */
  keep: string | null;
}

export interface ChaosResult {
  seed: number;
  minutes: number;
  speed: number;
  customers: number;
  invoices: number;
  processes: number;
  kills: number;
  stops: number;
  stopsPastLease: number;
  struckMidCall: number;
  backendsTerminated: number;
  postgresRestarts: number;
  mailsAccepted: number;
  mailsRepeated: number;
  mailFaults: Record<string, number>;
  panelCalls: number;
  panelFaults: Record<string, number>;
  payments: number;
  paymentsToldAgain: number;
  requestsRepeated: number;
  promises: number;
  holds: number;
  notices: number;
  suspensions: number;
  reactivations: number;
  /** Processes that ended as they started, because the database was away. */
  startsInVain: number;
  /** By which the clock was put ahead while everybody waited, once the faults had stopped. */
  minutesSkipped: number;
  /** Null: it never came to rest. */
  secondsToConverge: number | null;
  violations: Violation[];
}

/** Two that answer the service API and work, two that only work. */
const FLEET: readonly (readonly [string, boolean])[] = [
  ["api-1", true],
  ["api-2", true],
  ["worker-1", false],
  ["worker-2", false],
];
const LONGER_MAX = 4;
const PROGRESS_MS = 10 * SECOND_MS;
const LOOK_MS = 300;
/** Shorter waits are waited. */
const SKIPPED_MS = 15 * SECOND_MS;
/** Customers whose evidence is also exported and verified by the program's own commands. */
const BUNDLES = 4;

/** Ends everything that it started, also when `interrupted` rejects in the middle. */
export async function runChaos(options: ChaosOptions, interrupted: Promise<never>): Promise<ChaosResult> {
  const closing: Closing = [];
  const whole = setStage(options, closing).then((stage) => {
    if (options.keep !== null) closing.push(() => keepLogs(stage, options.keep ?? ""));
    return live(stage, options);
  });
  try {
    return await Promise.race([whole, interrupted]);
  } finally {
    for (const end of closing.reverse()) await end();
  }
}

async function live(stage: Stage, options: ChaosOptions): Promise<ChaosResult> {
  const { fleet, crowd, trouble, panel, mail, tape, acts } = stage;
  for (const [name, serves] of FLEET) await fleet.keep(name, serves);
  while (fleet.running(true).length < FLEET.length && fleet.ownEnds.length === 0) await wait(50);
  const started = tape.now();
  const over = (): boolean => {
    const share = (tape.now() - started) / (options.minutes * MINUTE_MS * options.speed);
    return share >= LONGER_MAX || (share >= 1 && hadEnough(stage, options));
  };
  const bar = progress(stage, options);
  let rest: Rest;
  let minutes: number;
  try {
    const people = crowd.live(over);
    const rage = trouble.rage(options.paces, [panel.weather, mail.weather]);
    while (!over()) await wait(100);
    trouble.stop();
    await rage;
    minutes = Math.round(((tape.now() - started) / options.speed / MINUTE_MS) * 10) / 10;
    tape.say("--- the faults stop");
    await people;
    rest = await converge(stage);
  } finally {
    await bar.stop();
  }
  const disorderly = await fleet.end();
  const judged = await withDatabase(stage, (database) =>
    judge({ known: stage.known, acts, crowd, panel, mail, fleet, cuts: trouble.cuts, now: rest.at }, database),
  );
  const { violations } = judged;
  for (const text of disorderly) violations.push({ invariant: "fault", text: `did not end in order: ${text}` });
  if (rest.seconds === null)
    violations.push({ invariant: "L4", text: `no rest within ${REST_SECONDS} seconds: ${stage.left ? sayLeft(stage.left) : ""}` });
  for (const text of await verifyBundles(stage)) violations.push({ invariant: "S7", text });
  return {
    seed: options.seed,
    minutes,
    speed: options.speed,
    customers: options.customers,
    invoices: stage.known.invoices.size,
    processes: fleet.lives.length,
    kills: fleet.kills,
    stops: trouble.stops,
    stopsPastLease: trouble.stopsPastLease,
    struckMidCall: trouble.midCall,
    backendsTerminated: stage.postgres.terminated,
    postgresRestarts: stage.postgres.restarts,
    mailsAccepted: judged.mailsAccepted,
    mailsRepeated: judged.mailsRepeated,
    mailFaults: { ...mail.weather.counts },
    panelCalls: panel.calls.length,
    panelFaults: { ...panel.weather.counts },
    payments: crowd.counts.payments,
    paymentsToldAgain: crowd.counts.toldAgain,
    requestsRepeated: stage.client.repeated,
    promises: crowd.counts.promises,
    holds: crowd.counts.holds,
    notices: judged.notices,
    suspensions: acts.took.length,
    reactivations: acts.releases,
    startsInVain: fleet.startsInVain,
    minutesSkipped: tape.skippedMinutes,
    secondsToConverge: rest.seconds,
    violations,
  };
}

function hadEnough({ fleet, trouble, postgres }: Stage, { atLeast }: ChaosOptions): boolean {
  return fleet.kills >= atLeast.kills && trouble.stopsPastLease >= atLeast.stopsPastLease && postgres.restarts >= atLeast.restarts;
}

interface Rest {
  at: Instant;
  /** The machine's seconds that it took; null: it did not come. */
  seconds: number | null;
}

/** Waits until nothing is left to do, now and in the next moments. While everybody waits for a later time, that time comes at once. */
async function converge(stage: Stage): Promise<Rest> {
  const { tape, fleet } = stage;
  const since = systemClock.now();
  return withDatabase(stage, async (database) => {
    const books = new Books(database.pool);
    for (;;) {
      const at = tape.now();
      const left = await books.left(at + QUIET_MS);
      stage.left = left;
      const seconds = Math.round((systemClock.now() - since) / 100) / 10;
      if (Object.values(left).every((count) => count === 0)) return { at, seconds };
      if (seconds > REST_SECONDS) {
        tape.say(`left: ${sayLeft(left)}`);
        return { at, seconds: null };
      }
      // Nobody is at work, and nobody will be for a while. A process that is only starting would miss the signal.
      const idle = left.leased === 0 && left.due === 0 && left.open > 0 && fleet.running(true).length === FLEET.length;
      const next = idle ? await books.nextAt() : null;
      if (next !== null && next > at + SKIPPED_MS) {
        tape.skip(next - at - SECOND_MS);
        fleet.tellSkip();
      }
      await wait(LOOK_MS);
    }
  });
}

function sayLeft(left: Left): string {
  return Object.entries(left)
    .map(([what, count]) => `${what} ${count}`)
    .join(", ");
}

async function withDatabase<T>(stage: Stage, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url: stage.postgres.url, max: 2 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** `regua evidence export` and `verify`, on those with the longest stories. */
async function verifyBundles({ acts, fleet, base, folder }: Stage): Promise<string[]> {
  const down = new Set(acts.took.map((each) => each.service));
  const chosen = [...base.people].sort((a, b) => longest(b, down) - longest(a, down)).slice(0, BUNDLES);
  const wrong: string[] = [];
  for (const { ref } of chosen) {
    const file = join(folder, `${ref}.evidence.json`);
    const exported = await fleet.run("evidence", "export", ref, "--out", file);
    const verified = exported.code === 0 ? await fleet.run("evidence", "verify", file) : exported;
    if (verified.code !== 0) wrong.push(`the evidence of ${ref} does not verify: ${verified.err.slice(0, 500)}`);
  }
  return wrong;
}

function longest(person: { services: { ref: string }[] }, down: ReadonlySet<string>): number {
  return person.services.filter((service) => down.has(service.ref)).length;
}

/** One line now and then, while the run goes on. */
function progress(stage: Stage, options: ChaosOptions): { stop: () => Promise<void> } {
  const started = systemClock.now();
  const { fleet, trouble, mail, panel, crowd, acts, postgres } = stage;
  const line = (): string =>
    [
      `${String(Math.round((systemClock.now() - started) / SECOND_MS)).padStart(4)} s`,
      `${fleet.kills} kills`,
      `${trouble.stopsPastLease}/${trouble.stops} stops past the lease`,
      `${postgres.terminated} sessions ended`,
      `${postgres.restarts} restarts`,
      `${mail.deliveries.filter((d) => d.accepted).length} mails`,
      `${panel.calls.length} panel calls`,
      `${crowd.counts.payments} payments`,
      `${acts.took.length} down, ${acts.releases} up`,
      `${acts.violations.length} violations`,
      ...(stage.left === null ? [] : [`left: ${sayLeft(stage.left)}`]),
    ].join(" · ");
  return every(PROGRESS_MS, () => {
    options.progress(line());
    return Promise.resolve();
  });
}
