// The evidence room on a real database: a bundle that proves itself, and every change to it or under it found and named.
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anchorDay } from "../src/engine/anchor-day.ts";
import { exportBundle } from "../src/evidence/bundle.ts";
import { writeBundle, type Bundle } from "../src/evidence/format.ts";
import { verifyBundle } from "../src/evidence/verify.ts";
import { sayReport } from "../src/evidence/say.ts";
import { aStory, aWholeHistory, zone, type Story } from "../src/evidence/testing/story.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";

describe("one customer's evidence", () => {
  let base: TestDatabase;
  let story: Story;
  let bundle: Bundle;
  beforeAll(async () => {
    base = await freshDatabase();
    story = await aStory(base.url, { customers: 3 });
    await aWholeHistory(story);
    await anchorDay(story.engine, zone.dayOf(story.clock.now()) - 1);
    bundle = await exportBundle(story.engine.db, "C1", { now: story.clock.now() });
  });
  afterAll(async () => {
    await story?.close();
    await base?.drop();
  });

  it("verifies as exported", async () => {
    const report = verifyBundle(Buffer.from(writeBundle(bundle)));
    console.log(bundle.entries.map((x) => x.slice(0, 400)).join("\n"));
    console.log(sayReport(report, "en"), sayReport(report, "pt-BR"), writeBundle(bundle).length);
    (await import("node:fs")).writeFileSync("/tmp/evi-bundle.json", writeBundle(bundle));
    expect(report.findings).toEqual([]);
    await sql`SELECT 1 -- one row`.execute(story.engine.db);
  });
});
