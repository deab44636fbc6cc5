// The chain: whatever is changed, taken out, put in or moved is found, and the entry is named.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain, genesis, type Entry } from "../kernel/chain.ts";
import { canonicalJson, sha256, type Json } from "../kernel/hash.ts";
import { formatInstant } from "../kernel/time.ts";
import { checkChain, placeEntries, type Item } from "./chain.ts";
import type { Finding } from "./finding.ts";
import { START, zone } from "./testing/story.ts";

function aChain(length: number, ref = "C1"): Entry[] {
  const entries: Entry[] = [];
  let head = { seq: 0, hash: genesis(ref) };
  for (let n = 1; n <= length; n += 1) {
    const at = START + n * 1000;
    const entry = chain(ref, head, {
      kind: "note",
      at: formatInstant(at),
      local: zone.format(at),
      actor: "ana",
      body: { n, said: `é ${n}` },
    });
    entries.push(entry);
    head = entry;
  }
  return entries;
}

const headOf = (entries: readonly Entry[]): { seq: number; hash: string } => {
  const last = entries[entries.length - 1];
  return { seq: last?.seq ?? 0, hash: last?.hash ?? genesis("C1") };
};

/** As kept in the database: the place by a column, and no list of hashes. */
const rows = (entries: readonly Entry[]): Item[] => entries.map(({ seq, text }) => ({ seq, text, stated: null }));
/** An entry's text with members changed, canonical as before. */
const changed = (entry: Entry, change: Record<string, Json>): Entry => ({
  ...entry,
  text: canonicalJson({ ...(JSON.parse(entry.text) as Record<string, Json>), ...change }),
});
const put = (entries: readonly Entry[], index: number, entry: Entry): Entry[] => entries.map((each, i) => (i === index ? entry : each));
const brief = (findings: readonly Finding[]): unknown[] =>
  findings.map((f) => ("entry" in f && f.entry !== null ? [f.code, f.entry.seq, ...("field" in f ? [f.field] : [])] : f));

