// The shrinker, on lives that only a predicate knows: it finds what is needed, keeps to its limits, and gives up nothing that counts.
import { describe, expect, it } from "vitest";
import type { FaultKind } from "./faults.ts";
import { kindOf, shrink, type Limits, type Whole } from "./shrink.ts";

const PEOPLE = Array.from({ length: 17 }, (_, i) => i + 1);
const FAULTS: readonly FaultKind[] = ["panel_refuses", "mail_4xx", "second_worker", "clock_jumps", "receipt_late"];
const WHOLE: Whole = { days: 90, people: PEOPLE, without: [], faults: FAULTS };
const PATIENT: Limits = { attempts: 1_000, over: () => false };

/** Goes wrong whenever these are all there. */
function needing(people: readonly number[], faults: readonly FaultKind[], days: number) {
  const lives: Whole[] = [];
  const shows = (part: Whole): Promise<string | null> => {
    lives.push(part);
    const there = people.every((p) => part.people.includes(p)) && faults.every((f) => part.faults.includes(f)) && part.days >= days;
    return Promise.resolve(there ? `C${people[0] ?? 0}` : null);
  };
  return { lives, shows };
}

const nobody = (): readonly number[] => [];

describe("the shrinker", () => {
  it("finds the two customers and the one fault that are needed, and the fewest days", async () => {
    const { shows } = needing([3, 12], ["second_worker"], 60);
    const { part } = await shrink({ part: WHOLE, shown: "" }, nobody, shows, PATIENT);
    expect(part).toMatchObject({ people: [3, 12], faults: ["second_worker"], days: 60 });
  });

  it("tries the customer that the report names first, which is nearly always enough", async () => {
    const { shows, lives } = needing([9], [], 60);
    const { part } = await shrink({ part: WHOLE, shown: "" }, () => [9], shows, PATIENT);
    expect(part).toMatchObject({ people: [9], faults: [], days: 60 });
    expect(lives).toHaveLength(3);
  });

  it("keeps everything where everything is needed", async () => {
    const { shows } = needing(PEOPLE, FAULTS, 90);
    const { part, shown } = await shrink({ part: WHOLE, shown: "as it was" }, nobody, shows, PATIENT);
    expect(part).toEqual(WHOLE);
    expect(shown).toBe("as it was");
  });

  it("lives as often as it may and no more, and what it found by then still goes wrong", async () => {
    const { shows, lives } = needing([3, 12], ["second_worker"], 75);
    const { part, attempts } = await shrink({ part: WHOLE, shown: "" }, nobody, shows, { attempts: 6, over: () => false });
    expect([attempts, lives.length]).toEqual([6, 6]);
    expect(await shows(part)).not.toBeNull();
    expect(part.people.length).toBeLessThan(PEOPLE.length);
  });

  it("stops when its time is over", async () => {
    const { shows, lives } = needing([3], [], 60);
    await shrink({ part: WHOLE, shown: "" }, nobody, shows, { attempts: 40, over: () => lives.length >= 2 });
    expect(lives).toHaveLength(2);
  });

  it("takes the same fault about another customer at another time for the same, and another fault not", () => {
    const violation = { invariant: "S1", text: "2026-03-01T12:00:00.000Z suspends C7S1, of which nothing overdue was known" };
    expect(kindOf({ ...violation, text: violation.text.replace("C7S1", "C12S4").replace("03-01", "04-09") })).toBe(kindOf(violation));
    expect(kindOf({ ...violation, text: violation.text.replace("of which nothing", "which") })).not.toBe(kindOf(violation));
  });
});
