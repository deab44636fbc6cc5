// What every route works with: the server's type, and what it is given.
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { assert } from "../kernel/assert.ts";
import type { Engine } from "../engine/engine.ts";
import type { Once } from "../engine/once.ts";

/** A Fastify server whose schemas are Zod's. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiContext {
  engine: Engine;
  /** The names of the panels set up here. */
  panels: readonly string[];
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who acts, as the evidence says it: `api:<key name>`. Empty before the key was read. */
    actor: string;
    /** The request taken under its Idempotency-Key; null for what only reads. */
    once: Extract<Once, { kind: "run" }> | null;
  }
}

/** The engine of a writing request: what it commits is marked under the request's Idempotency-Key. */
export function engineOf(request: Pick<FastifyRequest, "once">): Engine {
  assert(request.once, "a writing route without its Idempotency-Key");
  return request.once.engine;
}

/** Without the members that are not there, as the engine's exact types ask for it. */
export function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
