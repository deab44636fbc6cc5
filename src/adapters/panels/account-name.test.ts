// Names that may be handed to a panel, and text that may be shown.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitForReason, isAccountName } from "./account-name.ts";

describe("an account name", () => {
  it.each(["alice", "Loja_1", "loja.example", "u123", "_system", "joao@loja.example", "a-b"])("%s is one", (name) => {
    expect(isAccountName(name)).toBe(true);
  });

  it("that is accepted is no option, no path upwards and one plain word, whatever is tried", () => {
    const names = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("-", ".", "/", "a", "@", " ", "\0", "\n", "$", "é") }));
    fc.assert(
      fc.property(names, fc.boolean(), (name, slash) => {
        fc.pre(isAccountName(name, slash));
        expect(name).toMatch(slash ? /^[\w.@/-]+$/u : /^[\w.@-]+$/u);
        expect(name).not.toMatch(/^[-./]/u);
        expect(name.split("/")).not.toContain("..");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("foreign text in a reason", () => {
  it("is one short line with the secrets covered", () => {
    expect(fitForReason("Invalid secret\r\n\u001b[31m key  for AK1 ", ["AK1", ""])).toBe("Invalid secret [31m key for •••");
    expect(fitForReason("x".repeat(400), [])).toHaveLength(300);
  });
});
