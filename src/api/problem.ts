// Errors as problem documents (RFC 9457): the code of the catalogue, what happened, and what to do about it.
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { ptBR } from "zod/locales";
import { alike, inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { errorWords } from "../words/errors.ts";
import { langOf } from "./language.ts";

export const PROBLEM_TYPE = "application/problem+json";

export const problem = z.object({
  type: z.string().describe("A URN of the code."),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("The code of the catalogue; it does not change."),
  detail: z.string().describe("What happened."),
  cure: z.string().describe("What to do about it."),
  request: z.string().describe("The request's id, as the log has it."),
  details: z.record(z.string(), z.unknown()).describe("What the detail was filled with."),
});

const TITLES: Readonly<Record<number, InEach>> = {
  400: inEach("The request cannot be used", "O pedido não pode ser usado"),
  401: inEach("Not signed in", "Sem entrada"),
  403: inEach("Not allowed", "Sem permissão"),
  404: inEach("Not found", "Não encontrado"),
  409: inEach("Not as things stand", "Não como as coisas estão"),
  413: inEach("Too large", "Grande demais"),
  415: inEach("Not JSON", "Não é JSON"),
  422: inEach("Refused by a rule", "Recusado por uma regra"),
  429: inEach("Too many requests", "Pedidos demais"),
  500: inEach("A fault", "Uma falha"),
  503: inEach("Not ready", "Ainda não disponível"),
};
const REFUSED = inEach("Refused", "Recusado");

/** Answers with a problem, in the language of who asks; its code is the same in all. */
export async function sendProblem(error: ReguaError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (error.http === 401) reply.header("www-authenticate", "Bearer");
  const lang = langOf(request);
  const { message, cure } = errorWords(error, lang);
  return reply
    .code(error.http)
    .header("content-language", lang)
    .header("vary", "accept-language")
    .type(PROBLEM_TYPE)
    .send({
      type: `urn:regua:error:${error.code}`,
      title: (TITLES[error.http] ?? REFUSED)[lang],
      status: error.http,
      code: error.code,
      detail: message,
      cure,
      request: request.id,
      details: error.detailsIn(lang),
    });
}

/** Whatever a handler or the server threw, as an error of the catalogue. A defect is a fault, and says nothing of its inside. */
export function asReguaError(error: unknown, request: FastifyRequest): ReguaError {
  if (error instanceof ReguaError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = (error as FastifyError).validationContext ?? "body";
    const problems = error.validation.map((issue) => ({
      field: `${where}${issue.instancePath.replaceAll("/", ".").replace(/\.$/u, "")}`,
      problem: inEach(issue.message ?? "it cannot be used", issueInPortuguese(issue)),
    }));
    const fields = (lang: Lang) => problems.map(({ field, problem }) => ({ field, problem: problem[lang] }));
    const said = (lang: Lang): string => problems.map(({ field, problem }) => `${field}: ${problem[lang]}`).join("; ");
    return new ReguaError("request_invalid", {
      problems: inEach(said("en"), said("pt-BR")),
      fields: inEach(fields("en"), fields("pt-BR")),
    });
  }
  return ofServer(error, request);
}

const zodInPortuguese = ptBR().localeError;

/** What the schema's library says of it in its own Portuguese; its text of a wrong kind of value needs the value, which is not kept. */
function issueInPortuguese({ keyword, params, message }: FastifySchemaValidationError): string {
  if (keyword === "invalid_type") return /received undefined$/u.test(message ?? "") ? "falta este campo" : "o valor não é do tipo esperado";
  const said = zodInPortuguese({ ...params, code: keyword, path: [], input: undefined } as Parameters<typeof zodInPortuguese>[0]);
  return (typeof said === "string" ? said : said?.message) ?? "não pode ser usado";
}

/** SQLSTATE classes of a database that is away: connection, resources, shutting down. */
const AWAY = /^(?:08|53|57P0)/u;
const AWAY_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT"]);

function ofServer(error: unknown, request: FastifyRequest): ReguaError {
  const cause = error instanceof Error ? { cause: error } : {};
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === "RequestTakenOver") return new ReguaError("idempotency_in_flight", {}, cause);
  // The driver has no code for a connection that broke off in the middle.
  if (error instanceof Error && error.message.startsWith("Connection terminated")) return new ReguaError("busy", {}, cause);
  if (typeof code === "string") {
    if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new ReguaError("request_too_large", { limit: request.routeOptions.bodyLimit });
    if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return new ReguaError("media_type_unsupported");
    if (AWAY.test(code) || AWAY_CODES.has(code)) return new ReguaError("busy", {}, cause);
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === "number" && status >= 400 && status < 500)
    return new ReguaError("request_invalid", {
      problems: error instanceof Error ? alike(error.message) : inEach("it cannot be read", "não pode ser lido"),
      fields: [],
    });
  return new ReguaError("fault", { request: request.id }, cause);
}
