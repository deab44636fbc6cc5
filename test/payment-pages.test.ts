// The pages of a charge in the customers' portal: the boleto as the gateway has it or drawn here, and where a card is typed at the gateway.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storedKeys } from "../src/adapters/proofs/dkim-keys.ts";
import { ChildProofReader } from "../src/adapters/proofs/reader.ts";
import { readBoleto } from "../src/codes/boleto.ts";
import { recordGatewayPayments } from "../src/engine/record-gateway-payments.ts";
import { editCustomer } from "../src/engine/save-customer.ts";
import { workCharges, type Charger } from "../src/jobs/charges.ts";
import { MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import type { GatewayWorld } from "../src/ports/conformance/payment-gateway.ts";
import type { PaymentMethod } from "../src/ports/payment-gateway.ts";
import { openAsaasWorld, type AsaasWorld } from "./support/asaas-world.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, makeEngine, type Row, type World } from "./support/engine.ts";
import { openMercadoPagoWorld } from "./support/mercadopago-world.ts";
import { booksOf, findingsOf } from "./support/payments.ts";
import { makePortal, type Portal, type Visitor } from "./support/portal.ts";
import { openSandboxGatewayWorld } from "./support/sandbox-gateway-world.ts";
import { openStripeWorld } from "./support/stripe-world.ts";

const NOW = at("2026-11-24T10:00");
/** A machine under load takes ten times as long; nothing here depends on it. */
const PATIENCE = 240_000;

let base: TestDatabase;
let world: World;
let portal: Portal;
let asaas: AsaasWorld;
let customer: Row;
let lines: Record<string, unknown>[];

const log = { info: () => undefined, error: (what: Record<string, unknown>, message: string) => void lines.push({ ...what, message }) };

beforeEach(async () => {
  lines = [];
  base = await freshDatabase();
  world = await makeEngine(base.url, { now: NOW });
  portal = await makePortal(world);
  asaas = await openAsaasWorld();
  asaas.pass(NOW - asaas.now());
  customer = await addCustomer(world);
  await editCustomer(world.engine, { customer: customer.ref, edit: { taxId: "111.444.777-35", email: "ana@example.com" }, by: "test" });
});
afterEach(async () => {
  await portal?.api.close();
  await asaas?.gateway.close();
  await asaas?.close();
  await world?.close();
  await base?.drop();
});

const charger = (methods: readonly PaymentMethod[], at: Pick<GatewayWorld, "gateway"> = asaas): Charger => ({
  engine: world.engine,
  gateways: new Map([[at.gateway.kind, at.gateway]]),
  plan: { gateway: at.gateway.kind, methods, aheadDays: 10 },
  newToken: () => "token-1",
});

/** One invoice charged at the gateway, and somebody who looks at it in the portal. */
async function charged(methods: readonly PaymentMethod[], ref = "F-1"): Promise<Visitor> {
  await addInvoice(world, customer, { dueOn: "2026-11-30", ref });
  await workCharges(charger(methods), log);
  return portal.signedIn(customer);
}

const linkTo = (text: string, href: string): string | null => new RegExp(`<a href="${href}"[^>]*>([^<]+)</a>`, "u").exec(text)?.[0] ?? null;

describe("the boleto of a charge in the portal", () => {
  it("is the gateway's own document, opened in a place of its own, beside the digit line", async () => {
    const visitor = await charged(["pix", "boleto"]);
    const { text } = await visitor.get("/portal/");
    expect(linkTo(text, "https://www.asaas.com/b/pdf/1")).toContain('target="_blank" rel="noopener"');
    expect(text).toContain("www.asaas.com");
    const [row] = await world.rows<{ boleto_line: string }>("SELECT boleto_line FROM invoice");
    expect(text).toContain(`${row?.boleto_line.slice(0, 5)}.${row?.boleto_line.slice(5, 10)}`);
    expect(text).not.toContain("boleto.pdf");
    expect(lines).toEqual([]);
  });

  it("on a host that is not the gateway's is shown to nobody, in no message, and the log says which host", async () => {
    for (const [ref, address, why] of [
      [
        "F-1",
        "https://www.asaas.com.evil.example/b/pdf/1?secret=1",
        "its host www.asaas.com.evil.example is none of this gateway's (asaas.com)",
      ],
      ["F-2", "http://www.asaas.com/b/pdf/1", "it is not https (http:)"],
      ["F-3", "https://asaas.com@evil.example/", "it names a user or a port"],
      ["F-4", "javascript:alert(1)", "it is not https (javascript:)"],
      ["F-5", "no address", "it is no address"],
    ] as const) {
      lines = [];
      asaas.asaas.pages = { invoiceUrl: address, bankSlipUrl: address };
      const visitor = await charged(["boleto"], ref);
      const { text } = await visitor.get(`/portal/invoices/${ref}`);
      expect(text).not.toContain(address.slice(0, 20));
      expect(text).toContain(`/portal/invoices/${ref}/boleto.pdf`);
      expect(await world.rows("SELECT pay_url, slip_url FROM invoice WHERE ref = $1", [ref])).toEqual([{ pay_url: null, slip_url: null }]);
      expect(lines.map(({ page, reason, message }) => ({ page, reason, message }))).toEqual(
        ["url", "slip"].map((page) => ({ page, reason: why, message: "a page of a charge was left out" })),
      );
      expect(JSON.stringify(lines)).not.toContain("secret=1");
    }
  });

  it(
    "is drawn here where the gateway has none: a file with payer, biller, amount, day, line, and bars that a reader takes",
    async () => {
      const bank = await openSandboxGatewayWorld({ now: NOW });
      await addInvoice(world, customer, { dueOn: "2026-11-30", ref: "F/1", amount: 12_345 });
      const plan = { gateway: "sandbox", methods: ["boleto"] as const, aheadDays: 10 };
      await workCharges({ ...charger([]), gateways: new Map([["sandbox", bank.gateway]]), plan }, log);
      const visitor = await portal.signedIn(customer);
      expect((await visitor.get("/portal/")).text).toContain('href="/portal/invoices/F%2F1/boleto.pdf"');
      const [row] = await world.rows<{ boleto_line: string; name: string }>(
        "SELECT boleto_line, c.name FROM invoice i JOIN customer c USING (customer_id)",
      );
      const boleto = readBoleto(row?.boleto_line ?? "", parseDay("2026-11-24"));
      if (!boleto.ok) throw new Error("the sandbox's boleto reads as none");
      const answer = await portal.api.inject({
        url: "/portal/invoices/F%2F1/boleto.pdf",
        headers: { host: "127.0.0.1", cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      });
      expect(answer.headers).toMatchObject({
        "content-type": "application/pdf",
        "content-disposition": 'attachment; filename="boleto-F-1.pdf"',
        "cache-control": "no-store",
      });
      const reader = new ChildProofReader({ keys: storedKeys({}), fileMs: PATIENCE, programMs: PATIENCE });
      const read = await reader.read(answer.rawPayload, { signal: AbortSignal.timeout(PATIENCE) });
      if (read.outcome !== "done") throw new Error(read.reason);
      const { proof, notes } = read.value;
      const words = proof.texts.map(({ text }) => text).join("\n");
      for (const part of ["Boleto da fatura F/1", "R$ 123,45", "30/11/2026", row?.name ?? "", "111.444.777-35", "Ensaio"])
        expect(words).toContain(part);
      expect(words.replace(/\D/gu, "")).toContain(boleto.boleto.digitLine);
      if (notes.includes("no_pdftoppm")) console.warn("skipped: the bars were not read, pdftoppm is not installed");
      else expect(proof.codes).toEqual([boleto.boleto.barCode]);
    },
    PATIENCE,
  );

  it("of an invoice that is not open, or has none, leads back to the first page", async () => {
    const visitor = await charged(["pix"]);
    for (const ref of ["F-1", "nobody"]) expect((await visitor.get(`/portal/invoices/${ref}/boleto.pdf`)).to).toBe("/portal/");
  });
});

/** The gateway's webhook about a payment, believed by its own rules, fetched, and then seen by the poll as well. */
async function told(at: GatewayWorld, id: string): Promise<void> {
  const { gateway } = at;
  const now = (): number => at.now();
  const verdict = gateway.verifyWebhook(at.deliver(id), now());
  if (verdict.verdict !== "verified") throw new Error(verdict.reason);
  for (const hint of verdict.hints) {
    const fetched = await gateway.fetchPayments(hint, { signal: AbortSignal.timeout(PATIENCE) });
    if (fetched.outcome !== "done") throw new Error(fetched.reason);
    const payments = fetched.value.map((payment) => ({ gateway: gateway.kind, payment, askedAt: now() }));
    await recordGatewayPayments(world.engine, payments);
  }
  const polled = await gateway.poll({ cursor: null, since: now() - 60 * MINUTE_MS, now: now() }, { signal: AbortSignal.timeout(PATIENCE) });
  if (polled.outcome !== "done") throw new Error(polled.reason);
  await recordGatewayPayments(
    world.engine,
    polled.value.payments.map((payment) => ({ gateway: gateway.kind, payment, askedAt: now() })),
  );
}

const CARD = /<a class="(?:main|second)" href="([^"]+)" target="_blank" rel="noopener">Pagar com cartão<\/a>/u;
const cardOn = async (visitor: Visitor): Promise<string | null> => CARD.exec((await visitor.get("/portal/")).text)?.[1] ?? null;

