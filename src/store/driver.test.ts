// How statements travel: in one transaction from the first on, in order when they go together, prepared once, and never on a line gone stale.
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freshEmptyDatabase, type TestDatabase } from "../../test/support/database.ts";
import { openDatabase, type Database, type Db } from "./database.ts";
import { together } from "./driver.ts";

describe("a database", () => {
  let test: TestDatabase;
  let database: Database;
  let db: Db;

  beforeAll(async () => {
    test = await freshEmptyDatabase();
  });
  beforeEach(async () => {
    // A connection of its own for each test: what it has prepared, it alone has.
    await database?.close();
    database = openDatabase({ url: test.url, max: 1 });
    ({ db } = database);
    await sql`DROP TABLE IF EXISTS note`.execute(db);
    await sql`CREATE TABLE note (id int PRIMARY KEY, said text)`.execute(db);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const say = (id: number, said: string) => sql`INSERT INTO note (id, said) VALUES (${id}, ${said})`;
  const read = () => sql<{ id: number; said: string }>`SELECT id, said FROM note ORDER BY id`;
  const notes = async (): Promise<string[]> => (await read().execute(db)).rows.map(({ id, said }) => `${id} ${said}`);

  describe("in a transaction", () => {
    it("keeps its first statement back with the others when it fails", async () => {
      const failing = db.transaction().execute(async (trx) => {
        await say(1, "first").execute(trx);
        await say(1, "again").execute(trx);
      });
      await expect(failing).rejects.toMatchObject({ code: "23505" });
      expect(await notes()).toEqual([]);
    });

    it("keeps its first statement back when the work itself fails", async () => {
      const failing = db.transaction().execute(async (trx) => {
        await say(1, "first").execute(trx);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await notes()).toEqual([]);
    });

    it("runs its first statement inside: the transaction's id stays the same from there on", async () => {
      const which = sql<{ id: string }>`SELECT pg_current_xact_id()::text AS id`;
      const [one, two] = await db
        .transaction()
        .execute(async (trx) => [(await which.execute(trx)).rows[0]?.id, (await which.execute(trx)).rows[0]?.id]);
      expect(one).toMatch(/^\d+$/u);
      expect(two).toBe(one);
    });

    it("takes its isolation and access from the first statement on", async () => {
      const work = db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only");
      const shown = await work.execute(async (trx) => {
        const isolation = await sql<{ level: string }>`SELECT current_setting('transaction_isolation') AS level`.execute(trx);
        const access = await sql<{ on: string }>`SELECT current_setting('transaction_read_only') AS on`.execute(trx);
        return [isolation.rows[0]?.level, access.rows[0]?.on];
      });
      expect(shown).toEqual(["repeatable read", "on"]);
    });

    it("in which nothing is said sends nothing, done or given up", async () => {
      const before = database.statements();
      await db.transaction().execute(() => Promise.resolve());
      await db
        .transaction()
        .execute(() => Promise.reject(new Error("no")))
        .catch(() => undefined);
      expect(database.statements()).toBe(before);
      await say(1, "after").execute(db);
      expect(await notes()).toEqual(["1 after"]);
    });

    it("that failed inside says so when it is committed all the same", async () => {
      const swallowing = db.transaction().execute(async (trx) => {
        await say(1, "first").execute(trx);
        await sql`SELECT 1 / 0`.execute(trx).catch(() => undefined);
      });
      await expect(swallowing).rejects.toThrow("rolled back instead of committed");
      expect(await notes()).toEqual([]);
    });

    it("counts BEGIN, COMMIT and every statement between", async () => {
      const before = database.statements();
      await db.transaction().execute((trx) => together(trx, say(1, "one"), say(2, "two")));
      expect(database.statements() - before).toBe(4);
    });
  });

  describe("statements sent together", () => {
    it("run in their order and are answered in it", async () => {
      const [one, two, all] = await together(db, say(1, "one"), say(2, "two"), read());
      expect([one.numAffectedRows, two.numAffectedRows]).toEqual([1n, 1n]);
      expect(all.rows.map(({ said }) => said)).toEqual(["one", "two"]);
    });

    it("of none are answered with nothing", async () => {
      expect(await together(db)).toEqual([]);
    });

    it("in a transaction fail together, with the error of the first that failed", async () => {
      const failing = db.transaction().execute((trx) => together(trx, say(1, "one"), say(1, "again"), sql`SELECT 1 / 0`, say(2, "two")));
      await expect(failing).rejects.toMatchObject({ code: "23505" });
      expect(await notes()).toEqual([]);
    });

    it("outside a transaction take back what came before the one that failed", async () => {
      await expect(together(db, say(1, "one"), sql`SELECT 1 / 0`, say(2, "two"))).rejects.toMatchObject({ code: "22012" });
      expect(await notes()).toEqual([]);
    });

    it("are not sent at all when one holds a value that cannot be", async () => {
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      await expect(together(db, say(1, "one"), sql`SELECT ${circle}::json`)).rejects.toThrow(/circular/iu);
      expect(await notes()).toEqual([]);
    });

    it("are prepared anew after a journey on which one of them failed for the first time", async () => {
      const wrong = () => together(db, sql`SELECT ${1}::int AS fine`, sql`SELECT ${1}::int / 0 AS wrong`, sql`SELECT ${1}::int AS late`);
      for (let time = 0; time < 4; time += 1) await expect(wrong()).rejects.toMatchObject({ code: "22012" });
      const [fine, late] = await together(db, sql<object>`SELECT ${1}::int AS fine`, sql<object>`SELECT ${1}::int AS late`);
      expect([fine.rows, late.rows]).toEqual([[{ fine: 1 }], [{ late: 1 }]]);
    });

    it("leave a connection behind that goes on, after an error too", async () => {
      await expect(together(db, read(), sql`SELECT 1 / 0`, read())).rejects.toMatchObject({ code: "22012" });
      expect(await notes()).toEqual([]);
    });

    it("open their transaction as a single statement does", async () => {
      await db.transaction().execute(async (trx) => {
        await together(trx, say(1, "one"), say(2, "two"));
        await say(3, "three").execute(trx);
      });
      expect(await notes()).toEqual(["1 one", "2 two", "3 three"]);
    });
  });

  describe("a statement said again", () => {
    const prepared = async (): Promise<string[]> =>
      (await database.pool.query<{ statement: string }>("SELECT statement FROM pg_prepared_statements ORDER BY statement")).rows.map(
        (row) => row.statement,
      );

    it("is prepared, one said once is not", async () => {
      for (let time = 0; time < 3; time += 1) await sql`SELECT ${time}::int AS three_times`.execute(db);
      await sql`SELECT ${1}::int AS once`.execute(db);
      const texts = (await prepared()).join("\n");
      expect(texts).toContain("three_times");
      expect(texts).not.toContain("AS once");
    });

    it("answers rightly with other values, and with values of other sizes", async () => {
      for (const count of [1, 3, 0, 500]) {
        const ids = Array.from({ length: count }, (_, i) => i);
        const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM unnest(${ids}::int[])`.execute(db);
        expect(rows).toEqual([{ n: count }]);
      }
    });

    it("fails once where its table has changed, and goes on over another connection", async () => {
      const all = () => sql<object>`SELECT * FROM note ORDER BY id`.execute(db);
      await say(1, "one").execute(db);
      for (let time = 0; time < 3; time += 1) await all();
      await database.pool.query("ALTER TABLE note ADD COLUMN more text");
      await expect(all()).rejects.toMatchObject({ code: "0A000" });
      expect((await all()).rows).toEqual([{ id: 1, said: "one", more: null }]);
    });
  });

  it("refuses a number that would lose digits, and goes on", async () => {
    const large = (n: string) => sql<{ n: number }>`SELECT ${n}::bigint AS n`.execute(db);
    for (let time = 0; time < 3; time += 1) await expect(large("9007199254740993")).rejects.toMatchObject({ code: "number_too_large" });
    expect((await large("9007199254740991")).rows).toEqual([{ n: 9_007_199_254_740_991 }]);
  });

  it("takes a statement that changes the tables themselves", async () => {
    for (let time = 0; time < 3; time += 1) {
      await sql`CREATE TEMPORARY TABLE passing AS SELECT ${time}::int AS n`.execute(db);
      expect((await sql`SELECT n FROM passing ORDER BY n`.execute(db)).rows).toEqual([{ n: time }]);
      await sql`DROP TABLE passing`.execute(db);
    }
  });

  it("tells where a failing statement was asked for", async () => {
    async function asksWrongly(): Promise<void> {
      await sql`SELECT 1 / 0`.execute(db);
    }
    const error = await asksWrongly().catch((caught: unknown) => caught);
    expect((error as Error).stack).toContain("asksWrongly");
  });
});
