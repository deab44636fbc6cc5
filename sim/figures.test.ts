// The published figures: what runs printed becomes plain words between two markers, the same words again, and nothing when anything is missing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { BEGIN, END, publish, section } from "./figures-page.ts";
import { commitThatRan, FiguresRefused, readRuns, type Runs } from "./figures-runs.ts";

const range = (change: Record<string, unknown> = {}): object => ({
  ...{ seeds: 1500, serviceDays: 4_050_000, faults: { panel_refuses: 1200, mail_4xx: 3 }, crashes: 77, notices: 40_000, suspensions: 5000 },
  ...{ statements: 9, violations: [], failed: [], minutes: 15, ...change },
});
const mutant = (change: Record<string, unknown> = {}): object => ({
  ...{
    mutant: "promise-forgotten",
    caught: true,
    seed: 7,
    found: "first of the range",
    breaks: ["S9"],
    seen: ["S9"],
    seeds: 7,
    seconds: 30,
  },
  ...change,
});
const chaos = (change: Record<string, unknown> = {}): object => ({
  ...{
    minutes: 5,
    processes: 70,
    kills: 66,
    stops: 50,
    stopsPastLease: 12,
    backendsTerminated: 80,
    postgresRestarts: 1,
    mailsAccepted: 900,
  },
  ...{
    mailsRepeated: 40,
    panelCalls: 500,
    payments: 300,
    notices: 880,
    suspensions: 90,
    secondsToConverge: 14.2,
    violations: [],
    ...change,
  },
});
const worlds = (change: Record<string, unknown> = {}): object => ({
  ...{ worlds: 317_280, pairs: 1_712_224, suspensions: 60_760, breaches: [], seconds: 16, ...change },
});

const files = (...values: unknown[]): { name: string; text: string }[] =>
  values.map((value, i) => ({ name: `${i}.json`, text: JSON.stringify(value) }));
const whole = (): object[] => [
  range({ first: 1 }),
  range({ first: 10_001, faults: { panel_refuses: 800 } }),
  [mutant()] as object,
  chaos(),
  worlds(),
];
const stamp = { date: "2026-11-24", commit: "0123456789ab" };
const words = (values: unknown[]): string => section(readRuns(files(...values)), stamp);

