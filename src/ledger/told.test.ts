// Readings of one payment in any order, late or repeated, come to what the last of them said.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merge, returned, type Told } from "./told.ts";

/** A payment's true life: it settles once, refunds only grow, a chargeback comes and may be won. */
const life = fc.array(fc.constantFrom("settle", "refund", "charge back", "win"), { maxLength: 8 }).map((steps): Told[] => {
  let state: Told = { amount: 1000, phase: "captured", refunded: 0, chargedBack: false, askedAt: 0 };
  return [
    state,
    ...steps.map((step, i) => {
      state = { ...state, askedAt: i + 1 };
      if (step === "settle") state = { ...state, phase: "settled" };
      if (step === "refund") state = { ...state, refunded: Math.min(1000, state.refunded + 300) };
      if (step === "charge back") state = { ...state, chargedBack: true };
      if (step === "win") state = { ...state, chargedBack: false };
      return state;
    }),
  ];
});

describe("readings of a payment", () => {
  it("in any order, any of them repeated, end where the payment is", () => {
    // Every reading at least once, the last among them anywhere.
    const shuffled = life.chain((states) => {
      const twice = [...states, ...states];
      return fc.tuple(fc.constant(states), fc.shuffledSubarray(twice, { minLength: twice.length }), fc.nat(states.length));
    });
    fc.assert(
      fc.property(shuffled, ([states, heard, left]) => {
        const latest = states.at(-1) as Told;
        const [first, ...rest] = heard.slice(left).includes(latest) ? heard.slice(left) : heard;
        const end = rest.reduce(merge, first as Told);
        expect({ ...end, askedAt: 0 }).toEqual({ ...latest, askedAt: 0 });
        expect(merge(end, latest)).toEqual(end);
      }),
    );
  });

  it("count all of a payment as gone while a chargeback holds it, and the refunds alone once it is won", () => {
    expect(returned({ amount: 1000, refunded: 300, chargedBack: true })).toBe(1000);
    expect(returned({ amount: 1000, refunded: 300, chargedBack: false })).toBe(300);
  });
});
