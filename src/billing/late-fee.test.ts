// Fine and interest: the published examples, due dates without banks, and percents that binary fractions would bend.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDay } from "../kernel/time.ts";
import { lateFee, type LateFeeInput } from "./late-fee.ts";

/** R$ 100,00 due on Monday, 2 November 2026 would be a holiday; Tuesday the 3rd is a banking day. */
const ordinary: LateFeeInput = {
  open: 10_000,
  dueOn: parseDay("2026-11-03"),
  effectiveDueOn: parseDay("2026-11-03"),
  payOn: parseDay("2026-11-13"),
  finePercent: 2,
  interestPercentMonth: 1,
};

const fee = (change: Partial<LateFeeInput> = {}) => lateFee({ ...ordinary, ...change });

describe("fine and interest", () => {
  it("of R$ 100,00 paid ten days late are R$ 2,00 and R$ 0,33", () => {
    expect(fee()).toEqual({ fine: 200, interest: 33, total: 10_233, days: 10 });
  });

  it("of R$ 1.000,00 paid thirty days late are R$ 20,00 and R$ 10,00", () => {
    expect(fee({ open: 100_000, payOn: parseDay("2026-12-03") })).toEqual({ fine: 2000, interest: 1000, total: 103_000, days: 30 });
  });

  it("of R$ 29,90 paid one day late are R$ 0,59 and nothing: fractions of a cent are dropped", () => {
    expect(fee({ open: 2990, payOn: parseDay("2026-11-04") })).toEqual({ fine: 59, interest: 0, total: 3049, days: 1 });
  });

  it("are none on the due date and before", () => {
    expect(fee({ payOn: ordinary.dueOn })).toEqual({ fine: 0, interest: 0, total: 10_000, days: 0 });
    expect(fee({ payOn: ordinary.dueOn - 20 }).total).toBe(10_000);
  });

  it("are none without a percentage, and nothing is owed of nothing", () => {
    expect(fee({ finePercent: 0, interestPercentMonth: 0 })).toEqual({ fine: 0, interest: 0, total: 10_000, days: 10 });
    expect(fee({ open: 0 })).toEqual({ fine: 0, interest: 0, total: 0, days: 10 });
  });
});

describe("a due date without banks", () => {
  // Saturday, 31 October 2026; Monday is All Souls' Day, so banks open on Tuesday.
  const saturday = { dueOn: parseDay("2026-10-31"), effectiveDueOn: parseDay("2026-11-03") };

  it("met on the next banking day bears no surcharge", () => {
    expect(fee({ ...saturday, payOn: parseDay("2026-11-03") })).toEqual({ fine: 0, interest: 0, total: 10_000, days: 0 });
  });

  it("missed on the next banking day bears interest from the due date as written", () => {
    expect(fee({ ...saturday, payOn: parseDay("2026-11-04") })).toEqual({ fine: 200, interest: 13, total: 10_213, days: 4 });
  });
});

describe("percents", () => {
  it("are taken as written: 0.07 % a month of a million is not bent by binary fractions", () => {
    // In floating point 0.07 * 100 is 7.000000000000001, and 0.29 * 100 is 28.999999999999996.
    expect(fee({ open: 100_000_000, finePercent: 0.29, interestPercentMonth: 0.07, payOn: ordinary.dueOn + 30 })).toMatchObject({
      fine: 290_000,
      interest: 70_000,
    });
    expect(fee({ open: 10 ** 12, finePercent: 1e-7, interestPercentMonth: 0.033 }).fine).toBe(1000);
  });

  it("that are none are a defect", () => {
    for (const finePercent of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => fee({ finePercent })).toThrow(/percentage/u);
  });
});

const input = fc
  .record({
    open: fc.integer({ min: 0, max: 100_000_000 }),
    dueOn: fc.integer({ min: 18_000, max: 22_000 }),
    moved: fc.integer({ min: 0, max: 5 }),
    late: fc.integer({ min: -30, max: 4000 }),
    fine: fc.integer({ min: 0, max: 200 }),
    interest: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ open, dueOn, moved, late, fine, interest }): LateFeeInput => ({
    open,
    dueOn,
    effectiveDueOn: dueOn + moved,
    payOn: dueOn + late,
    finePercent: fine / 100,
    interestPercentMonth: interest / 100,
  }));

describe("for any invoice", () => {
  it("the fee never exceeds the percentage, never by a fraction of a cent, and misses it by less than one", () => {
    fc.assert(
      fc.property(input, (of) => {
        const { fine, interest, total, days } = lateFee(of);
        expect(total).toBe(of.open + fine + interest);
        const late = of.payOn > of.effectiveDueOn;
        expect(days).toBe(late ? of.payOn - of.dueOn : 0);
        const exactFine = late ? BigInt(of.open) * BigInt(Math.round(of.finePercent * 100)) : 0n;
        const exactInterest = late ? BigInt(of.open) * BigInt(Math.round(of.interestPercentMonth * 100)) * BigInt(days) : 0n;
        expect(BigInt(fine) * 10_000n <= exactFine && exactFine < BigInt(fine + 1) * 10_000n).toBe(true);
        expect(BigInt(interest) * 300_000n <= exactInterest && exactInterest < BigInt(interest + 1) * 300_000n).toBe(true);
      }),
    );
  });

  it("a day later never costs less", () => {
    fc.assert(fc.property(input, (of) => lateFee({ ...of, payOn: of.payOn + 1 }).total >= lateFee(of).total));
  });
});
