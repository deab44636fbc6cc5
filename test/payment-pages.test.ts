// The pages of a charge in the customers' portal: the boleto as the gateway has it or drawn here, only on hosts of the gateway's own.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storedKeys } from "../src/adapters/proofs/dkim-keys.ts";
import { ChildProofReader } from "../src/adapters/proofs/reader.ts";
import { readBoleto } from "../src/codes/boleto.ts";
import { editCustomer } from "../src/engine/save-customer.ts";
import { workCharges, type Charger } from "../src/jobs/charges.ts";
import { parseDay } from "../src/kernel/time.ts";
import type { PaymentMethod } from "../src/ports/payment-gateway.ts";
import { openAsaasWorld, type AsaasWorld } from "./support/asaas-world.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, makeEngine, type Row, type World } from "./support/engine.ts";
import { makePortal, type Portal, type Visitor } from "./support/portal.ts";
import { openSandboxGatewayWorld } from "./support/sandbox-gateway-world.ts";

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

const charger = (methods: readonly PaymentMethod[]): Charger => ({
  engine: world.engine,
  gateways: new Map([["asaas", asaas.gateway]]),
  plan: { gateway: "asaas", methods, aheadDays: 10 },
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
        ["url", "slipUrl"].map((page) => ({ page, reason: why, message: "a page of a charge was left out" })),
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
