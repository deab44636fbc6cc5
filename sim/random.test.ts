// Chance by seed and concern: what is drawn for one is the same whoever else is there.
import { describe, expect, it } from "vitest";
import { Faults, KINDS, type FaultKind } from "./faults.ts";
import { drawn, stream, Streams } from "./random.ts";

const NAMES = Array.from({ length: 30 }, (_, i) => `C${i + 1}`);
const DRAWS = 200;

/** Whether a kind of fault happens to somebody, time after time, while others are asked about in between. */
function hits(seed: number, kind: FaultKind, about: string, others: readonly string[], without: readonly FaultKind[] = []): boolean[] {
  const faults = new Faults(seed, without);
  return Array.from({ length: DRAWS }, () => {
    for (const other of others) faults.hit(kind, other);
    return faults.hit(kind, about);
  });
}

describe("a stream", () => {
  it("is the same for the same seed and concern, and another for another seed or concern", () => {
    const some = (seed: number, concern: string): number[] => Array.from({ length: 5 }, () => stream(seed, concern).next());
    expect(some(1, "a")).toEqual(some(1, "a"));
    expect(some(1, "a")).not.toEqual(some(2, "a"));
    expect(some(1, "a")).not.toEqual(some(1, "b"));
  });

  it("goes on where it was left, whatever other streams did meanwhile", () => {
    const alone = new Streams(7);
    const busy = new Streams(7);
    const draws = (streams: Streams, also: boolean): number[] =>
      Array.from({ length: DRAWS }, () => {
        if (also) streams.of("other").unit();
        return streams.of("mine").unit();
      });
    expect(draws(busy, true)).toEqual(draws(alone, false));
  });
});

describe("a fault", () => {
  it("that a hunt needs happens as often as it may, also where the seed switched it off, and changes no other", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const [needy, plain] = [new Faults(seed, [], ["panel_slow"]), new Faults(seed)];
      const times = Array.from({ length: 2_000 }, () => needy.hit("panel_slow", "C1")).filter(Boolean).length;
      expect(times / 2_000).toBeCloseTo(KINDS.panel_slow, 1);
      for (let i = 0; i < DRAWS; i += 1) expect(needy.hit("mail_4xx", "C1")).toBe(plain.hit("mail_4xx", "C1"));
    }
  });

  it("happens to a customer the same way with others and without them", () => {
    for (const seed of [1, 2, 3, 4]) expect(hits(seed, "mail_4xx", "C1", NAMES.slice(1))).toEqual(hits(seed, "mail_4xx", "C1", []));
  });

  it("happens as before when another kind is left out", () => {
    for (const seed of [1, 2, 3, 4]) expect(hits(seed, "mail_4xx", "C1", [], ["panel_refuses"])).toEqual(hits(seed, "mail_4xx", "C1", []));
  });

  it("that is left out never happens, on any seed", () => {
    for (const kind of Object.keys(KINDS) as FaultKind[])
      for (const seed of [1, 2, 3, 4]) expect(hits(seed, kind, "C1", [], [kind])).not.toContain(true);
  });

  it("is switched off by half of the seeds", () => {
    const on = Array.from({ length: 400 }, (_, seed) => hits(seed, "payment_during_call", "C1", []).includes(true)).filter(Boolean).length;
    expect(on).toBeGreaterThan(150);
    expect(on).toBeLessThan(250);
  });
});

describe("a lot", () => {
  it("falls on the same one when others are left out", () => {
    for (let n = 0; n < 50; n += 1) {
      const winner = drawn(1, `lot ${n}`, NAMES, (name) => name);
      const fewer = NAMES.filter((name, i) => name === winner || i % 3 === 0);
      expect(drawn(1, `lot ${n}`, fewer, (name) => name)).toBe(winner);
    }
  });

  it("falls on everybody now and then, and on nobody where there is nobody", () => {
    const winners = new Set(Array.from({ length: 600 }, (_, n) => drawn(1, `lot ${n}`, NAMES, (name) => name)));
    expect(winners.size).toBe(NAMES.length);
    expect(drawn(1, "lot", [], String)).toBeUndefined();
  });
});
