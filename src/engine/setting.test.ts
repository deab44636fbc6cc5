// The setting that was read a moment before the lock: it counts only while no policy came into force in between, and no clock was set back.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase, type TestDatabase } from "../../test/support/database.ts";
import { at, makeEngine, type World } from "../../test/support/engine.ts";
import { readSetting } from "../store/setting.ts";
import { enforcePolicy, importPolicy } from "./install-provider.ts";

const MORNING = at("2026-03-10T09:00");
const NOON = at("2026-03-10T12:00");
const LATER = `policy: later
ladder:
  - { step: reminder, day: 5, do: notify }
  - { step: warning, day: 6, do: warn }
  - { step: suspend, day: 8, do: suspend }
`;

describe("a setting read a moment ago", () => {
  let test: TestDatabase;
  let world: World;
  let next: string;

  beforeEach(async () => {
    test = await freshDatabase();
    world = await makeEngine(test.url, { now: MORNING });
    const { db } = world.engine;
    next = await importPolicy(db, { source: LATER, by: "ana", at: MORNING });
    await enforcePolicy(db, { version: next, by: "ana", from: NOON, at: MORNING });
  });
  afterEach(async () => {
    await world.close();
    await test.drop();
  });

  async function versionAt(read: number, now: number): Promise<string> {
    const { db, settings } = world.engine;
    const row = await readSetting(db, read);
    return (await settings.since(db, row, read, now)).policy.version;
  }

  it("is the one in force while nothing came into force in between", async () => {
    expect(await versionAt(MORNING, NOON - 1)).toBe(world.policy);
    expect(await versionAt(NOON, NOON + 1)).toBe(next);
  });

  it("is read again when the next policy came into force in between, to the millisecond", async () => {
    expect(await versionAt(NOON - 1, NOON)).toBe(next);
  });

  it("is read again when the clock was set back in between", async () => {
    expect(await versionAt(NOON, NOON - 1)).toBe(world.policy);
  });

  it("costs no statement of its own where it still counts", async () => {
    const { db, settings } = world.engine;
    const row = await readSetting(db, MORNING);
    await settings.since(db, row, MORNING, MORNING);
    const before = world.database.statements();
    await settings.since(db, row, MORNING, MORNING + 1);
    expect(world.database.statements()).toBe(before);
  });
});
