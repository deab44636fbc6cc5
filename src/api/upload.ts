// A form with one file (multipart/form-data) read as the JSON body that would say the same, under limits that hold while it is read.
import multipart from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { PROOF_LIMITS } from "../ports/proof-reader.ts";
import type { Api } from "./api.ts";

/** The form's own lines around file and fields. */
const AROUND_MAX = 16_000;
const FIELDS_MAX = 8;
/** Longer than any number of a customer or an invoice. */
const FIELD_MAX = 1_000;

/** Lets the routes of this scope be sent a form; those outside go on refusing it. */
export async function takeForms(app: Api): Promise<void> {
  await app.register(multipart, {
    limits: {
      fileSize: PROOF_LIMITS.bytes,
      files: 1,
      fields: FIELDS_MAX,
      parts: FIELDS_MAX + 1,
      fieldSize: FIELD_MAX,
      fieldNameSize: 100,
      headerPairs: 20,
    },
  });
}

/**
 * Puts a form's fields into the body, its file in base64, so that schema, Idempotency-Key and handler see one kind of request. A body of
 * JSON stays as it is.
 * @throws ReguaError `request_too_large`, `request_invalid`
 */
export async function formAsBody(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) return;
  const most = PROOF_LIMITS.bytes + AROUND_MAX;
  if (Number(request.headers["content-length"] ?? 0) > most) throw new ReguaError("request_too_large", { limit: most });
  const body = new Map<string, string>();
  try {
    for await (const part of request.parts()) {
      const { fieldname } = part;
      if (body.has(fieldname)) throw unusable(fieldname, inEach("it stands there twice", "aparece duas vezes"));
      if (part.type === "file") body.set(fieldname, (await part.toBuffer()).toString("base64"));
      else if (part.valueTruncated || typeof part.value !== "string")
        throw unusable(
          fieldname,
          inEach(`it is no text of at most ${FIELD_MAX} characters`, `não é um texto de até ${FIELD_MAX} caracteres`),
        );
      else body.set(fieldname, part.value);
    }
  } catch (error) {
    throw asRefusal(error);
  }
  request.body = Object.fromEntries(body);
}

function asRefusal(error: unknown): unknown {
  if (error instanceof ReguaError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "FST_REQ_FILE_TOO_LARGE") return new ReguaError("request_too_large", { limit: PROOF_LIMITS.bytes }, { cause: error });
  if (/^FST_(?:PARTS|FILES|FIELDS)_LIMIT$/u.test(code))
    return unusable(
      "body",
      inEach(
        `a form of one file and ${FIELDS_MAX} fields at most is taken`,
        `aceita-se um formulário de um arquivo e até ${FIELDS_MAX} campos`,
      ),
      error,
    );
  // Torn off, without its end, or without what parts it: whatever the form's reader says of it, the sender made it.
  return unusable("body", inEach("the form cannot be read", "o formulário não pode ser lido"), error);
}

function unusable(field: string, problem: InEach, cause?: Error): ReguaError {
  const where = `body.${field.slice(0, 100)}`;
  return new ReguaError(
    "request_invalid",
    {
      problems: inEach(`${where}: ${problem.en}`, `${where}: ${problem["pt-BR"]}`),
      fields: inEach([{ field: where, problem: problem.en }], [{ field: where, problem: problem["pt-BR"] }]),
    },
    cause ? { cause } : {},
  );
}
