// The arrows between rooms bite: each forbidden import is planted in a small copy and dependency-cruiser must refuse it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const project = join(import.meta.dirname, "..");

/** Each planted file: what it imports, and the rule that must refuse it (null: it must pass). */
const PLANTED: readonly [file: string, text: string, rule: string | null][] = [
  ["src/kernel/a.ts", 'import { x } from "../policy/x.ts";', "kernel-imports"],
  ["src/policy/a.ts", 'import { x } from "../billing/x.ts";', "policy-imports"],
  ["src/policy/types.ts", 'import type { X } from "../ledger/x.ts";', "policy-imports"],
  ["src/policy/ok.ts", 'import { x } from "../kernel/x.ts";', null],
  ["src/policy/ok.test.ts", 'import { x } from "../../test/x.ts";', null],
  ["src/policy/disk.ts", 'import { readFileSync } from "node:fs";', "pure-rooms-touch-nothing"],
  ["src/policy/db.ts", 'import pg from "pg";', "pure-rooms-pure-libraries"],
  ["src/policy/calendar/holidays.ts", 'import { createRequire } from "node:module";\nimport "node:fs";', "calendar-loads-and-no-more"],
  ["src/billing/a.ts", 'import { x } from "../ledger/x.ts";', "billing-imports"],
  ["src/ledger/a.ts", 'import { x } from "../store/x.ts";', "ledger-imports"],
  ["src/words/a.ts", 'import { x } from "../policy/x.ts";', "words-policy-types-only"],
  ["src/words/b.ts", 'import type { X } from "../store/x.ts";', "words-imports"],
  ["src/ports/conformance/panel.ts", 'import { it } from "vitest";\nimport { x } from "../../adapters/x.ts";', null],
  ["src/engine/suite.ts", 'import { x } from "../ports/conformance/panel.ts";', "production-apart-from-its-tests"],
  ["src/ports/a.ts", 'import { x } from "../policy/x.ts";', "ports-imports"],
  ["src/store/a.ts", 'import { x } from "../policy/x.ts";', "store-policy-types-only"],
  ["src/store/both.ts", 'import type { X } from "../policy/x.ts";\nimport { x } from "../policy/x.ts";', "store-policy-types-only"],
  ["src/store/ok.ts", 'import type { X } from "../policy/x.ts";', null],
  ["src/store/up.ts", 'import { x } from "../engine/x.ts";', "store-imports"],
  ["src/engine/a.ts", 'import { x } from "../adapters/x.ts";', "engine-imports"],
  ["src/engine/late.ts", 'export const x = () => import("../jobs/x.ts");', "engine-imports"],
  ["src/engine/call.ts", 'import { request } from "node:https";', "network-and-processes-at-the-edge"],
  [
    "src/engine/ok.ts",
    ["store", "policy", "billing", "ledger", "ports", "kernel"].map((room) => `import "../${room}/x.ts";`).join("\n"),
    null,
  ],
  ["src/jobs/a.ts", 'import { x } from "../policy/x.ts";', "jobs-imports"],
  ["src/jobs/spawn.ts", 'import { spawn } from "node:child_process";', "network-and-processes-at-the-edge"],
  ["src/adapters/a.ts", 'import { x } from "../store/x.ts";', "adapters-imports"],
  ["src/adapters/ok.ts", 'import { connect } from "node:net";\nimport { x } from "../ports/x.ts";', null],
  ["src/evidence/a.ts", 'import { x } from "../engine/x.ts";', "evidence-imports"],
  ["src/api/a.ts", 'import { x } from "../store/x.ts";', "api-store-types-only"],
  ["src/api/b.ts", 'import { x } from "../policy/x.ts";', "api-policy-types-only"],
  ["src/api/c.ts", 'import { x } from "../adapters/x.ts";', "api-imports"],
  ["src/api/ok.ts", 'import type { X } from "../store/x.ts";\nimport { x } from "../engine/x.ts";', null],
  ["src/api/dev.ts", 'import { it } from "vitest";', "no-development-library-in-production"],
  ["src/cli/a.ts", 'import { x } from "../../test/x.ts";', "production-apart-from-its-tests"],
  ["src/cli/ok.ts", 'import { x } from "../adapters/x.ts";\nimport { y } from "../store/x.ts";', null],
  ["src/ledger/one.ts", 'import "./two.ts";', "no-circle"],
  ["src/ledger/alone.ts", "export const x = 1;", "no-orphan"],
  ["src/ledger/lost.ts", 'import { x } from "./nowhere.ts";', "resolvable"],
];

const ROOMS = ["kernel", "policy", "billing", "ledger", "words", "ports", "store", "engine", "jobs", "adapters", "evidence", "api", "cli"];

let root = "";
/** The rules each planted file breaks. */
const broken = new Map<string, string[]>();

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "regua-arrows-"));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const room of ROOMS) write(`src/${room}/x.ts`, "export const x = 1;\nexport const y = 2;\nexport type X = number;\n");
  write("src/main.ts", ROOMS.map((room) => `import "./${room}/x.ts";\n`).join(""));
  write("src/ledger/two.ts", 'import type { X } from "./one.ts";\n');
  write("package.json", '{ "dependencies": { "pg": "1" }, "devDependencies": { "vitest": "1" } }');
  for (const name of ["pg", "vitest"]) write(`node_modules/${name}/index.js`, "");
  write("test/x.ts", "export const x = 1;\n");
  for (const [file, text] of PLANTED) write(file, `${text}\n`);
  const program = join(project, "node_modules", ".bin", "depcruise");
  const config = join(project, ".dependency-cruiser.cjs");
  const run = spawnSync(program, ["--config", config, "--output-type", "json", "src", "test"], { cwd: root, encoding: "utf8" });
  const { summary } = JSON.parse(run.stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  for (const { from, rule } of summary.violations) {
    const path = relative(".", from);
    broken.set(path, [...(broken.get(path) ?? []), rule.name]);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

it.each(PLANTED.map(([file, text, rule]) => ({ file, rule, text })))("$file meets $rule: $text", ({ file, rule }) => {
  const rules = [...new Set(broken.get(file) ?? [])];
  if (rule === null) expect(rules).toEqual([]);
  else expect(rules).toContain(rule);
});

it("main may wire every room, and nothing else in the copy is refused", () => {
  const refused = PLANTED.filter(([, , rule]) => rule !== null).map(([file]) => file);
  expect([...broken.keys()].sort()).toEqual(refused.sort());
});
