// What the next days hold, worked out in the background: shown as it was kept, with its time, and made by one process at a time.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refreshComing, showComing, workOutComing } from "../src/engine/coming-days.ts";
import { rehearse } from "../src/engine/rehearse.ts";
import { DAY_MS, MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import { readOutlook, takeOutlook } from "../src/store/outlook.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, zone, type World } from "./support/engine.ts";

/** Tuesday. */
const TUESDAY = at("2026-11-10T07:00");

let test: TestDatabase;
let world: World;

beforeEach(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: TUESDAY });
  // Due on Friday the 6th: reminded on Monday, warned today, and down on Wednesday; the last is due on the 9th.
  for (const [ref, dueOn] of [
    ["1", "2026-11-06"],
    ["2", "2026-11-06"],
    ["3", "2026-11-09"],
  ] as const) {
    const customer = await addCustomer(world, { ref: `C${ref}` });
    const service = await addService(world, customer, { ref: `S${ref}` });
    await addInvoice(world, customer, { ref: `F${ref}`, service, dueOn });
  }
  await addCustomer(world, { ref: "C-nothing" });
});

afterEach(async () => {
  await world.close();
  await test.drop();
});

const work = (lease = "mine", stopping?: () => boolean) =>
  workOutComing(world.engine, stopping === undefined ? { lease } : { lease, stopping });
const later = (ms: number): void => world.clock.set(world.clock.now() + ms);

describe("what comes", () => {
  it("is worked out once somebody looks, and is what a rehearsal of the same days tells", async () => {
    expect(await work()).toBe(false);
    expect(await showComing(world.engine)).toMatchObject({ kept: null, working: null, comes: true });
    expect(await work()).toBe(true);
    const { kept, comes } = await showComing(world.engine);
    const told = await rehearse(world.engine, { on: parseDay("2026-11-10"), days: 5 });
    expect(told.coming.length).toBeGreaterThan(5);
    expect(comes).toBe(false);
    expect(kept).toMatchObject({ factsAt: TUESDAY, policyVersion: world.policy });
    expect(kept?.result).toMatchObject({
      ...{
        from: parseDay("2026-11-10"),
        total: told.coming.length,
        looked: told.customersLooked,
        touched: told.customersTouched,
        faults: 0,
      },
      breaker: told.breaker,
    });
    expect(kept?.result.first).toEqual(JSON.parse(JSON.stringify(told.coming)));
    const suspensions = (coming: readonly { at: number; kind: string }[], day: number) =>
      coming.filter((each) => each.kind === "suspension" && zone.dayOf(each.at) === day).length;
    for (const { day, counts } of kept?.result.days ?? []) expect(counts.suspension, String(day)).toBe(suspensions(told.coming, day));
    expect(kept?.result.days).toHaveLength(5);
  });

  it("is renewed when it is asked for, when it is old, when the day turns, and not before", async () => {
    await showComing(world.engine);
    expect(await work()).toBe(true);
    later(MINUTE_MS);
    expect(await work()).toBe(false);
    expect((await refreshComing(world.engine)).comes).toBe(true);
    expect(await work()).toBe(true);
    later(4 * MINUTE_MS);
    expect(await work()).toBe(false);
    later(2 * MINUTE_MS);
    expect(await work()).toBe(true);
    world.clock.set(at("2026-11-11T00:01"));
    expect(await work()).toBe(true);
    expect((await showComing(world.engine)).kept?.result.from).toBe(parseDay("2026-11-11"));
  });

  it("is let be once nobody has looked for days, and shown as it was when somebody comes back", async () => {
    await showComing(world.engine);
    await work();
    later(5 * DAY_MS);
    expect(await work()).toBe(false);
    const { kept, comes } = await showComing(world.engine);
    expect([kept?.factsAt, comes]).toEqual([TUESDAY, true]);
    expect(await work()).toBe(true);
  });

  it("is worked out by one process at a time, and by another when that one died", async () => {
    await showComing(world.engine);
    expect(await takeOutlook(world.engine.db, "other", TUESDAY, TUESDAY + MINUTE_MS)).toBe(true);
    expect(await work()).toBe(false);
    expect(await showComing(world.engine)).toMatchObject({ working: { done: 0, total: 0 }, comes: true });
    later(MINUTE_MS);
    expect(await work()).toBe(true);
  });

  it("stops when the program does, keeps what it had, and is begun again by whoever comes next", async () => {
    await showComing(world.engine);
    await work();
    later(MINUTE_MS);
    await refreshComing(world.engine);
    expect(await work("mine", () => true)).toBe(false);
    expect(await readOutlook(world.engine.db)).toMatchObject({ leaseUntil: null, kept: { factsAt: TUESDAY } });
    expect(await work("next")).toBe(true);
    expect((await readOutlook(world.engine.db)).kept?.factsAt).toBe(TUESDAY + MINUTE_MS);
  });

  it("gives way to who took it over: a worker that slept writes nothing over the other's result", async () => {
    await showComing(world.engine);
    const kept = await workOutComing(world.engine, {
      lease: "sleeper",
      onPage: async () => {
        later(2 * MINUTE_MS);
        expect(await takeOutlook(world.engine.db, "other", world.clock.now(), world.clock.now() + MINUTE_MS)).toBe(true);
      },
    });
    expect(kept).toBe(false);
    expect(await readOutlook(world.engine.db)).toMatchObject({ kept: null, leaseUntil: world.clock.now() + MINUTE_MS });
  });
});
