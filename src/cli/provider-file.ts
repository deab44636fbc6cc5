// Reads the file that says who the provider is, and says where and how it is wrong. Knows the sample provider.
import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import type { ProviderFile } from "../engine/install-provider.ts";
import { alike, inEach, ReguaError } from "../kernel/errors.ts";
import { lineAt, placeIn, sayProblem, THE_FILE, type FileProblem } from "../kernel/file-problems.ts";
import type { Lang } from "../kernel/lang.ts";
import { readTaxId } from "../kernel/tax-id.ts";
import { fileWhy } from "./file-why.ts";
import { meaningOf, problemsOf, type PlaceOf } from "./provider-problems.ts";
import { providerSchema, type Provider } from "./provider-schema.ts";

/** A page of YAML; a longer text is something else. */
const CHARS_MAX = 50_000;

/**
 * Reads a provider file (YAML).
 * @throws ReguaError `file_unreadable`; `provider_file_invalid`, its details with `problems`: one {@link FileProblem} for each
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
  const place: PlaceOf = (path) => placeIn(path, lineAt(document, lines, path));
  if (!result.success)
    throw invalid(
      file,
      result.error.issues.flatMap((issue) => problemsOf(issue, place, value)),
    );
  const problems = meaningOf(result.data, place);
  if (problems.length > 0) throw invalid(file, problems);
  return providerOf(result.data);
}

function invalid(file: string, found: readonly FileProblem[]): ReguaError {
  const list = (lang: Lang) => found.map((each) => sayProblem(each, lang));
  const summary = (lang: Lang): string =>
    list(lang)
      .map(({ place, problem, cure }) => `\n  ${place}: ${problem}. ${cure}`)
      .join("");
  return new ReguaError("provider_file_invalid", {
    file,
    summary: inEach(summary("en"), summary("pt-BR")),
    problems: inEach(list("en"), list("pt-BR")),
  });
}

function providerOf(shape: Provider): ProviderFile {
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
