// Who may: an API key on every request of the service, its scope by whether the request writes, and limits by key and by address.
import type { FastifyRequest } from "fastify";
import { readApiKey } from "../engine/api-keys.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Api, ApiContext } from "./api.ts";
import { tooMany, within } from "./limits.ts";

/** A hundred a second of one key: more than a billing system sends, less than would starve the motor of connections. */
export const REQUESTS_A_MINUTE = 6_000;
/** Wrong keys of one address in a minute. A key of 256 bits is not guessed; this keeps the log and the database quiet. */
export const WRONG_KEYS_A_MINUTE = 30;

const READING = new Set(["GET", "HEAD"]);

export function requireKey(app: Api, { engine }: ApiContext): void {
  const byKey = app.createRateLimit({ max: REQUESTS_A_MINUTE, timeWindow: 60_000, keyGenerator: (request) => request.actor });
  const wrong = app.createRateLimit({ max: WRONG_KEYS_A_MINUTE, timeWindow: 60_000 });
  app.addHook("onRequest", async (request, reply) => {
    // Set first, so that refusals carry it too.
    reply.header("cache-control", "no-store");
    const before = await wrong(request, { increment: false });
    if (!before.isAllowed && before.remaining === 0) throw tooMany(before.ttlInSeconds, reply);
    const key = bearer(request);
    const found = key === null ? null : await readApiKey(engine, key);
    if (!found) {
      await wrong(request);
      throw new ReguaError("not_signed_in");
    }
    request.actor = `api:${found.name}`;
    await within(byKey, request, reply);
    const scope = READING.has(request.method) ? "read" : "write";
    if (!found.scopes.includes(scope)) throw new ReguaError("scope_missing", { name: found.name, scope });
  });
}

function bearer(request: FastifyRequest): string | null {
  return /^Bearer (\S{1,200})$/u.exec(request.headers.authorization ?? "")?.[1] ?? null;
}
