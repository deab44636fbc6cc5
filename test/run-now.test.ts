// The motor's run as Today shows it, on a real database: half done it shows half, done it shows what it did, and the real motor keeps it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { aboutDone, endRunUnlessCalling, lookAtRun, noteRun, runNow, runOpen } from "../src/engine/runs.ts";
import { dispatch, type Dispatcher } from "../src/jobs/dispatch.ts";
import { startMotor } from "../src/jobs/motor.ts";
import { planSweep, sweep } from "../src/jobs/sweep.ts";
import { wait } from "../src/kernel/clock.ts";
import { DAY_MS, MINUTE_MS } from "../src/kernel/time.ts";
import { done, type Outcome } from "../src/ports/outcome.ts";
import type { Acceptance, OutgoingMail } from "../src/ports/mailer.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, makeEngine, type World } from "./support/engine.ts";

const START = at("2026-11-06T10:00");
const CUSTOMERS = 40;

let data: TestDatabase;
let world: World;

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: START });
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

/** Forty customers to be reminded now, nothing else to be done, and no run was ever. */
beforeEach(async () => {
  world.clock.set(START);
  await world.rows("DELETE FROM motor_run");
  await world.rows("DELETE FROM outbox");
  await world.rows("UPDATE customer SET next_check_at = NULL");
  for (let i = 0; i < CUSTOMERS; i += 1) await addInvoice(world, await addCustomer(world), { dueOn: "2026-11-03" });
});

let claims = 0;
function dispatcher(onSend: () => Promise<void> = () => Promise.resolve()): Dispatcher {
  const mailer = new SandboxMailer();
  const send = async (mail: OutgoingMail): Promise<Outcome<Acceptance>> => {
    await onSend();
    return done({ response: "250 ok", server: `test for ${mail.to}` });
  };
  return {
    engine: world.engine,
    outside: {
      mailers: new Map([["email", Object.assign(mailer, { send })]]),
      panels: new Map([["sandbox", new SandboxPanel({ accounts: new InMemorySandboxAccounts() })]]),
    },
    newToken: () => `claim-${(claims += 1)}`,
    parallel: 2,
  };
}

const due = async (): Promise<number> => (await planSweep(world.engine, world.clock.now())).reduce((sum, range) => sum + range.due, 0);

