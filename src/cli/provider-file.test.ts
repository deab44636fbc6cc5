// The provider file: the example that ships with the program, and what is said of one that is wrong.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ReguaError } from "../kernel/errors.ts";
import type { SaidProblem } from "../kernel/file-problems.ts";
import { readTaxId } from "../kernel/tax-id.ts";
import { z } from "zod";
import { readProviderFile, SAMPLE_PROVIDER } from "./provider-file.ts";
import { providerSchema } from "./provider-schema.ts";
import { PROVIDER_FORMS_PT_BR, PROVIDER_MEANINGS_PT_BR } from "./provider-words.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/provider.yaml");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "regua-provider-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, "provider.yaml");
  writeFileSync(file, text);
  return readProviderFile(file);
}

function problems(text: string, lang: "en" | "pt-BR" = "en"): readonly SaidProblem[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ReguaError && error.code === "provider_file_invalid")
      return error.detailsIn(lang).problems as readonly SaidProblem[];
    throw error;
  }
  return [];
}

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
}

/** Every key with words of its own, by its path. */
function described(node: Node, path = ""): string[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) => described(child, `${path}${path === "" ? "" : "."}${key}`));
  return [...(node.description === undefined ? [] : [path]), ...inner, ...(node.items ? described(node.items, `${path}[]`) : [])];
}

const example = readFileSync(EXAMPLE, "utf8");

describe("the provider file", () => {
  it("that ships as an example is the sample provider", () => {
    expect(readProviderFile(EXAMPLE)).toEqual(SAMPLE_PROVIDER);
  });

  it("of the sample provider has right check digits", () => {
    expect(readTaxId(SAMPLE_PROVIDER.identity.taxId)?.text).toBe(SAMPLE_PROVIDER.identity.taxId);
  });

  it("takes what may be left out as it should be", () => {
    const short = example.replace(/^(legal_name|country|phone|site|lang|time_zone|currency):.*\n/gmu, "").replace(/^proof:[\s\S]*$/mu, "");
    const { identity, timeZone, currency } = read(short);
    expect(identity).toMatchObject({ legalName: "Hospedagem Exemplo", phone: null, site: null, proof: null, lang: "pt-BR" });
    expect({ timeZone, currency }).toEqual({ timeZone: "America/Sao_Paulo", currency: "BRL" });
  });

  it("writes a CPF or CNPJ with its dots, and another country's number as it is", () => {
    const withId = (id: string, country: string) =>
      example.replace(/^tax_id:.*$/mu, `tax_id: "${id}"`).replace("country: BR", `country: ${country}`);
    expect(read(withId("12345678000195", "BR")).identity.taxId).toBe("12.345.678/0001-95");
    expect(read(withId("PT 501 442 600", "PT")).identity.taxId).toBe("PT 501 442 600");
  });

  it.each([
    ["tax_id: 12.ABC.345/01DE-35", "tax_id: 12.ABC.345/01DE-36", /^tax_id \(line \d+\)$/u, /check digits are wrong/u],
    ["email: financeiro@example.com.br", "email: financeiro", /^email \(line \d+\)$/u, /not an e-mail address/u],
    ["time_zone: America/Sao_Paulo", "time_zone: America/Sampa", /^time_zone \(line \d+\)$/u, /America\/Sampa/u],
    ["lang: pt-BR", "lang: de", /^lang \(line \d+\)$/u, /"de" is not known/u],
    ["currency: BRL", "currency: ZZZ", /^currency \(line \d+\)$/u, /not a currency/u],
    ["name: Hospedagem Exemplo\n", "nome: Hospedagem Exemplo\n", /^nome \(line \d+\)$/u, /not known/u],
    ["  en:\n    - ", "  fr:\n    - ", /^payment\.en \(line \d+\)$/u, /missing/u],
    ['address: "Rua', 'address: ""\n#', /^address \(line \d+\)$/u, /empty/u],
    ["payment:", "payment", /^line \d+$/u, /./u],
  ])("with “%s” as “%s” is refused by its place", (before, after, place, problem) => {
    expect(example).toContain(before);
    const found = problems(example.replace(before, after));
    expect(found).toContainEqual({
      place: expect.stringMatching(place) as string,
      problem: expect.stringMatching(problem) as string,
      cure: expect.stringMatching(/\S/u) as string,
    });
  });

  it("is spoken of in Portuguese too: each key by its meaning, each wrong form, and what a schema cannot say", () => {
    const keys = described(z.toJSONSchema(providerSchema, { io: "input" }) as Node);
    expect(keys.sort()).toEqual(Object.keys(PROVIDER_MEANINGS_PT_BR).sort());
    const wrong = example
      .replace(/^tax_id:.*$/mu, "tax_id: 1")
      .replace(/^(email|site):.*$/gmu, "$1: x")
      .replace(/^country:.*$/mu, "country: br")
      .replace(/^currency:.*$/mu, "currency: real");
    const said = problems(wrong, "pt-BR");
    expect(said.map(({ problem }) => problem)).toEqual(expect.arrayContaining(Object.values(PROVIDER_FORMS_PT_BR).slice(1)));
    expect(said.every(({ cure, place }) => / \(linha \d+\)$/u.test(place) && cure !== "")).toBe(true);
    const meant = problems(example.replace(/^tax_id:.*$/mu, 'tax_id: "1"').replace(/^currency:.*$/mu, "currency: ZZZ"), "pt-BR");
    expect(meant.map(({ problem }) => problem)).toEqual([
      "“1” não é um CPF nem um CNPJ: os dígitos verificadores não conferem, ou faltam dígitos",
      "“ZZZ” não é uma moeda",
    ]);
  });

  it("names the very line", () => {
    const line = example.split("\n").findIndex((text) => text.startsWith("tax_id:")) + 1;
    expect(problems(example.replace("01DE-35", "01DE-36")).map((each) => each.place)).toEqual([`tax_id (line ${line})`]);
  });

  it("that is not there is said to be unreadable", () => {
    expect(() => readProviderFile(join(folder, "nowhere.yaml"))).toThrow(expect.objectContaining({ code: "file_unreadable" }) as Error);
  });

  it("that is empty lists what is missing", () => {
    expect(problems("").length).toBeGreaterThan(0);
    expect(problems("{}").map((each) => each.place.split(" ")[0])).toEqual(["name", "tax_id", "address", "email", "payment"]);
  });
});