describe("a customer's chain", () => {
  const whole = aChain(6);
  const at = (index: number): Entry => whole[index] as Entry;
  const check = (entries: readonly Entry[], head = headOf(whole)): unknown[] => brief(checkChain("C1", rows(entries), head).findings);

  it("holds as written, also when nothing was written yet", () => {
    expect(check(whole)).toEqual([]);
    expect(check([], { seq: 0, hash: genesis("C1") })).toEqual([]);
    expect(check([], { seq: 0, hash: genesis("C2") })).toEqual([{ code: "head_differs", seq: 0 }]);
  });

  it("names the entry whose body was changed, the first and the last too", () => {
    for (const index of [0, 3, 5]) {
      const result = check(put(whole, index, changed(at(index), { body: { n: 99 } })));
      expect(result).toEqual([["entry_differs", index + 1, null]]);
    }
  });

  it("tells a changed link from a changed entry before it", () => {
    expect(check(put(whole, 3, changed(at(3), { prev: sha256("x") })))).toEqual([["entry_differs", 4, "prev"]]);
    expect(check(put(whole, 5, changed(at(5), { prev: sha256("x") })))).toEqual([["entry_differs", 6, "prev"]]);
  });

  it("finds entries taken out, at the beginning, in the middle and at the end", () => {
    expect(check(whole.slice(1))).toEqual([{ code: "entries_missing", from: 1, through: 1 }]);
    expect(check([...whole.slice(0, 2), ...whole.slice(4)])).toEqual([{ code: "entries_missing", from: 3, through: 4 }]);
    expect(check(whole.slice(0, 4))).toEqual([{ code: "entries_missing", from: 5, through: 6 }]);
    expect(check([])).toEqual([{ code: "entries_missing", from: 1, through: 6 }]);
  });

  it("finds an entry of another customer, another order of members, and a local time of another instant, even where hashes agree", () => {
    const forge = (text: string): Finding[] => checkChain("C1", [{ seq: 1, text, stated: null }], { seq: 1, hash: sha256(text) }).findings;
    const other = aChain(1, "C2")[0] as Entry;
    expect(brief(forge(other.text))).toEqual([["entry_field", 1, "customer"]]);
    const { customer, ...rest } = JSON.parse(at(0).text) as Record<string, Json>;
    expect(brief(forge(JSON.stringify({ ...rest, customer })))).toEqual([["entry_field", 1, "form"]]);
    expect(brief(forge(changed(at(0), { local: "2026-11-03T09:00:02.000-03:00" }).text))).toEqual([["entry_field", 1, "local"]]);
    expect(brief(forge(changed(at(0), { prev: sha256("x") }).text))).toEqual([["entry_field", 1, "prev"]]);
    expect(brief(forge(changed(at(0), { body: { n: "1" } }).text.replace('"1"', "1.5")))).toEqual([["entry_field", 1, "form"]]);
    expect(brief(forge("{}"))).toEqual([["entry_unreadable", 1]]);
  });

  it("survives a text nested deeper than the stack", () => {
    const deep = `${'{"body":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    expect(check(put(whole, 2, { ...at(2), text: deep }))).toEqual([["entry_differs", 3, null]]);
  });

  it("says so when a clock was set back, and holds it against nobody", () => {
    const first = at(0);
    const earlier = { kind: "note", at: formatInstant(START), local: zone.format(START), actor: "ana", body: null };
    const second = chain("C1", first, earlier);
    const { findings, notes } = checkChain("C1", rows([first, second]), second);
    expect(findings).toEqual([]);
    expect(notes).toEqual([{ code: "clock_went_back", entry: { seq: 2, at: formatInstant(START), kind: "note" } }]);
  });

  it("finds every change of one letter in one entry, and names that entry", () => {
    const slip = fc.record({ index: fc.nat({ max: 5 }), at: fc.nat({ max: 400 }), letter: fc.integer({ min: 32, max: 126 }) });
    fc.assert(
      fc.property(slip, ({ index, at: place, letter }) => {
        const { text } = at(index);
        const where = place % text.length;
        const slipped = `${text.slice(0, where)}${String.fromCharCode(letter)}${text.slice(where + 1)}`;
        if (slipped === text) return;
        const items = rows(put(whole, index, { ...at(index), text: slipped }));
        const found = checkChain("C1", items, headOf(whole)).findings;
        expect(found.map((f) => "entry" in f && f.entry?.seq)).toEqual([index + 1]);
        const listed = items.map((item, i) => ({ ...item, stated: at(i).hash }));
        const withList = checkChain("C1", listed, headOf(whole)).findings;
        expect(withList.map((f) => "entry" in f && f.entry?.seq)).toEqual([index + 1]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the places of a file's entries", () => {
  const whole = aChain(5);
  const texts = whole.map((entry) => entry.text);
  const hashes = whole.map((entry) => entry.hash);
  const places = (list: string[], sums: string[]): number[] => placeEntries(list, sums).map((item) => item.seq);

  it("are one after the other, with a gap where the list of hashes vouches for it", () => {
    expect(places(texts, hashes)).toEqual([1, 2, 3, 4, 5]);
    const without = (list: string[]): string[] => list.filter((_, i) => i !== 2);
    expect(places(without(texts), without(hashes))).toEqual([1, 2, 4, 5]);
    expect(places(without(texts), hashes)).toEqual([1, 2, 4, 5]);
  });

  it("do not follow a number that was changed", () => {
    const slipped = texts.map((text, i) => (i === 2 ? text.replace('"seq":3', '"seq":9') : text));
    expect(places(slipped, hashes)).toEqual([1, 2, 3, 4, 5]);
  });

  it("leave a changed list to be told from a changed entry", () => {
    const wrong = hashes.map((hash, i) => (i === 1 ? sha256("x") : hash));
    expect(brief(checkChain("C1", placeEntries(texts, wrong), headOf(whole)).findings)).toEqual([["hash_list_differs", 2]]);
  });
});
