// The Asaas adapter against a server that behaves as Asaas's documents say: the suite, and each of its traps.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openAsaasWorld, WEBHOOK_TOKEN } from "../../../../test/support/asaas-world.ts";
import type { AsaasWorld } from "../../../../test/support/asaas-world.ts";
import { slipConformance } from "../../../../test/support/slips.ts";
import { paymentGatewayConformance } from "../../../ports/conformance/payment-gateway.ts";
import type { CallContext } from "../../../ports/outcome.ts";
import type { ChargeRequest, PaymentMethod } from "../../../ports/payment-gateway.ts";
import { MONEY_EVENTS, verifyAsaasWebhook } from "./webhook.ts";

paymentGatewayConformance("Asaas", openAsaasWorld);
slipConformance("Asaas", openAsaasWorld);

const RECORDED = join(import.meta.dirname, "../../../../../shared/realdata/webhooks/asaas");

const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

const opened: AsaasWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.gateway.close().then(() => world.close());
});

async function open(): Promise<AsaasWorld> {
  const world = await openAsaasWorld();
  opened.push(world);
  return world;
}

const request = (methods: readonly PaymentMethod[], invoiceRef = "F-1"): ChargeRequest => ({
  invoiceRef,
  amountCents: 2_990,
  currency: "BRL",
  dueOn: 20_800,
  description: "Fatura 1",
  methods,
  payer: { name: "Ana Exemplo", taxId: "11144477735", email: null },
  lateFee: { finePercent: 2, interestPercentMonth: 1 },
});

async function charge(world: AsaasWorld, methods: readonly PaymentMethod[], invoiceRef?: string) {
  const outcome = await world.gateway.charge(request(methods, invoiceRef), ample());
  if (outcome.outcome !== "done") throw new Error(outcome.reason);
  return outcome.value;
}

describe("charges at Asaas", () => {
  it("give the slip's digits bare and the Pix text, and neither where there is none", async () => {
    const world = await open();
    expect(await charge(world, ["pix", "boleto"], "F-1")).toMatchObject({
      digitLine: expect.stringMatching(/^\d{47}$/u),
      brCode: expect.any(String),
    });
    expect(await charge(world, ["pix"], "F-2")).toMatchObject({ digitLine: null, brCode: expect.any(String) });
    world.asaas.hasPixKey = false;
    expect(await charge(world, ["boleto"], "F-3")).toMatchObject({ digitLine: expect.stringMatching(/^\d{47}$/u), brCode: null });
  });

  it("are for one customer per tax id, to whom Asaas sends nothing of its own", async () => {
    const world = await open();
    await charge(world, ["pix"], "F-1");
    await charge(world, ["boleto"], "F-2");
    expect(world.asaas.customers).toMatchObject([{ cpfCnpj: "11144477735", notificationDisabled: true }]);
  });

  it("carry fine and interest, and need a tax id", async () => {
    const world = await open();
    await charge(world, ["boleto"]);
    expect(world.asaas.payments[0]).toMatchObject({
      fine: { value: 2, type: "PERCENTAGE" },
      interest: { value: 1 },
      value: 29.9,
      billingType: "BOLETO",
    });
    const without = { ...request(["boleto"], "F-2"), payer: { name: "Ana", taxId: null, email: null } };
    expect(await world.gateway.charge(without, ample())).toMatchObject({ outcome: "refused", retry: false });
  });

  it("that somebody at Asaas marked as received in cash stand as paid and are no payment", async () => {
    const world = await open();
    const { chargeId } = await charge(world, ["boleto"]);
    const [payment] = world.asaas.payments;
    if (payment) payment.status = "RECEIVED_IN_CASH";
    expect(await world.gateway.fetchPayments({ kind: "payment", id: chargeId }, ample())).toEqual({ outcome: "done", value: [] });
    expect(await charge(world, ["boleto"])).toMatchObject({ chargeId, phase: "paid" });
  });
});

