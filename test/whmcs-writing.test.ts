// Written in WHMCS: each thing once, whatever answer is lost, whoever was faster, and whoever else acts there.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { workTasks } from "../src/jobs/beside/tasks.ts";
import { parseDay } from "../src/kernel/time.ts";
import { againstUs, unwrittenTasks } from "../src/store/billing-views.ts";
import { at } from "./support/engine.ts";
import { openWhmcsWorld, type WhmcsWorld } from "./support/whmcs-world.ts";

let w: WhmcsWorld;
beforeAll(async () => {
  w = await openWhmcsWorld();
});
beforeEach(() => w.reset());
afterAll(() => w.close());

/** A client who owes R$ 29,90 on the third of December, read. */
async function owing() {
  const client = w.fake.addClient();
  const service = w.fake.addService(client, { nextduedate: "2026-12-03" });
  const invoice = w.fake.addInvoice(client, "2026-12-03", 2990, { date: "2026-11-23", service });
  await w.read();
  return { client, service, invoice };
}

/** Money told here first. */
async function paidHere({ client, invoice }: { client: number; invoice: number }, externalId: string, amount = 2990): Promise<void> {
  const { id } = await w.customer(client);
  const money = { customerId: id, source: "asaas", externalId, amount, currency: "BRL", paidOn: parseDay("2026-12-01") };
  await recordReceipts(w.world.engine, [{ ...money, invoiceRef: String(invoice), reason: null, actor: "gateway:asaas" }]);
}

const there = (invoice: number) => w.fake.transactions.filter(({ invoiceid }) => invoiceid === invoice);
const later = (moment: string): void => w.world.clock.set(at(moment));
const tasks = async (kind: string) =>
  w.world.rows(`SELECT state, answer, unknowns FROM billing_task WHERE kind = $1 ORDER BY task_id`, [kind]);

