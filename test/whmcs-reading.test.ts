// WHMCS read as it really is: cut off in the middle, moving under the reader, with invoices paid, undone and marked by every way there is.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { parseDay } from "../src/kernel/time.ts";
import { unlockSync } from "../src/store/billing.ts";
import { at } from "./support/engine.ts";
import { openWhmcsWorld, type WhmcsWorld } from "./support/whmcs-world.ts";

let w: WhmcsWorld;
beforeAll(async () => {
  w = await openWhmcsWorld({ page: 25 });
});
beforeEach(() => w.reset());
afterAll(() => w.close());

const count = async (table: string): Promise<number> =>
  (await w.world.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? 0;
const money = async (): Promise<{ external_id: string; amount: number; back: number }[]> =>
  w.world.rows("SELECT external_id, amount_cents AS amount, refunded_cents AS back FROM receipt ORDER BY receipt_id");

/** A client who owes R$ 29,90 on the third of December. */
function owing() {
  const client = w.fake.addClient();
  const service = w.fake.addService(client, { nextduedate: "2026-12-03" });
  return { client, service, invoice: w.fake.addInvoice(client, "2026-12-03", 2990, { date: "2026-11-23", service }) };
}

describe("the first reading", () => {
  it("stopped in the middle of a page goes on there, and each row is in once", async () => {
    const client = w.fake.addClient();
    const service = w.fake.addService(client);
    for (let i = 0; i < 80; i += 1)
      w.fake.addInvoice(client, "2025-01-08", 1000 + i, i % 4 === 0 ? { service } : { status: "Paid", datepaid: "2025-01-07 10:00:00" });
    // The third page's invoices are asked one by one when WHMCS goes away.
    const broken = [...w.fake.invoices.keys()][60];
    w.fake.instead = {
      on: ({ form }) => form.get("action") === "GetInvoice" && form.get("invoiceid") === String(broken),
      answer: { code: 503, text: "" },
    };
    expect(await w.read()).toMatchObject({ state: "failed", locked: false });
    const [before] = await w.world.rows("SELECT phase, start, holder FROM billing_sync");
    expect(before).toEqual({ phase: "invoices", start: 50, holder: null });
    expect(await count("invoice")).toBe(50);
    w.fake.instead = null;
    w.fake.asked.clear();
    expect(await w.read()).toEqual({ state: "caught_up" });
    // Two pages that are left, the newest, and the unpaid one; nothing from before.
    expect(w.fake.asked.get("GetClients")).toBe(1);
    expect(await count("invoice")).toBe(80);
    expect(await count("receipt")).toBe(60);
    expect(await w.world.rows("SELECT sum(amount_cents - paid_cents)::int AS open FROM invoice")).toEqual([
      { open: Array.from({ length: 20 }, (_, i) => 1000 + i * 4).reduce((a, b) => a + b, 0) },
    ]);
  });

  it("killed between the import and its cursor reads the page again, and changes nothing by it", async () => {
    owing();
    await w.read();
    const before = [await count("evidence"), await count("invoice"), await count("receipt")];
    await w.world.rows("UPDATE billing_sync SET phase = 'invoices', start = 0");
    await w.world.rows("UPDATE billing_row SET mark = ''");
    expect(await w.read()).toEqual({ state: "caught_up" });
    expect([await count("evidence"), await count("invoice"), await count("receipt")]).toEqual(before);
  });

  it("is one process's alone: a second one leaves it, and takes over when the first is gone", async () => {
    owing();
    await w.read();
    await w.world.rows("UPDATE billing_sync SET holder = 'other', not_before = $1", [new Date(at("2026-12-01T09:02")).toISOString()]);
    const { syncBilling } = await import("../src/jobs/beside/sync.ts");
    expect(await syncBilling({ ...w.options, hurry: true })).toEqual({ state: "busy" });
    w.world.clock.set(at("2026-12-01T09:03"));
    expect(await syncBilling(w.options)).toEqual({ state: "caught_up" });
  });

  it("leaves out what nobody owes: drafts, gifts, funds, gathered payments, and what was withdrawn before", async () => {
    const client = w.fake.addClient();
    for (const status of ["Draft", "Cancelled", "Refunded", "Collections"]) w.fake.addInvoice(client, "2026-12-03", 2990, { status });
    w.fake.addInvoice(client, "2026-12-03", 0);
    w.fake.addInvoice(client, "2026-12-03", 5000, { items: [{ type: "AddFunds", relid: 0, amount: 5000 }] });
    w.fake.addInvoice(client, "2026-12-03", 5980, { items: [{ type: "Invoice", relid: 1, amount: 5980 }] });
    await w.read();
    expect(await count("invoice")).toBe(0);
  });

  it("keeps a row that cannot be read for a person, takes all others, and forgets the fault when it is mended", async () => {
    const { invoice } = owing();
    const other = owing();
    Object.assign(w.fake.invoices.get(invoice) ?? {}, { duedate: "2026-02-30" });
    expect(await w.read()).toEqual({ state: "caught_up" });
    expect(await w.invoice(other.invoice)).toMatchObject({ state: "open" });
    expect(await w.world.rows("SELECT kind, billing_id AS id, reason FROM billing_refusal")).toMatchObject([
      { kind: "invoice", id: invoice, reason: expect.stringContaining("a day that no month has") as string },
    ]);
    Object.assign(w.fake.invoices.get(invoice) ?? {}, { duedate: "2026-12-03" });
    await w.read();
    expect(await count("billing_refusal")).toBe(0);
    expect(await w.invoice(invoice)).toMatchObject({ state: "open" });
  });

  it("an invoice of several services is the whole account's", async () => {
    const client = w.fake.addClient();
    const items = [w.fake.addService(client), w.fake.addService(client)].map((relid) => ({ type: "Hosting", relid, amount: 2990 }));
    const both = w.fake.addInvoice(client, "2026-12-03", 5980, { items });
    await w.read();
    expect(await w.world.rows("SELECT service_id FROM invoice WHERE ref = $1", [String(both)])).toEqual([{ service_id: null }]);
  });
});

describe("another currency", () => {
  it("is refused, also where a hook tells of the invoice first, and no cent of it is owed here", async () => {
    await w.read();
    const client = w.fake.addClient();
    const id = w.fake.addInvoice(client, "2026-12-03", 2990);
    w.fake.currency = "USD";
    await w.call({ event: "InvoiceCreated", id });
    await w.read();
    expect(await count("invoice")).toBe(0);
    expect(await w.world.rows("SELECT reason FROM billing_refusal")).toMatchObject([
      { reason: expect.stringContaining("the invoice is in USD, and the provider bills in BRL [") as string },
    ]);
  });

  it("a hook that tells of a new invoice brings it in at once, with its client", async () => {
    await w.read();
    const client = w.fake.addClient();
    const id = w.fake.addInvoice(client, "2026-12-03", 2990);
    await w.call({ event: "InvoiceCreated", id });
    expect(await w.invoice(id)).toMatchObject({ state: "open" });
  });
});

describe("what was here before", () => {
  it("an invoice that another import has paid already is not paid again", async () => {
    const { invoice, client } = owing();
    const old = w.fake.addInvoice(client, "2026-06-03", 2990, { status: "Paid", datepaid: "2026-06-02 10:00:00" });
    await w.read();
    await w.world.rows("UPDATE receipt SET source = 'csv'");
    await w.world.rows("DELETE FROM billing_row WHERE kind = 'invoice'");
    await w.world.rows("UPDATE billing_sync SET phase = 'invoices', start = 0, last_invoice = 0");
    await w.read();
    expect([await w.invoice(old), await w.invoice(invoice)]).toMatchObject([{ state: "paid" }, { state: "open" }]);
    expect(await money()).toHaveLength(1);
  });
});

describe("being let in", () => {
  it("a refused key stops everything until a person has tested it", async () => {
    owing();
    w.fake.foreign = true;
    expect(await w.read()).toMatchObject({ state: "failed", locked: true });
    for (let i = 0; i < 5; i += 1) {
      expect(await w.read()).toEqual({ state: "busy" });
      expect(await w.write()).toBe(0);
    }
    expect(w.fake.failures).toBe(1);
    w.fake.foreign = false;
    await unlockSync(w.world.engine.db, "whmcs", w.world.clock.now());
    expect(await w.read()).toEqual({ state: "caught_up" });
  });

  it("a busy WHMCS is let be, and read on later from where it was", async () => {
    owing();
    w.fake.busy = 1;
    expect(await w.read()).toMatchObject({ state: "failed", locked: false });
    expect(
      await w.world.rows("SELECT failures, not_before > $1 AS later FROM billing_sync", [new Date(w.world.clock.now()).toISOString()]),
    ).toEqual([{ failures: 1, later: true }]);
    expect(await w.read()).toEqual({ state: "caught_up" });
  });

  it("the test names every right that the role lacks, and the payment method that is not there", async () => {
    w.fake.withheld.add("GetInvoices").add("GetTickets");
    const said = await w.options.system.test({ signal: AbortSignal.timeout(10_000) });
    expect(said).toMatchObject({ outcome: "refused", reason: expect.stringMatching(/GetInvoices.*GetTickets/su) as string });
  });
});

describe("afterwards", () => {
  it("sees new clients with their first invoice, one that was paid at once, and a changed address", async () => {
    owing();
    await w.read();
    const { client, invoice } = owing();
    const quick = w.fake.addInvoice(client, "2026-12-05", 1000);
    w.fake.pay(quick, 1000, "q1");
    await w.read();
    expect(await w.invoice(invoice)).toMatchObject({ state: "open" });
    expect(await w.invoice(quick)).toMatchObject({ state: "paid" });
    Object.assign(w.fake.clients.get(client) ?? {}, { email: "novo@cliente.example" });
    await w.read();
    await w.read();
    expect(await w.world.rows("SELECT email FROM customer WHERE ref = $1", [String(client)])).toEqual([{ email: "novo@cliente.example" }]);
  });

  it("a payment of a part is found by reading again, and the rest is still owed", async () => {
    const { invoice } = owing();
    await w.read();
    w.fake.pay(invoice, 1000, "part");
    w.world.clock.set(at("2026-12-01T16:00"));
    await w.read();
    expect(await w.invoice(invoice)).toMatchObject({ state: "open", paid: 1000 });
  });

  it("more than was asked pays the invoice; what is over is WHMCS's credit, and comes when it is used", async () => {
    const { client, invoice } = owing();
    await w.read();
    w.fake.pay(invoice, 5000, "over");
    await w.read();
    expect(await money()).toEqual([{ external_id: expect.stringMatching(/^txn-/u) as string, amount: 2990, back: 0 }]);
    const next = w.fake.addInvoice(client, "2027-01-03", 980, { credit: 2010, date: "2026-12-23" });
    await w.read();
    expect(await w.invoice(next)).toEqual({ state: "open", paid: 2010, amount: 2990 });
    Object.assign(w.fake.invoices.get(next) ?? {}, { total: 480, credit: 2510 });
    await w.read();
    expect(await w.invoice(next)).toEqual({ state: "open", paid: 2510, amount: 2990 });
  });

  it("marked paid by hand, without a transaction, nobody is pursued; open again by hand, it is owed again, and once more paid", async () => {
    const { invoice } = owing();
    const there = w.fake.invoices.get(invoice);
    await w.read();
    for (let round = 0; round < 2; round += 1) {
      Object.assign(there ?? {}, { status: "Paid", datepaid: "2026-12-01 08:00:00" });
      await w.read();
      expect(await w.invoice(invoice)).toMatchObject({ state: "paid" });
      Object.assign(there ?? {}, { status: "Unpaid", datepaid: "0000-00-00 00:00:00" });
      await w.read();
      expect(await w.invoice(invoice)).toMatchObject({ state: "open", paid: 0 });
    }
    const rows = await money();
    expect(rows.every(({ amount, back }) => amount === back)).toBe(true);
  });

  it("a refund that leaves the invoice open is owed again; one that closes it is not asked for", async () => {
    const [first, second] = [owing(), owing()];
    const paid = [w.fake.pay(first.invoice, 2990, "a"), w.fake.pay(second.invoice, 2990, "b")];
    await w.read();
    if (paid[0] && paid[1]) {
      w.fake.refund(paid[0], "Unpaid");
      w.fake.refund(paid[1], "Refunded");
    }
    await w.read();
    await w.read();
    expect(await w.invoice(first.invoice)).toMatchObject({ state: "open", paid: 0 });
    expect(await w.invoice(second.invoice)).toMatchObject({ state: "paid" });
    w.fake.pay(first.invoice, 2990, "c");
    await w.read();
    expect(await w.invoice(first.invoice)).toMatchObject({ state: "paid" });
  });

  it("a payment that WHMCS waits for stops the ladder meanwhile", async () => {
    const { invoice, service } = owing();
    await w.read();
    Object.assign(w.fake.invoices.get(invoice) ?? {}, { status: "Payment Pending" });
    await w.live("2026-12-06T09:00");
    await w.read();
    const [row] = await w.world.rows<{ until: number }>("SELECT clearing_until AS until FROM invoice WHERE ref = $1", [String(invoice)]);
    expect(row?.until).toBeGreaterThan(at("2026-12-07T23:00"));
    await w.live("2026-12-07T09:00");
    expect(await w.call({ event: "PreModuleSuspend", id: service })).toMatchObject({ word: { allow: false, because: "clearing" } });
    expect(w.fake.services.get(service)?.status).toBe("Active");
  });

  it("cancelled, deleted and handed on, an open invoice is void; a partly paid one is put before a person", async () => {
    const [cancelled, deleted, partly] = [owing(), owing(), owing()];
    w.fake.pay(partly.invoice, 1000, "part");
    await w.read();
    Object.assign(w.fake.invoices.get(cancelled.invoice) ?? {}, { status: "Cancelled" });
    Object.assign(w.fake.invoices.get(partly.invoice) ?? {}, { status: "Collections" });
    w.fake.invoices.delete(deleted.invoice);
    await w.read();
    expect([await w.invoice(cancelled.invoice), await w.invoice(deleted.invoice)]).toMatchObject([{ state: "void" }, { state: "void" }]);
    expect(await w.invoice(partly.invoice)).toMatchObject({ state: "open", paid: 1000 });
    expect(await w.world.rows("SELECT reason FROM billing_refusal")).toMatchObject([
      { reason: expect.stringContaining("partly paid") as string },
    ]);
  });

  it("the same Pix told by WHMCS and later by the bank is one receipt", async () => {
    const { invoice, client } = owing();
    await w.read();
    w.fake.pay(invoice, 2990, "E00000000202612011200abcdefghijk");
    await w.read();
    const { id } = await w.customer(client);
    const base = { customerId: id, source: "341/1/2", externalId: "L1", amount: 2990, currency: "BRL", paidOn: parseDay("2026-12-01") };
    const identities = [{ kind: "end_to_end" as const, value: "E00000000202612011200abcdefghijk" }];
    const told = await recordReceipts(w.world.engine, [{ ...base, identities, invoiceRef: null, reason: null, actor: "bank" }]);
    expect(told).toMatchObject({ booked: 0, known: 1 });
    expect(await money()).toHaveLength(1);
  });

  it("a request to cancel is taken with its day, of a service that is the customer's", async () => {
    const { service } = owing();
    await w.read();
    await w.call({ event: "CancellationRequest", id: service, type: "End of Billing Period", reason: "vou mudar" });
    const [row] = await w.world.rows("SELECT cancel_on AS on FROM service WHERE ref = $1", [String(service)]);
    expect(row).toEqual({ on: parseDay("2026-12-03") });
    await w.call({ event: "CancellationRequest", id: 999_999, type: "Immediate" });
    expect(w.said).toEqual([]);
  });
});
