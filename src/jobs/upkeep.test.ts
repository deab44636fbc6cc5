// When a clock is not to be trusted, and when the sandbox's date is taken over.
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import { clockJumped, Follower } from "./upkeep.ts";

const NOW = 1_780_000_000_000;

describe("a jump of the clock", () => {
  it("is none while minutes pass, at the first start, and after any downtime", () => {
    expect(clockJumped(NOW, NOW - MINUTE_MS, NOW - MINUTE_MS)).toBe(false);
    expect(clockJumped(NOW, null, null)).toBe(false);
    expect(clockJumped(NOW, NOW - 90 * DAY_MS, null)).toBe(false);
  });

  it("is a time an hour or more before what was seen, by this process or another", () => {
    expect(clockJumped(NOW, NOW + HOUR_MS + 1, null)).toBe(true);
    expect(clockJumped(NOW, NOW + HOUR_MS, null)).toBe(false);
  });

  it("is a leap of more than a day between two looks of one process", () => {
    expect(clockJumped(NOW, NOW - DAY_MS - 1, NOW - DAY_MS - 1)).toBe(true);
    expect(clockJumped(NOW, NOW - MINUTE_MS, NOW - DAY_MS)).toBe(false);
  });
});

describe("the sandbox's date", () => {
  it("is taken over once it stands still", () => {
    const follower = new Follower();
    expect([1, 2, 3, 3, 3, 4].map((now) => follower.see(now))).toEqual([null, null, null, 3, 3, null]);
  });
});
