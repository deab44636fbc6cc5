// A bank's API Pix, or Efí's, behind mutual TLS, with an adapter that speaks with it: for the suite and for the stories.
import { writeFile } from "node:fs/promises";
import { openGateway } from "../../src/adapters/gateways/open.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import type { GatewayWorld } from "../../src/ports/conformance/payment-gateway.ts";
import type { PaymentGateway, WebhookDelivery } from "../../src/ports/payment-gateway.ts";
import { makeCertificate } from "./certificate.ts";
import { makeClientCertificate } from "./client-certificate.ts";
import type { ClientCertificate } from "./client-certificate.ts";
import { CLIENT_ID, CLIENT_SECRET, FakePixBank } from "./fake-pix-api.ts";
import { FakeServer } from "./fake-server.ts";

export const WEBHOOK_SECRET = "hmac-0042-0123456789abcdef0123456789";

export interface PixWorld extends GatewayWorld {
  bank: FakePixBank;
  server: FakeServer;
  clock: ManualClock;
  gateway: PaymentGateway;
  /** Where the client's certificate lies. */
  folder: string;
}

/** Tuesday, 10 November 2026, 12:00 UTC. */
const START = Date.UTC(2026, 10, 10, 12);

/** Settings of an adapter for a bank at this origin, with the certificate as .p12 for Efí and as PEM for the other. */
function openAdapter(
  kind: "pix-api" | "efi",
  origin: string,
  client: ClientCertificate,
  clock: ManualClock,
  proof: "certificate" | "address",
) {
  const { p12, cert, key } = client.files;
  const shared = {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    certificate: kind === "efi" ? { p12, password: client.password, ca: "bank.pem" } : { cert, key, ca: "bank.pem" },
    pix_key: "chave@example.com",
    valid_days: 59,
    webhook_secret: WEBHOOK_SECRET,
    webhook_proof: proof,
    webhook_header: "x-ssl-client-verify",
    webhook_addresses: ["34.193.116.226"],
  };
  const urls = { base_url: `${origin}/api/v2`, token_url: `${origin}/oauth/token` };
  const settings = kind === "efi" ? { kind, base_url: origin, ...shared } : { kind, ...urls, scope: "", window_days: 5, ...shared };
  return openGateway(settings, { clock, folder: client.folder });
}

export async function openPixWorld(kind: "pix-api" | "efi", proof: "certificate" | "address" = "certificate"): Promise<PixWorld> {
  const clock = new ManualClock(START);
  const bank = new FakePixBank(clock, kind === "efi");
  if (kind === "efi") bank.windowDays = 30;
  const [own, client] = [makeCertificate(), await makeClientCertificate()];
  const tls = { ...own, ca: client.cert, requestCert: true, rejectUnauthorized: true };
  const server = await FakeServer.start((request) => bank.handle(request), tls);
  await writeFile(`${client.folder}/bank.pem`, own.cert);
  const gateway = openAdapter(kind, server.origin, client, clock, proof);
  const find = (id: string) => bank.pix.find((pix) => pix.endToEndId === id);
  const deliver = (id: string, hmac: string, verified: string): WebhookDelivery => {
    const pix = find(id);
    return {
      rawBody: Buffer.from(JSON.stringify({ pix: pix ? [bank.write(pix)] : [] })),
      headers: { "content-type": "application/json", "x-ssl-client-verify": verified },
      // Banks append `/pix` behind whatever they were given.
      query: new URL(`https://regua.example.com/hooks/pix?hmac=${hmac}/pix`).searchParams,
      remoteAddress: "::ffff:34.193.116.226",
    };
  };
  return {
    bank,
    folder: client.folder,
    server,
    clock,
    gateway,
    now: () => clock.now(),
    pass: (ms) => clock.set(clock.now() + ms),
    // The reference is hashed into the txid; the charge shows it to the payer in plain words.
    chargesMade: (ref) => bank.cobs.filter(({ body }) => JSON.stringify(body.infoAdicionais).includes(`"valor":"${ref}"`)).length,
    pay: (chargeId, cents) => bank.add(cents, chargeId).endToEndId,
    payUnnamed: (cents) => bank.add(cents, null).endToEndId,
    sendOut: (cents) => bank.add(cents, null, true).endToEndId,
    giveBack: (id, cents) => {
      const pix = find(id);
      pix?.returns.push({
        id: `m${pix.returns.length}`,
        valor: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`,
        status: "DEVOLVIDO",
      });
    },
    deliver: (id) => deliver(id, WEBHOOK_SECRET, "SUCCESS"),
    deliverForged: (id) => deliver(id, "hmac-of-somebody-else", "SUCCESS"),
    loseNextAnswer: () => void (server.loses = /\/(cobv?|devolucao)\//u),
    stall: () => void (server.stalled = true),
    busy: () => void (server.instead = { code: 429, headers: { "retry-after": "7" }, body: {} }),
    refuse: () => {
      bank.tokens.clear();
      server.instead = { code: 401, body: { nome: "invalid", mensagem: `no such client ${CLIENT_ID} ${CLIENT_SECRET}` } };
    },
    secrets: [CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET, client.password, "token-1-"],
    close: async () => {
      await server.close();
      await client.remove();
    },
  };
}
