// Plants each kind of breach in a folder of its own and sees that tidy names the file, the line and the rule.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { describeFindings, tidy } from "./tidy.ts";
import type { Exception } from "./tidy.ts";

const HEADER = "// A file planted to see whether a rule bites.\n";
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these files; TypeScript gets a header, so that line 2 is the first of `text`. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "regua-tidy-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** `rule path:line` of each finding. */
function found(files: Record<string, string>, exceptions?: readonly Exception[]): string[] {
  return tidy(plant(files), exceptions).map(({ rule, path, line }) => `${rule.name} ${path}:${line}`);
}

function foundIn(path: string, text: string): string[] {
  return found({ [path]: HEADER + text });
}

// Words the tree must not hold, spelt so that this file does not hold them either.
const LATER = "TO" + "DO";
const HOST = "registry" + ".npmjs" + ".org";

describe("a breach is named with its file and line", () => {
  it.each([
    ["the machine's clock", "src/engine/a.ts", "export const t = Date.now();", "clock"],
    ["a date without a time", "src/policy/a.ts", "export const t = new Date();", "clock"],
    ["a date without parentheses", "src/policy/a.ts", "export const t = new Date;", "clock"],
    ["chance", "src/jobs/a.ts", "export const t = Math.random();", "clock"],
    ["a stop-watch", "src/jobs/a.ts", "export const t = performance.now();", "clock"],
    ["a stop-watch of the process", "src/jobs/a.ts", "export const t = process.hrtime.bigint();", "clock"],
    ["the age of the process", "src/jobs/a.ts", "export const t = process.uptime();", "clock"],
    ["the clock of the global object", "src/jobs/a.ts", "export const t = globalThis.Date.now();", "clock"],
    ["a date as text", "src/jobs/a.ts", "export const t = Date();", "clock"],
    ["a clock taken apart", "src/jobs/a.ts", "export const { now } = Date;", "clock"],
    ["a deadline on the machine's clock", "src/jobs/a.ts", "export const signal = AbortSignal.timeout(5);", "clock"],
    ["Temporal's own now", "src/policy/a.ts", "export const t = Temporal.Now.instant();", "clock"],
    ["a timer", "src/jobs/a.ts", "setTimeout(go, 5);", "clock"],
    ["a timer of the global object", "src/jobs/a.ts", "globalThis.setInterval(go, 5);", "clock"],
    ["a timer under another name", "src/jobs/a.ts", 'import { setTimeout as sleep } from "node:timers/promises";', "clock"],
    ["a random identifier", "src/store/a.ts", "export const id = crypto.randomUUID();", "clock"],
    ["random bytes", "src/api/a.ts", "export const key = randomBytes(32);", "clock"],
    ["a clock in the simulator", "sim/world.ts", "export const t = Date.now();", "clock"],
    ["the environment", "src/api/a.ts", "export const u = process.env.DATABASE_URL;", "environment"],
    ["the environment by key", "src/api/a.ts", 'export const u = process["env"];', "environment"],
    ["the environment by import", "src/api/a.ts", 'import { env } from "node:process";', "environment"],
    ["a call to the outside", "src/engine/a.ts", 'export const r = fetch("http://panel");', "fetch"],
    ["a line on the console", "src/jobs/a.ts", 'console.log("here");', "console"],
    ["a barrel", "src/policy/all.ts", 'export * from "./decide.ts";', "barrel"],
    ["a named re-export", "src/policy/all.ts", 'export { decide } from "./decide.ts";', "barrel"],
    ["a skipped test", "src/policy/a.test.ts", 'it.skip("pays", () => {});', "switched-test"],
    ["a focused suite", "test/a.test.ts", 'describe.only("pays", () => {});', "switched-test"],
    ["a focused table", "test/a.test.ts", 'it.only.each([1])("pays", () => {});', "switched-test"],
    ["a planned test", "test/a.test.ts", `it.${"to" + "do"}("pays");`, "switched-test"],
    ["work left for later", "src/policy/a.ts", `// ${LATER}: the rest\n`, "unfinished"],
    ["a path of this machine", "src/policy/a.ts", `// see ${"/wo" + "rk/"}notes\n`, "foreign-name"],
    ["a number of a tracker", "src/policy/a.ts", `// see issue ${"#"}12\n`, "foreign-name"],
    ["a registry's host", "src/policy/a.ts", `// from ${HOST}\n`, "foreign-name"],
  ])("%s", (_what, path, text, rule) => {
    expect(foundIn(path, text)).toEqual([`${rule} ${path}:2`]);
  });

  it("a file without a header, at its first line", () => {
    expect(found({ "src/policy/a.ts": "export const a = 1;\n" })).toEqual(["header src/policy/a.ts:1"]);
    expect(found({ "src/policy/a.ts": "// Too short\n" })).toEqual(["header src/policy/a.ts:1"]);
  });

  it("a file past 320 lines, and a test past 600, at the first line too many", () => {
    const lines = (count: number) => HEADER + "// one more line\n".repeat(count - 1);
    expect(found({ "src/policy/a.ts": lines(320), "src/policy/a.test.ts": lines(600) })).toEqual([]);
    expect(found({ "src/policy/a.ts": lines(321) })).toEqual(["file-length src/policy/a.ts:321"]);
    expect(found({ "src/policy/a.test.ts": lines(601) })).toEqual(["file-length src/policy/a.test.ts:601"]);
  });

  it("a function past 80 lines, but not the suite that holds a file's tests", () => {
    const body = (count: number) => `{\n${"  go();\n".repeat(count - 2)}}`;
    expect(foundIn("src/policy/a.ts", `export function a() ${body(80)}\n`)).toEqual([]);
    expect(foundIn("src/policy/a.ts", `export function a() ${body(81)}\n`)).toEqual(["function-length src/policy/a.ts:2"]);
    expect(foundIn("src/policy/a.ts", `\nexport const a = () => ${body(81)};\n`)).toEqual(["function-length src/policy/a.ts:3"]);
    expect(foundIn("test/a.test.ts", `describe("a", () => ${body(200)});\n`)).toEqual([]);
    expect(foundIn("test/a.test.ts", `it("a", () => ${body(81)});\n`)).toEqual(["function-length test/a.test.ts:2"]);
  });

  it("a library without a reason, at its line of package.json, and a reason without a library", () => {
    const manifest = '{\n  "dependencies": {\n    "pg": "8.0.0",\n    "zod": "4.0.0"\n  }\n}\n';
    expect(found({ "package.json": manifest, "docs/dependencies.md": "| `pg` | driver | |\n| `zod` | schemas | |\n" })).toEqual([]);
    expect(found({ "package.json": manifest, "docs/dependencies.md": "| `pg` | driver | |\n| `left` | gone | |\n" })).toEqual([
      "dependency-reason package.json:4",
      "dependency-reason package.json:1",
    ]);
  });
});

