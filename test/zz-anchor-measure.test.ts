// Temporary measurement of anchoring and verifying a million customers; removed after the run.
import { sql } from "kysely";
import { expect, it } from "vitest";
import { anchorDay } from "../src/engine/anchor-day.ts";
import { pathOf } from "../src/evidence/proof.ts";
import { leavesOfDay } from "../src/store/evidence.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { openDatabase } from "../src/store/database.ts";
import { aStory, START, zone } from "../src/evidence/testing/story.ts";
import { DAY_MS } from "../src/kernel/time.ts";
import { freshDatabase } from "./support/database.ts";
it("measures", { timeout: 1_200_000 }, async () => {
  const base = await freshDatabase();
  const story = await aStory(base.url, { customers: 1 });
  const owner = openDatabase({ url: base.url, max: 1 });
  const N = 1_000_000;
  const at = new Date(START).toISOString();
  let t = performance.now();
  const lap = (what: string): void => { const n = performance.now(); console.log(what, ((n - t) / 1000).toFixed(1), "s rss", Math.round(process.memoryUsage().rss / 1e6), "MB heap", Math.round(process.memoryUsage().heapUsed / 1e6)); t = performance.now(); };
  await sql`INSERT INTO customer (customer_id, bucket, evidence_seq, evidence_hash, evidence_at, ref, name, lang, since, created_at)
    SELECT n, n % 1024, 0, encode(sha256(convert_to('regua evidence of customer M' || n, 'UTF8')), 'hex'), ${at}, 'M' || n, 'M', 'en', '2024-01-15', ${at} FROM generate_series(2000000, ${2_000_000 + N - 1}) AS n`.execute(owner.db);
  lap("customers");
  const grow = async (seq: number, day: string): Promise<void> => {
    await sql`INSERT INTO evidence (customer_id, seq, at, kind, entry)
      SELECT customer_id, ${seq}, ${day}::timestamptz, 'note', '{"actor":"ana","at":"' || ${day} || '","body":{"said":"' || repeat('x', 300) || '"},"customer":"' || ref || '","kind":"note","local":"' || ${day} || '","prev":"' || evidence_hash || '","seq":' || ${seq} || '}'
      FROM customer WHERE customer_id >= 2000000`.execute(owner.db);
    await sql`UPDATE customer c SET evidence_seq = e.seq, evidence_hash = encode(sha256(convert_to(e.entry, 'UTF8')), 'hex'), evidence_at = e.at
      FROM evidence e WHERE e.customer_id = c.customer_id AND e.seq = ${seq} AND c.customer_id >= 2000000`.execute(owner.db);
    await sql`VACUUM ANALYZE customer, evidence, anchor_leaf`.execute(owner.db);
  };
  await grow(1, new Date(START).toISOString());
  lap("entries 1");
  const day = zone.dayOf(START);
  story.clock.set(zone.startOf(day + 1));
  const s0 = story.database.statements();
  let made = await anchorDay(story.engine, day);
  lap(`anchor 1: ${made[0]?.leaves} leaves, statements ${story.database.statements() - s0}`);
  await sql`VACUUM ANALYZE anchor_leaf`.execute(owner.db);
  lap("vacuum");
  await grow(2, new Date(START + DAY_MS).toISOString());
  lap("entries 2");
  story.clock.set(zone.startOf(day + 2));
  made = await anchorDay(story.engine, day + 1);
  lap(`anchor 2: ${made[0]?.leaves}`);
  story.clock.set(zone.startOf(day + 3));
  made = await anchorDay(story.engine, day + 2);
  lap(`anchor 3 (quiet): ${made[0]?.leaves}`);
  const path = await pathOf((from, limit) => leavesOfDay(story.engine.db, day, from, limit), 123_456, N);
  lap(`path of ${path.length}`);
  const report = await verifyDatabase(story.engine.db);
  lap(`verify ${JSON.stringify({ ...report, findings: report.findings.slice(0, 2) })}`);
  expect(report.intact).toBe(true);
  await owner.close(); await story.close(); await base.drop();
});