describe("a run", () => {
  it("half done shows half, and about when it ends; done shows what it did", async () => {
    const { engine, clock } = world;
    const run = await lookAtRun(engine, await due());
    const seen: [number, number][] = [];
    await sweep(engine, emptyTally(), {
      batch: CUSTOMERS / 2,
      onBatch: async (part) => {
        clock.set(clock.now() + MINUTE_MS);
        await noteRun(engine, run, part);
        const { running } = await runNow(engine);
        if (running && running.judged === CUSTOMERS / 2) expect(running.aboutDoneAt).toBe(null);
        if (running) seen.push([running.judged, running.planned]);
      },
    });
    expect(seen).toContainEqual([CUSTOMERS / 2, CUSTOMERS]);
    expect(seen.at(-1)).toEqual([CUSTOMERS, CUSTOMERS]);
    const judged = await runNow(engine);
    expect(judged.leaving).toEqual({ messages: CUSTOMERS, calls: 0, later: 0, more: false });

    let half: Awaited<ReturnType<typeof runNow>> | null = null;
    let sent = 0;
    await dispatch(
      dispatcher(async () => {
        if ((sent += 1) === CUSTOMERS / 2) half = await runNow(engine);
      }),
      { onPart: (part) => noteRun(engine, run, part) },
    );
    expect(half).toMatchObject({ running: { judged: CUSTOMERS } });
    expect(await lookAtRun(engine, await due())).toBe(run);
    clock.set(clock.now() + MINUTE_MS);
    await endRunUnlessCalling(engine, run ?? 0);
    const ended = await runNow(engine);
    expect(ended).toMatchObject({ running: null, leaving: { messages: 0, calls: 0 } });
    expect(ended.last).toMatchObject({ beganAt: START, judged: CUSTOMERS, accepted: CUSTOMERS, suspended: 0, faults: 0 });
    expect(ended.last?.endedAt).toBeGreaterThan(START);
    expect(ended.nextAt).toBeGreaterThan(clock.now());
  });

  it("is one, however many workers look, and is not over while another worker's calls are", async () => {
    const { engine, clock } = world;
    const looks = await Promise.all(Array.from({ length: 4 }, () => lookAtRun(engine, CUSTOMERS)));
    expect(new Set(looks).size).toBe(1);
    expect(await world.rows("SELECT 1 FROM motor_run")).toHaveLength(1);
    const run = await runOpen(engine);
    await sweep(engine, emptyTally(), {});
    await world.rows("UPDATE outbox SET lease = 'another', lease_until = $1", [new Date(START + MINUTE_MS)]);
    await endRunUnlessCalling(engine, run ?? 0);
    expect(await runOpen(engine)).toBe(run);
    clock.set(START + 2 * MINUTE_MS);
    await endRunUnlessCalling(engine, run ?? 0);
    expect(await runOpen(engine)).toBe(null);
  });

  it("counts a part that is told after its end, and says when its workers fell silent", async () => {
    const { engine, clock } = world;
    const run = await lookAtRun(engine, 10);
    clock.set(START + 11 * MINUTE_MS);
    expect((await runNow(engine)).running).toMatchObject({ silent: true, judged: 0, planned: 10, aboutDoneAt: null });
    await endRunUnlessCalling(engine, run ?? 0);
    await noteRun(engine, run, { judged: 3, faults: 1 });
    expect((await runNow(engine)).last).toMatchObject({ judged: 3, planned: 3, faults: 1 });
  });

  it("counts nothing that is done while none is open, and forgets old ones", async () => {
    const { engine, clock } = world;
    expect(await lookAtRun(engine, 0)).toBe(null);
    await noteRun(engine, null, { accepted: 5 });
    expect(await runNow(engine)).toMatchObject({ running: null, last: null });
    const old = await lookAtRun(engine, 1);
    await endRunUnlessCalling(engine, old ?? 0);
    clock.set(START + 3 * DAY_MS);
    const fresh = await lookAtRun(engine, 1);
    await endRunUnlessCalling(engine, fresh ?? 0);
    expect(await world.rows("SELECT 1 FROM motor_run")).toHaveLength(1);
  });

  it("tells what waits for later from what leaves now", async () => {
    const { engine } = world;
    await sweep(engine, emptyTally(), {});
    await world.rows("UPDATE outbox SET not_before = $1 WHERE outbox_id % 2 = 0", [new Date(START + MINUTE_MS)]);
    const { leaving } = await runNow(engine);
    expect(leaving.messages + leaving.later).toBe(CUSTOMERS);
    expect(leaving.later).toBeGreaterThan(0);
  });
});

describe("the end to come", () => {
  const run = { beganAt: 0, planned: 100, judged: 50, faults: 0, accepted: 10, suspended: 0, reactivated: 0 };

  it("goes by the pace so far, of deciding or of sending, whichever ends later", () => {
    expect(aboutDone(run, 0, 1_000)).toBe(2_000);
    expect(aboutDone(run, 40, 1_000)).toBe(5_000);
    expect(aboutDone({ ...run, judged: 100 }, 0, 1_000)).toBe(1_000);
  });

  it("is not told before anything tells the pace", () => {
    expect(aboutDone({ ...run, judged: 0 }, 0, 1_000)).toBe(null);
    expect(aboutDone({ ...run, accepted: 0 }, 40, 1_000)).toBe(null);
    expect(aboutDone(run, 0, 0)).toBe(null);
  });
});

it("is kept by the motor itself: begun, counted and ended", async () => {
  const motor = await startMotor({ url: data.url, log: { info: () => undefined, error: () => undefined } });
  try {
    await motor.work(dispatcher(), { parallel: 2 });
    for (let tries = 0; (await runNow(world.engine)).last === null; tries += 1) {
      if (tries === 250) throw new Error(`after 25 seconds still ${JSON.stringify(await runNow(world.engine))}`);
      await wait(100);
    }
  } finally {
    await motor.stop();
  }
  const { last, running } = await runNow(world.engine);
  expect(running).toBe(null);
  expect(last).toMatchObject({ planned: CUSTOMERS, judged: CUSTOMERS, accepted: CUSTOMERS, faults: 0 });
});
