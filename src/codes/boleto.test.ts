// Boletos: made and read both ways, each wrong digit refused, due dates in both counts, and vectors of other programs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDay, parseDay, type Day } from "../kernel/time.ts";
import { formatDigitLine, makeBoleto, readBoleto, type BoletoParts } from "./boleto.ts";
import { mod11Remainder } from "./check-digits.ts";
import { BASE_1997, BASE_2022, dueFactor, readDueFactor } from "./due-factor.ts";

const TODAY = parseDay("2026-11-22");
const FIRST = parseDay("2000-07-03");
const LAST = parseDay("2049-10-13");
const BRADESCO = "23791.23405 40000.000048 56012.345601 5 69340000271716";

const aBoleto = (on: Day): fc.Arbitrary<BoletoParts> =>
  fc.record({
    bank: fc.stringMatching(/^[0-79]\d{2}$/u),
    amountCents: fc.option(fc.integer({ min: 1, max: 9_999_999_999 }), { nil: null }),
    due: fc.option(fc.integer({ min: Math.max(FIRST, on - 3000), max: Math.min(LAST, on + 5500) }), { nil: null }),
    freeField: fc.stringMatching(/^\d{25}$/u),
  });

describe("a boleto's code", () => {
  it("says bank, amount, due date and the bank's own field", () => {
    expect(readBoleto(BRADESCO, parseDay("2016-09-20"))).toEqual({
      ok: true,
      boleto: {
        barCode: "23795693400002717161234040000000045601234560",
        digitLine: "23791234054000000004856012345601569340000271716",
        bank: "237",
        currency: "BRL",
        amountCents: 271716,
        due: {
          factor: 6934,
          day: parseDay("2016-10-01"),
          candidates: [
            { base: BASE_1997, day: parseDay("2016-10-01") },
            { base: BASE_2022, day: parseDay("2041-05-23") },
          ],
        },
        freeField: "1234040000000045601234560",
      },
    });
  });

  it("reads the same with any spacing, and as a bar code", () => {
    const plain = readBoleto(BRADESCO, TODAY);
    for (const text of [
      "23791234054000000004856012345601569340000271716",
      " 23791.23405  40000.000048\n56012.345601 - 5 - 69340000271716 ",
      "23795693400002717161234040000000045601234560",
    ])
      expect(readBoleto(text, TODAY)).toEqual(plain);
  });

  it("is printed as it is read", () => {
    expect(formatDigitLine("23791234054000000004856012345601569340000271716")).toBe(BRADESCO);
  });

  it.each([
    ["23791.23405 4000O.000048 56012.345601 5 69340000271716", { code: "character", at: 16 }],
    ["", { code: "length", digits: 0 }],
    ["23791.23405 40000.000048 56012.345601 5", { code: "length", digits: 33 }],
    ["23791.23406 40000.000048 56012.345601 5 69340000271716", { code: "field_check", field: 1, at: 10, found: 6, right: 5 }],
    ["23791.23405 40000.000148 56012.345601 5 69340000271716", { code: "field_check", field: 2, at: 23, found: 8, right: 7 }],
    ["23791.23405 40000.000048 56012.345602 5 69340000271716", { code: "field_check", field: 3, at: 36, found: 2, right: 1 }],
    ["23791.23405 40000.000048 56012.345601 6 69340000271716", { code: "general_check", at: 38, found: 6, right: 5 }],
    ["23791.23405 40000.000048 56012.345601 5 69340000271717", { code: "general_check", at: 38, found: 5, right: 2 }],
  ])("%j is refused with its place: %j", (text, problem) => {
    expect(readBoleto(text, TODAY)).toEqual({ ok: false, problem });
  });

  it("that was made is read as it was made, from the line and from the bar code", () => {
    fc.assert(
      fc.property(aBoleto(TODAY), (parts) => {
        const { barCode, digitLine } = makeBoleto(parts);
        for (const text of [barCode, digitLine, formatDigitLine(digitLine)]) {
          const reading = readBoleto(text, TODAY);
          if (!reading.ok) throw new Error(`${text}: ${reading.problem.code}`);
          const { boleto } = reading;
          expect({ bank: boleto.bank, amountCents: boleto.amountCents, due: boleto.due.day, freeField: boleto.freeField }).toEqual(parts);
          expect([boleto.barCode, boleto.digitLine, boleto.currency]).toEqual([barCode, digitLine, "BRL"]);
        }
      }),
    );
  });

  // Módulo 11 gives the digit 1 for the remainders 0, 1 and 10, so that the standard itself cannot see a step from one to another.
  it("with one wrong digit is refused, save where the standard's own digit is the same", () => {
    let tried = 0;
    let blind = 0;
    fc.assert(
      fc.property(aBoleto(TODAY), fc.nat({ max: 46 }), fc.integer({ min: 1, max: 9 }), (parts, at, shift) => {
        tried += 1;
        const { barCode, digitLine } = makeBoleto(parts);
        const wrong = digitLine.slice(0, at) + String((Number(digitLine[at]) + shift) % 10) + digitLine.slice(at + 1);
        const reading = readBoleto(wrong, TODAY);
        if (!reading.ok) return;
        const remainder = (code: string): number => mod11Remainder(code.slice(0, 4) + code.slice(5));
        expect(at).toBeGreaterThan(32);
        expect([0, 1, 10]).toContain(remainder(barCode));
        expect([0, 1, 10]).toContain(remainder(reading.boleto.barCode));
        blind += 1;
      }),
      { numRuns: 2000 },
    );
    expect(blind / tried).toBeLessThan(0.03);
  });

  it("gives a reading for any text", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof readBoleto(text, TODAY).ok === "boolean"));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."0123456789 .-"), maxLength: 60 }),
        (text) => typeof readBoleto(text, TODAY).ok === "boolean",
      ),
    );
    expect(readBoleto(" ".repeat(1_000_000), TODAY)).toEqual({ ok: false, problem: { code: "long", at: 200 } });
  });

  it("of a hundred million or more takes the room of the due date", () => {
    const body = ["0019", "0", "1234567890123", "1".repeat(25)] as const;
    const digit = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((check) => readBoleto(body[0] + String(check) + body.slice(1).join(""), TODAY).ok);
    expect(readBoleto(body[0] + String(digit) + body.slice(1).join(""), TODAY)).toMatchObject({
      ok: true,
      boleto: { amountCents: 1_234_567_890_123, due: { factor: 0, day: null, candidates: [] } },
    });
  });

  it.each([
    [{ bank: "812" }, "bank"],
    [{ freeField: "123" }, "freeField"],
    [{ amountCents: 1e10 }, "amount"],
    [{ amountCents: 0.5 }, "amount"],
    [{ due: parseDay("2000-07-02") }, "due"],
    [{ due: parseDay("2049-10-14") }, "due"],
  ])("%j is not made: %s", (change, field) => {
    const parts = { bank: "237", amountCents: 100, due: TODAY, freeField: "0".repeat(25), ...change };
    expect(() => makeBoleto(parts)).toThrowError(
      expect.objectContaining({ code: "field_invalid", details: expect.objectContaining({ field }) }),
    );
  });
});

