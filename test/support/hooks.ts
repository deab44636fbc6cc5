// The program's door for gateways' webhooks, listening on loopback, with a test's own engine behind it.
import pino from "pino";
import { makeMetrics } from "../../src/api/metrics.ts";
import { buildApi } from "../../src/api/server.ts";
import { GatewayIntake } from "../../src/jobs/gateway-intake.ts";
import type { PaymentGateway, WebhookDelivery } from "../../src/ports/payment-gateway.ts";
import type { World } from "./engine.ts";

export interface Hooks {
  intake: GatewayIntake;
  address: string;
  /** The log's lines, as JSON. */
  lines: string[];
  /** Sends a delivery to a gateway's address over HTTP; answers the code. */
  post(gateway: string, delivery: WebhookDelivery): Promise<number>;
  close(): Promise<void>;
}

export async function openHooks(world: World, gateways: Readonly<Record<string, PaymentGateway>>): Promise<Hooks> {
  const lines: string[] = [];
  let tokens = 0;
  const { engine } = world;
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const intake = new GatewayIntake({ engine, gateways: new Map(Object.entries(gateways)), log });
  const api = await buildApi({
    engine,
    intake,
    panels: [],
    mode: "live",
    metrics: makeMetrics(engine),
    motor: () => "working",
    version: "0.0.0",
    log,
    newToken: () => `token-${(tokens += 1)}`,
  });
  const address = await api.listen({ host: "127.0.0.1", port: 0 });
  return {
    intake,
    address,
    lines,
    post: async (gateway, { rawBody, headers, query }) => {
      const search = query.size === 0 ? "" : `?${query.toString()}`;
      const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
      const body = new Uint8Array(rawBody);
      const answer = await fetch(`${address}/hooks/gateways/${gateway}${search}`, { method: "POST", body, headers: given });
      await answer.arrayBuffer();
      return answer.status;
    },
    close: async () => {
      await api.close();
      await intake.rest();
    },
  };
}
