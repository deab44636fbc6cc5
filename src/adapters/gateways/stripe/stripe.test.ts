// The Stripe adapter against a server that behaves as Stripe's documents say: the suite, the signature, and each trap.
import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openStripeWorld, signStripe } from "../../../../test/support/stripe-world.ts";
import type { StripeWorld } from "../../../../test/support/stripe-world.ts";
import { slipConformance, slipPayer, slipRequest } from "../../../../test/support/slips.ts";
import { DAY_MS } from "../../../kernel/time.ts";
import { paymentGatewayConformance } from "../../../ports/conformance/payment-gateway.ts";
import type { CallContext } from "../../../ports/outcome.ts";
import type { ChargeRequest, WebhookDelivery } from "../../../ports/payment-gateway.ts";
import { verifyStripeWebhook } from "./webhook.ts";

paymentGatewayConformance("Stripe", openStripeWorld);
paymentGatewayConformance("Stripe, by boleto", () => openStripeWorld(["boleto"]));
slipConformance("Stripe", openStripeWorld);

const VECTORS = join(import.meta.dirname, "../../../../../shared/realdata/webhooks/signature-vectors.json");

const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

const opened: StripeWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.gateway.close().then(() => world.close());
});

async function open(): Promise<StripeWorld> {
  const world = await openStripeWorld();
  opened.push(world);
  return world;
}

const request: ChargeRequest = {
  invoiceRef: "F-1",
  amountCents: 2_990,
  currency: "BRL",
  dueOn: 20_800,
  description: "Fatura 1",
  methods: ["card"],
  payer: { name: "Ana Exemplo", taxId: null, email: null },
  lateFee: null,
};

const NOW = Date.UTC(2026, 10, 10, 12);
const BODY = '{\n  "id": "evt_1",\n  "type": "charge.succeeded",\n  "data": {"object": {"object": "charge", "id": "ch_1"}}\n}';

const delivery = (signature: string | readonly string[] | undefined, body = BODY): WebhookDelivery => ({
  rawBody: Buffer.from(body),
  headers: { "stripe-signature": signature },
  query: new URLSearchParams(),
  remoteAddress: "203.0.113.7",
});

const verdictOf = (signature: string | readonly string[] | undefined, now = NOW, body = BODY): string =>
  verifyStripeWebhook("whsec_a", delivery(signature, body), now).verdict;

describe("signatures of Stripe", () => {
  it("cover the raw body: the same JSON written otherwise is forged", () => {
    const signature = signStripe(BODY, "whsec_a", NOW);
    expect(verdictOf(signature)).toBe("verified");
    expect(verdictOf(signature, NOW, JSON.stringify(JSON.parse(BODY)))).toBe("forged");
  });

  it("may be several: one of ours is enough, older schemes count for nothing", () => {
    const [t, ours = ""] = signStripe(BODY, "whsec_a", NOW).split(",");
    const [, other = ""] = signStripe(BODY, "whsec_b", NOW).split(",");
    expect(verdictOf(`${t},${other},${ours}`)).toBe("verified");
    expect(verdictOf(`${t},${other}`)).toBe("forged");
    expect(verdictOf(`${t},${ours.replace("v1=", "v0=")}`)).toBe("forged");
    expect(verdictOf(ours)).toBe("forged");
    expect(verdictOf(`${t},${t},${ours}`)).toBe("forged");
    expect(verdictOf([`${t},${ours}`, "t=1,v1=2"])).toBe("forged");
    expect(verdictOf(undefined)).toBe("forged");
  });

  it("hold five minutes either way", () => {
    const signature = signStripe(BODY, "whsec_a", NOW);
    expect(verdictOf(signature, NOW + 300_000)).toBe("verified");
    expect(verdictOf(signature, NOW + 301_000)).toBe("forged");
    expect(verdictOf(signature, NOW - 301_000)).toBe("forged");
    // Not a number that a time can be: no check may be skipped by it.
    const mac = createHmac("sha256", "whsec_a").update(`NaN.${BODY}`).digest("hex");
    expect(verdictOf(`t=NaN,v1=${mac}`)).toBe("forged");
  });

  it("agree with the SDK's vector", ({ skip }) => {
    if (!existsSync(VECTORS)) skip(`the signature vectors are not here: ${VECTORS}`);
    const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as Record<string, string>[];
    const vector = vectors.find(({ gateway }) => gateway === "stripe");
    const recorded = delivery(vector?.stripe_signature, vector?.payload);
    const at = Number(vector?.timestamp) * 1000;
    expect(verifyStripeWebhook(vector?.secret, recorded, at)).toMatchObject({ verdict: "verified", hints: [] });
    expect(verifyStripeWebhook(vector?.secret, recorded, at + 300_001).verdict).toBe("forged");
    expect(verifyStripeWebhook("whsec_other", recorded, at).verdict).toBe("forged");
  });
});

describe("charges at Stripe", () => {
  it("whose link's answer was lost keep that link", async () => {
    const world = await open();
    world.server.loses = /payment_links$/u;
    expect((await world.gateway.charge(request, ample())).outcome).toBe("unknown");
    const second = await world.gateway.charge(request, ample());
    expect(second).toMatchObject({ outcome: "done", value: { phase: "open", url: world.stripe.links[0]?.url } });
    expect(world.stripe.links).toHaveLength(1);
    expect(world.stripe.prices).toHaveLength(1);
  });

  it("whose note of the link was lost find it again", async () => {
    const world = await open();
    world.server.loses = /prices\/price_/u;
    expect((await world.gateway.charge(request, ample())).outcome).toBe("unknown");
    expect(await world.gateway.charge(request, ample())).toMatchObject({ outcome: "done", value: { chargeId: world.stripe.links[0]?.id } });
    expect(world.stripe.links).toHaveLength(1);
  });

  it("in another currency than the account's are refused", async () => {
    const world = await open();
    expect(await world.gateway.charge({ ...request, currency: "USD" }, ample())).toMatchObject({ outcome: "refused", retry: false });
  });
});

