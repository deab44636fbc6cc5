// The least that takes a webhook in: a bare Fastify route that verifies the same signature and inserts one row.
import fastify from "fastify";
import pg from "pg";
import { verifyMercadoPagoWebhook } from "../src/adapters/gateways/mercadopago/webhook.ts";

export interface Bare {
  url: string;
  close(): Promise<void>;
}

export async function openBare(
  url: string,
  owner: pg.Client,
  options: { secret: string; now: number; connections: number },
): Promise<Bare> {
  await owner.query("CREATE TABLE bare_event (event_id text PRIMARY KEY, body bytea NOT NULL, at timestamptz NOT NULL)");
  const pool = new pg.Pool({ connectionString: url, max: options.connections });
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/hook", async (request, reply) => {
    const delivery = {
      rawBody: request.body as Buffer,
      headers: request.headers,
      query: new URLSearchParams(request.url.slice(request.url.indexOf("?") + 1)),
      remoteAddress: request.ip,
    };
    const verdict = verifyMercadoPagoWebhook(options.secret, 1, delivery, options.now);
    if (verdict.verdict === "forged") return reply.code(401).send();
    await pool.query({
      name: "bare",
      text: "INSERT INTO bare_event (event_id, body, at) VALUES ($1, $2, to_timestamp($3))",
      values: [verdict.eventId, delivery.rawBody, options.now / 1000],
    });
    return reply.code(200).type("application/json").send('{"received":true}');
  });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url: `${address}/hook`,
    close: async () => {
      await app.close();
      await pool.end();
    },
  };
}
