// The tree over a day's heads: the published vectors of RFC 6962, and proofs that fit one place only.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../kernel/hash.ts";
import { anchorHash, leafOf, rootOfPath, Tree } from "../kernel/anchors.ts";
import { pathOf } from "../evidence/proof.ts";

const treeOf = (leaves: readonly string[]): Tree => {
  const tree = new Tree();
  for (const leaf of leaves) tree.add(leaf);
  return tree;
};

const reading = (leaves: readonly string[]) => (from: number, limit: number) => Promise.resolve(leaves.slice(from, from + limit));

describe("the tree over a day's heads", () => {
  /** Inputs and roots of the reference implementation of Certificate Transparency (RFC 6962), as its tests publish them. */
  const INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  const ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];

  it("gives the roots that the reference implementation gives", () => {
    const leaves = INPUTS.map((input) => sha256(Buffer.from(`00${input}`, "hex")));
    expect(ROOTS.map((_, i) => treeOf(leaves.slice(0, i + 1)).root())).toEqual(ROOTS);
    expect(new Tree().root()).toBe(sha256(""));
  });

  const leavesAndPlace = fc
    .integer({ min: 1, max: 130 })
    .chain((size) => fc.record({ size: fc.constant(size), place: fc.nat({ max: size - 1 }), other: fc.nat({ max: size - 1 }) }));

  it("leads every leaf to the root by its own path, and by no other place or neighbour", async () => {
    await fc.assert(
      fc.asyncProperty(leavesAndPlace, async ({ size, place, other }) => {
        const leaves = Array.from({ length: size }, (_, i) => sha256(`leaf ${i}`));
        const root = treeOf(leaves).root();
        const path = await pathOf(reading(leaves), place, size);
        expect(rootOfPath(leaves[place] ?? "", place, size, path)).toBe(root);
        if (other === place) return;
        expect(rootOfPath(leaves[other] ?? "", place, size, path)).not.toBe(root);
        expect(rootOfPath(leaves[place] ?? "", other, size, path)).not.toBe(root);
      }),
    );
  });

  it("refuses a path that is too long or too short, and a place outside the tree", async () => {
    const leaves = Array.from({ length: 5 }, (_, i) => sha256(`leaf ${i}`));
    const path = await pathOf(reading(leaves), 2, 5);
    const leaf = leaves[2] ?? "";
    expect(rootOfPath(leaf, 2, 5, [...path, leaf])).toBeNull();
    expect(rootOfPath(leaf, 2, 5, path.slice(1))).not.toBe(treeOf(leaves).root());
    expect(rootOfPath(leaf, 5, 5, path)).toBeNull();
    expect(rootOfPath(leaf, -1, 5, path)).toBeNull();
  });

  it("names a customer differently under each head, so that a leaf tells nothing to who knows the customer's number", () => {
    const head = { ref: "C1", after: 0, seq: 3, hash: sha256("entry 3") };
    const texts = [head, { ...head, ref: "C2" }, { ...head, after: 1 }, { ...head, seq: 4 }, { ...head, hash: sha256("entry") }].map(
      leafOf,
    );
    expect(new Set(texts).size).toBe(5);
    const customer = sha256(`{"customer":"C1","head":"${head.hash}"}`);
    expect(texts[0]).toBe(sha256(`\0{"after":0,"customer":"${customer}","hash":"${head.hash}","seq":3}`));
  });

  it("hashes an anchor as the text that the bundle explains", () => {
    const anchor = { day: 20_779, root: sha256("root"), leaves: 2, previous: sha256("before") };
    expect(anchorHash(anchor)).toBe(sha256(`{"day":"2026-11-22","leaves":2,"previous":"${anchor.previous}","root":"${anchor.root}"}`));
  });
});
