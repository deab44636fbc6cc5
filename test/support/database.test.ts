// The databases that tests get.
import pg from "pg";
import { expect, test } from "vitest";
import { freshDatabase, freshEmptyDatabase } from "./database.ts";

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = (await client.query({ text: sql, rowMode: "array" })) as { rows: unknown[][] };
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const TABLES = "SELECT count(*)::int FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

test("an empty database belongs to the program's role, on a server that writes through to the disk", async () => {
  const { url, drop } = await freshEmptyDatabase();
  expect(await ask(url, TABLES)).toBe(0);
  expect(await ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).toBe(false);
  expect(await ask(url, "SHOW fsync")).toBe("on");
  await ask(url, "CREATE TABLE receipt (id int)");
  await drop();
});

test("each test has its own database, and a dropped one is gone even while somebody is connected", async () => {
  const [first, second] = await Promise.all([freshEmptyDatabase(), freshEmptyDatabase()]);
  await ask(first.url, "CREATE TABLE receipt (id int)");
  expect(await ask(second.url, TABLES)).toBe(0);
  const lingering = new pg.Client({ connectionString: first.url });
  lingering.on("error", () => undefined);
  await lingering.connect();
  await Promise.all([first.drop(), second.drop()]);
  await first.drop();
  await expect(ask(first.url, "SELECT 1")).rejects.toThrow(/does not exist/u);
});

test("databases asked for at the same time are all migrated, and apart", async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => freshDatabase()));
  const counts = await Promise.all(all.map(({ url }) => ask(url, TABLES)));
  expect(counts[0]).toBeGreaterThan(0);
  expect(new Set(counts).size).toBe(1);
  await ask(all[0]?.url ?? "", "CREATE TABLE only_here (id int)");
  expect(await ask(all[1]?.url ?? "", TABLES)).toBe(counts[0]);
  await Promise.all(all.map((each) => each.drop()));
});
