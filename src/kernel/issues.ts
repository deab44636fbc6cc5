// What a schema refuses, in each language: the library's words in its own two tongues, and ours where a schema says them itself.
import type { z } from "zod";
import { ptBR } from "zod/locales";
import { inEach, joined, type InEach } from "./errors.ts";

/**
 * What our schemas say themselves, by the English that stands in them: a schema's message is one string. A test asks every schema that
 * a person writes for (configuration, maps) for its words, and finds those that are not here.
 */
export const SCHEMA_WORDS: Readonly<Record<string, string>> = {
  "it is not a web address": "não é um endereço da web",
  "it must be the address of WHMCS, beginning with https://": "deve ser o endereço do WHMCS, começando com https://",
  "must begin with https://": "deve começar com https://",
  "name either p12, or cert and key": "indique ou p12, ou cert e key",
  "write a column's name, or its number from 1": "escreva o nome de uma coluna, ou o número dela a partir de 1",
  "say where the value comes from by one of column, template and constant":
    "diga de onde vem o valor por um só de column, template e constant",
  "panel and account go together": "panel e account andam juntos",
  "say what a line is: customer, service, invoice, payment, or several of them":
    "diga o que é uma linha: customer, service, invoice, payment, ou vários deles",
  "say whose service it is: customer": "diga de quem é o serviço: customer",
  "say whose invoice it is: customer": "diga de quem é a fatura: customer",
  "say whose payment it is: customer, or the invoice it names": "diga de quem é o pagamento: customer, ou a fatura que ele nomeia",
  "say how much was paid: amount": "diga quanto foi pago: amount",
  "a map's name is lower-case letters, digits and dashes": "o nome de um mapa são letras minúsculas, dígitos e hífens",
  "a currency is three capital letters, for example BRL": "uma moeda são três letras maiúsculas, por exemplo BRL",
  "with several files each needs its name: file": "com vários arquivos, cada um precisa do seu nome: file",
  "this file is there twice; put its entities together": "este arquivo aparece duas vezes; junte as entidades dele",
};

/** Kinds of value, as the library names them. */
const KINDS: Readonly<Record<string, string>> = {
  string: "um texto",
  number: "um número",
  int: "um número inteiro",
  boolean: "true ou false",
  array: "uma lista",
  object: "um conjunto de chaves e valores",
  record: "um conjunto de chaves e valores",
  null: "nada",
};

const inPortuguese = ptBR().localeError;

/** English as it always was. */
export function issueIn(issue: z.core.$ZodIssue): InEach {
  return inEach(issue.message, SCHEMA_WORDS[issue.message] ?? portuguese(issue));
}

function portuguese(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    // The value itself is not kept; what kind it was stands in the English message.
    const [, got = ""] = /received (\w+)$/u.exec(issue.message) ?? [];
    if (got === "undefined") return `falta; espera-se ${KINDS[issue.expected] ?? issue.expected}`;
    return `espera-se ${KINDS[issue.expected] ?? issue.expected}, e veio ${KINDS[got] ?? "outra coisa"}`;
  }
  if (issue.code === "too_big" || issue.code === "too_small") return beyond(issue);
  if (issue.code === "invalid_key") return "o nome desta chave não pode ser usado";
  if (issue.code === "unrecognized_keys") return `chave desconhecida: ${issue.keys.join(", ")}`;
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return `espera-se um destes: ${issue.options.join(", ")}`;
  if (issue.code === "invalid_value") return `espera-se um destes: ${issue.values.map(String).join(", ")}`;
  const said = inPortuguese({ ...issue, input: undefined });
  return (typeof said === "string" ? said : said?.message) ?? "não pode ser usado";
}

/** A number out of its range, a text or a list that is too long or too short. */
function beyond(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const unit = issue.origin === "string" ? " caracteres" : issue.origin === "array" ? " itens" : "";
  if (issue.code === "too_big") return `passa do máximo, ${issue.maximum}${unit}`;
  return unit !== "" && Number(issue.minimum) === 1 ? "está vazio" : `fica abaixo do mínimo, ${issue.minimum}${unit}`;
}

/** Several problems, each with the place that it is about; what is at the very top has none. */
export function issuesIn(issues: readonly z.core.$ZodIssue[]): InEach {
  return joined(
    issues.map((issue) => {
      const [path, said] = [issue.path.join("."), issueIn(issue)];
      return inEach(`${path || "(top)"}: ${said.en}`, `${path || "(no topo)"}: ${said["pt-BR"]}`);
    }),
  );
}
