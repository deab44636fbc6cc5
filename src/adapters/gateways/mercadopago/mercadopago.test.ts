// The Mercado Pago adapter against a server that behaves as its OpenAPI and SDK say: the suite, the signature, and each trap.
import { existsSync, readFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openMercadoPagoWorld } from "../../../../test/support/mercadopago-world.ts";
import type { MercadoPagoWorld } from "../../../../test/support/mercadopago-world.ts";
import { slipConformance, slipPayer, slipRequest } from "../../../../test/support/slips.ts";
import { DAY_MS, HOUR_MS } from "../../../kernel/time.ts";
import { paymentGatewayConformance } from "../../../ports/conformance/payment-gateway.ts";
import type { CallContext } from "../../../ports/outcome.ts";
import type { ChargeRequest, WebhookDelivery, WebhookVerdict } from "../../../ports/payment-gateway.ts";
import { chargeOf, paymentSchema } from "./messages.ts";
import { verifyMercadoPagoWebhook } from "./webhook.ts";

paymentGatewayConformance("Mercado Pago", openMercadoPagoWorld);
paymentGatewayConformance("Mercado Pago, by boleto", () => openMercadoPagoWorld(["boleto"]));
slipConformance("Mercado Pago", openMercadoPagoWorld);

const VECTORS = join(import.meta.dirname, "../../../../../shared/realdata/webhooks/signature-vectors.json");

const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

const opened: MercadoPagoWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.gateway.close().then(() => world.close());
});

async function open(): Promise<MercadoPagoWorld> {
  const world = await openMercadoPagoWorld();
  opened.push(world);
  return world;
}

const request: ChargeRequest = {
  invoiceRef: "F-1",
  amountCents: 2_990,
  currency: "BRL",
  dueOn: 20_800,
  description: "Fatura 1",
  methods: ["pix"],
  payer: { name: "Ana Exemplo da Silva", taxId: "11144477735", email: "ana@example.com" },
  lateFee: null,
};

const SECRET = "secret";
const NOW = Date.UTC(2026, 10, 10, 12);

interface Signed {
  id?: string;
  signedId?: string;
  requestId?: string;
  ts?: string;
  body?: string;
}

/** A delivery signed as the document says; `signedId` when the signature has another spelling than the address. */
function signed({ id, signedId = id, requestId, ts = String(NOW), body = "{}" }: Signed): WebhookDelivery {
  const manifest = `${signedId === undefined ? "" : `id:${signedId};`}${requestId === undefined ? "" : `request-id:${requestId};`}ts:${ts};`;
  const v1 = createHmac("sha256", SECRET).update(manifest).digest("hex");
  return {
    rawBody: Buffer.from(body),
    headers: { "x-signature": `ts=${ts},v1=${v1}`, ...(requestId === undefined ? {} : { "x-request-id": requestId }) },
    query: new URLSearchParams({ type: "payment", ...(id === undefined ? {} : { "data.id": id }) }),
    remoteAddress: "203.0.113.7",
  };
}

const verify = (delivery: WebhookDelivery, now = NOW): WebhookVerdict => verifyMercadoPagoWebhook(SECRET, 120, delivery, now);

