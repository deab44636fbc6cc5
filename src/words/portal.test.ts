// The portal's sentences: calm in both languages, whole in both, and never with anything of a machine in them.
import { describe, expect, it } from "vitest";
import { portalTexts } from "./portal.ts";
import { harshness } from "./tone.ts";
import type { Lang } from "../kernel/lang.ts";

/** What functions are called with: words that are calm in both languages. */
const ARGUMENTS: readonly unknown[][] = [
  ["20123", "na sexta-feira", true],
  [true, 2],
  [false, 1],
  [1],
  [15],
  ["R$ 29,90", "P-1", "x"],
  [3, "26 de novembro"],
  [null, "123456", 15],
];
const NEXT = ["message", "suspension", "termination", "promise", "claim", "release", "person"].map((kind) => ({
  kind,
  at: "sexta-feira, 27 de novembro, às 9h",
  on: "na sexta-feira, 27 de novembro, às 9h",
  service: null,
}));

/** Every sentence with the path to it. */
function sentences(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") {
    const say = value as (...args: unknown[]) => unknown;
    const all = path.endsWith(".next") ? NEXT.map((each) => [each]) : ARGUMENTS;
    return all.flatMap((args) => sentences(say(...args), `${path}(${args.length})`));
  }
  return Object.entries(value as Record<string, unknown>).flatMap(([key, member]) => sentences(member, `${path}.${key}`));
}

describe.each<Lang>(["pt-BR", "en"])("the portal's sentences in %s", (lang) => {
  const all = sentences(portalTexts(lang), lang);

  it("are calm: no threat, no blame, no capitals, no exclamation mark", () => {
    const harsh = all.flatMap(([path, text]) =>
      harshness(text.replaceAll(/\b(?:SHA-256|JPEG)\b/gu, ""), lang).map((found) => `${path}: ${found}`),
    );
    expect(harsh).toEqual([]);
  });

  it("are there: none is empty, and none names a part of the program", () => {
    const written = all.filter(([path]) => !path.includes("("));
    expect(written.length).toBeGreaterThan(150);
    expect(written.filter(([, text]) => text.trim() === "" || /undefined|null|[{}<>]|_/u.test(text))).toEqual([]);
  });
});

it("both languages have the same sentences", () => {
  const paths = (lang: Lang): string[] => [...new Set(sentences(portalTexts(lang), "").map(([path]) => path))].sort();
  expect(paths("en")).toEqual(paths("pt-BR"));
});