describe("the section", () => {
  it("adds the ranges up and says everything in words", () => {
    const text = words(whole());
    expect(text.startsWith(BEGIN) && text.endsWith(END)).toBe(true);
    expect(text).toContain("2026-11-24, commit `0123456789ab`");
    expect(text).toContain("3,000 seeds (1 to 1500; 10001 to 11500), 100 a minute: 8,100,000 service-days");
    const three = [range({ first: 3001 }), range({ first: 1 }), range({ first: 1501 }), [mutant()], chaos(), worlds()];
    expect(words(three)).toContain("4,500 seeds (1 to 4500), 100 a minute");
    expect(text).toContain("2,003 faults, 154 crashes of a process, 80,000 notices, 10,000 suspensions. No violation.");
    expect(text).toContain("| panel refuses | 2,000 |\n| mail put off (4xx) | 3 |");
    expect(text).toContain("1 of 1 caught");
    expect(text).not.toContain("occasion");
    expect(text).toContain("| promise forgotten | S9 | 7 |");
    expect(text).toContain("66 SIGKILLs, 50 stops (12 past the lease), 80 database sessions cut, 1 immediate restart of PostgreSQL");
    expect(text).toContain("900 messages accepted, 40 copies of them after a lost answer");
    expect(text).toContain("At rest 14.2 s after the trouble ended. No violation.");
    expect(text).toContain("317,280 combinations of facts decided (60,760 start a suspension), and 1,712,224 pairs");
    expect(text).not.toMatch(/undefined|null|NaN|Infinity|\[object/u);
  });

  it("never hides a violation, a survivor, a breach, or a run that found no rest", () => {
    const bad = [
      range({ violations: [{ seed: 12, invariant: "S1", text: "suspends S4" }] }),
      [mutant(), mutant({ mutant: "dedupe-key-missing", caught: false, seed: null, found: null })],
      chaos({ secondsToConverge: null, violations: [{ invariant: "S4", text: "twice" }] }),
      worlds({ breaches: ["S5: S1 goes down"] }),
    ];
    const text = words(bad);
    expect(text).toContain("**1 violation**: S1 (seed 12).");
    expect(text).toContain("1 of 2 caught");
    expect(text).toContain("**Not caught: dedupe-key-missing.**");
    expect(text).toContain("| dedupe key missing | S9 | none |");
    expect(text).toContain("**It never came to rest.** **1 violation**: S4.");
    expect(text).toContain("**1 breach**: S5: S1 goes down");
  });

  it("says what was met besides faults, and what no range met at all", () => {
    const first = range({ occasions: { leap_day: 2 }, neverDrawn: ["proof_forged", "panel_down"] });
    const text = words([first, range({ occasions: { leap_day: 1 }, neverDrawn: ["proof_forged"] }), ...whole().slice(2)]);
    expect(text).toContain("| occasion | times |\n|---|---:|\n| leap day | 3 |");
    expect(text).toContain("Never met in this run: forged payment proof.");
  });

  it("says which seed was only tried first, and leaves out what no range told", () => {
    const text = words([range({ minutes: 0 }), [mutant({ found: "known seed" })], chaos(), worlds()]);
    expect(text).toContain("| promise forgotten | S9 | 7 (tried first) |");
    const fed = words([range(), [mutant({ needs: ["leap_day", "panel_down"] })], chaos(), worlds()]);
    expect(fed).toContain("| promise forgotten | S9 | 7, with more of: leap day; panel down for hours |");
    expect(text).toContain("1,500 seeds: 4,050,000 service-days");
  });
});

describe("refused, with the file and the reason", () => {
  const refused = (list: { name: string; text: string }[]): string => {
    try {
      readRuns(list);
    } catch (error) {
      if (error instanceof FiguresRefused) return error.message;
      throw error;
    }
    return "taken";
  };

  it.each([
    ["a kind of run that is missing", files(...whole().slice(0, 4)), /No file holds what `node sim\/worlds\.ts --json` prints/u],
    ["nothing at all", [], /No file holds what `npm run sim -- --seeds N --json` prints/u],
    ["an empty file", [{ name: "a.json", text: "\n" }], /^a\.json is empty/u],
    ["a table instead of JSON", [{ name: "a.json", text: "seeds 10" }], /^a\.json is not JSON: run the command with --json/u],
    ["something else", files({ hello: 1 }), /^0\.json is of no known run/u],
    ["a field of the wrong kind", files(range({ seeds: "many" })), /^0\.json: seeds: /u],
    ["a run of no seeds", files(range({ seeds: 0 })), /^0\.json: seeds: /u],
    ["a hunt of nothing", files([]), /^0\.json: /u],
    ["two hunts", files(range(), [mutant()], [mutant()], chaos(), worlds()), /^Two files hold what `npm run sim -- --mutant all --json`/u],
    [
      "seeds counted twice",
      files(range({ first: 1 }), range({ first: 1500 }), [mutant()], chaos(), worlds()),
      /^Seeds 1500 to 1500 are in two files/u,
    ],
  ])("%s", (_what, list, message) => {
    expect(refused(list)).toMatch(message);
  });

  it("ranges of several commits, or of none", () => {
    const of = (...commits: unknown[]): Runs => ({
      ...readRuns(files(...whole())),
      ranges: commits.map((commit) => ({ ...range(), commit }) as Runs["ranges"][number]),
    });
    expect(commitThatRan(of("1234567", "1234567"))).toBe("1234567");
    expect(() => commitThatRan(of("1234567", "89abcde"))).toThrow(/1234567, 89abcde/u);
    expect(() => commitThatRan(of(null))).toThrow(/say it with --commit/u);
  });

  it("a page without its two lines, or with them twice or turned round", () => {
    for (const page of ["# Promise\n", `${END}\n${BEGIN}\n`, `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`])
      expect(() => publish(page, words(whole()))).toThrow(/needs these two lines/u);
  });
});

describe("the command", () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  function folderWith(page: string, values: readonly unknown[]): { page: string; names: string[] } {
    const folder = mkdtempSync(join(tmpdir(), "regua-figures-"));
    folders.push(folder);
    writeFileSync(join(folder, "PAGE.md"), page);
    const names = values.map((_, i) => join(folder, `${i}.json`));
    values.forEach((value, i) => writeFileSync(names[i] as string, JSON.stringify(value)));
    return { page: join(folder, "PAGE.md"), names };
  }

  const run = (page: string, names: readonly string[]) =>
    spawnSync(
      process.execPath,
      [join(import.meta.dirname, "figures.ts"), ...names, "--into", page, "--date", "2026-11-24", "--commit", "0123456789ab"],
      {
        encoding: "utf8",
      },
    );

  it("writes between the markers of the real page, touches nothing else, and writes the same again", () => {
    const before = readFileSync(join(import.meta.dirname, "../docs/PROMISE.md"), "utf8");
    const { page, names } = folderWith(before, whole());
    expect(run(page, names)).toMatchObject({ status: 0 });
    const after = readFileSync(page, "utf8");
    expect(after.slice(0, after.indexOf(BEGIN))).toBe(before.slice(0, before.indexOf(BEGIN)));
    expect(after.slice(after.indexOf(END))).toBe(before.slice(before.indexOf(END)));
    expect(after).toContain("317,280 combinations");
    expect(run(page, names).stdout).toContain("says it already");
    expect(readFileSync(page, "utf8")).toBe(after);
  });

  it("leaves the page as it is when anything is wrong, and says what", () => {
    const { page, names } = folderWith(`${BEGIN}\n${END}\n`, whole().slice(1));
    const answer = run(page, [...names, "absent.json"]);
    expect(answer).toMatchObject({ status: 2, stdout: "", stderr: "absent.json does not exist.\n" });
    expect(run(page, names.slice(1)).stderr).toContain("No file holds what");
    expect(readFileSync(page, "utf8")).toBe(`${BEGIN}\n${END}\n`);
  });
});
