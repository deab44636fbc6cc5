// Forms as browsers send them: fields, and at most one file, each under its limit.
import type { FastifyRequest } from "fastify";
import type { Api } from "../api.ts";
import { ReguaError } from "../../kernel/errors.ts";
import type { PortalRoute } from "./desk.ts";

export interface Form {
  fields: ReadonlyMap<string, string>;
  file: Uint8Array | null;
  /** The file was larger than the limit: what came of it was thrown away. */
  tooLarge: boolean;
}

/** A form has a dozen fields at most. */
const FIELDS_MAX = 20;

export function urlencoded(app: Api, max: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string", bodyLimit: max }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
}

/** @throws ReguaError `media_type_unsupported`, `request_invalid` */
export async function readForm(request: FastifyRequest, route: PortalRoute): Promise<Form> {
  if (request.isMultipart()) {
    if (!route.upload) throw new ReguaError("media_type_unsupported");
    return readParts(request);
  }
  const fields = new Map<string, string>();
  if (request.body instanceof URLSearchParams)
    for (const [name, value] of request.body) if (fields.size < FIELDS_MAX) fields.set(name, value.toWellFormed().replaceAll("\0", ""));
  return { fields, file: null, tooLarge: false };
}

/** Read to its end even where the file is too large: a browser that is cut off shows its own page of error instead of ours. */
async function readParts(request: FastifyRequest): Promise<Form> {
  const fields = new Map<string, string>();
  let file: Uint8Array | null = null;
  let tooLarge = false;
  for await (const part of request.parts()) {
    if (part.type === "file") {
      file = await part.toBuffer();
      tooLarge ||= part.file.truncated;
    } else if (typeof part.value === "string") fields.set(part.fieldname, part.value.toWellFormed().replaceAll("\0", ""));
  }
  return { fields, file: tooLarge ? null : file, tooLarge };
}
