// Holidays: Brazil against ANBIMA's own list, other countries through the library.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ReguaError } from "../../kernel/errors.ts";
import { dayOf, formatDay, parseDay, weekday } from "../../kernel/time.ts";
import { bankHolidaysOfBrazil } from "./holidays-br.ts";
import { holidaysOf } from "./holidays.ts";

const ANBIMA = join(import.meta.dirname, "../../../../shared/realdata/holidays/anbima-2024-2028.json");

function datesOf(country: string, year: number): string[] {
  const source = holidaysOf(country);
  const dates: string[] = [];
  for (let day = dayOf(year, 1, 1); day < dayOf(year + 1, 1, 1); day += 1) if (source.on(day)) dates.push(formatDay(day));
  return dates;
}

function nameOf(country: string, date: string): unknown {
  return holidaysOf(country).on(parseDay(date));
}

describe("Brazilian banking holidays", () => {
  it("are ANBIMA's, on every day of 2024 to 2028 both ways", (context) => {
    if (!existsSync(ANBIMA)) context.skip(`the ANBIMA list is not here: ${ANBIMA}`);
    const listed = (JSON.parse(readFileSync(ANBIMA, "utf8")) as { dates: { date: string }[] }).dates.map((entry) => entry.date);
    expect(listed).toHaveLength(65);
    expect([2024, 2025, 2026, 2027, 2028].flatMap((year) => datesOf("BR", year))).toEqual(listed);
  });

  it("are these thirteen in 2026", () => {
    const list = [...bankHolidaysOfBrazil(2026)].toSorted(([a], [b]) => a - b).map(([day, name]) => `${formatDay(day)} ${name["pt-BR"]}`);
    expect(list).toEqual([
      "2026-01-01 Confraternização Universal",
      "2026-02-16 Segunda-feira de Carnaval",
      "2026-02-17 Terça-feira de Carnaval",
      "2026-04-03 Sexta-feira Santa",
      "2026-04-21 Tiradentes",
      "2026-05-01 Dia do Trabalho",
      "2026-06-04 Corpus Christi",
      "2026-09-07 Independência do Brasil",
      "2026-10-12 Nossa Senhora Aparecida",
      "2026-11-02 Finados",
      "2026-11-15 Proclamação da República",
      "2026-11-20 Dia da Consciência Negra",
      "2026-12-25 Natal",
    ]);
  });

  it("have 20 November from 2024 on and not before", () => {
    expect(nameOf("BR", "2023-11-20")).toBeNull();
    expect(nameOf("BR", "2024-11-20")).toEqual({ "pt-BR": "Dia da Consciência Negra", en: "Black Awareness Day" });
  });

  it.each([
    [2008, "2008-03-21"], // the earliest Easters and the latest of our time, and both leap years
    [2011, "2011-04-22"],
    [2038, "2038-04-23"],
    [2076, "2076-04-17"],
    [2100, "2100-03-26"],
  ])("place Good Friday of %i on %s, and Carnival 45 days before it", (year, goodFriday) => {
    expect(nameOf("BR", goodFriday)).toMatchObject({ en: "Good Friday" });
    const friday = parseDay(goodFriday);
    expect(holidaysOf("BR").on(friday - 45)).toMatchObject({ en: "Carnival Tuesday" });
    expect(holidaysOf("BR").on(friday - 46)).toMatchObject({ en: "Carnival Monday" });
    expect(holidaysOf("BR").on(friday + 62)).toMatchObject({ en: "Corpus Christi" });
    expect(datesOf("BR", year)).toHaveLength(year >= 2024 ? 13 : 12);
  });

  it("keep both names when Good Friday meets Tiradentes", () => {
    expect(nameOf("BR", "2079-04-21")).toEqual({ "pt-BR": "Tiradentes / Sexta-feira Santa", en: "Tiradentes Day / Good Friday" });
  });

  it("leave out the half days and the days without public service", () => {
    for (const date of ["2026-02-18", "2026-12-24", "2026-12-31", "2026-04-02"]) expect(nameOf("BR", date)).toBeNull();
  });

  it("agree on weekdays: Carnival on Monday and Tuesday, Corpus Christi on Thursday, in every year of two centuries", () => {
    const weekdays = { "Carnival Monday": 1, "Carnival Tuesday": 2, "Good Friday": 5, "Corpus Christi": 4 } as const;
    for (let year = 1950; year <= 2150; year += 1) {
      for (const [day, name] of bankHolidaysOfBrazil(year)) {
        const expected = weekdays[name.en as keyof typeof weekdays];
        if (expected) expect(weekday(day), `${name.en} of ${year}`).toBe(expected);
      }
    }
  });
});

describe("holidays of other countries", () => {
  it("are the public ones of the country, named in both languages", () => {
    expect(nameOf("PT", "2026-06-10")).toEqual({ "pt-BR": "Dia de Portugal", en: "Portugal Day" });
    expect(nameOf("PT", "2026-02-17")).toBeNull();
    expect(datesOf("PT", 2026)).toHaveLength(13);
  });

  it("include the days taken instead of a weekend", () => {
    expect(nameOf("US", "2027-12-31")).toMatchObject({ en: expect.stringContaining("New Year") });
    expect(nameOf("GB", "2026-12-28")).toMatchObject({ en: expect.stringContaining("Boxing Day") });
  });

  it("cover each day of a feast of several days, over the turn of the year too", () => {
    expect(datesOf("AE", 2026)).toEqual(expect.arrayContaining(["2026-03-20", "2026-03-21", "2026-03-22"]));
    expect(nameOf("AE", "2026-03-23")).toBeNull();
    for (const date of ["2028-12-28", "2028-12-31", "2029-01-02"])
      expect(nameOf("SZ", date)).toMatchObject({ en: expect.stringContaining("Incwala") });
    expect(nameOf("SZ", "2029-01-03")).toBeNull();
  });

  it("last one whole day when daylight saving makes that day 23 or 25 hours long", () => {
    expect(nameOf("PT", "2024-03-31")).toMatchObject({ "pt-BR": "Páscoa" });
    expect(nameOf("PT", "2024-04-01")).toBeNull();
    expect(nameOf("AT", "2025-10-26")).not.toBeNull();
    expect(nameOf("AT", "2025-10-27")).toBeNull();
  });

  it("leave out afternoons off", () => {
    expect(nameOf("DE", "2026-12-24")).toBeNull();
    expect(nameOf("DE", "2026-12-25")).not.toBeNull();
  });

  it("are none for none", () => {
    expect(datesOf("none", 2026)).toEqual([]);
  });

  it("are found by the code in any case", () => {
    expect(holidaysOf("br")).toBe(holidaysOf("BR"));
    expect(holidaysOf("pt")).toBe(holidaysOf("PT"));
  });

  it.each(["ZZ", "Brazil", "US-CA", "", "constructor"])("are refused for “%s”, with the cure", (country) => {
    const error = catchError(() => holidaysOf(country));
    expect(error).toMatchObject({ code: "holidays_unknown", cure: expect.stringContaining("BR") });
  });
});

function catchError(run: () => unknown): ReguaError {
  try {
    run();
  } catch (error) {
    if (error instanceof ReguaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
