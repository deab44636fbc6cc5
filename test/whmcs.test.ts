// The story of a provider that bills with WHMCS: read, laddered, promised over WHMCS's own cron, paid on either side and booked once, answered.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportBundle } from "../src/evidence/bundle.ts";
import { writeBundle } from "../src/evidence/format.ts";
import { verifyBundle } from "../src/evidence/verify.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { parseDay } from "../src/kernel/time.ts";
import { evidence } from "./support/engine.ts";
import { openWhmcsWorld, type WhmcsWorld } from "./support/whmcs-world.ts";

let w: WhmcsWorld;
let ana: { client: number; service: number; invoice: number };
let bia: { client: number; service: number; invoice: number };

beforeAll(async () => {
  w = await openWhmcsWorld();
});
afterAll(() => w.close());

/** A client with a service due on the third of December and its open invoice. */
function owing(name: string) {
  const client = w.fake.addClient({
    firstname: name,
    lastname: "D&#039;Ávila",
    language: "portuguese-br",
    phonenumber: "+55.41999990000",
  });
  const service = w.fake.addService(client, { nextduedate: "2026-12-03" });
  return { client, service, invoice: w.fake.addInvoice(client, "2026-12-03", 2990, { date: "2026-11-23", service }) };
}

const status = (id: number): string | undefined => w.fake.services.get(id)?.status;