describe("payments at Asaas", () => {
  it("by card send two events with two ids for one payment", async () => {
    const world = await open();
    const { chargeId } = await charge(world, ["card"]);
    world.later?.pay(chargeId, 2_990);
    const confirmed = world.gateway.verifyWebhook(world.event(chargeId, "PAYMENT_CONFIRMED"), world.now());
    world.later?.settle(chargeId);
    const received = world.gateway.verifyWebhook(world.event(chargeId, "PAYMENT_RECEIVED"), world.now());
    expect([confirmed, received].map((one) => one.verdict === "verified" && one.hints)).toEqual(
      Array(2).fill([{ kind: "payment", id: chargeId }]),
    );
    expect(new Set([confirmed, received].map((one) => one.verdict === "verified" && one.eventId)).size).toBe(2);
    expect(await world.gateway.fetchPayments({ kind: "payment", id: chargeId }, ample())).toMatchObject({
      value: [{ externalId: chargeId, phase: "settled", method: "card" }],
    });
  });

  it("by Pix tell the EndToEndId, and without a reference who paid", async () => {
    const world = await open();
    const { chargeId } = await charge(world, ["pix"]);
    world.pay(chargeId, 2_990);
    expect(await world.gateway.fetchPayments({ kind: "payment", id: chargeId }, ample())).toMatchObject({
      value: [{ externalId: chargeId, endToEndId: expect.stringMatching(/^E/u), method: "pix", payer: { name: null } }],
    });
    const stray = world.asaas.add({ customer: "cus_000000000001" });
    world.asaas.pay(stray, 500, false);
    expect(await world.gateway.fetchPayments({ kind: "payment", id: stray.id }, ample())).toMatchObject({
      value: [{ invoiceRef: null, payer: { name: "Ana Exemplo", taxId: "11144477735" } }],
    });
  });

  it("that the list by day of payment shows too late are seen in the account's statement", async () => {
    const world = await open();
    const since = world.now();
    const stray = world.asaas.add({});
    world.pass(20 * 86_400_000);
    world.asaas.pay(stray, 777, false);
    // Settled today, and written under the day the payer went to the bank.
    stray.paymentDate = "2026-11-10";
    let cursor: string | null = JSON.stringify({ ...emptyCursor, start: since, mark: world.now() - 3_600_000 });
    const seen: number[] = [];
    for (let more = true; more;) {
      const page = await world.gateway.poll({ cursor, since, now: world.now() }, ample());
      if (page.outcome !== "done") throw new Error(page.reason);
      seen.push(...page.value.payments.map(({ amountCents }) => amountCents));
      ({ cursor, more } = page.value);
    }
    expect(seen).toEqual([777]);
  });
});

const emptyCursor = { v: 1, to: null, round: 0, feed: 0, at: "", total: null, restarts: 0, seen: {}, ran: {}, later: {} };

describe("recorded events of Asaas", () => {
  it("are taken with the right token and lead to the payment", ({ skip }) => {
    const file = join(RECORDED, "docs-minimal-event.json");
    if (!existsSync(file)) skip(`the recorded event is not here: ${file}`);
    const delivery = { rawBody: readFileSync(file), query: new URLSearchParams(), remoteAddress: "203.0.113.7" };
    const headers = { "asaas-access-token": WEBHOOK_TOKEN };
    expect(verifyAsaasWebhook(WEBHOOK_TOKEN, { ...delivery, headers })).toEqual({
      verdict: "verified",
      eventId: "evt_05b708f961d739ea7eba7e4db318f621&368604920",
      kind: "PAYMENT_RECEIVED",
      hints: [{ kind: "payment", id: "pay_080225913252" }],
    });
    for (const wrong of [{}, { "asaas-access-token": "" }, { "asaas-access-token": [WEBHOOK_TOKEN, WEBHOOK_TOKEN] }]) {
      expect(verifyAsaasWebhook(WEBHOOK_TOKEN, { ...delivery, headers: wrong }).verdict).toBe("forged");
    }
  });

  it("of every documented kind are answered well, and lead to a payment where money may have moved", ({ skip }) => {
    const file = join(RECORDED, "events.json");
    if (!existsSync(file)) skip(`the list of events is not here: ${file}`);
    const { events_seen } = JSON.parse(readFileSync(file, "utf8")) as { events_seen: string[] };
    expect(events_seen).toContain("PAYMENT_CONFIRMED");
    for (const event of events_seen) {
      const rawBody = Buffer.from(JSON.stringify({ id: `evt_${event}`, event, payment: { id: "pay_1" } }));
      const headers = { "asaas-access-token": WEBHOOK_TOKEN };
      const verdict = verifyAsaasWebhook(WEBHOOK_TOKEN, { rawBody, headers, query: new URLSearchParams(), remoteAddress: "203.0.113.7" });
      const tells = (MONEY_EVENTS as readonly string[]).includes(event);
      expect(verdict).toMatchObject({ verdict: "verified", kind: event, hints: tells ? [{ id: "pay_1" }] : [] });
    }
  });
});