describe("a payment that we learned first", () => {
  it("is not booked where a module there booked it under the same number", async () => {
    const one = await owing();
    await paidHere(one, "pay_1");
    w.fake.pay(one.invoice, 2990, "pay_1", "asaas");
    await w.write();
    await w.read();
    expect(there(one.invoice)).toHaveLength(1);
    expect(await tasks("payment")).toMatchObject([{ state: "done", answer: "it was booked there already" }]);
    expect(await w.world.rows("SELECT source FROM receipt")).toEqual([{ source: "asaas" }]);
  });

  it("is told by a module there first, and by our gateway's webhook after it: one receipt, where the two are named as one", async () => {
    await w.reset({ gateways: { asaaspix: "asaas" } });
    const one = await owing();
    w.fake.pay(one.invoice, 2990, "pay_7", "asaaspix");
    await w.read();
    await paidHere(one, "pay_7");
    await w.write();
    expect(await w.world.rows("SELECT source, external_id FROM receipt")).toEqual([{ source: "asaas", external_id: "pay_7" }]);
    expect(there(one.invoice)).toHaveLength(1);
  });

  it("is looked for again after a lost answer, however late WHMCS carried it out, and never booked twice", async () => {
    const one = await owing();
    await paidHere(one, "pay_2");
    // Given up before WHMCS did anything; a slow PHP does it three minutes later.
    const waiting = {
      on: ({ form }: { form: URLSearchParams }) => form.get("action") === "AddInvoicePayment",
      answer: { code: 200, text: "<html>Gateway" },
    };
    w.fake.instead = waiting;
    await w.write();
    expect(await tasks("payment")).toMatchObject([{ state: "open", unknowns: 1 }]);
    w.fake.instead = null;
    later("2026-12-01T09:02");
    expect(await w.write()).toBe(0);
    w.fake.pay(one.invoice, 2990, "pay_2");
    later("2026-12-01T09:06");
    await w.write();
    expect(there(one.invoice)).toHaveLength(1);
    expect(await tasks("payment")).toMatchObject([{ state: "done", answer: "it was booked there already" }]);
  });

  it("is booked when a lost call never arrived, and once by two workers at a time", async () => {
    const one = await owing();
    await paidHere(one, "pay_3");
    w.fake.instead = { on: ({ form }) => form.get("action") === "AddInvoicePayment", answer: { code: 502, text: "Bad Gateway" } };
    await w.write();
    w.fake.instead = null;
    later("2026-12-01T09:06");
    await Promise.all([w.write(), w.write()]);
    expect(there(one.invoice)).toMatchObject([{ transid: "pay_3", amountin: 2990 }]);
  });

  it("is taken over from a worker that died in the middle: its successor looks first", async () => {
    const one = await owing();
    await paidHere(one, "pay_4");
    await w.write();
    await w.world.rows("UPDATE billing_task SET state = 'open', lease = 'dead', lease_until = $1, ended_at = NULL", [
      new Date(at("2026-12-01T08:59")).toISOString(),
    ]);
    await w.write();
    expect(there(one.invoice)).toHaveLength(1);
    expect(await tasks("payment")).toMatchObject([{ state: "done", unknowns: 1 }]);
  });

  it("on an invoice that other money paid there is not booked on top, and both are shown", async () => {
    const one = await owing();
    await paidHere(one, "pay_5");
    w.fake.pay(one.invoice, 2990, "cash");
    await w.write();
    expect(there(one.invoice)).toHaveLength(1);
    const shown = await unwrittenTasks(w.world.engine.db, at("2026-11-01T00:00"), 10);
    expect(shown).toMatchObject([{ kind: "payment", state: "superseded", answer: expect.stringContaining("other money") as string }]);
  });

  it("waits for a right that the role lacks, says so, and is booked once it is given", async () => {
    const one = await owing();
    await paidHere(one, "pay_6");
    w.fake.withheld.add("AddInvoicePayment");
    await w.write();
    expect(await tasks("payment")).toMatchObject([{ state: "open", answer: expect.stringContaining("AddInvoicePayment") as string }]);
    w.fake.withheld.clear();
    later("2026-12-01T15:01");
    await w.write();
    expect(there(one.invoice)).toHaveLength(1);
  });

  it("with a number that WHMCS might not give back as it is, is booked under one of ours, and known again by it", async () => {
    const one = await owing();
    await paidHere(one, "recibo nº 7 <ana & filhos>");
    await w.write();
    expect(there(one.invoice)).toMatchObject([{ transid: expect.stringMatching(/^regua-\d+$/u) as string }]);
    await w.read();
    await w.call({ event: "InvoicePaid", id: one.invoice });
    expect(await w.world.rows("SELECT count(*)::int AS n FROM receipt")).toEqual([{ n: 1 }]);
  });

  it("of a part is booked as a part", async () => {
    const one = await owing();
    await paidHere(one, "pay_8", 1000);
    await w.write();
    expect(there(one.invoice)).toMatchObject([{ amountin: 1000 }]);
    expect(w.fake.invoices.get(one.invoice)?.status).toBe("Unpaid");
    later("2026-12-01T16:00");
    await w.read();
    expect(await w.invoice(one.invoice)).toEqual({ state: "open", paid: 1000, amount: 2990 });
  });
});

describe("WHMCS's own suspension", () => {
  it("is held off anew before it ends, and left to WHMCS where no account is ours", async () => {
    const { service, client } = await owing();
    const loose = w.fake.addService(client, { nextduedate: "2026-12-03", serverid: 0 });
    await w.read();
    await w.write();
    expect(w.fake.services.get(service)?.overidesuspenduntil).toBe("2026-12-31");
    expect(w.fake.services.get(loose)?.overideautosuspend).toBe("");
    later("2026-12-20T09:00");
    await w.write();
    expect(w.fake.services.get(service)?.overidesuspenduntil).toBe("2026-12-31");
    later("2026-12-26T09:00");
    await w.write();
    expect(w.fake.services.get(service)?.overidesuspenduntil).toBe("2027-01-25");
  });

  it("about to come, or come, against us is told", async () => {
    const { service } = await owing();
    const ask = { today: parseDay("2026-12-06"), limit: 10 };
    expect(await againstUs(w.world.engine.db, ask)).toMatchObject([{ service: String(service), what: "will" }]);
    await w.write();
    expect(await againstUs(w.world.engine.db, ask)).toEqual([]);
    Object.assign(w.fake.services.get(service) ?? {}, { status: "Suspended", suspensionreason: "" });
    await w.read();
    await w.read();
    expect(await againstUs(w.world.engine.db, ask)).toMatchObject([{ service: String(service), what: "did" }]);
  });

  it("is answered by its hook for what protects the customer: a hold, the ladder; and not for what is not ours", async () => {
    const { service, client } = await owing();
    const loose = w.fake.addService(client, { serverid: 0 });
    await w.read();
    await w.read();
    expect(await w.call({ event: "PreModuleSuspend", id: service })).toMatchObject({
      word: { allow: false, because: "ladder_not_there_yet" },
    });
    expect(await w.call({ event: "PreModuleSuspend", id: loose })).toMatchObject({ word: { allow: true, because: "unprotected" } });
    expect(await w.call({ event: "PreModuleSuspend", id: 4_711 })).toMatchObject({ word: { allow: true, because: "not_ours" } });
    const until = at("2026-12-20T18:00");
    await placeHold(w.world.engine, { customer: String(client), kind: "dispute", until, reason: "cobrança contestada", by: "ana" });
    expect(await w.call({ event: "PreModuleSuspend", id: service })).toMatchObject({ word: { allow: false, because: "hold", until } });
  });
});

