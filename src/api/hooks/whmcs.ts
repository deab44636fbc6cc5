// Calls of the hook file in WHMCS: the raw bytes verified, kept once, and answered; only the question before a suspension has more of an answer.
import type { FastifyReply, FastifyRequest } from "fastify";
import { ReguaError } from "../../kernel/errors.ts";
import { formatInstant } from "../../kernel/time.ts";
import type { BesideHooks } from "../../jobs/beside/hooks.ts";
import type { Api } from "../api.ts";

/** A cancellation with its reason is a hundredth of it. */
const BODY_MAX = 65_536;

export function whmcsHooks(app: Api, hooks: BesideHooks): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_MAX }, (_request, body, done) => done(null, body));
  app.post("/whmcs", { schema: { hide: true } }, async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const header = (name: string): string => {
      const value = request.headers[name];
      return typeof value === "string" ? value : "";
    };
    const heard = await hooks.hear({
      rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      timestamp: header("x-regua-timestamp"),
      nonce: header("x-regua-nonce"),
      signature: header("x-regua-signature"),
    });
    if (heard.taken === "not_set_up") throw new ReguaError("whmcs_off");
    if (heard.taken === "forged" || heard.taken === "again") throw new ReguaError("whmcs_hook_refused");
    if (heard.taken !== "asked") return reply.code(200).send({ received: heard.taken === "kept" });
    const { allow, because, until } = heard.word;
    return reply.code(200).send({ allow, because, until: until === null ? null : formatInstant(until) });
  });
}
