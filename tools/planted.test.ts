// Plants clocks, chance and unordered queries in a copy of the real rooms: the part of `npm run check` that guards them must fail and name each place.
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tidy } from "./tidy.ts";

const project = join(import.meta.dirname, "..");

interface Plant {
  what: string;
  path: string;
  /** Set in place of this text of the real file; absent: written behind the file's last line. */
  instead?: string;
  text: string;
  rule: "clock" | "database-time" | "order";
}

const PLANTS: readonly Plant[] = [
  // A word changed where the program really asks for the time, an instant written by hand, an order taken away:
  {
    what: "the sweep's clock",
    path: "src/jobs/sweep.ts",
    instead: "const now = engine.clock.now();",
    text: "const now = Date.now();",
    rule: "clock",
  },
  {
    what: "the order of buckets",
    path: "src/store/facts.ts",
    instead: "GROUP BY bucket ORDER BY bucket`",
    text: "GROUP BY bucket`",
    rule: "order",
  },
  {
    what: "the moment a lease is judged by",
    path: "src/store/outbox.ts",
    instead: "WHERE state = 'open' AND not_before <= ${ts(options.now)}",
    text: "WHERE state = 'open' AND not_before <= now()",
    rule: "database-time",
  },
  // And lines that a hurried hand adds:
  { what: "a date", path: "src/engine/evaluate.ts", text: "export const planted = new Date();", rule: "clock" },
  { what: "a stop-watch", path: "src/engine/change.ts", text: "export const planted = performance.now();", rule: "clock" },
  { what: "a finer stop-watch", path: "src/engine/claim.ts", text: "export const planted = process.hrtime();", rule: "clock" },
  { what: "a timer", path: "src/jobs/dispatch.ts", text: "export const planted = setTimeout(() => undefined, 5);", rule: "clock" },
  { what: "chance", path: "src/engine/plan.ts", text: "export const planted = Math.random();", rule: "clock" },
  { what: "a random id", path: "src/engine/record-outcomes.ts", text: "export const planted = crypto.randomUUID();", rule: "clock" },
  { what: "a clock among the rules", path: "src/policy/decide.ts", text: "export const planted = Date.now();", rule: "clock" },
  { what: "a clock in the simulator", path: "sim/history.ts", text: "export const planted = Date.now();", rule: "clock" },
  {
    what: "the database's day",
    path: "src/store/customers.ts",
    text: "export const planted = sql`UPDATE customer SET since = current_date`;",
    rule: "database-time",
  },
  {
    what: "the database's chance",
    path: "src/store/services.ts",
    text: "export const planted = sql`UPDATE service SET access_seq = random()`;",
    rule: "database-time",
  },
  {
    what: "a default of the schema",
    path: "src/store/migrations/0001_core.sql",
    text: "ALTER TABLE claim ADD COLUMN planted timestamptz DEFAULT now();",
    rule: "database-time",
  },
  {
    what: "rows in any order",
    path: "src/store/holds.ts",
    text: "export const planted = sql`SELECT hold_id FROM hold WHERE lifted_at IS NULL`;",
    rule: "order",
  },
  {
    what: "rows in any order, through the builder",
    path: "src/store/promises.ts",
    text: 'export const planted = (db: any) => db.selectFrom("promise").select("until").execute();',
    rule: "order",
  },
  {
    what: "changed rows in any order",
    path: "src/store/claims.ts",
    text: "export const planted = sql`UPDATE claim SET reason = NULL WHERE state = 'refused' RETURNING claim_id`;",
    rule: "order",
  },
];

let root: string;
/** `path:line` of each plant. */
const places = new Map<Plant, string>();
/** What is there today, so that only what was planted counts. */
let before: Set<string>;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "regua-planted-"));
  for (const room of ["src", "sim", "tools"]) cpSync(join(project, room), join(root, room), { recursive: true });
  writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
  symlinkSync(join(project, "node_modules"), join(root, "node_modules"));
  before = new Set(tidy(root, []).map(({ rule, path, line }) => `${rule.name} ${path}:${line}`));
  for (const plant of PLANTS) places.set(plant, set(plant));
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

function set({ path, instead, text }: Plant): string {
  const file = join(root, path);
  const old = readFileSync(file, "utf8");
  if (instead === undefined) {
    appendFileSync(file, `${text}\n`);
    return `${path}:${old.split("\n").length}`;
  }
  const at = old.indexOf(instead);
  if (at < 0) throw new Error(`${path} no longer holds “${instead}”: plant it where the program does that today`);
  writeFileSync(file, old.replace(instead, text));
  return `${path}:${old.slice(0, at).split("\n").length}`;
}

/** A statement is named by the line on which it begins. */
function near(rule: string, place: string, output: string): string | undefined {
  const [path, line = ""] = place.split(":");
  const [section = ""] = output.split(/\n\n/u).filter((part) => new RegExp(`^${rule}: `, "mu").test(part));
  return [...section.matchAll(/^ {2}(\S+):(\d+) /gmu)]
    .filter(([, at, n]) => at === path && Number(n) <= Number(line) && Number(line) - Number(n) <= 3 && !before.has(`${rule} ${at}:${n}`))
    .map(([found]) => found.trim())[0];
}

it("the check fails, and names the file and line of every plant", () => {
  const check = spawnSync(process.execPath, ["tools/check.ts", "habits"], { cwd: root, encoding: "utf8" });
  expect(check.status, check.stderr).toBe(1);
  expect(check.stdout).toContain("✗ habits (tidy)");
  const unseen = PLANTS.filter((plant) => near(plant.rule, places.get(plant) ?? "", check.stdout) === undefined);
  expect(unseen.map((plant) => `${plant.what}: ${places.get(plant) ?? ""}`)).toEqual([]);
}, 120_000);

it("that part is one of those that `npm run check` runs", () => {
  const scripts = (JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts;
  expect(scripts.check).toMatch(/ tools\/check\.ts$/u);
  const asked = spawnSync(process.execPath, ["tools/check.ts", "no such part"], { cwd: root, encoding: "utf8" });
  expect(asked.status).toBe(2);
  expect(asked.stderr).toContain("habits (tidy)");
}, 60_000);