describe("where we act on the panel", () => {
  it("WHMCS's word about the service is kept true, down and up again, and what it suspended itself is left", async () => {
    await w.reset({ acts: "panel" });
    const accounts = new InMemorySandboxAccounts();
    await accounts.write("ana", { access: "active" });
    w.panels.set("web1", new SandboxPanel({ accounts }));
    const one = await owing();
    const [row] = await w.world.rows("SELECT panel FROM service");
    expect(row).toEqual({ panel: null });
    await w.world.rows("UPDATE service SET panel = 'web1', account = 'ana', actual = 'active'");
    await w.live("2026-12-06T09:00");
    await w.live("2026-12-07T09:00");
    await w.live("2026-12-08T09:00");
    expect((await accounts.read("ana"))?.access).toBe("suspended");
    await w.write();
    expect(w.fake.services.get(one.service)).toMatchObject({ status: "Suspended", suspensionreason: `Régua: ${one.invoice}` });
    expect(w.fake.asked.get("ModuleSuspend")).toBeUndefined();
    await paidHere(one, "pay_9");
    await w.live("2026-12-08T10:00");
    expect((await accounts.read("ana"))?.access).toBe("active");
    await w.write();
    expect(w.fake.services.get(one.service)).toMatchObject({ status: "Active", suspensionreason: "" });
    Object.assign(w.fake.services.get(one.service) ?? {}, { status: "Suspended", suspensionreason: "" });
    await w.read();
    await w.read();
    await w.write();
    expect(w.fake.services.get(one.service)?.status).toBe("Suspended");
  });
});

describe("an answer to a ticket", () => {
  it("whose answer was lost is found by its reference, and not written twice", async () => {
    const { client } = await owing();
    const id = w.fake.openTicket(client, "Quero mais prazo");
    await w.read();
    w.fake.loses = true;
    await workTasks(w.options);
    // What was lost may have been any of the three writes: they end within minutes.
    for (const moment of ["2026-12-01T09:06", "2026-12-01T09:12"]) {
      later(moment);
      await w.write();
    }
    const replies = w.fake.tickets.get(id)?.replies.filter(({ admin }) => admin !== "") ?? [];
    expect(replies).toHaveLength(1);
    expect(replies[0]?.message).toMatch(/suspenso na \S+, \d/u);
  });

  it("is not written where a person was faster, of another department, or to who owes nothing", async () => {
    const { client } = await owing();
    const first = w.fake.openTicket(client, "Alô");
    await w.read();
    const ticket = w.fake.tickets.get(first);
    ticket?.replies.push({ replyid: w.fake.next(), admin: "Rosa", name: "", message: "Já vejo.", date: "2026-12-01 09:01:00" });
    w.fake.openTicket(client, "Erro 500", 2);
    w.fake.openTicket(w.fake.addClient(), "Quero contratar");
    await w.read();
    await w.write();
    expect(w.fake.asked.get("AddTicketReply")).toBeUndefined();
    expect(await tasks("reply")).toMatchObject([{ state: "superseded", answer: "a person answered first" }]);
  });
});
