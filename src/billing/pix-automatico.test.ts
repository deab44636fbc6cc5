// Pix Automático's windows: the days themselves, and that no history asks for more than the rule allows.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instructionWindow, retryDays } from "./pix-automatico.ts";
import type { RetryInput } from "./pix-automatico.ts";

const input = (more: Partial<RetryInput> = {}): RetryInput => ({
  policy: "three_in_seven_days",
  settleOn: 100,
  today: 100,
  asked: [],
  pending: false,
  nextCycleOn: 130,
  ...more,
});

describe("the instruction of a recurring charge", () => {
  it("is sent from the tenth to the second calendar day before its settlement", () => {
    expect(instructionWindow(100)).toEqual({ from: 90, until: 98 });
  });
});

describe("further attempts of a recurring charge", () => {
  it("are for the seven days after, future ones only, and not twice for one day", () => {
    expect(retryDays(input())).toEqual([101, 102, 103, 104, 105, 106, 107]);
    expect(retryDays(input({ today: 104, asked: [102, 106] }))).toEqual([105, 107]);
    expect(retryDays(input({ today: 107 }))).toEqual([]);
    expect(retryDays(input({ today: 95 }))).toEqual([101, 102, 103, 104, 105, 106, 107]);
  });

  it("are none after three, while one is open, or when the payer did not agree to any", () => {
    expect(retryDays(input({ today: 104, asked: [101, 102, 104] }))).toEqual([]);
    expect(retryDays(input({ pending: true }))).toEqual([]);
    expect(retryDays(input({ policy: "none" }))).toEqual([]);
  });

  it("end before the recurrence's next charge, as in a weekly one", () => {
    expect(retryDays(input({ nextCycleOn: 107 }))).toEqual([101, 102, 103, 104, 105, 106]);
    expect(retryDays(input({ nextCycleOn: null }))).toContain(107);
  });

  it("asked for whenever allowed never pass three, nor the seventh day", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 12 }), (picks) => {
        const asked: number[] = [];
        let today = 100;
        for (const pick of picks) {
          const days = retryDays(input({ today, asked }));
          const day = days[pick % Math.max(1, days.length)];
          if (day !== undefined) asked.push(day);
          today += pick % 3;
        }
        expect(asked.length).toBeLessThanOrEqual(3);
        expect(new Set(asked).size).toBe(asked.length);
        for (const day of asked) expect(day > 100 && day <= 107).toBe(true);
      }),
    );
  });
});