describe("boletos at Stripe", () => {
  it("are vouchers for the payer's tax id and address, paid under the charge's own id", async () => {
    const world = await open();
    const made = await world.gateway.charge(slipRequest(world.now()), ample());
    const [intent] = world.stripe.intents;
    expect(made).toMatchObject({
      outcome: "done",
      value: { chargeId: intent?.id, digitLine: expect.stringMatching(/^033\d{44}$/u), url: expect.stringContaining("/boleto/voucher/") },
    });
    expect(intent).toMatchObject({ tax_id: "11144477735" });
    world.pass(4 * DAY_MS);
    const id = world.pay(intent?.id ?? "", 2_990);
    // The charge was begun with the voucher: the day of payment is the balance's.
    expect(await world.gateway.fetchPayments({ kind: "charge", id: intent?.id ?? "" }, ample())).toMatchObject({
      value: [{ method: "boleto", externalId: id, paidAt: world.now(), chargeId: intent?.id, payer: { taxId: "11144477735" } }],
    });
  });

  it("whose answer was lost are found again, at once by the idempotency key and later by the search", async () => {
    for (const later of [0, 3 * DAY_MS]) {
      const world = await open();
      world.server.loses = /payment_intents$/u;
      expect((await world.gateway.charge(slipRequest(world.now()), ample())).outcome).toBe("unknown");
      const wanted = slipRequest(world.now());
      world.pass(later);
      if (later > 0) world.stripe.keys.clear();
      expect(await world.gateway.charge(wanted, ample())).toMatchObject({ outcome: "done", value: { phase: "open" } });
      expect(world.stripe.intents).toHaveLength(1);
    }
  });

  it("whose number says another amount or a later day are refused; in test mode no number need be right", async () => {
    for (const wrong of [{ cents: 2_991 }, { days: 1 }]) {
      const world = await open();
      world.stripe.wrongSlip = wrong;
      expect(await world.gateway.charge(slipRequest(world.now()), ample())).toMatchObject({
        outcome: "refused",
        retry: false,
        reason: expect.stringMatching(/says another (amount|due date)/u),
      });
    }
    const world = await open();
    world.stripe.livemode = false;
    expect(await world.gateway.charge(slipRequest(world.now()), ample())).toMatchObject({
      outcome: "done",
      value: { digitLine: null, url: expect.any(String) },
    });
  });

  it("that cannot be made out to the payer are a link where that is wanted too", async () => {
    const world = await open();
    const payer = { ...slipPayer, taxId: null, address: null };
    expect(await world.gateway.charge(slipRequest(world.now(), { payer }), ample())).toMatchObject({
      outcome: "refused",
      reason: expect.stringContaining("not known: CPF or CNPJ, postal address."),
    });
    const either = slipRequest(world.now(), { payer, methods: ["boleto", "card"] });
    expect(await world.gateway.charge(either, ample())).toMatchObject({ value: { url: world.stripe.links[0]?.url } });
    expect(world.stripe.intents).toEqual([]);
  });

  it("past their last day are not cancelled, and another takes their place", async () => {
    const world = await open();
    const first = await world.gateway.charge(slipRequest(world.now()), ample());
    const id = first.outcome === "done" ? first.value.chargeId : "";
    world.pass(13 * DAY_MS);
    expect(await world.gateway.cancelCharge(id, ample())).toEqual({ outcome: "done", value: "expired" });
    expect(world.stripe.intents[0]).toMatchObject({ status: "requires_action" });
    for (const intent of world.stripe.intents) world.stripe.expire(intent);
    const second = await world.gateway.charge(slipRequest(world.now()), ample());
    expect(second).toMatchObject({ outcome: "done", value: { phase: "open" } });
    expect(second.outcome === "done" && second.value.chargeId).not.toBe(id);
  });
});

describe("polling Stripe", () => {
  it("reaches back further than its events do", async () => {
    const world = await open();
    const since = world.now();
    const slip = await world.gateway.charge(slipRequest(world.now(), { dueOn: Math.floor(since / DAY_MS) + 50 }), ample());
    world.payUnnamed(1_001);
    world.pass(5 * DAY_MS);
    world.pay(slip.outcome === "done" ? slip.value.chargeId : "", 2_990);
    world.pass(40 * DAY_MS);
    world.payUnnamed(1_002);
    world.pass(60_000);
    const amounts: number[] = [];
    let cursor: string | null = null;
    for (let more = true; more;) {
      const page = await world.gateway.poll({ cursor, since, now: world.now() }, ample());
      if (page.outcome !== "done") throw new Error(page.reason);
      amounts.push(...page.value.payments.map(({ amountCents }) => amountCents));
      ({ cursor, more } = page.value);
    }
    expect(amounts.sort((a, b) => a - b)).toEqual([1_001, 1_002, 2_990]);
  });

  it("does not count an inquiry as a chargeback", async () => {
    const world = await open();
    const id = world.payUnnamed(1_001);
    world.dispute?.lose(id);
    const [dispute] = world.stripe.disputes;
    if (dispute) dispute.status = "warning_needs_response";
    expect(await world.gateway.fetchPayments({ kind: "payment", id }, ample())).toMatchObject({ value: [{ chargedBack: false }] });
  });
});