describe("the due date", () => {
  it("began again at 1000 on 22 February 2025", () => {
    expect([dueFactor(parseDay("2025-02-21")), dueFactor(parseDay("2025-02-22")), dueFactor(null)]).toEqual([9999, 1000, 0]);
  });

  it("is the candidate in circulation on the day of reading", () => {
    const read = (factor: number, on: string): string | null => {
      const { day } = readDueFactor(factor, parseDay(on));
      return day === null ? null : formatDay(day);
    };
    expect(read(1638, "2026-11-22")).toBe("2026-11-22");
    expect(read(1638, "2002-03-01")).toBe("2002-04-02");
    expect(read(9999, "2026-11-22")).toBe("2025-02-21");
  });

  it("stays open between two candidates of which neither is in circulation, and both are said", () => {
    const due = readDueFactor(7300, TODAY);
    expect([due.day, ...due.candidates.map(({ day }) => formatDay(day))]).toEqual([null, "2017-10-02", "2042-05-24"]);
  });

  it("of a factor and a day has never two answers, and every day within the window has one", () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), fc.integer({ min: -3000, max: 5500 }), (on, ahead) => {
        const day = on + ahead;
        if (day < FIRST || day > LAST) return;
        expect(readDueFactor(dueFactor(day), on).day).toBe(day);
      }),
    );
  });
});

