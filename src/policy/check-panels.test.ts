// A ladder beside the panels that must carry it out.
import { describe, expect, it } from "vitest";
import { checkPanels } from "./check-panels.ts";
import { policySchema } from "./schema.ts";

const suspend = { step: "suspend", day: 5, do: "suspend" };
const end = { step: "end", day: 45, do: "terminate" };
const doc = (...ladder: unknown[]) =>
  policySchema.parse({ policy: "of-panels", ladder: [{ step: "warning", day: 4, do: "warn" }, ...ladder] });

describe("a ladder that ends services", () => {
  it("is told which panels do not remove accounts, and on which step", () => {
    const panels = [
      { name: "web1", terminate: false },
      { name: "web2", terminate: true },
      { name: "vps", terminate: false },
    ];
    expect(checkPanels(doc(suspend, end), panels)).toMatchObject([
      { severity: "warning", place: "ladder[2].do", problem: { en: expect.stringContaining("web1, vps do not") as string } },
    ]);
  });

  it("is told nothing where every panel does, where none is set up, and where nothing is ended", () => {
    expect(checkPanels(doc(suspend, end), [{ name: "web2", terminate: true }])).toEqual([]);
    expect(checkPanels(doc(suspend, end), [])).toEqual([]);
    expect(checkPanels(doc(suspend), [{ name: "web1", terminate: false }])).toEqual([]);
  });
});
