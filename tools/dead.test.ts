// Exports that nothing uses are found, whichever way the others are imported.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { deadExports } from "./dead.ts";

let root = "";

afterEach(() => rmSync(root, { recursive: true }));

function dead(files: Record<string, string>): string[] {
  root = mkdtempSync(join(tmpdir(), "regua-dead-"));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  return deadExports(root).map(({ path, line, name }) => `${path}:${line} ${name}`);
}

it("a function, constant, class, type and default that nobody imports are named with their lines", () => {
  const text =
    "export function a() {}\nexport const b = 1, { c } = x;\nexport class D {}\nexport type E = 1;\nconst f = 1;\nexport { f as g };\nexport default 1;\n";
  expect(dead({ "x.ts": text })).toEqual(["x.ts:1 a", "x.ts:2 b", "x.ts:2 c", "x.ts:3 D", "x.ts:4 E", "x.ts:6 g", "x.ts:7 default"]);
});

it("each way of importing counts as a use", () => {
  expect(
    dead({
      "named.ts": "export const a = 1;",
      "renamed.ts": "export const b = 1;",
      "typed.ts": "export interface C {}",
      "spaced.ts": "export const d = 1;",
      "default.ts": "export default 1;",
      "later.ts": "export const e = 1;",
      "query.ts": "export type F = 1;",
      "user.test.ts":
        'import { a } from "./named.ts";\nimport { b as bb } from "./renamed.ts";\nimport type { C } from "./typed.ts";\n' +
        'import * as all from "./spaced.ts";\nimport one from "./default.ts";\n' +
        'const { e } = await import("./later.ts");\nlet f: import("./query.ts").F;\n',
    }),
  ).toEqual([]);
});

it("a word used at home passes, its own declaration is no use", () => {
  expect(dead({ "x.ts": "export interface Facts {}\nexport function decide(facts: Facts) { return facts; }\n" })).toEqual([
    "x.ts:2 decide",
  ]);
});

it("an import of another name from the same file is no use", () => {
  expect(dead({ "x.ts": "export const a = 1;\nexport const b = 2;\n", "y.ts": 'import { a } from "./x.ts";\na;\n' })).toEqual(["x.ts:2 b"]);
});