describe("a collection bill", () => {
  const TELEPHONE = "84630000000-3 29990296202-4 00410136000-8 00200644114-7";

  it("is known, with what it says, and is no boleto", () => {
    const bill = {
      barCode: "84630000000299902962020041013600000200644114",
      segment: "4",
      amountCents: 2999,
      company: "0296",
      wrong: [],
    };
    expect(readBoleto(TELEPHONE, TODAY)).toEqual({ ok: false, problem: { code: "bill", bill } });
    expect(readBoleto(bill.barCode, TODAY)).toEqual({ ok: false, problem: { code: "bill", bill } });
  });

  it("with one wrong digit names the block", () => {
    const line = TELEPHONE.replace(/\D/gu, "");
    for (let at = 4; at < 48; at += 1) {
      const wrong = line.slice(0, at) + String((Number(line[at]) + 1) % 10) + line.slice(at + 1);
      const reading = readBoleto(wrong, TODAY);
      const found = reading.ok || reading.problem.code !== "bill" ? null : reading.problem.bill.wrong;
      expect({ at, found }).toEqual({ at, found: expect.arrayContaining([Math.floor(at / 12) + 1]) });
    }
  });

  it("that says no way of counting its check digits is wrong", () => {
    expect(readBoleto(`863${"0".repeat(45)}`, TODAY)).toMatchObject({ problem: { bill: { wrong: [0], amountCents: null } } });
  });
});

interface Vector {
  kind: "cobranca" | "arrecadacao";
  barcode: string;
  linha: string;
  linhas_seen: string[];
  dv_ok: boolean | null;
  bank?: string;
  factor?: number;
  segment?: string;
  company?: string;
  amount_cents: number | null;
  due_base_1997?: string;
  due_base_2022?: string;
  declared_due?: string;
  declared_ok?: boolean;
}

describe("the vectors of other programs", () => {
  const file = join(import.meta.dirname, "../../../shared/realdata/boleto/vectors.json");
  const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]) : [];
  const absent = vectors.length === 0;
  const note = "(skipped where ../shared/realdata/boleto is not there)";
  const slips = vectors.filter(({ kind }) => kind === "cobranca");
  const bills = vectors.filter(({ kind }) => kind === "arrecadacao");

  it.skipIf(absent)(`give their verdict on each of ${slips.length} bar codes, and its parts ${note}`, () => {
    const mine = slips.map(({ barcode }) => {
      const reading = readBoleto(barcode, TODAY);
      if (!reading.ok) return { barcode, refused: reading.problem.code };
      const { bank, amountCents, due, digitLine } = reading.boleto;
      return {
        barcode,
        bank,
        factor: due.factor,
        amount: amountCents ?? 0,
        days: due.candidates.map(({ day }) => formatDay(day)),
        digitLine,
      };
    });
    const theirs = slips.map((row) => {
      if (row.dv_ok !== true) return { barcode: row.barcode, refused: "general_check" };
      const days = [row.due_base_1997, row.due_base_2022].filter((day) => day !== undefined);
      return { barcode: row.barcode, bank: row.bank, factor: row.factor, amount: row.amount_cents ?? 0, days, digitLine: row.linha };
    });
    expect(mine).toEqual(theirs);
  });

  it.skipIf(absent)(`give their verdict on each digit line seen with them ${note}`, () => {
    const seen = slips.flatMap(({ linhas_seen, linha, dv_ok }) =>
      linhas_seen.map((line) => ({ line, right: line === linha && dv_ok === true })),
    );
    expect(seen.length).toBeGreaterThan(150);
    expect(seen.map(({ line }) => ({ line, right: readBoleto(line, TODAY).ok }))).toEqual(seen);
  });

  it.skipIf(absent)(`have due dates that agree with the day they declare ${note}`, () => {
    const declared = slips.filter((row) => row.declared_due !== undefined && row.declared_ok === true && row.dv_ok === true);
    expect(declared.length).toBeGreaterThan(80);
    const mine = declared.map(({ barcode, declared_due: day = "" }) => {
      const reading = readBoleto(barcode, parseDay(day));
      return reading.ok && reading.boleto.due.day !== null ? formatDay(reading.boleto.due.day) : null;
    });
    expect(mine).toEqual(declared.map((row) => row.declared_due));
  });

  it.skipIf(absent)(`give their verdict on each of ${bills.length} collection bills ${note}`, () => {
    const mine = bills.flatMap(({ barcode, linhas_seen }) =>
      [barcode, ...linhas_seen].map((text) => {
        const reading = readBoleto(text, TODAY);
        const bill = reading.ok || reading.problem.code !== "bill" ? null : reading.problem.bill;
        return { text, right: bill?.wrong.length === 0, segment: bill?.segment, amount: bill?.amountCents, company: bill?.company };
      }),
    );
    const theirs = bills.flatMap(({ barcode, linha, linhas_seen, dv_ok, segment, amount_cents: amount, company }) =>
      [barcode, ...linhas_seen].map((text) => {
        const right = dv_ok === true && (text === barcode || text === linha);
        return { text, right, segment, amount, company };
      }),
    );
    expect(mine).toEqual(theirs);
  });
});
