// Sealed secrets: they open with their key at their place, and nowhere else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHANCE_TO_SEAL, isSealed, masterKey, rewrap, seal, unseal } from "./seal.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const key = (n: number) => masterKey(new Uint8Array(32).fill(n));
const chance = new Uint8Array(CHANCE_TO_SEAL).map((_, i) => (i * 37) % 256);
const PLACE = "panels.alpha.secret_key";

describe("a sealed secret", () => {
  it("opens to what it was, under its key and for its place, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), bytes(32), bytes(CHANCE_TO_SEAL), (text, secret, random) => {
        const sealed = seal(text, PLACE, masterKey(secret), random);
        expect(unseal(sealed, PLACE, [key(1), masterKey(secret)])).toBe(text);
        if (text.length > 3) expect(sealed).not.toContain(text);
      }),
    );
  });

  it("does not open under another key, for another place, or with any character changed", () => {
    const sealed = seal("hush", PLACE, key(1), chance);
    expect(unseal(sealed, PLACE, [key(2)])).toBeNull();
    expect(unseal(sealed, "panels.alpha.host", [key(1)])).toBeNull();
    for (let at = "sealed:1:".length; at < sealed.length; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
      // The last letters of base64 may carry bits that stand for nothing.
      const opened = unseal(changed, PLACE, [key(1)]);
      if (opened !== null) expect(opened).toBe("hush");
    }
    for (const text of ["", "hush", "sealed:1:", "sealed:1:a:b", `${sealed}:more`, sealed.slice(0, -20)])
      expect(unseal(text, PLACE, [key(1)])).toBeNull();
  });

  it("goes over to another key without being opened, and leaves the first", () => {
    const sealed = seal("hush", PLACE, key(1), chance);
    const moved = rewrap(sealed, [key(1)], key(2), chance) ?? "";
    expect(isSealed(moved)).toBe(true);
    expect(unseal(moved, PLACE, [key(2)])).toBe("hush");
    expect(unseal(moved, PLACE, [key(1)])).toBeNull();
    expect(rewrap(sealed, [key(3)], key(2), chance)).toBeNull();
  });
});
