// Fuzzing: every parser on some hundred made inputs, and whether a planted crash, hang and hunger for memory are seen.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Chance, makeInput } from "./fuzz-mutate.ts";
import { sharedFiles, sharedTexts, textSeeds } from "./fuzz-seeds.ts";
import { FUZZ_TARGETS } from "./fuzz-targets.ts";
import { tryCount } from "./fuzz-try.ts";
import { fuzz, type Fuzzed } from "./fuzz.ts";

describe("every parser of bytes from outside", () => {
  it.each(FUZZ_TARGETS.map((target) => ({ name: target.name, target })))("$name answers 500 bent and random inputs", async ({ target }) => {
    const tried = await tryCount(target, 1, 500);
    expect(tried).toMatchObject({ inputs: 500, findings: [] });
  });

  it("has a name of its own and something to begin from", () => {
    expect(new Set(FUZZ_TARGETS.map(({ name }) => name)).size).toBe(FUZZ_TARGETS.length);
    for (const { name, seeds } of FUZZ_TARGETS) expect({ name, seeds: seeds().length }).not.toEqual({ name, seeds: 0 });
  });
});

describe("files beside the repository", () => {
  const files = sharedFiles("ofx", /\.ofx$/iu);
  it.skipIf(files.length === 0)(
    "are begun from too, and so are the strings in them (skipped where ../shared/realdata is not there)",
    () => {
      expect([files.length > 5, sharedTexts("pix/brcodes.json").length > 20]).toEqual([true, true]);
    },
  );

  it("are no need", () => {
    expect([sharedFiles("nothing", /$/u), sharedTexts("nothing.json")]).toEqual([[], []]);
  });
});

describe("made inputs", () => {
  const seeds = textSeeds("34191.09123 34567.890129", "E18236120202611221430s0326120V4K");
  const inputs = (seed: number): string[] =>
    Array.from({ length: 200 }, (_, number) => Buffer.from(makeInput(seeds, new Chance(seed, "x", number))).toString("base64"));

  it("are the same for the same seed, and other ones for another", () => {
    expect(inputs(1)).toEqual(inputs(1));
    expect(new Set([...inputs(1), ...inputs(2)]).size).toBeGreaterThan(300);
  });
});

describe("a planted defect", () => {
  const PLANTED = `
    const seeds = () => [new TextEncoder().encode("0123456789")];
    const kept = [];
    export const FUZZ_TARGETS = [
      { name: "well", seeds, run: (bytes) => bytes.length },
      { name: "throws", seeds, run: (bytes) => { if (bytes.length % 7 === 3) throw new RangeError("planted"); } },
      { name: "rejects", seeds, run: async (bytes) => { if (bytes.length % 7 === 3) throw new RangeError("planted"); } },
      { name: "slow", seeds, run: (bytes) => { if (bytes[0] === 57) for (const from = process.threadCpuUsage(); process.threadCpuUsage(from).user < 1_200_000; ); } },
      { name: "never", seeds, run: (bytes) => { if (bytes[0] === 57) for (;;); } },
      { name: "hungry", seeds, run: () => { kept.push(Buffer.alloc(4_000_000, 1)); } },
      { name: "heap", seeds, run: () => { for (let i = 0; i < 2e5; i += 1) kept.push({ i }); } },
    ];`;
  let folder = "";
  let module = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "regua-tests-"));
    writeFileSync(join(folder, "planted.mjs"), PLANTED);
    module = pathToFileURL(join(folder, "planted.mjs")).href;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (name: string, seconds: number, count: number, patienceMs = 20_000): Promise<Fuzzed> =>
    fuzz(name, { seed: 1, seconds, count, patienceMs, module });

  it("is not seen where there is none", async () => {
    expect(await run("well", 20, 2_000)).toMatchObject({ inputs: 2_000, found: 0 });
  });

  it.each(["throws", "rejects"])("that %s is a crash, with its message and the input's number", async (name) => {
    const { found, findings, inputs } = await run(name, 20, 500);
    expect([found > 10, inputs]).toEqual([true, 500]);
    expect(findings[0]).toMatchObject({ kind: "crash", message: expect.stringContaining("planted") as unknown });
  });

  it("that takes more than a second is a hang", async () => {
    const { findings } = await run("slow", 20, 6);
    expect(findings[0]).toMatchObject({ kind: "hang", message: expect.stringContaining("processor time") as unknown });
  });

  it("that never ends is a hang, and the inputs behind it are tried", async () => {
    const { findings } = await run("never", 6, 400, 1_500);
    expect(findings.length).toBeGreaterThan(1);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(["hang"]));
  });

  it.each(["hungry", "heap"])("that keeps memory (%s) is seen by its growth", async (name) => {
    const { findings } = await run(name, 10, 100);
    expect(findings.map(({ kind }) => kind)).toContain("memory");
  });
});