describe("signatures of Mercado Pago", () => {
  it("are taken with the id as it came and in lower case, with ten digits of time and with thirteen", () => {
    expect(verify(signed({ id: "123", requestId: "r" }))).toMatchObject({ verdict: "verified", hints: [{ kind: "payment", id: "123" }] });
    expect(verify(signed({ id: "ORD01ABC", signedId: "ord01abc", requestId: "r" })).verdict).toBe("verified");
    expect(verify(signed({ id: "ORD01ABC", requestId: "r" })).verdict).toBe("verified");
    expect(verify(signed({ id: "123", requestId: "r", ts: String(NOW / 1000) })).verdict).toBe("verified");
  });

  it("leave out what the delivery does not have", () => {
    expect(verify(signed({ id: "123" })).verdict).toBe("verified");
    expect(verify(signed({ requestId: "r" }))).toMatchObject({ verdict: "verified", hints: [] });
  });

  it("do not cover the body: the id in it is not looked at", () => {
    const verdict = verify(signed({ id: "123", requestId: "r", body: JSON.stringify({ id: 1, data: { id: "999" } }) }));
    expect(verdict).toMatchObject({ hints: [{ id: "123" }] });
  });

  it("over another id, another request or another time are forged, and so is none at all", () => {
    const honest = signed({ id: "123", requestId: "r" });
    expect(verify({ ...honest, query: new URLSearchParams({ type: "payment", "data.id": "124" }) }).verdict).toBe("forged");
    expect(verify({ ...honest, headers: { ...honest.headers, "x-request-id": "s" } }).verdict).toBe("forged");
    expect(verify({ ...honest, headers: { "x-request-id": "r" } }).verdict).toBe("forged");
    expect(verify(signed({ id: "123", ts: "12345" })).verdict).toBe("forged");
  });

  it("hold for the hours that the settings say, and for no future time", () => {
    const delivery = signed({ id: "123", requestId: "r" });
    expect(verify(delivery, NOW + 119 * HOUR_MS).verdict).toBe("verified");
    expect(verify(delivery, NOW + 121 * HOUR_MS).verdict).toBe("forged");
    expect(verify(delivery, NOW - HOUR_MS).verdict).toBe("forged");
  });

  it("agree with the SDK's vector", ({ skip }) => {
    if (!existsSync(VECTORS)) skip(`the signature vectors are not here: ${VECTORS}`);
    const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as Record<string, string>[];
    const vector = vectors.find(({ gateway }) => gateway === "mercadopago");
    const delivery: WebhookDelivery = {
      rawBody: Buffer.from("{}"),
      headers: { "x-signature": vector?.x_signature, "x-request-id": vector?.x_request_id },
      query: new URLSearchParams({ "data.id": vector?.data_id_query ?? "", type: "order" }),
      remoteAddress: "203.0.113.7",
    };
    const then = 1_742_505_638_683 + 60_000;
    expect(verifyMercadoPagoWebhook(vector?.secret, 120, delivery, then)).toMatchObject({ verdict: "verified", kind: "order", hints: [] });
    const upper = { ...delivery, query: new URLSearchParams({ "data.id": vector?.data_id_query?.toUpperCase() ?? "" }) };
    expect(verifyMercadoPagoWebhook(vector?.secret, 120, upper, then).verdict).toBe("verified");
    expect(verifyMercadoPagoWebhook("other", 120, delivery, then).verdict).toBe("forged");
  });
});

describe("charges at Mercado Pago", () => {
  it("are one also while the search has not learnt of the first", async () => {
    const world = await open();
    world.mp.searchLagMs = 60_000;
    world.loseNextAnswer();
    await world.gateway.test(ample());
    expect((await world.gateway.charge(request, ample())).outcome).toBe("unknown");
    expect(await world.gateway.charge(request, ample())).toMatchObject({ outcome: "done", value: { phase: "open", invoiceRef: "F-1" } });
    expect(world.mp.payments).toHaveLength(1);
  });

  it("wait twenty-nine days, then another takes their place", async () => {
    const world = await open();
    const first = await world.gateway.charge(request, ample());
    world.pass(28 * DAY_MS);
    expect(await world.gateway.charge(request, ample())).toEqual(first);
    world.pass(3 * DAY_MS);
    const second = await world.gateway.charge(request, ample());
    expect(second).toMatchObject({ outcome: "done", value: { phase: "open" } });
    expect(world.mp.payments).toHaveLength(2);
  });

  it("need the payer's e-mail", async () => {
    const world = await open();
    const without = { ...request, payer: { ...request.payer, email: null } };
    expect(await world.gateway.charge(without, ample())).toMatchObject({ outcome: "refused", retry: false });
  });

  it("that are ours are told from payments we make to others under the same reference", async () => {
    const world = await open();
    const stray = world.mp.add({ collector_id: 987, external_reference: "F-1" });
    world.mp.pay(stray, 2_990, false);
    expect(await world.gateway.charge(request, ample())).toMatchObject({ outcome: "done", value: { phase: "open" } });
    expect(await world.gateway.fetchPayments({ kind: "payment", id: String(stray.id) }, ample())).toEqual({ outcome: "done", value: [] });
  });
});

