// A Stripe on loopback and an adapter that speaks with it: for the suite and for the stories.
import { createHmac } from "node:crypto";
import { openGateway } from "../../src/adapters/gateways/open.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import type { GatewayWorld } from "../../src/ports/conformance/payment-gateway.ts";
import type { PaymentMethod, WebhookDelivery } from "../../src/ports/payment-gateway.ts";
import { FakeServer } from "./fake-server.ts";
import { FakeStripe, SECRET_KEY } from "./fake-stripe.ts";

export const WEBHOOK_SECRET = "whsec_0042_stripe_signing_secret";

export interface StripeWorld extends GatewayWorld {
  stripe: FakeStripe;
  server: FakeServer;
  clock: ManualClock;
}

/** Tuesday, 10 November 2026, 12:00 UTC. */
const START = Date.UTC(2026, 10, 10, 12);

/** `t=…,v1=…` as Stripe signs. */
export function signStripe(body: string, secret: string, at: number): string {
  const t = Math.floor(at / 1000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`;
}

export async function openStripeWorld(methods: readonly PaymentMethod[] = ["card"]): Promise<StripeWorld> {
  const clock = new ManualClock(START);
  const stripe = new FakeStripe(clock);
  const server = await FakeServer.start((request) => stripe.handle(request));
  const gateway = openGateway(
    {
      kind: "stripe",
      secret_key: SECRET_KEY,
      base_url: server.origin,
      webhook_secret: WEBHOOK_SECRET,
      methods: ["card", "boleto"],
      currency: "BRL",
    },
    { clock, folder: "." },
  );
  const find = (id: string) => {
    const charge = stripe.charges.find((one) => one.id === id);
    if (!charge) throw new Error(`no charge ${id}`);
    return charge;
  };
  const link = (id: string) => stripe.links.find((one) => one.id === id) ?? null;
  const intent = (id: string) => stripe.intents.find((one) => one.id === id) ?? null;
  const send = (id: string, secret: string): WebhookDelivery => {
    const about = (event: (typeof stripe.events)[number]): boolean => JSON.stringify(event).includes(id);
    const body = JSON.stringify(
      stripe.events.findLast(about) ?? { id: `evt_${id}`, type: "payout.paid", data: { object: { object: "payout", id } } },
    );
    return {
      rawBody: Buffer.from(body),
      headers: { "stripe-signature": signStripe(body, secret, clock.now()) },
      query: new URLSearchParams(),
      remoteAddress: "203.0.113.7",
    };
  };
  return {
    stripe,
    server,
    clock,
    gateway,
    methods,
    now: () => clock.now(),
    pass: (ms) => clock.set(clock.now() + ms),
    chargesMade: (ref) => stripe.prices.filter(({ metadata }) => metadata.regua_invoice === ref).length,
    pay: (id, cents) => stripe.pay(cents, link(id), false, intent(id)).id,
    payUnnamed: (cents) => stripe.pay(cents, null, false).id,
    sendOut: () => "po_000000000000000000000042",
    later: {
      pay: (id, cents) => stripe.pay(cents, link(id), true, intent(id)).id,
      settle: (id) => void (find(id).balance_transaction.status = "available"),
    },
    giveBack: (id, cents) => void stripe.giveBack(find(id), cents, {}),
    dispute: { lose: (id) => stripe.dispute(find(id), false), win: (id) => stripe.dispute(find(id), true) },
    deliver: (id) => send(id, WEBHOOK_SECRET),
    deliverForged: (id) => send(id, "whsec_somebody_else"),
    loseNextAnswer: () => void (server.loses = /(prices|refunds)$/u),
    stall: () => void (server.stalled = true),
    busy: () => void (server.instead = { code: 429, headers: { "retry-after": "2" }, body: { error: { code: "rate_limit" } } }),
    refuse: () => void (stripe.key = "changed"),
    secrets: [SECRET_KEY, WEBHOOK_SECRET],
    close: () => server.close(),
  };
}
