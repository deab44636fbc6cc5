// Idempotency-Key on every POST: the request is taken before the work, and its answer kept for whoever sends it again.
import { once } from "../engine/once.ts";
import { ReguaError } from "../kernel/errors.ts";
import { canonicalJson, sha256, type Json } from "../kernel/hash.ts";
import type { Api, ApiContext } from "./api.ts";
import { PROBLEM_TYPE } from "./problem.ts";

const KEY = /^[\x21-\x7e]{1,128}$/u;

export function carryOutOnce(app: Api, { engine }: ApiContext): void {
  // Asked for before the body is judged: without a key nothing of the request can be told again.
  app.addHook("preValidation", async (request) => {
    if (request.method !== "POST" || request.is404) return;
    const key = request.headers["idempotency-key"];
    if (typeof key !== "string" || !KEY.test(key)) throw new ReguaError("idempotency_key_missing");
  });
  app.addHook("preHandler", async (request, reply) => {
    if (request.method !== "POST" || request.is404) return;
    const id = { scope: request.actor, key: String(request.headers["idempotency-key"]) };
    const taken = await once(engine, id, sha256(`POST ${request.url}\n${canonicalJson((request.body ?? null) as Json)}`));
    if (taken.kind === "run") {
      request.once = taken;
      return;
    }
    const type = taken.code < 400 ? "application/json" : PROBLEM_TYPE;
    await reply.code(taken.code).type(type).header("idempotency-replayed", "true").send(taken.text);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const taken = request.once;
    if (taken === null) return payload;
    request.once = null;
    // A fault is no answer: the request may be sent again, unless what it asked for is done already.
    if (reply.statusCode >= 500 || typeof payload !== "string") await taken.drop();
    else await taken.keep({ code: reply.statusCode, text: payload });
    return payload;
  });
}
