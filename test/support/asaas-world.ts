// An Asaas on loopback and an adapter that speaks with it: for the suite and for the stories.
import { openGateway } from "../../src/adapters/gateways/open.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import type { GatewayWorld } from "../../src/ports/conformance/payment-gateway.ts";
import type { WebhookDelivery } from "../../src/ports/payment-gateway.ts";
import { API_KEY, FakeAsaas } from "./fake-asaas.ts";
import { FakeServer } from "./fake-server.ts";

export const WEBHOOK_TOKEN = "whsec-asaas-0042-0123456789abcdef0123";

export interface AsaasWorld extends GatewayWorld {
  asaas: FakeAsaas;
  server: FakeServer;
  clock: ManualClock;
  /** The event that Asaas would send, by name. */
  event(paymentId: string, event: string): WebhookDelivery;
}

/** Tuesday, 10 November 2026, 12:00 UTC. */
const START = Date.UTC(2026, 10, 10, 12);

export async function openAsaasWorld(): Promise<AsaasWorld> {
  const clock = new ManualClock(START);
  const asaas = new FakeAsaas(clock);
  const server = await FakeServer.start((request) => asaas.handle(request));
  const gateway = openGateway(
    { kind: "asaas", access_key: API_KEY, base_url: `${server.origin}/v3`, webhook_secret: WEBHOOK_TOKEN },
    { clock, folder: "." },
  );
  let events = 0;
  const find = (id: string) => {
    const payment = asaas.payments.find((one) => one.id === id);
    if (!payment) throw new Error(`no payment ${id}`);
    return payment;
  };
  const send = (id: string, event: string, token: string): WebhookDelivery => {
    events += 1;
    const payment = asaas.payments.find((one) => one.id === id);
    const body = {
      id: `evt_05b708f961d739ea7eba7e4db318f621&${events}`,
      event,
      dateCreated: "2026-11-10 16:45:03",
      ...(payment ? { payment } : { transfer: { id } }),
    };
    return {
      rawBody: Buffer.from(JSON.stringify(body)),
      headers: { "asaas-access-token": token },
      query: new URLSearchParams(),
      remoteAddress: "203.0.113.7",
    };
  };
  const eventOf = (id: string): string => {
    const payment = asaas.payments.find((one) => one.id === id);
    if (!payment) return "TRANSFER_DONE";
    if (payment.status === "CONFIRMED") return "PAYMENT_CONFIRMED";
    if (payment.status === "REFUNDED") return "PAYMENT_REFUNDED";
    return payment.refunds ? "PAYMENT_PARTIALLY_REFUNDED" : "PAYMENT_RECEIVED";
  };
  return {
    asaas,
    server,
    clock,
    gateway,
    event: (id, event) => send(id, event, WEBHOOK_TOKEN),
    now: () => clock.now(),
    pass: (ms) => clock.set(clock.now() + ms),
    chargesMade: (ref) => asaas.payments.filter(({ externalReference }) => externalReference === ref).length,
    pay: (id, cents) => {
      asaas.pay(find(id), cents, false);
      return id;
    },
    payUnnamed: (cents) => {
      const made = asaas.add({});
      asaas.pay(made, cents, false);
      return made.id;
    },
    sendOut: (cents) => asaas.sendOut(cents),
    later: {
      pay: (id, cents) => {
        asaas.pay(find(id), cents, true);
        return id;
      },
      settle: (id) => asaas.settle(find(id)),
    },
    giveBack: (id, cents) => asaas.giveBack(find(id), cents, null),
    dispute: { lose: (id) => asaas.dispute(find(id), false), win: (id) => asaas.dispute(find(id), true) },
    deliver: (id) => send(id, eventOf(id), WEBHOOK_TOKEN),
    deliverForged: (id) => send(id, eventOf(id), `${WEBHOOK_TOKEN}x`),
    loseNextAnswer: () => void (server.loses = /\/(payments|refund)$/u),
    stall: () => void (server.stalled = true),
    busy: () => void (server.instead = { code: 429, headers: { "retry-after": "30", "ratelimit-limit": "100" }, body: {} }),
    refuse: () => void (asaas.key = "changed"),
    secrets: [API_KEY, WEBHOOK_TOKEN],
    close: () => server.close(),
  };
}
