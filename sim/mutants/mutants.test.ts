// The catalogue of planted defects cannot rot: each still fits its source, none is part of what ships, and one is hunted from end to end.
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run.ts";
import { startDatabases } from "../support/database.ts";
import { MUTANTS, mutantNamed } from "./catalogue.ts";
import { hunt, knownSeeds } from "./hunt.ts";
import { planted } from "./mutant.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Every file under a folder, from the root. */
function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

describe("the catalogue", () => {
  it("holds every file of planted/, under the file's own name", () => {
    const files = readdirSync(join(import.meta.dirname, "planted")).map((name) => name.replace(/\.ts$/u, ""));
    expect(MUTANTS.map((mutant) => mutant.name).sort()).toEqual(files.sort());
  });

  it("has a known seed for each, and for nothing else", () => {
    expect(Object.keys(knownSeeds()).sort()).toEqual(MUTANTS.map((mutant) => mutant.name).sort());
  });

  it("is given by name, and a name that is not there is refused with those that are", () => {
    expect(mutantNamed("promise-forgotten").breaks).toContain("S9");
    expect(() => mutantNamed("no-such-defect")).toThrow(/no-such-defect.*promise-forgotten/u);
  });

  it("names invariants of the promise, and tells in a sentence what each defect stands for", () => {
    for (const { name, breaks, stands } of MUTANTS) {
      expect(breaks, name).not.toEqual([]);
      for (const invariant of breaks) expect(invariant, name).toMatch(/^(S([1-9]|1[0-4])|L[1-6]|D[12]|fault)$/u);
      expect(stands, name).toMatch(/^[A-Z“].{30,}\.$/u);
    }
  });
});

describe.each(MUTANTS)("$name", ({ patches }) => {
  it.each([...new Set(patches.map((patch) => patch.file))])("changes %s where it says, and leaves a program", (file) => {
    expect(file).toMatch(/^src\/.+(?<!\.test)\.ts$/u);
    const before = read(file);
    const after = planted(file, before, patches);
    expect(after).not.toBe(before);
    expect(() => stripTypeScriptTypes(after)).not.toThrow();
  });
});

describe("a patch", () => {
  const patch = { file: "a.ts", find: "x > 1", replace: "x > 2" };

  it("whose words are gone from the file, or stand in it twice, is refused", () => {
    expect(() => planted("a.ts", "if (y > 1) go();", [patch])).toThrow(/0 times/u);
    expect(() => planted("a.ts", "x > 1 && x > 1", [patch])).toThrow(/2 times/u);
  });

  it("leaves other files as they are", () => {
    expect(planted("b.ts", "x > 1", [patch])).toBe("x > 1");
  });
});

describe("what ships", () => {
  const production = filesUnder("src").filter((path) => !/\.test\.ts$|\/(testing|conformance)\//u.test(path));

  it("has no seam: no file of src knows of planted defects, of module hooks or of the simulator's folder", () => {
    expect(production.length).toBeGreaterThan(100);
    for (const path of production)
      expect(read(path), path).not.toMatch(/mutant|registerHooks|node:module["'].*register|from "[./]*\/sim\//iu);
  });

  it("is started without the simulator and without a hook", () => {
    const { bin, scripts } = JSON.parse(read("package.json")) as { bin: Record<string, string>; scripts: Record<string, string> };
    for (const text of [scripts.start ?? "", ...Object.values(bin).map(read)]) {
      expect(text).toMatch(/src\/main\.ts/u);
      expect(text).not.toMatch(/sim\/|--import|--loader|--require/u);
    }
  });
});

it("the process that plants a defect reads nothing of src before the hook stands", () => {
  const imports = (path: string): string[] => [...read(path).matchAll(/^import (?!type ).*from "(.+)";/gmu)].map((match) => match[1] ?? "");
  expect(imports("sim/mutants/plant.ts").filter((from) => !from.startsWith("node:"))).toEqual(["./catalogue.ts", "./mutant.ts"]);
  for (const from of imports("sim/mutants/catalogue.ts")) expect(from).toMatch(/^\.\/planted\/[\w-]+\.ts$/u);
  for (const { name } of MUTANTS) expect(imports(`sim/mutants/planted/${name}.ts`)).toEqual([]);
  expect(imports("sim/mutants/mutant.ts")).toEqual([]);
});

it("a defect is caught by its known seed, and the same seed without it is clean", { timeout: 300_000 }, async () => {
  const mutant = mutantNamed("repeat-mark-missing");
  const seed = knownSeeds()[mutant.name] ?? 0;
  const policy = read("src/policy/presets/hospedagem-br.yaml");
  const databases = await startDatabases();
  try {
    const [report] = await hunt([mutant], { databases, policy, days: 90, first: seed, seeds: 1, quick: true });
    expect(report).toMatchObject({ mutant: mutant.name, caught: true, seed, found: "known seed" });
    const base = await databases.make("without");
    expect((await run({ url: base.url, seed, days: 90, policy })).violations).toEqual([]);
    await base.drop();
  } finally {
    await databases.stop();
  }
});
