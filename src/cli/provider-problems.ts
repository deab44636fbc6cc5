// What is wrong with a provider file, in words of ours in each language: against its schema, and against what a schema cannot say.
import { z } from "zod";
import { readPixKey } from "../codes/pix-key.ts";
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { fieldOf, valueAt, type FileProblem, type Path } from "../kernel/file-problems.ts";
import { readTaxId } from "../kernel/tax-id.ts";
import { Zone } from "../kernel/time.ts";
import { providerSchema, type Provider } from "./provider-schema.ts";
import { PROVIDER_FORMS_PT_BR, PROVIDER_MEANINGS_PT_BR } from "./provider-words.ts";

/** A place as people are told it: its path, and the line it stands on. */
export type PlaceOf = (path: Path) => InEach;

/** What the schema complains of. */
export function problemsOf(issue: z.core.$ZodIssue, place: PlaceOf, value: unknown): FileProblem[] {
  const node = schemaAt(issue.path);
  if (issue.code === "unrecognized_keys") {
    const keys = Object.keys(node?.properties ?? {}).join(", ");
    return issue.keys.map((key) => ({
      place: place([...issue.path, key]),
      problem: inEach(`the key “${key}” is not known`, `a chave “${key}” não é conhecida`),
      cure: inEach(`The keys here are ${keys}.`, `As chaves aqui são ${keys}.`),
    }));
  }
  const meaning = node?.description === undefined ? undefined : PROVIDER_MEANINGS_PT_BR[fieldOf(issue.path)];
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

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

let whole: SchemaNode | null = null;

function schemaAt(path: Path): SchemaNode | undefined {
  whole ??= z.toJSONSchema(providerSchema, { io: "input" }) as SchemaNode;
  let node: SchemaNode | undefined = whole;
  for (const key of path) node = typeof key === "number" ? node?.items : node?.properties?.[String(key)];
  return node;
}

/** What a schema cannot say: check digits, zones and currencies that exist. */
export function meaningOf(shape: Provider, place: PlaceOf): FileProblem[] {
  const problems: FileProblem[] = [];
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
