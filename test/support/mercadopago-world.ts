// A Mercado Pago on loopback and an adapter that speaks with it: for the suite and for the stories.
import { createHmac } from "node:crypto";
import { openGateway } from "../../src/adapters/gateways/open.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import type { GatewayWorld } from "../../src/ports/conformance/payment-gateway.ts";
import type { PaymentMethod, WebhookDelivery } from "../../src/ports/payment-gateway.ts";
import { ACCESS_TOKEN, FakeMercadoPago } from "./fake-mercadopago.ts";
import { FakeServer } from "./fake-server.ts";

export const WEBHOOK_SECRET = "mp-signature-0042-secret";

export interface MercadoPagoWorld extends GatewayWorld {
  mp: FakeMercadoPago;
  server: FakeServer;
  clock: ManualClock;
}

/** Tuesday, 10 November 2026, 12:00 UTC. */
const START = Date.UTC(2026, 10, 10, 12);

export async function openMercadoPagoWorld(methods: readonly PaymentMethod[] = ["pix"]): Promise<MercadoPagoWorld> {
  const clock = new ManualClock(START);
  const mp = new FakeMercadoPago(clock);
  const server = await FakeServer.start((request) => mp.handle(request));
  const gateway = openGateway(
    { kind: "mercadopago", access_key: ACCESS_TOKEN, base_url: server.origin, webhook_secret: WEBHOOK_SECRET, webhook_age_hours: 120 },
    { clock, folder: "." },
  );
  const find = (id: string) => {
    const payment = mp.payments.find((one) => String(one.id) === id);
    if (!payment) throw new Error(`no payment ${id}`);
    return payment;
  };
  const send = (id: string, secret: string): WebhookDelivery => {
    const [ts, requestId] = [clock.now(), `req-${mp.payments.length}-${clock.now()}`];
    const v1 = createHmac("sha256", secret).update(`id:${id};request-id:${requestId};ts:${ts};`).digest("hex");
    return {
      rawBody: Buffer.from(JSON.stringify({ id: 42, type: "payment", action: "payment.updated", data: { id } })),
      headers: { "x-signature": `ts=${ts},v1=${v1}`, "x-request-id": requestId },
      query: new URLSearchParams({ "data.id": id, type: "payment" }),
      remoteAddress: "203.0.113.7",
    };
  };
  return {
    mp,
    server,
    clock,
    gateway,
    methods,
    now: () => clock.now(),
    pass: (ms) => clock.set(clock.now() + ms),
    chargesMade: (ref) => mp.payments.filter(({ external_reference }) => external_reference === ref).length,
    pay: (id, cents) => {
      mp.pay(find(id), cents, false);
      return id;
    },
    payUnnamed: (cents) => {
      const made = mp.add({});
      mp.pay(made, cents, false);
      return String(made.id);
    },
    sendOut: (cents) => {
      const made = mp.add({ collector_id: 987, operation_type: "money_transfer" });
      mp.pay(made, cents, false);
      return String(made.id);
    },
    later: {
      pay: (id, cents) => {
        mp.pay(find(id), cents, true);
        return id;
      },
      settle: () => undefined,
    },
    giveBack: (id, cents) => mp.giveBack(find(id), cents),
    dispute: {
      lose: (id) => mp.touch(find(id), { status: "charged_back", status_detail: "in_process" }),
      win: (id) => mp.touch(find(id), { status: "approved", status_detail: "accredited" }),
    },
    deliver: (id) => send(id, WEBHOOK_SECRET),
    deliverForged: (id) => send(id, "somebody-else"),
    loseNextAnswer: () => void (server.loses = /./u),
    stall: () => void (server.stalled = true),
    busy: () => void (server.instead = { code: 429, headers: { "retry-after": "12" }, body: { status: 429, error: "too_many_requests" } }),
    refuse: () => void (mp.token = "changed"),
    secrets: [ACCESS_TOKEN, WEBHOOK_SECRET],
    close: () => server.close(),
  };
}