describe("beside WHMCS", () => {
  it("reads clients, services and invoices, with what was paid long ago, and asks for nothing twice", async () => {
    ana = owing("Ana");
    bia = owing("Bia");
    w.fake.addInvoice(bia.client, "2026-06-03", 2990, { status: "Paid", datepaid: "2026-06-02 10:00:00" });
    expect(await w.read()).toEqual({ state: "caught_up" });
    const [customer] = await w.world.rows("SELECT name, email, phone, lang, since FROM customer WHERE ref = $1", [String(ana.client)]);
    expect(customer).toMatchObject({ name: "Ana D'Ávila", phone: "+55.41999990000", lang: "pt-BR", since: parseDay("2024-01-15") });
    expect(await w.invoice(ana.invoice)).toEqual({ state: "open", paid: 0, amount: 2990 });
    const [linked] = await w.world.rows("SELECT panel, account FROM service WHERE ref = $1", [String(ana.service)]);
    expect(linked).toEqual({ panel: "whmcs", account: String(ana.service) });
    const before = await w.world.rows("SELECT count(*) FROM evidence");
    expect(await w.read()).toEqual({ state: "caught_up" });
    expect(await w.world.rows("SELECT count(*) FROM evidence")).toEqual(before);
  });

  it("holds WHMCS's own suspension off before it comes, for a month", async () => {
    expect(await w.write()).toBeGreaterThan(0);
    expect(w.fake.services.get(ana.service)).toMatchObject({ overideautosuspend: "on", overidesuspenduntil: "2026-12-31" });
    expect(await w.write()).toBe(0);
  });

  it("suspends through WHMCS's module with our reason, after the warning, and not before", async () => {
    await w.live("2026-12-06T09:00");
    await w.live("2026-12-07T09:00");
    expect(status(ana.service)).toBe("Active");
    // Whose history in WHMCS allows it: an invoice paid on time.
    const asked = {
      customer: String(bia.client),
      reason: "pago na quarta",
      askedBy: "customer",
      owner: "portal",
      acceptedConditions: true,
    } as const;
    await grantPromise(w.world.engine, asked);
    await w.live("2026-12-08T09:00");
    expect(w.fake.services.get(ana.service)).toMatchObject({ status: "Suspended", suspensionreason: `Régua: ${ana.invoice}` });
    expect(status(bia.service)).toBe("Active");
  });

  it("the promise beats WHMCS's cron, by the hold-off and again by its hook when somebody took that away", async () => {
    expect(await w.fake.cron("2026-12-08", 2)).toEqual([]);
    Object.assign(w.fake.services.get(bia.service) ?? {}, { overideautosuspend: "", overidesuspenduntil: "0000-00-00" });
    w.fake.preModuleSuspend = async (id) => {
      const heard = await w.call({ event: "PreModuleSuspend", id });
      return heard.taken === "asked" && !heard.word.allow;
    };
    expect(await w.fake.cron("2026-12-08", 2)).toEqual([]);
    expect(await w.call({ event: "PreModuleSuspend", id: bia.service })).toMatchObject({ word: { allow: false, because: "promise" } });
    expect(await w.call({ event: "PreModuleSuspend", id: ana.service })).toMatchObject({ word: { allow: true, because: "ladder" } });
    expect(status(bia.service)).toBe("Active");
  });

  it("a payment there reaches us by its hook at once, brings the service back, and is booked once", async () => {
    w.fake.pay(ana.invoice, 2990, "E00000000202612081200abcdefghijk");
    // WHMCS lifts only suspensions of its own reason.
    expect(status(ana.service)).toBe("Suspended");
    expect(await w.call({ event: "InvoicePaid", id: ana.invoice })).toEqual({ taken: "kept" });
    expect(await w.invoice(ana.invoice)).toEqual({ state: "paid", paid: 2990, amount: 2990 });
    await w.live("2026-12-08T10:00");
    expect(status(ana.service)).toBe("Active");
    await w.read();
    await w.call({ event: "InvoicePaid", id: ana.invoice });
    await w.write();
    const receipts = await w.world.rows("SELECT source, amount_cents FROM receipt WHERE named_invoice = $1", [String(ana.invoice)]);
    expect(receipts).toEqual([{ source: "whmcs", amount_cents: 2990 }]);
    expect(w.fake.transactions.filter(({ invoiceid }) => invoiceid === ana.invoice)).toHaveLength(1);
  });

  it("a payment that we learn first is booked there once, though the answer was lost, and does not come back as another", async () => {
    const customer = await w.customer(bia.client);
    const paid = { customerId: customer.id, source: "bank", externalId: "E11111111202612081300zyxwvutsrqp", amount: 2990, currency: "BRL" };
    const invoiceRef = String(bia.invoice);
    await recordReceipts(w.world.engine, [{ ...paid, paidOn: parseDay("2026-12-08"), invoiceRef, reason: null, actor: "bank" }]);
    w.fake.loses = true;
    await w.write();
    expect(w.fake.transactions.filter(({ invoiceid }) => invoiceid === bia.invoice)).toHaveLength(1);
    await w.live("2026-12-08T10:01");
    await w.write();
    await w.read();
    await w.live("2026-12-08T10:10");
    await w.write();
    await w.read();
    const there = w.fake.transactions.filter(({ invoiceid }) => invoiceid === bia.invoice);
    expect(there).toMatchObject([{ transid: paid.externalId, amountin: 2990, gateway: "banktransfer" }]);
    expect(w.fake.invoices.get(bia.invoice)?.status).toBe("Paid");
    expect(await w.world.rows("SELECT source FROM receipt WHERE named_invoice = $1", [invoiceRef])).toEqual([{ source: "bank" }]);
    const told = (await evidence(w.world, customer)).filter(({ kind }) => kind === "billing.payment_booked");
    expect(told).toMatchObject([{ body: { transaction: paid.externalId, amount_cents: 2990, note: "it was booked there already" } }]);
  });

  it("a ticket is kept with its customer and answered once with what is open, what comes next, and how to pay", async () => {
    const { client } = owing("Caio");
    await w.read();
    const id = w.fake.openTicket(client, 'Estou viajando, pago "amanhã".');
    expect(await w.call({ event: "TicketOpen", id })).toEqual({ taken: "kept" });
    await w.write();
    w.fake.userReplies(id, "Alguém aí?");
    await w.read();
    await w.write();
    const replies = w.fake.tickets.get(id)?.replies ?? [];
    const ours = replies.filter(({ admin }) => admin !== "");
    expect(ours).toHaveLength(1);
    expect(ours[0]?.message).toContain("R$ 29,90");
    expect(ours[0]?.message).toContain("Pix, chave: pix@hospedagem.example");
    expect(ours[0]?.message).not.toMatch(/!|cancel/iu);
    const kept = await w.world.rows("SELECT author, text FROM billing_ticket_message WHERE ticket_id = $1 ORDER BY reply_id", [id]);
    expect(kept).toMatchObject([
      { author: "customer", text: 'Estou viajando, pago "amanhã".' },
      { author: "staff" },
      { author: "customer" },
    ]);
  });

  it("a call that was not signed with our secret, is old, or came before, is refused", async () => {
    const body = { event: "InvoicePaid", id: ana.invoice };
    expect(await w.call(body, { secret: "another secret of thirty-two characters" })).toEqual({ taken: "forged" });
    expect(await w.call(body, { timestamp: "1700000000" })).toEqual({ taken: "forged" });
    const nonce = "f".repeat(32);
    expect(await w.call(body, { nonce })).toEqual({ taken: "kept" });
    expect(await w.call(body, { nonce })).toEqual({ taken: "again" });
  });

  it("every step of it stands in the evidence, which anybody can verify without a database", async () => {
    expect(await verifyDatabase(w.world.engine.db)).toMatchObject({ findings: [] });
    for (const client of [ana.client, bia.client]) {
      const bundle = await exportBundle(w.world.engine.db, String(client), { now: w.world.clock.now() });
      expect(verifyBundle(Buffer.from(writeBundle(bundle), "utf8")).findings).toEqual([]);
    }
    const kinds = (await evidence(w.world, await w.customer(bia.client))).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["imported", "receipt", "billing.payment_booked"]));
  });
});
