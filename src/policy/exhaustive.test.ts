// Every small world: each combination of a few values of every fact is decided, and the promise is asked of each decision.
import { describe, expect, it } from "vitest";
import { assert } from "../kernel/assert.ts";
import { ATLASES, HELP, IGNORANCE } from "./testing/atlases.ts";
import { compare, liveThrough, type Lived } from "./testing/live-worlds.ts";

let worlds = 0;

describe.each(ATLASES)("in every small world of $name", ({ atlas }) => {
  let lived: Lived | null = null;

  it("the promise holds, the decision is whole, explained, the same again, and leaves nothing to add", async ({ annotate }) => {
    lived = liveThrough(atlas);
    worlds += lived.worlds;
    await annotate(`${lived.worlds} worlds, ${lived.suspensions} in which a suspension starts`);
    expect(lived.breaches).toEqual([]);
    expect(lived.worlds).toBe(lived.bits.length);
    expect(lived.suspensions, "the worlds must reach suspensions").toBeGreaterThan(lived.worlds / 20);
  }, 300_000);

  it.each([
    { what: "help never makes it harsher: money, a promise, money on its way, a claim, a dispute", easings: HELP },
    { what: "not knowing never makes it harsher", easings: IGNORANCE },
  ])("$what", ({ easings }) => {
    assert(lived, "the worlds were not lived through");
    const { pairs, harsher } = compare(atlas, lived.bits, easings);
    expect(harsher).toEqual([]);
    expect(pairs).toBeGreaterThan(1_000);
  });
});

it("there are some hundreds of thousands of them", () => {
  expect(worlds).toBeGreaterThan(300_000);
});