describe("SQL stands in the store only", () => {
  it.each([
    ["a query", 'export const q = "select id from customer where id = $1";'],
    ["a query in capitals", "export const q = `SELECT id\n FROM customer`;"],
    ["a call of a function", "export const q = \"select nextval('id')\";"],
    ["an insert", 'export const q = "insert into customer (id) values ($1)";'],
    ["an update", "export const q = `update customer as c set name = ${name}`;"],
    ["a delete", 'export const q = "delete from customer";'],
    ["a query inside a query", "export const q = `with due as (select id from invoice) table due`;"],
    ["a table", 'export const q = "create table customer (id bigint)";'],
    ["the tag", "export const q = sql`${id}`;"],
    ["the builder", 'export const q = db.selectFrom("customer");'],
  ])("%s outside it", (_what, text) => {
    expect(foundIn("src/engine/a.ts", text)).toEqual(["sql src/engine/a.ts:2"]);
  });

  it.each(["src/adapters/postgres/setup.ts", "src/engine/a.test.ts", "test/builders.ts", "bench/baseline.ts"])("but %s may ask", (path) => {
    expect(foundIn(path, 'export const q = "delete from customer";')).toEqual([]);
  });

  it("and a sentence is not taken for SQL", () => {
    const sentences = ["Select a customer from the list.", "Update the policy, then set its date.", "Nothing was deleted from the ledger."];
    expect(foundIn("src/api/a.ts", `export const texts = ${JSON.stringify(sentences)};`)).toEqual([]);
  });
});

