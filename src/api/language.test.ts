// The language asked for by a header, in the forms that browsers and libraries send it.
import { expect, it } from "vitest";
import { askedLang } from "./language.ts";

it.each([
  ["pt-BR", "pt-BR"],
  ["pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", "pt-BR"],
  ["en-GB, pt;q=0.5", "en"],
  ["pt;q=0.2, en;q=0.9", "en"],
  ["de, pt-PT;q=0.4", "pt-BR"],
  ["en;q=0, pt;q=0.1", "pt-BR"],
  ["en;q=0", null],
  ["*", null],
  ["ptarmigan", null],
  ["de-DE", null],
  ["", null],
  [undefined, null],
  [";q=,,;", null],
] as const)("of “%s” it takes %s", (header, lang) => {
  expect(askedLang(header)).toBe(lang);
});