describe("boletos at Mercado Pago", () => {
  it("are due on the day of their end, as the reference's own example shows", () => {
    const example = paymentSchema.parse({
      id: 18746874919,
      status: "pending",
      date_created: "2021-12-10T17:13:23.000-04:00",
      date_of_expiration: "2021-12-13T22:59:59.000-04:00",
      payment_method_id: "bolbradesco",
      currency_id: "BRL",
      transaction_amount: 75.76,
      barcode: { content: "23791883300000075763380250600221946300633330" },
    });
    expect(chargeOf(example, Date.UTC(2021, 11, 11))).toMatchObject({
      outcome: "done",
      value: { digitLine: expect.stringMatching(/88330000007576$/u) },
    });
  });

  it("have the page and the digit line of their bar code, and the payment is one by boleto", async () => {
    const world = await open();
    const made = await world.gateway.charge(slipRequest(world.now()), ample());
    const [payment] = world.mp.payments;
    expect(made).toMatchObject({
      outcome: "done",
      value: { brCode: null, digitLine: expect.stringMatching(/^237\d{44}$/u), url: expect.stringContaining("ticket/helper") },
    });
    expect(payment).toMatchObject({ payer: { address: { zip_code: "80020310", federal_unit: "PR", street_number: "42" } } });
    world.pay(String(payment?.id), 2_990);
    expect(await world.gateway.fetchPayments({ kind: "charge", id: String(payment?.id) }, ample())).toMatchObject({
      value: [{ method: "boleto", externalId: String(payment?.id), invoiceRef: "F-1", endToEndId: null }],
    });
  });

  it("whose code says another amount or another day than the charge are refused, each time they are looked at", async () => {
    for (const wrong of [{ cents: 2_991 }, { days: 1 }]) {
      const world = await open();
      world.mp.wrongSlip = wrong;
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await world.gateway.charge(slipRequest(world.now()), ample())).toMatchObject({
          outcome: "refused",
          retry: false,
          reason: expect.stringMatching(/says another (amount|due date)/u),
        });
      }
      expect(world.mp.payments).toHaveLength(1);
    }
  });

  it("that cannot be made out to the payer are a Pix where that is wanted too", async () => {
    const world = await open();
    const payer = { ...slipPayer, address: null };
    expect(await world.gateway.charge(slipRequest(world.now(), { payer }), ample())).toMatchObject({
      outcome: "refused",
      retry: false,
      reason: expect.stringContaining("not known: postal address."),
    });
    const either = slipRequest(world.now(), { payer, methods: ["boleto", "pix"] });
    expect(await world.gateway.charge(either, ample())).toMatchObject({ value: { brCode: expect.any(String), digitLine: null } });
  });

  it("past their last day are not cancelled: what was paid on it is still on its way", async () => {
    const world = await open();
    const made = await world.gateway.charge(slipRequest(world.now()), ample());
    const id = made.outcome === "done" ? made.value.chargeId : "";
    world.pass(13 * DAY_MS);
    expect(await world.gateway.cancelCharge(id, ample())).toEqual({ outcome: "done", value: "expired" });
    expect(world.mp.payments[0]).toMatchObject({ status: "pending" });
    world.pay(id, 2_990);
    expect(await world.gateway.fetchPayments({ kind: "payment", id }, ample())).toMatchObject({ value: [{ invoiceRef: "F-1" }] });
  });

  it("are due on the invoice's own day, at most twenty-nine days ahead", async () => {
    const world = await open();
    const far = slipRequest(world.now(), { dueOn: Math.floor(world.now() / DAY_MS) + 80 });
    expect(await world.gateway.charge(far, ample())).toMatchObject({ outcome: "done" });
    expect(world.mp.payments[0]).toMatchObject({ date_of_expiration: "2026-12-09T22:59:59.000-04:00" });
  });
});