describe("the store's queries take time as a parameter and answer in an order", () => {
  it.each(["now()", "current_timestamp", "clock_timestamp()", "random()", "gen_random_uuid()"])("%s in a query or a migration", (word) => {
    expect(foundIn("src/store/a.ts", `export const q = \`\n  update job set at = ${word}\`;`)).toEqual(["database-time src/store/a.ts:3"]);
    expect(found({ "src/store/migrations/1.sql": `-- a table\ncreate table a (at timestamptz default ${word});\n` })).toEqual([
      "database-time src/store/migrations/1.sql:2",
    ]);
  });

  it("a comment that only speaks of now() passes", () => {
    expect(found({ "src/store/migrations/1.sql": "-- never now(): time is a parameter\nselect 1;\n" })).toEqual([]);
  });

  it.each([
    ["a plain query", "`select id from customer`"],
    ["a query after a common table", "`with due as (select id from invoice order by id) select id from due`"],
    ["an order that is only inside", "`select id from (select id from invoice order by id) as i`"],
    ["groups", "`select day, count(*) from invoice group by day`"],
    ["a set without a table", "`select unnest($1::bigint[])`"],
    ["limit 10", "`select id from invoice limit 10`"],
    ["the second statement", "`select 1; select id from invoice`"],
    ["update … returning", "`update a set b = (select 1 from c) returning id`"],
    ["insert … returning", "`insert into a select id from b order by id returning id`"],
    ["a delete after a common table", "`with old as (select id from b order by id) delete from a returning id`"],
  ])("%s without order by is named", (_what, query) => {
    expect(foundIn("src/store/a.ts", `export const q = ${query};`)).toEqual(["order src/store/a.ts:2"]);
  });

  it.each([
    ["order by", "`select id from customer order by id`"],
    ["limit 1", "`select id from customer limit 1`"],
    ["aggregates only", "`select count(*)::int as n, coalesce(sum(amount), 0) from invoice where day < ${day}`"],
    ["no table", "`select nextval('id')`"],
    ["one row, as said", "`select name from customer where id = $1 -- one row`"],
    ["unordered, for a reason", "`-- unordered: gathered in a map\n select id from customer`"],
    ["insert … select", "`insert into a select id from b`"],
    ["update … returning, sorted afterwards, as said", "`update a set b = (select 1 from c) returning id -- unordered: sorted below`"],
    ["one row changed, as said", "`update a set b = 1 where id = $1 returning b -- one row`"],
    ["the word in a sentence", '"nothing to select from here"'],
  ])("%s passes", (_what, query) => {
    expect(foundIn("src/store/a.ts", `export const q = ${query};`)).toEqual([]);
  });

  it("a query of the builder is held to the same", () => {
    const query = (more: string) => `export const rows = await db.selectFrom("customer").select("id")${more}.execute();`;
    expect(foundIn("src/store/a.ts", query(""))).toEqual(["order src/store/a.ts:2"]);
    expect(foundIn("src/store/a.ts", query('.orderBy("id")'))).toEqual([]);
    expect(foundIn("src/store/a.ts", 'export const row = await db.selectFrom("customer").select("id").executeTakeFirst();')).toEqual([]);
  });
});

describe("what is allowed passes", () => {
  it.each([
    ["the kernel's clock", "src/kernel/clock.ts", "export const t = Date.now();\nsetTimeout(go, 1);"],
    ["main's choices", "src/main.ts", 'export const u = process.env.PORT;\nconsole.log(new Date(), randomUUID(), "ready");'],
    ["an adapter's call", "src/adapters/panels/nginx.ts", 'export const r = fetch("http://panel", { signal });'],
    ["a command's answer", "src/cli/show.ts", 'console.log("shown");'],
    ["a test's own timer", "src/jobs/a.test.ts", "export const t = Date.now();"],
    ["a conformance suite's own clock", "src/ports/conformance/panel.ts", "export const t = Date.now();"],
    ["a date of a known instant", "src/policy/a.ts", "export const t = new Date(instant);"],
    ["another object's timeout", "src/adapters/mail/smtp.ts", "socket.setTimeout(500);"],
    ["a member of that name", "src/ports/blob.ts", "export interface Blobs { fetch(key: string): void; setTimeout: number }"],
    ["a test that needs a machine", "test/a.test.ts", 'it.skipIf(absent)("reads real files", () => {});'],
    ["a script with its interpreter first", "tools/a.ts", ""],
  ])("%s", (_what, path, text) => {
    expect(foundIn(path, text)).toEqual([]);
  });

  it("a header after the line that names the interpreter", () => {
    expect(found({ "tools/a.ts": "#!/usr/bin/env node\n// Starts the program from a shell.\n" })).toEqual([]);
  });

  it("folders that are not ours are not read", () => {
    expect(found({ "node_modules/a/index.ts": "x", "src/kernel/a.ts": HEADER })).toEqual([]);
  });

  it("an exception with a reason, as long as it excuses something", () => {
    const exception = { rule: "clock", path: "src/jobs/a.ts", because: "planted" };
    expect(found({ "src/jobs/a.ts": `${HEADER}Date.now();\n` }, [exception])).toEqual([]);
    expect(found({ "src/jobs/a.ts": HEADER }, [exception])).toEqual(["exception tools/tidy.ts:1"]);
  });
});

it("the report gives each rule once, with its reason and cure, and its places in order", () => {
  const root = plant({ "src/policy/a.ts": `${HEADER}new Date();\nDate.now();\n` });
  expect(describeFindings(tidy(root, []))).toMatch(
    /^clock: .+ Take a Clock.+\n {2}src\/policy\/a\.ts:2 {2}new Date\(\)\n {2}src\/policy\/a\.ts:3 {2}Date\.now$/u,
  );
});
