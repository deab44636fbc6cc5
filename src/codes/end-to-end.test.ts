// End-to-end ids of Pix: their parts, their date against an instant, and vectors of other programs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, HOUR_MS, parseInstant } from "../kernel/time.ts";
import { datePlausible, readEndToEnd } from "./end-to-end.ts";
import { bankOf, institutionOf } from "./institutions.ts";

const ID = "E18236120202104191813s0326120V4K";

describe("an end-to-end id", () => {
  it("says the institution, the minute in UTC, and what the institution chose", () => {
    expect(readEndToEnd(` ${ID}\n`)).toEqual({
      ok: true,
      id: {
        id: ID,
        kind: "payment",
        ispb: "18236120",
        institution: "Nubank",
        at: parseInstant("2021-04-19T18:13:00Z"),
        rest: "s0326120V4K",
      },
    });
  });

  it("of a return begins with D, and an ISPB can have letters", () => {
    expect(readEndToEnd("D12ABC345202611221230abcde123456")).toMatchObject({
      ok: true,
      id: { kind: "return", ispb: "12ABC345", institution: null },
    });
  });

  it.each([
    ["", { code: "length", at: 0 }],
    [ID.slice(0, -1), { code: "length", at: 31 }],
    [`${ID}0`, { code: "length", at: 32 }],
    [`e${ID.slice(1)}`, { code: "prefix", at: 0 }],
    [`E1823612a${ID.slice(9)}`, { code: "ispb", at: 1 }],
    [`E18236120202102301813${ID.slice(21)}`, { code: "date", at: 9 }],
    [`E18236120202113011813${ID.slice(21)}`, { code: "date", at: 9 }],
    [`E18236120202104192413${ID.slice(21)}`, { code: "date", at: 9 }],
    [`E18236120202104191860${ID.slice(21)}`, { code: "date", at: 9 }],
    [`E1823612000000101 0000${ID.slice(22)}`, { code: "date", at: 9 }],
    [`${ID.slice(0, -1)}-`, { code: "letters", at: 21 }],
  ])("%j is refused: %j", (text, problem) => {
    expect(readEndToEnd(text)).toEqual({ ok: false, problem });
  });

  it("gives back the minute that was written", () => {
    const minute = fc.integer({ min: parseInstant("2020-11-03T00:00:00Z") / 60_000, max: parseInstant("2099-12-31T00:00:00Z") / 60_000 });
    fc.assert(
      fc.property(minute, fc.string({ unit: fc.constantFrom(..."aZ09"), minLength: 11, maxLength: 11 }), (at, rest) => {
        const stamp = formatInstant(at * 60_000)
          .replace(/\D/gu, "")
          .slice(0, 12);
        expect(readEndToEnd(`E00000000${stamp}${rest}`)).toMatchObject({ ok: true, id: { at: at * 60_000, rest } });
      }),
    );
  });

  it("gives a reading for any text", () => {
    fc.assert(fc.property(fc.string({ minLength: 30, maxLength: 34 }), (text) => typeof readEndToEnd(`E${text}`).ok === "boolean"));
  });
});

describe("the date of an end-to-end id", () => {
  const now = parseInstant("2026-11-22T12:00:00Z");
  it("may lie twelve hours ahead, as the SPI allows, and not before Pix began", () => {
    const at = [
      now,
      now + 12 * HOUR_MS,
      now + 12 * HOUR_MS + 60_000,
      parseInstant("2020-11-03T00:00:00Z"),
      parseInstant("2020-11-02T23:59:00Z"),
    ];
    expect(at.map((each) => datePlausible(each, now))).toEqual(["plausible", "plausible", "ahead", "plausible", "before_pix"]);
  });
});

describe("the institutions that we name", () => {
  it("are found by ISPB and by bank number, and others are merely not named", () => {
    expect([institutionOf("60746948")?.name, bankOf("237")?.ispb]).toEqual(["Bradesco", "60746948"]);
    expect([institutionOf("99999999"), bankOf("999")]).toEqual([null, null]);
  });
});

interface Vector {
  id: string;
  matches_bacen_schema: boolean;
  well_formed: boolean;
}

describe("the ids of other programs", () => {
  const file = join(import.meta.dirname, "../../../shared/realdata/pix/endtoend-ids.json");
  const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]) : [];
  it.skipIf(vectors.length === 0)(
    `have the ${vectors.length} verdicts of the data (skipped where ../shared/realdata/pix is not there)`,
    () => {
      expect(vectors.map(({ id }) => [id, readEndToEnd(id).ok])).toEqual(vectors.map(({ id, well_formed: well }) => [id, well]));
    },
  );
});
