// Canonical JSON: one text for one value, however it was put together.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256, type Json } from "./hash.ts";

/** A JSON value without fractions: what evidence is made of. */
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    fc.constantFrom<Json>(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 4 }),
    // Names such as 10 and 9: JavaScript puts them before others and in the order of numbers, whatever order they were given in.
    fc.dictionary(fc.oneof(fc.string({ maxLength: 3 }), fc.nat({ max: 12 }).map(String)), tie("value"), { maxKeys: 5 }),
  ),
}));

/** The same value with every object put together backwards. */
function backwards(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => backwards(item));
  const members = Object.entries(value as Record<string, Json>).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, backwards(member)]));
}

describe("canonical JSON", () => {
  it("gives one text for one value, however its objects were put together", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(backwards(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  it.each<[Json, string]>([
    [{ b: 1, a: [{ d: null, c: "é" }] }, '{"a":[{"c":"é","d":null}],"b":1}'],
    [{ a: 1, b: undefined, c: 2 }, '{"a":1,"c":2}'],
    [{ 9: "nine", 10: "ten" }, '{"10":"ten","9":"nine"}'],
    [{ a: 'quote " and \n', Z: true }, '{"Z":true,"a":"quote \\" and \\n"}'],
    [[], "[]"],
    [{}, "{}"],
  ])("of %j is %s", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("takes no %d, which two languages would print differently", (value) => {
    expect(() => canonicalJson({ a: 1, b: [value] })).toThrow("whole numbers only");
    expect(() => canonicalJson({ b: 1, a: value })).toThrow("whole numbers only");
  });
});

describe("SHA-256", () => {
  it("is that of FIPS 180-4, of text and of bytes", () => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect([sha256("abc"), sha256(Buffer.from("abc"))]).toEqual([abc, abc]);
  });
});
