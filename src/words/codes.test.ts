// The texts about payment codes: whole in both languages, calm, and with every fact that they are given.
import { describe, expect, it } from "vitest";
import { LANGS } from "../kernel/lang.ts";
import { codeTexts } from "./codes.ts";

const FAULT = { at: 11, found: "A1B2", right: "C3D4", number: 7 };
/** Arguments for the texts that are functions of something else than a fault. */
const GIVEN: Readonly<Record<string, readonly unknown[]>> = {
  title: ["Bradesco (237)"],
  dueSure: ["2016-10-01", "2041-05-23"],
  dueOpen: [["2017-10-02", "2042-05-24"], "2026-11-22"],
  what: ["gás", "R$ 10,00"],
  changed: ["Servidor Bom", "Curitiba"],
};

function texts(value: unknown, name: string): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "function") return [String((value as (...args: readonly unknown[]) => unknown)(...(GIVEN[name] ?? [FAULT])))];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => texts(inner, key));
}

describe.each(LANGS)("the texts about codes in %s", (lang) => {
  const all = texts(codeTexts(lang), "");
  it("are whole and calm", () => {
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter((text) => text.trim() === "" || /!|undefined|\[object|\{|NaN/u.test(text))).toEqual([]);
  });

  it("say where a code is wrong, what stands there and what should", () => {
    const { boleto, pix } = codeTexts(lang);
    for (const text of [boleto.problems.field_check(FAULT), boleto.problems.general_check(FAULT), pix.problems.crc(FAULT)])
      expect(text).toMatch(/A1B2.+C3D4/u);
    expect(boleto.problems.field_check(FAULT)).toMatch(/7.+11/u);
  });
});

it("the two languages say the same things", () => {
  const keys = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.keys(value)
          .sort()
          .map((key) => [key, keys((value as Record<string, unknown>)[key])])
      : typeof value;
  expect(keys(codeTexts("en"))).toEqual(keys(codeTexts("pt-BR")));
});
