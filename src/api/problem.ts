// Errors as problem documents (RFC 9457): the code of the catalogue, what happened, and what to do about it.
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { ReguaError } from "../kernel/errors.ts";

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

const TITLES: Readonly<Record<number, string>> = {
  400: "The request cannot be used",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  409: "Not as things stand",
  413: "Too large",
  415: "Not JSON",
  422: "Refused by a rule",
  429: "Too many requests",
  500: "A fault",
  503: "Not ready",
};

/** Answers with a problem. */
export async function sendProblem(error: ReguaError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (error.http === 401) reply.header("www-authenticate", "Bearer");
  return reply
    .code(error.http)
    .type(PROBLEM_TYPE)
    .send({
      type: `urn:regua:error:${error.code}`,
      title: TITLES[error.http] ?? "Refused",
      status: error.http,
      code: error.code,
      detail: error.message,
      cure: error.cure,
      request: request.id,
      details: error.details,
    });
}

/** Whatever a handler or the server threw, as an error of the catalogue. A defect is a fault, and says nothing of its inside. */
export function asReguaError(error: unknown, request: FastifyRequest): ReguaError {
  if (error instanceof ReguaError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = (error as FastifyError).validationContext ?? "body";
    const problems = error.validation.map(({ instancePath, message }) => ({
      field: `${where}${instancePath.replaceAll("/", ".").replace(/\.$/u, "")}`,
      problem: message ?? "it cannot be used",
    }));
    const said = problems.map((each) => `${each.field}: ${each.problem}`).join("; ");
    return new ReguaError("request_invalid", { problems: said, fields: problems });
  }
  return ofServer(error, request);
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
    return new ReguaError("request_invalid", { problems: error instanceof Error ? error.message : "it cannot be read", fields: [] });
  return new ReguaError("fault", { request: request.id }, cause);
}
