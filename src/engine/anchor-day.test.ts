// Anchoring: each finished day once and in order, each entry under exactly one anchor, whatever the clock does.
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS, formatDay, HOUR_MS, MINUTE_MS, type Day } from "../kernel/time.ts";
import type { Anchor } from "../kernel/anchors.ts";
import { anchorsFrom, leavesOf } from "../store/evidence.ts";
import { aStory, START, zone, type Story } from "../evidence/testing/story.ts";
import { verifyDatabase } from "../evidence/verify-database.ts";
import { freshDatabase, type TestDatabase } from "../../test/support/database.ts";
import { anchorDay } from "./anchor-day.ts";

describe("anchoring a day", () => {
  let base: TestDatabase;
  let story: Story;
  const first: Day = zone.dayOf(START);
  beforeEach(async () => {
    base = await freshDatabase();
    story = await aStory(base.url, { customers: 3 });
  });
  afterEach(async () => {
    await story.close();
    await base.drop();
  });

  const anchors = (): Promise<Anchor[]> => anchorsFrom(story.engine.db, 0);
  /** The ranges of a customer's entries under anchors: `day: after–seq`. */
  const covered = async (ref: string): Promise<string[]> => {
    const leaves = await leavesOf(story.engine.db, [story.customers.get(ref) ?? 0]);
    return leaves.map((leaf, i) => `${formatDay(leaf.day)}: ${(leaves[i - 1]?.seq ?? 0) + 1}–${leaf.seq}`);
  };
  const at = (day: Day, ms: number): void => story.clock.set(zone.startOf(day) + ms);

  it("covers every customer whose chain grew, chained to the day before; twice is nothing", async () => {
    await story.note("C1");
    await story.note("C2");
    at(first + 1, HOUR_MS);
    await story.note("C1");
    at(first + 2, 0);
    const made = await anchorDay(story.engine, first + 1);
    expect(made.map((anchor) => [formatDay(anchor.day), anchor.leaves])).toEqual([
      ["2026-11-03", 2],
      ["2026-11-04", 1],
    ]);
    expect(made[1]?.previous).toBe(made[0]?.hash);
    expect(await anchors()).toEqual(made);
    expect(await anchorDay(story.engine, first + 1)).toEqual([]);
    expect(await anchorDay(story.engine, first)).toEqual([]);
    expect(await verifyDatabase(story.engine.db)).toMatchObject({ intact: true, customers: 3, entries: 3, anchors: 2, notAnchored: 0 });
  });

  it("refuses a day that is not over, and makes nothing where nothing was ever recorded", async () => {
    await expect(anchorDay(story.engine, first)).rejects.toMatchObject({ code: "day_not_over" });
    expect(await anchorDay(story.engine, first - 1)).toEqual([]);
    await story.note("C1");
    expect(await anchorDay(story.engine, first - 1)).toEqual([]);
  });

  it("ends the day at the provider's midnight", async () => {
    at(first + 1, -1);
    await story.note("C1");
    at(first + 1, 0);
    await story.note("C1");
    at(first + 2, 0);
    await anchorDay(story.engine, first + 1);
    expect(await covered("C1")).toEqual(["2026-11-03: 1–1", "2026-11-04: 2–2"]);
  });

  it("catches up after a pause, with an anchor for each quiet day too", async () => {
    await story.note("C1");
    at(first + 9, HOUR_MS);
    await story.note("C2");
    at(first + 12, 0);
    const made = await anchorDay(story.engine, first + 11);
    expect(made.map((anchor) => anchor.leaves)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(await covered("C2")).toEqual(["2026-11-12: 1–2"]);
    expect(await verifyDatabase(story.engine.db)).toMatchObject({ intact: true, anchors: 12, notAnchored: 0 });
  });

  it("puts an entry that came after its day was anchored under the next day's anchor", async () => {
    await story.note("C1");
    at(first + 1, MINUTE_MS);
    await anchorDay(story.engine, first);
    at(first, 23 * HOUR_MS);
    await story.note("C1");
    await story.note("C3");
    at(first + 2, 0);
    await anchorDay(story.engine, first + 1);
    expect(await covered("C1")).toEqual(["2026-11-03: 1–1", "2026-11-04: 2–2"]);
    expect(await covered("C3")).toEqual(["2026-11-04: 1–1"]);
    expect(await verifyDatabase(story.engine.db)).toMatchObject({ intact: true, notAnchored: 0 });
  });

  it("covers what was written while the clock stood too far ahead as soon as a later entry has the right time", async () => {
    at(first + 5, 0);
    await story.note("C1");
    await story.note("C2");
    at(first, 10 * HOUR_MS);
    await story.note("C1");
    at(first + 1, 0);
    await anchorDay(story.engine, first);
    expect(await covered("C1")).toEqual(["2026-11-03: 1–2"]);
    expect(await covered("C2")).toEqual([]);
    at(first + 6, 0);
    await anchorDay(story.engine, first + 5);
    expect(await covered("C2")).toEqual(["2026-11-08: 1–1"]);
    expect(await verifyDatabase(story.engine.db)).toMatchObject({ intact: true, notAnchored: 0 });
  });

  it("lets several programs anchor at the same moment: each day once", async () => {
    for (const day of [0, 1, 2]) {
      at(first + day, HOUR_MS);
      await story.note("C1");
    }
    at(first + 3, 0);
    const made = await Promise.all([1, 2, 3].map(() => anchorDay(story.engine, first + 2)));
    expect(
      made
        .flat()
        .map((anchor) => anchor.day - first)
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 2]);
    expect(await verifyDatabase(story.engine.db)).toMatchObject({ intact: true, anchors: 3, notAnchored: 0 });
  });

  it("takes as many statements for many customers as for few", async () => {
    const { db } = story.engine;
    const before = story.database.statements();
    await story.note("C1");
    at(first + 1, 0);
    await anchorDay(story.engine, first);
    const few = story.database.statements() - before;
    // Heads as a long history leaves them: the entries' own form does not matter to the tree.
    await sql`
      INSERT INTO customer (customer_id, bucket, evidence_seq, evidence_hash, evidence_at, ref, name, lang, since, created_at)
      SELECT n, 0, 1, '', ${new Date(START + DAY_MS).toISOString()}, 'M' || n, 'M', 'en', '2024-01-15', ${new Date(START).toISOString()}
      FROM generate_series(1000000, 1003999) AS n`.execute(db);
    await sql`
      INSERT INTO evidence (customer_id, seq, at, kind, entry)
      SELECT n, 1, ${new Date(START + DAY_MS).toISOString()}, 'note', '{"n":' || n || '}' FROM generate_series(1000000, 1003999) AS n`.execute(
      db,
    );
    const middle = story.database.statements();
    await story.note("C1");
    at(first + 2, 0);
    const [made] = await anchorDay(story.engine, first + 1);
    expect(made?.leaves).toBe(4001);
    expect(story.database.statements() - middle).toBeLessThanOrEqual(few);
  });
});
