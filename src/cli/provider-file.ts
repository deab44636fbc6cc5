// Reads the file that says who the provider is, and says where and how it is wrong. Knows the sample provider.
import { readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { readPixKey } from "../codes/pix-key.ts";
import type { ProviderFile } from "../engine/install-provider.ts";
import { alike, inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { readTaxId } from "../kernel/tax-id.ts";
import { Zone } from "../kernel/time.ts";
import { fileWhy } from "./file-why.ts";
import { PROVIDER_FORMS_PT_BR, PROVIDER_MEANINGS_PT_BR } from "./provider-words.ts";

/** One thing wrong with a provider file, as machines are given it. */
export interface ProviderProblem {
  /** `tax_id (line 6)`. */
  place: string;
  problem: string;
  cure: string;
}

type Found = Readonly<Record<keyof ProviderProblem, InEach>>;

const THE_FILE = inEach("the file", "o arquivo");

const line = (what: string, max = 200) => z.string().trim().min(1).max(max).describe(what);
/** What stands in a message stands on one line of it. */
const oneLine = (what: string, max = 200) => line(what, max).regex(/^[^\r\n]*$/u, "it has a line break");

export const providerSchema = z.strictObject({
  name: oneLine("The name your customers know you by.", 80),
  legal_name: oneLine("The registered name. Leave it out when it is the same.").optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/u, "it is not two capital letters")
    .default("BR")
    .describe("ISO 3166 country you are registered in, for example BR: there the tax_id is checked as CPF or CNPJ."),
  tax_id: oneLine("Your CPF or CNPJ, with or without dots; for another country, its tax number.", 40),
  address: oneLine("Your postal address in one line: street, number, district, postal code, city, state."),
  email: z
    .email("it is not an e-mail address")
    .describe("An address where an answer reaches a person, for example financeiro@example.com.br."),
  phone: oneLine("A telephone number, as customers would dial it.", 40).optional(),
  site: z
    .url({ protocol: /^https?$/u, error: "it is not a web address" })
    .optional()
    .describe("Your site, with https://."),
  lang: z.enum(["pt-BR", "en"]).default("pt-BR").describe("Language for what is not addressed to one customer: pt-BR or en."),
  time_zone: oneLine("An IANA name, for example America/Sao_Paulo.", 60).default("America/Sao_Paulo"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/u, "it is not three capital letters")
    .default("BRL")
    .describe("ISO 4217 code of the currency you are paid in, for example BRL."),
  payment: z
    .strictObject({
      "pt-BR": z.array(oneLine("One line that says how to pay.", 300)).min(1).max(8).describe("Lines that say how to pay, in Portuguese."),
      en: z.array(oneLine("One line that says how to pay.", 300)).min(1).max(8).describe("Lines that say how to pay, in English."),
    })
    .describe("How to pay, in both languages: a Pix key, the portal's address."),
  pix: z
    .strictObject({
      key: oneLine("The Pix key that receives: CPF, CNPJ, e-mail, telephone with +55, or random key.", 77),
      city: oneLine("The city of the account, as it stands in Pix codes; at most 15 letters are shown.", 60),
    })
    .optional()
    .describe("Where Pix is received: the portal makes codes for it, each with the amount and the invoice in it. Leave it out for none."),
  proof: z
    .strictObject({
      "pt-BR": oneLine("Where to send a payment proof, in Portuguese: an e-mail address or a page."),
      en: oneLine("Where to send a payment proof, in English: an e-mail address or a page."),
    })
    .optional()
    .describe("Where to send a payment proof, in both languages. Leave it out when you accept none."),
});

type Shape = z.infer<typeof providerSchema>;

/** A page of YAML; a longer text is something else. */
const CHARS_MAX = 50_000;

/**
 * Reads a provider file (YAML).
 * @throws ReguaError `file_unreadable`; `provider_file_invalid`, its details with `problems`: one {@link ProviderProblem} for each
 */
export function readProviderFile(path: string): ProviderFile {
  return parseProvider(path, readText(path));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ReguaError("file_unreadable", { file, why: fileWhy(error) }, { cause: error });
  }
}

