// Where each cent of a receipt goes: the named invoice or the oldest, principal and fees in the order the law allows, the rest is credit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, type Fees, type Payable } from "./allocate.ts";
import { reverse } from "./reverse.ts";

const invoice = (id: number, open: number, change: Partial<Payable> = {}): Payable => ({
  id,
  ref: `F${id}`,
  dueOn: id,
  open,
  feePaid: 0,
  ...change,
});
/** Ten percent of what is open, less what was paid of it. */
const tenth = (collect: boolean): Fees => ({ of: ({ open, feePaid }) => Math.max(0, Math.floor(open / 10) - feePaid), collect });

describe("a receipt", () => {
  it("that names an invoice pays that one, and the rest is credit", () => {
    const open = [invoice(1, 1000), invoice(2, 1000)];
    expect(allocate(1500, "F2", open)).toEqual({ allocations: [{ invoiceId: 2, kind: "principal", amount: 1000 }], credit: 500 });
    expect(open.map((each) => each.open)).toEqual([1000, 0]);
  });

  it("that names an invoice which is not open is all credit: money meant for one debt is not moved to another", () => {
    expect(allocate(1500, "F9", [invoice(1, 1000)])).toEqual({ allocations: [], credit: 1500 });
  });

  it("that names none pays the oldest first", () => {
    const { allocations, credit } = allocate(1500, null, [invoice(2, 1000), invoice(1, 1000)]);
    expect(allocations.map((each) => [each.invoiceId, each.amount])).toEqual([
      [1, 1000],
      [2, 500],
    ]);
    expect(credit).toBe(0);
  });
});

describe("fine and interest", () => {
  it("are paid by what exceeds the principal, and stand apart from it", () => {
    expect(allocate(1100, "F1", [invoice(1, 1000)], tenth(false)).allocations).toEqual([
      { invoiceId: 1, kind: "principal", amount: 1000 },
      { invoiceId: 1, kind: "late_fee", amount: 100 },
    ]);
  });

  it("are not asked for afterwards where the policy does not collect them: the amount of the invoice settles it", () => {
    const open = [invoice(1, 1000)];
    expect(allocate(1000, "F1", open, tenth(false)).credit).toBe(0);
    expect(open[0]?.open).toBe(0);
  });

  it("never take what would pay the principal of another invoice, and none for an invoice paid in part", () => {
    const { allocations } = allocate(1950, null, [invoice(1, 1000), invoice(2, 1000)], tenth(false));
    expect(allocations.map((each) => each.kind)).toEqual(["principal", "principal"]);
  });

  it("come first where the policy collects them, and what is missing stays open as principal", () => {
    const open = [invoice(1, 1000)];
    const { allocations } = allocate(1000, "F1", open, tenth(true));
    expect(allocations).toEqual([
      { invoiceId: 1, kind: "late_fee", amount: 100 },
      { invoiceId: 1, kind: "principal", amount: 900 },
    ]);
    expect(open[0]).toMatchObject({ open: 100, feePaid: 100 });
    // A tenth of the rest is less than what was paid of fees already: nothing more is due of them.
    expect(allocate(100, "F1", open, tenth(true))).toEqual({ allocations: [{ invoiceId: 1, kind: "principal", amount: 100 }], credit: 0 });
  });
});

const payables = fc
  .array(fc.record({ open: fc.integer({ min: 1, max: 9_999 }), dueOn: fc.integer({ min: 0, max: 3 }) }), { maxLength: 5 })
  .map((rows) => rows.map((row, i) => invoice(i + 1, row.open, { dueOn: row.dueOn })));
const amount = fc.integer({ min: 1, max: 30_000 });

describe("whatever is paid", () => {
  it("every cent is allocated or credit, no invoice takes more than it is open for, no fee more than is due", () => {
    fc.assert(
      fc.property(amount, payables, fc.boolean(), fc.option(fc.constantFrom("F1", "F2"), { nil: null }), (paid, open, collect, named) => {
        const before = new Map(open.map((each) => [each.id, each.open]));
        const { allocations, credit } = allocate(paid, named, open, tenth(collect));
        expect(allocations.reduce((sum, part) => sum + part.amount, credit)).toBe(paid);
        for (const each of open) {
          const of = (kind: string) =>
            allocations.filter((part) => part.invoiceId === each.id && part.kind === kind).reduce((sum, part) => sum + part.amount, 0);
          expect(of("principal")).toBe((before.get(each.id) ?? 0) - each.open);
          expect(each.open).toBeGreaterThanOrEqual(0);
          expect(of("late_fee")).toBe(each.feePaid);
          expect(each.feePaid).toBeLessThanOrEqual(Math.floor((before.get(each.id) ?? 0) / 10));
        }
        for (const part of allocations) expect(part.amount).toBeGreaterThan(0);
      }),
    );
  });

  it("what goes back is taken from credit, then from what was paid last, never more than is there", () => {
    fc.assert(
      fc.property(amount, payables, fc.double({ min: 0, max: 1, noNaN: true }), (paid, open, share) => {
        const held = allocate(paid, null, open, tenth(false));
        const back = Math.max(1, Math.floor(paid * share));
        const { credit, allocations } = reverse(held, back);
        expect(allocations.reduce((sum, part) => sum - part.amount, credit)).toBe(back);
        expect(credit).toBe(Math.min(back, held.credit));
        // The debt paid last is opened first: all before the first that is touched stay whole.
        const touched = allocations.map((part) =>
          held.allocations.findIndex((h) => h.invoiceId === part.invoiceId && h.kind === part.kind),
        );
        expect(touched).toEqual(held.allocations.map((_, i) => held.allocations.length - 1 - i).slice(0, touched.length));
        for (const [i, part] of allocations.entries()) {
          const whole = held.allocations[touched[i] ?? -1]?.amount ?? 0;
          if (i < allocations.length - 1) expect(-part.amount).toBe(whole);
          else expect(-part.amount).toBeLessThanOrEqual(whole);
        }
      }),
    );
  });
});
