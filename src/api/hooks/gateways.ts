// Webhooks of payment gateways: the raw bytes verified by the gateway's own rules, kept once, answered at once. No API key, and no limit
// on verified ones: a gateway sends its payments in bursts, and stops for good where deliveries are refused.
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { ReguaError } from "../../kernel/errors.ts";
import type { GatewayIntake } from "../../jobs/gateway-intake.ts";
import type { Api } from "../api.ts";

/** A delivery with hundreds of Pix is a tenth of it. */
const BODY_MAX = 262_144;

const params = z.object({ name: z.string().max(64) });

export function gatewayHooks(app: Api, intake: GatewayIntake): void {
  app.removeAllContentTypeParsers();
  // Whatever the sender calls it: a signature covers bytes, not what a parser makes of them.
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_MAX }, (_request, body, done) => done(null, body));
  const take = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { name } = request.params as z.infer<typeof params>;
    const query = request.url.indexOf("?");
    const taken = await intake.deliver(name, {
      rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      headers: request.headers,
      query: new URLSearchParams(query < 0 ? "" : request.url.slice(query + 1)),
      remoteAddress: request.ip,
    });
    if (taken === "gateway_unknown") throw new ReguaError("gateway_unknown", { value: name });
    if (taken === "forged") throw new ReguaError("webhook_forged", { value: name });
    // Exactly 200: Asaas takes 201 and 204 for failures.
    return reply.code(200).type("application/json").send('{"received":true}');
  };
  const schema = { hide: true, params };
  app.post("/gateways/:name", { schema }, take);
  // The Pix API sends to the address it was given with /pix after it.
  app.post("/gateways/:name/pix", { schema }, take);
}
