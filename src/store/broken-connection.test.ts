// A session that the server ends in the middle of things: the work fails, the program lives. Without care Node ends the process there.
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sql } from "kysely";
import { wait } from "../kernel/clock.ts";
import { freshEmptyDatabase, type TestDatabase } from "../../test/support/database.ts";
import { openClient } from "./client.ts";
import { openDatabase } from "./database.ts";

let data: TestDatabase;
let other: pg.Client;

beforeAll(async () => {
  data = await freshEmptyDatabase();
  other = new pg.Client({ connectionString: data.url });
  await other.connect();
});

afterAll(async () => {
  await other.end();
  await data.drop();
});

/** Ends a session, and lets its owner hear of it before anything else is asked of it. */
async function end(pid: number): Promise<void> {
  await other.query("SELECT pg_terminate_backend($1)", [pid]);
  while ((await other.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [pid])).rowCount !== 0) await wait(5);
  await wait(20);
}

it("fails the unit of work that held it between two statements, and the next one has a new session", async () => {
  const database = openDatabase({ url: data.url, max: 1 });
  const work = database.db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx);
    await end(rows[0]?.pid ?? 0);
    await sql`SELECT 1`.execute(trx);
  });
  await expect(work).rejects.toThrow();
  const { rows } = await sql<{ n: number }>`SELECT 1 AS n`.execute(database.db);
  expect(rows).toEqual([{ n: 1 }]);
  await database.close();
});

it("fails the next statement of a connection of its own", async () => {
  const client = await openClient({ connectionString: data.url });
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await end(rows[0]?.pid ?? 0);
  await expect(client.query("SELECT 1")).rejects.toThrow();
  await client.end();
});
