// Reading a policy file: what is wrong is said with its line and what to write instead; what is right comes back unchanged.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { soundPolicy } from "../../test/support/policy-arbitraries.ts";
import { plain } from "../../test/support/timeline.ts";
import { ReguaError } from "../kernel/errors.ts";
import { checkPolicy } from "./check.ts";
import { policyHash } from "./compile.ts";
import type { SaidFinding } from "./finding.ts";
import { presetNames, presetText, readPolicy, writePolicy } from "./read.ts";

type Problem = Omit<SaidFinding, "severity">;

function problems(text: string): Problem[] {
  try {
    readPolicy(text);
  } catch (error) {
    if (error instanceof ReguaError && error.code === "policy_invalid") return error.details.problems as Problem[];
    throw error;
  }
  return [];
}

/** A good policy with some lines of another kind. */
const withLines = (lines: string): string => `policy: test\nladder:\n  - { step: reminder, day: 3, do: notify }\n${lines}\n`;

describe("a good file", () => {
  it("comes back with its defaults filled in", () => {
    const doc = readPolicy(withLines(""));
    expect(doc).toMatchObject({ regime: "prepaid-br", gap_hours: 24, scope: "service", calendar: { holidays: "BR" } });
    expect(doc.ladder[0]).toMatchObject({ at: "09:00", channels: ["email"] });
  });

  it("may be JSON, and may share parts by anchors", () => {
    expect(readPolicy(JSON.stringify({ policy: "test", ladder: [{ step: "a", day: 1, do: "notify" }] })).policy).toBe("test");
    const shared =
      "policy: test\nladder: &ladder\n  - { step: a, day: 1, do: notify }\nsegments:\n  - { segment: x, when: { tags: [x] }, ladder: *ladder }\n";
    expect(readPolicy(shared).segments[0]?.ladder).toEqual(readPolicy(shared).ladder);
  });

  it("is known by its meaning: the order of its keys and its comments do not change the hash", () => {
    const one = readPolicy("policy: test\nscope: account\ngap_hours: 12\nladder:\n  - { step: a, day: 1, do: notify }\n");
    const other = readPolicy(
      "# a comment\nladder:\n  - do: notify\n    day: 1\n    step: a\ngap_hours: 12.0\npolicy: test\nscope: account\n",
    );
    expect(policyHash(other)).toBe(policyHash(one));
    expect(policyHash(readPolicy(withLines("gap_hours: 23")))).not.toBe(policyHash(readPolicy(withLines("gap_hours: 24"))));
  });

  it("written and read again is the same policy", () => {
    expect(readPolicy(writePolicy(plain()))).toEqual(plain());
    fc.assert(
      fc.property(soundPolicy, (doc) => {
        expect(readPolicy(writePolicy(doc))).toEqual(doc);
        expect(policyHash(readPolicy(writePolicy(doc)))).toBe(policyHash(doc));
      }),
      { numRuns: 50 },
    );
  });
});

