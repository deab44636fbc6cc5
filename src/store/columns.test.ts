// Arrays in binary: what is sent is what PostgreSQL reads, whatever stands in the texts.
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshEmptyDatabase, type TestDatabase } from "../../test/support/database.ts";
import { columnsOf, idArray } from "./columns.ts";
import { openDatabase, type Database } from "./database.ts";

interface Row {
  id: number;
  seq: number | null;
  text: string | null;
  flag: boolean | null;
  at: number | null;
}

const columns = columnsOf({ int8: ["id"], int4: ["seq"], text: ["text"], bool: ["flag"], timestamptz: ["at"] });

describe("rows sent column by column", () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await freshEmptyDatabase();
    database = openDatabase({ url: test.url, max: 1 });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function readBack(rows: readonly Row[]): Promise<Row[]> {
    const c = columns("id", "seq", "text", "flag", "at");
    for (const row of rows) c.add({ ...row });
    const { col } = c;
    const result = await sql<Row>`
      SELECT id, seq, text, flag, at FROM unnest(${col.id}::bigint[], ${col.seq}::int[], ${col.text}::text[], ${col.flag}::bool[], ${col.at}::timestamptz[])
        WITH ORDINALITY AS u (id, seq, text, flag, at, place) ORDER BY place`.execute(database.db);
    return result.rows;
  }

  const anyRow = fc.record<Row>({
    id: fc.maxSafeInteger(),
    seq: fc.option(fc.integer({ min: -2_147_483_648, max: 2_147_483_647 })),
    // PostgreSQL keeps no NUL in a text, in whatever form it is sent.
    text: fc.option(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", ""))),
    flag: fc.option(fc.boolean()),
    // From 1900 to 2200: a promise of a thousand years is refused long before.
    at: fc.option(fc.integer({ min: -2_208_988_800_000, max: 7_258_118_400_000 })),
  });

  it("come back as they were given, nothing and everything included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 40 }), async (rows) => {
        expect(await readBack(rows)).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });

  it("may hold what an array literal would have to escape", async () => {
    const texts = ['{"a":"b\\"c"}', "NULL", "", "{}", ",", "\\", "São José · R$ 55,89\n", "🧾".repeat(30_000)];
    const rows = texts.map((text, i) => ({ id: i, seq: null, text, flag: null, at: null }));
    expect(await readBack(rows)).toEqual(rows);
  });

  it("refuse an id that JavaScript cannot hold", () => {
    expect(() => idArray([2 ** 53])).toThrow("not a whole number");
  });
});
