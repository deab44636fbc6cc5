// The Efí adapter behind mutual TLS, as Efí asks for it: the suite, its habits about webhooks, and what it recorded.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openPixWorld, WEBHOOK_SECRET } from "../../../../test/support/pix-world.ts";
import type { PixWorld } from "../../../../test/support/pix-world.ts";
import { ReguaError } from "../../../kernel/errors.ts";
import { paymentGatewayConformance } from "../../../ports/conformance/payment-gateway.ts";
import type { CallContext } from "../../../ports/outcome.ts";
import type { PaymentGateway, WebhookDelivery } from "../../../ports/payment-gateway.ts";
import { openGateway } from "../open.ts";

paymentGatewayConformance("Efí", () => openPixWorld("efi"));

const RECORDED = join(import.meta.dirname, "../../../../../shared/realdata/webhooks/efi");

const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

const opened: PixWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.gateway.close().then(() => world.close());
});

async function open(proof: "certificate" | "address" = "certificate"): Promise<PixWorld> {
  const world = await openPixWorld("efi", proof);
  opened.push(world);
  return world;
}

/** What Efí sends to the registered address: it appends `/pix` to the text, wherever that lands. */
function delivered(registered: string, body: string, from: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    rawBody: Buffer.from(body),
    headers: { "x-ssl-client-verify": "SUCCESS" },
    query: new URL(`${registered}/pix`).searchParams,
    remoteAddress: "34.193.116.226",
    ...from,
  };
}

async function register(gateway: PaymentGateway): Promise<void> {
  expect(await gateway.setWebhook?.(new URL("https://regua.example.com/hooks/efi"), ample())).toMatchObject({ outcome: "done" });
}

const BODY = JSON.stringify({
  pix: [{ endToEndId: "E09089356202611101200API00000001", valor: "1.00", horario: "2026-11-10T12:00:00.000Z" }],
});

describe("webhooks of Efí", () => {
  it("come to the address as it was registered, with what Efí appends taken by the last parameter", async () => {
    const world = await open();
    await register(world.gateway);
    expect(world.bank.webhookUrl).toBe(`https://regua.example.com/hooks/efi?hmac=${WEBHOOK_SECRET}&ignorar=`);
    expect(world.bank.skipsMtls).toBe(false);
    expect(world.gateway.verifyWebhook(delivered(world.bank.webhookUrl ?? "", BODY), world.now())).toMatchObject({
      verdict: "verified",
      hints: [{ kind: "payment", id: "E09089356202611101200API00000001" }],
    });
  });

  it("without the client certificate are refused: Efí's first probe must be", async () => {
    const world = await open();
    await register(world.gateway);
    for (const headers of [
      {},
      { "x-ssl-client-verify": "NONE" },
      { "x-ssl-client-verify": "FAILED:unable to verify" },
      { "x-ssl-client-verify": ["SUCCESS", "NONE"] },
    ]) {
      expect(world.gateway.verifyWebhook(delivered(world.bank.webhookUrl ?? "", BODY, { headers }), world.now()).verdict).toBe("forged");
    }
    const probe = delivered(world.bank.webhookUrl ?? "", '{"evento":"teste_webhook"}');
    expect(world.gateway.verifyWebhook(probe, world.now())).toMatchObject({ verdict: "verified", hints: [] });
  });

  it("on a shared host are known by Efí's address and the secret together", async () => {
    const world = await open("address");
    await register(world.gateway);
    expect(world.bank.skipsMtls).toBe(true);
    const url = world.bank.webhookUrl ?? "";
    const verdictOf = (delivery: WebhookDelivery): string => world.gateway.verifyWebhook(delivery, world.now()).verdict;
    expect(verdictOf(delivered(url, BODY, { headers: {} }))).toBe("verified");
    expect(verdictOf(delivered(url, BODY, { headers: {}, remoteAddress: "::ffff:34.193.116.226" }))).toBe("verified");
    expect(verdictOf(delivered(url, BODY, { headers: {}, remoteAddress: "203.0.113.5" }))).toBe("forged");
    expect(verdictOf(delivered("https://regua.example.com/hooks/efi?hmac=guess", BODY, { headers: {} }))).toBe("forged");
  });

  it("as recorded lead to what was received, and never to what was sent", async ({ skip }) => {
    if (!existsSync(RECORDED)) skip(`the recorded webhooks are not here: ${RECORDED}`);
    const world = await open();
    await register(world.gateway);
    const hints = (name: string): unknown => {
      const body = readFileSync(join(RECORDED, name), "utf8");
      const verdict = world.gateway.verifyWebhook(delivered(world.bank.webhookUrl ?? "", body), world.now());
      return verdict.verdict === "verified" ? verdict.hints : verdict;
    };
    const files = readdirSync(RECORDED).filter((name) => name.endsWith(".json"));
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) {
      const { pix } = JSON.parse(readFileSync(join(RECORDED, name), "utf8")) as { pix: { endToEndId: string; tipo?: string }[] };
      const received = pix.filter(({ tipo }) => tipo !== "SOLICITACAO");
      expect(hints(name)).toEqual(received.map(({ endToEndId }) => ({ kind: "payment", id: endToEndId })));
      if (name.includes("enviado")) expect(received).toEqual([]);
    }
  });
});

describe("the client certificate", () => {
  const settingsOf = (origin: string, certificate: object) => ({
    kind: "efi" as const,
    base_url: origin,
    client_id: "a",
    client_secret: "b",
    pix_key: "chave@example.com",
    valid_days: 30,
    webhook_proof: "certificate" as const,
    webhook_header: "x-ssl-client-verify",
    webhook_addresses: [],
    certificate,
  });

  it("that is missing is a refusal at once, for nothing was read by the bank", async () => {
    const world = await open();
    const { folder } = world;
    const gateway = openGateway(settingsOf(world.server.origin, { ca: "bank.pem" }), { clock: world.clock, folder });
    expect(await gateway.test(ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(world.server.calls).toEqual([]);
    await gateway.close();
  });

  it("with a wrong password or no file is an error of the settings", async () => {
    const { folder, clock, server } = await open();
    for (const certificate of [{ p12: "client.p12", password: "wrong" }, { p12: "nowhere.p12" }]) {
      const opening = (): unknown => openGateway(settingsOf(server.origin, certificate), { clock, folder });
      expect(opening).toThrow(ReguaError);
      expect(opening).not.toThrow(/wrong/u);
    }
  });

  it("of a server that nobody vouches for is not spoken to", async () => {
    const { folder, clock, server } = await open();
    const gateway = openGateway(settingsOf(server.origin, { p12: "client.p12", password: "p12-password-0042" }), { clock, folder });
    expect(await gateway.test(ample())).toMatchObject({ outcome: "refused" });
    expect(server.calls).toEqual([]);
    await gateway.close();
  });
});