describe("paying by card", () => {
  it("is done on the gateway's page, the same at every look, and is money for this invoice alone, told by webhook and by poll", async () => {
    const stripe = await openStripeWorld();
    stripe.pass(NOW - stripe.now());
    for (const at of [asaas, stripe] satisfies GatewayWorld[]) {
      const { kind } = at.gateway;
      const row = await addInvoice(world, customer, { dueOn: "2026-11-30", ref: `F-${kind}` });
      await workCharges(charger(["pix", "boleto", "card"], at), log);
      const visitor = await portal.signedIn(customer);
      const page = await cardOn(visitor);
      expect(new URL(page ?? "").hostname).toMatch(/^(www\.asaas|buy\.stripe)\.com$/u);
      await workCharges(charger(["pix", "boleto", "card"], at), log);
      expect(await cardOn(visitor)).toBe(page);
      expect(at.chargesMade(row.ref)).toBe(1);
      const [charge] = await world.rows<{ charge_id: string }>("SELECT charge_id FROM charge WHERE invoice_id = $1", [row.id]);
      const payment = at.later?.pay(charge?.charge_id ?? "", 2_990) ?? "";
      await told(at, payment);
      await told(at, payment);
      expect(await world.rows("SELECT state, paid_cents FROM invoice WHERE invoice_id = $1", [row.id])).toEqual([
        { state: "paid", paid_cents: 2_990 },
      ]);
      expect(await world.rows("SELECT external_id, amount_cents FROM receipt WHERE source = $1", [kind])).toEqual([
        { external_id: payment, amount_cents: 2_990 },
      ]);
      await workCharges(charger(["pix", "boleto", "card"], at), log);
      expect(await cardOn(visitor)).toBeNull();
      expect(at.chargesMade(row.ref)).toBe(1);
    }
    // Each page was on a host of its gateway's.
    expect(lines).toEqual([]);
    await booksOf(world);
    expect(await findingsOf(world, customer)).toEqual([]);
    await stripe.gateway.close();
    await stripe.close();
  });

  it("whose page's answer was lost is not offered until it is found, and then is that one", async () => {
    asaas.loseNextAnswer();
    const visitor = await charged(["card"]);
    expect(await cardOn(visitor)).toBeNull();
    asaas.pass(6 * MINUTE_MS);
    world.clock.set(asaas.now());
    await workCharges(charger(["card"]), log);
    expect(await cardOn(visitor)).toBe(asaas.asaas.payments[0]?.invoiceUrl);
    expect(asaas.chargesMade("F-1")).toBe(1);
  });

  it("that the gateway refuses is not offered, and the page says whom to ask", async () => {
    asaas.refuse();
    const visitor = await charged(["card"]);
    const { text } = await visitor.get("/portal/");
    expect(text).not.toContain("Pagar com cartão");
    expect(await world.rows("SELECT phase, charge_id FROM charge")).toEqual([{ phase: "wanted", charge_id: null }]);
  });

  it("is not offered where the page would ask for less than is owed: fine and interest that the gateway does not add", async () => {
    const collects = { late_fee: { fine_percent: 2, interest_percent_month: 1, collect: true } };
    await portal.api.close();
    await world.close();
    await base.drop();
    base = await freshDatabase();
    world = await makeEngine(base.url, { now: NOW, policyDoc: collects });
    portal = await makePortal(world);
    const stripe = await openStripeWorld();
    stripe.pass(NOW - stripe.now());
    for (const [at, offered] of [
      [asaas, true],
      [stripe, false],
    ] as const) {
      const someone = await addCustomer(world);
      await editCustomer(world.engine, { customer: someone.ref, edit: { taxId: "111.444.777-35", email: "ana@example.com" }, by: "test" });
      await addInvoice(world, someone, { dueOn: "2026-10-20", ref: `late-${at.gateway.kind}` });
      await workCharges(charger(["card"], at), log);
      expect((await cardOn(await portal.signedIn(someone))) !== null, at.gateway.kind).toBe(offered);
    }
    await stripe.gateway.close();
    await stripe.close();
  });

  it("is offered at no gateway whose charges it cannot be part of: Mercado Pago makes a Pix, and the API Pix too", async () => {
    const mercadoPago = await openMercadoPagoWorld(["pix"]);
    mercadoPago.pass(NOW - mercadoPago.now());
    await addInvoice(world, customer, { dueOn: "2026-11-30", ref: "F-mp" });
    await workCharges(charger(["card", "pix"], mercadoPago), log);
    expect(await cardOn(await portal.signedIn(customer))).toBeNull();
    expect(await world.rows("SELECT card_url, pix_code IS NOT NULL AS pix FROM invoice")).toEqual([{ card_url: null, pix: true }]);
    await mercadoPago.gateway.close();
    await mercadoPago.close();
  });
});

describe("a page to pay on that takes no card", () => {
  it("is offered where there is nothing else to pay with", async () => {
    const stripe = await openStripeWorld();
    stripe.pass(NOW - stripe.now());
    await addInvoice(world, customer, { dueOn: "2026-11-30", ref: "F-1" });
    await workCharges(charger(["card"], stripe), log);
    await world.rows("UPDATE invoice SET card_url = NULL");
    const visitor = await portal.signedIn(customer);
    expect((await visitor.get("/portal/")).text).toContain("Abrir a página de pagamento");
    await world.rows("UPDATE invoice SET pay_url = 'http://buy.stripe.com/x'");
    expect((await visitor.get("/portal/")).text).not.toContain("buy.stripe.com");
    await stripe.gateway.close();
    await stripe.close();
  });
});