describe("a wrong file", () => {
  it("says the line of each wrong value, and what belongs there", () => {
    const found = problems(
      "policy: test\nladder:\n  - step: reminder\n    day: three\n    do: notify\n  - step: warning\n    day: 4\n    at: 9:00\n    do: wran\n",
    );
    expect(found.map((each) => each.place)).toEqual(["ladder[0].day (line 4)", "ladder[1].at (line 8)", "ladder[1].do (line 9)"]);
    expect(found[0]).toMatchObject({ problem: "the text “three” cannot be used" });
    expect(found[0]?.cure).toMatch(/issued, or a whole number of at least -365/u);
    expect(found[1]?.problem).toMatch(/write a time as 09:00/u);
    expect(found[2]?.cure).toBe("Did you mean “warn”?");
  });

  it("says which key was probably meant, or which there are", () => {
    expect(problems(withLines("regim: general"))).toEqual([
      { place: "regim (line 4)", problem: "the key “regim” is not known", cure: "Did you mean “regime”?" },
    ]);
    expect(problems(withLines("late_fee: { penalty: 2 }"))[0]).toMatchObject({
      place: "late_fee.penalty (line 4)",
      cure: "The keys here are fine_percent, interest_percent_month, legal_basis, collect.",
    });
    expect(problems(withLines("breaker: { max_per_houre: 1 }"))[0]?.cure).toBe("Did you mean “max_per_hour”?");
  });

  it("says the line where a missing key belongs", () => {
    expect(problems("policy: test\nladder:\n  - { step: a, day: 1, do: notify }\n  - step: b\n    do: notify\n")[0]).toMatchObject({
      place: "ladder[1].day (line 4)",
      problem: "it is missing",
    });
    expect(problems("policy: test\n")[0]?.place).toBe("ladder (line 1)");
  });

  it("asks for quotes round an amount", () => {
    expect(problems(withLines("small_remainder: 5.00"))[0]).toMatchObject({
      place: "small_remainder (line 4)",
      problem: "the number 5 stands where a text belongs",
    });
    expect(problems(withLines("small_remainder: 5.00"))[0]?.cure).toMatch(/^Put it in quotes\./u);
  });

  it("knows the choices of a list: a word that is nearly right, an object that is nearly right", () => {
    expect(problems(withLines("never_suspend_on: [weekend, holliday]"))[0]).toMatchObject({
      place: "never_suspend_on[1] (line 4)",
      cure: "Did you mean “holiday”?",
    });
    expect(problems(withLines('never_suspend_on:\n  - { weekday: monday, from: "12:00", to: "10:00" }'))[0]).toMatchObject({
      place: "never_suspend_on[0].to (line 5)",
      problem: "must be later than from; write two entries to cross midnight",
    });
    expect(problems(withLines("segments:\n  - { segment: x, when: {}, ladder: [{ step: a, day: 1, do: notify }] }"))[0]?.problem).toBe(
      "a segment needs at least one condition",
    );
  });

  it("that is no YAML says the line, and how to mend it", () => {
    expect(problems("policy: test\nladder:\n\t- a\n")[0]).toMatchObject({ place: "line 3", cure: "Indent with spaces." });
    expect(problems("policy: a\npolicy: b\n")[0]).toMatchObject({ place: "line 2", cure: "Keep one of the two." });
    expect(problems("policy: a\n---\npolicy: b\n")[0]?.cure).toMatch(/one policy in a file/u);
    expect(problems("policy: [a\n")[0]?.place).toMatch(/^line \d$/u);
  });

  it("that is empty, a list, too long or a bomb of anchors is refused in words", () => {
    for (const text of ["", "- a", "null", "policy"]) expect(problems(text)).toHaveLength(1);
    expect(problems(`# ${"x".repeat(200_001)}`)[0]?.problem).toMatch(/characters/u);
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [i, name] of ["b", "c", "d", "e", "f"].entries())
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${"abcde"[i]}`).join(", ")}]`);
    expect(problems(bomb.join("\n"))[0]?.problem).toBe("its anchors repeat too much");
  });

  it("carries its first problem in the message and at most fifty in the details", () => {
    const many = `policy: test\nladder:\n${Array.from({ length: 80 }, () => "  - { step: A, day: 1, do: notify }").join("\n")}\n`;
    expect(problems(many).length).toBeLessThanOrEqual(50);
    expect(() => readPolicy(withLines("regim: general"))).toThrow("regim (line 4): the key “regim” is not known.");
  });

  it("never fails otherwise, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string().map(withLines)), (text) => void problems(text)),
      { numRuns: 300 },
    );
  });
});

describe("the presets", () => {
  it("are three, each named as its file, sound, without a finding", () => {
    expect(presetNames()).toEqual(["hospedagem-br", "saas", "telecom-br"]);
    for (const name of presetNames()) {
      const doc = readPolicy(presetText(name));
      expect(doc.policy).toBe(name);
      expect(checkPolicy(doc), name).toEqual([]);
    }
  });

  it("explain every step and every field they set", () => {
    for (const name of presetNames()) {
      const lines = presetText(name).split("\n");
      const top = lines
        .map((line, i) => ({ line, i }))
        .filter(({ line }) => /^[a-z_]+:/u.test(line) && !/^(policy|description):/u.test(line));
      for (const { line, i } of top) expect(lines[i - 1], `${name}: ${line}`).toMatch(/^#/u);
    }
  });

  it("of another name there are none, and no path leads out of their folder", () => {
    for (const name of ["other", "../schema", "hospedagem-br.yaml"])
      expect(() => presetText(name)).toThrow(expect.objectContaining({ code: "preset_unknown" }));
  });
});
