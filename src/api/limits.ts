// How often somebody may ask: what is beyond a limit is refused, with the time after which it may be tried again.
import type { FastifyReply, FastifyRequest } from "fastify";
import { ReguaError } from "../kernel/errors.ts";
import type { Api } from "./api.ts";

export type Limiter = ReturnType<Api["createRateLimit"]>;

/** Counts one try. @throws ReguaError `too_many_requests` */
export async function within(limiter: Limiter, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const used = await limiter(request);
  if (!used.isAllowed && used.isExceeded) throw tooMany(used.ttlInSeconds, reply);
}

/** The refusal of a limit that is used up; the answer says when to come back (RFC 9110, 10.2.3). */
export function tooMany(seconds: number, reply: FastifyReply): ReguaError {
  reply.header("retry-after", seconds);
  return new ReguaError("too_many_requests", { seconds });
}