function parseProvider(file: string, text: string): ProviderFile {
  if (text.length > CHARS_MAX)
    throw invalid(file, [
      {
        place: THE_FILE,
        problem: inEach(`it has more than ${CHARS_MAX} characters`, `tem mais de ${CHARS_MAX} caracteres`),
        cure: inEach("Give the provider file.", "Indique o arquivo do provedor."),
      },
    ]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    throw invalid(
      file,
      broken.map(({ message, pos }) => ({
        place: inEach(`line ${lines.linePos(pos[0]).line}`, `linha ${lines.linePos(pos[0]).line}`),
        // The parser's own words, which it has in English alone.
        problem: alike((message.split("\n")[0] ?? "").replace(/[.:]$/u, "")),
        cure: inEach(
          "Look at the spaces at the beginning of that line, and at its colons and quotes.",
          "Confira os espaços no começo dessa linha, os dois-pontos e as aspas.",
        ),
      })),
    );
  const value: unknown = document.toJS({ maxAliasCount: 10 });
  const result = providerSchema.safeParse(value);
  const place: PlaceOf = (path) => placeOf(document, lines, path);
  if (!result.success)
    throw invalid(
      file,
      result.error.issues.flatMap((issue) => problemsOf(issue, place, value)),
    );
  const problems = meaningOf(result.data, place);
  if (problems.length > 0) throw invalid(file, problems);
  return providerOf(result.data);
}

type PlaceOf = (path: readonly PropertyKey[]) => InEach;

function invalid(file: string, found: readonly Found[]): ReguaError {
  const list = (lang: Lang): ProviderProblem[] =>
    found.map(({ place, problem, cure }) => ({ place: place[lang], problem: problem[lang], cure: cure[lang] }));
  const said = (lang: Lang): string =>
    list(lang)
      .map(({ place, problem, cure }) => `\n  ${place}: ${problem}. ${cure}`)
      .join("");
  const [summary, problems] = [inEach(said("en"), said("pt-BR")), inEach(list("en"), list("pt-BR"))];
  return new ReguaError("provider_file_invalid", { file, summary, problems });
}

/** The line of the deepest part of the path that is written. */
function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): InEach {
  let node: unknown = document.contents;
  let at = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair || !isScalar(pair.key)) break;
      at = pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      at = (node as { range?: [number, number, number] | null } | undefined)?.range?.[0] ?? at;
    } else break;
  }
  const name = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  const { line: row } = lines.linePos(at);
  const { en, "pt-BR": ptBR } = name === "" ? THE_FILE : alike(name.slice(1));
  return inEach(`${en} (line ${row})`, `${ptBR} (linha ${row})`);
}

function problemsOf(issue: z.core.$ZodIssue, place: PlaceOf, value: unknown): Found[] {
  const node = schemaAt(issue.path);
  if (issue.code === "unrecognized_keys") {
    const keys = Object.keys(node?.properties ?? {}).join(", ");
    return issue.keys.map((key) => ({
      place: place([...issue.path, key]),
      problem: inEach(`the key “${key}” is not known`, `a chave “${key}” não é conhecida`),
      cure: inEach(`The keys here are ${keys}.`, `As chaves aqui são ${keys}.`),
    }));
  }
  const meaning = node?.description === undefined ? undefined : PROVIDER_MEANINGS_PT_BR[nameOf(issue.path)];
  const cure =
    node?.description !== undefined && meaning !== undefined
      ? inEach(node.description, meaning)
      : inEach("Write the keys and values of examples/provider.yaml.", "Escreva as chaves e os valores de examples/provider.yaml.");
  const input = valueAt(value, issue.path);
  return [{ place: place(issue.path), problem: sayIssue(issue, input), cure }];
}

function sayIssue({ code, message }: z.core.$ZodIssue, input: unknown): InEach {
  if (input === undefined) return inEach("it is missing", "está faltando");
  if (code === "too_big") return inEach("it is too long", "é longo demais");
  if (code === "too_small") return inEach("it is empty", "está vazio");
  if (code === "invalid_value") return inEach(`${JSON.stringify(input)} is not known`, `${JSON.stringify(input)} não é conhecido`);
  const form = code === "invalid_format" ? PROVIDER_FORMS_PT_BR[message] : undefined;
  return form === undefined ? inEach("it cannot be used", "não pode ser usado") : inEach(message, form);
}

/** A key's path as the words name it: `payment.pt-BR[]`. */
function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? "[]" : `.${String(key)}`))
    .join("")
    .slice(1);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner = value;
  for (const key of path) {
    if (inner === null || typeof inner !== "object") return undefined;
    inner = (inner as Record<PropertyKey, unknown>)[key];
  }
  return inner;
}

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

function schemaAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = z.toJSONSchema(providerSchema, { io: "input" }) as SchemaNode;
  for (const key of path) node = typeof key === "number" ? node?.items : node?.properties?.[String(key)];
  return node;
}

/** What a schema cannot say: check digits, zones and currencies that exist. */
function meaningOf(shape: Shape, place: PlaceOf): Found[] {
  const problems: Found[] = [];
  if (shape.country === "BR" && readTaxId(shape.tax_id) === null)
    problems.push({
      place: place(["tax_id"]),
      problem: inEach(
        `“${shape.tax_id}” is not a CPF or CNPJ: its check digits are wrong, or digits are missing`,
        `“${shape.tax_id}” não é um CPF nem um CNPJ: os dígitos verificadores não conferem, ou faltam dígitos`,
      ),
      cure: inEach(
        "Copy it from the Receita Federal's card. A provider registered elsewhere writes its country, for example country: PT.",
        "Copie do cartão da Receita Federal. Quem é registrado em outro lugar escreve o seu país, por exemplo country: PT.",
      ),
    });
  if (shape.pix && readPixKey(shape.pix.key) === null)
    problems.push({
      place: place(["pix", "key"]),
      problem: inEach(
        `“${shape.pix.key}” is not a Pix key, or its check digits are wrong`,
        `“${shape.pix.key}” não é uma chave Pix, ou os dígitos verificadores não conferem`,
      ),
      cure: inEach(
        "Copy it from the bank's app; a telephone begins with +55.",
        "Copie do aplicativo do banco; um telefone começa com +55.",
      ),
    });
  try {
    new Zone(shape.time_zone);
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    problems.push({
      place: place(["time_zone"]),
      problem: inEach(`the time zone “${shape.time_zone}” is not known`, `o fuso horário “${shape.time_zone}” não é conhecido`),
      cure: inEach("Use an IANA name, for example America/Sao_Paulo.", "Use um nome da IANA, por exemplo America/Sao_Paulo."),
    });
  }
  if (!Intl.supportedValuesOf("currency").includes(shape.currency))
    problems.push({
      place: place(["currency"]),
      problem: inEach(`“${shape.currency}” is not a currency`, `“${shape.currency}” não é uma moeda`),
      cure: inEach("Use its ISO 4217 code, for example BRL or EUR.", "Use o código ISO 4217, por exemplo BRL ou EUR."),
    });
  return problems;
}

function providerOf(shape: Shape): ProviderFile {
  const { name, address, email, lang, payment, currency } = shape;
  return {
    identity: {
      name,
      legalName: shape.legal_name ?? name,
      taxId: (shape.country === "BR" ? readTaxId(shape.tax_id)?.text : undefined) ?? shape.tax_id,
      address,
      email,
      phone: shape.phone ?? null,
      site: shape.site ?? null,
      lang,
      payment,
      proof: shape.proof ?? null,
      pix: shape.pix ?? null,
    },
    timeZone: shape.time_zone,
    currency,
  };
}

/**
 * Nobody: the CNPJ is the example of the Receita Federal's own documentation, the telephone number cannot be dialled, and the
 * domain is set aside for examples.
 */
export const SAMPLE_PROVIDER: ProviderFile = {
  identity: {
    name: "Hospedagem Exemplo",
    legalName: "Hospedagem Exemplo Serviços de Internet Ltda.",
    taxId: "12.ABC.345/01DE-35",
    address: "Rua do Exemplo, 100, sala 12, Centro, 01000-000 São Paulo, SP",
    email: "financeiro@example.com.br",
    phone: "(11) 0000-0000",
    site: "https://www.example.com.br",
    lang: "pt-BR",
    payment: {
      "pt-BR": ["Pix, chave e-mail: pix@example.com.br", "Boleto e cartão: https://www.example.com.br/faturas"],
      en: ["Pix, key (e-mail): pix@example.com.br", "Boleto and card: https://www.example.com.br/faturas"],
    },
    proof: { "pt-BR": "comprovantes@example.com.br", en: "comprovantes@example.com.br" },
    pix: { key: "pix@example.com.br", city: "São Paulo" },
  },
  timeZone: "America/Sao_Paulo",
  currency: "BRL",
};
