// Bank statements taken in on real PostgreSQL: what is known is confirmed, what is sure is booked, the rest waits for a person, and no money is booked twice.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assignMoney, dismissMoney } from "../src/engine/assign-money.ts";
import { importStatement } from "../src/engine/import-statement.ts";
import { listWaiting } from "../src/engine/list-waiting.ts";
import { recordCharge } from "../src/engine/record-charge.ts";
import { recordGatewayPayments } from "../src/engine/record-gateway-payments.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { parseDay, parseInstant } from "../src/kernel/time.ts";
import type { BankLine } from "../src/ports/bank-statement.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, evidence, makeEngine, type Row, type World } from "./support/engine.ts";
import { ACCOUNT, aLine, aPayment, booksOf, findingsOf, invoiceOf, tell } from "./support/payments.ts";

const CPF = "111.444.777-35";
const E2E = "E18236120202611241300s0123456789";

let base: TestDatabase;
let world: World;
let customer: Row;
let invoice: Row;
beforeEach(async () => {
  base = await freshDatabase();
});
afterEach(async () => {
  await world?.close();
  await base?.drop();
});

async function begin(policyDoc: Record<string, unknown> = {}): Promise<void> {
  world = await makeEngine(base.url, { now: at("2026-11-25T10:00"), policyDoc });
  customer = await person("Maria José Lima", CPF);
  invoice = await addInvoice(world, customer, { dueOn: "2026-11-23", ref: "1042" });
}

async function person(name: string, taxId: string | null): Promise<Row> {
  const row = await addCustomer(world, { name });
  await world.rows("UPDATE customer SET tax_id = $2 WHERE customer_id = $1", [row.id, taxId]);
  return row;
}

const take = (...lines: BankLine[]) => importStatement(world.engine, lines, { by: "ana" });
const counts = (change: Partial<Awaited<ReturnType<typeof importStatement>>>) => ({
  lines: 1,
  known: 0,
  out: 0,
  explained: 0,
  booked: 0,
  waiting: 0,
  ...change,
});
const waiting = async () => (await listWaiting(world.engine, { limit: 50 })).waiting;
const states = () => world.rows("SELECT line_key AS key, state FROM bank_line ORDER BY line_key");

describe("a line of a statement", () => {
  it("with the payer's tax number and the amount books itself once, however often the file is imported", async () => {
    await begin();
    const line = aLine({ externalId: "f1", payer: { name: "MARIA JOSE LIMA", taxId: CPF } });
    expect(await take(line)).toEqual(counts({ booked: 1 }));
    expect(await take(line)).toEqual(counts({ known: 1 }));
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    expect(await world.rows("SELECT source, external_id, settled_on, reason FROM receipt")).toEqual([
      {
        source: `bank:${ACCOUNT}`,
        external_id: "f1",
        settled_on: parseDay("2026-11-24"),
        reason: `matched: tax_id ${CPF}, name_same Maria José Lima, amount_open 1042`,
      },
    ]);
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("that a policy wants looked at waits, though it is sure", async () => {
    await begin({ receipts: { book_matches: "none" } });
    expect(await take(aLine({ externalId: "f1", payer: { name: null, taxId: CPF } }))).toEqual(counts({ waiting: 1 }));
    expect((await waiting())[0]?.matches[0]).toMatchObject({ confidence: "certain", customer: customer.ref, invoice: "1042" });
  });

  it("says who paid in its memo alone, and is understood", async () => {
    await begin();
    expect(await take(aLine({ externalId: "f1", memo: `PIX RECEBIDO ${E2E} MARIA J LIMA 111.444.777-35` }))).toEqual(counts({ booked: 1 }));
    expect(await tell(world, aPayment({ externalId: "pay_1", invoiceRef: "1042", endToEndId: E2E }))).toBe("changed");
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
  });

  it("that is money out, or another currency, pays nothing", async () => {
    await begin();
    const dollars = aLine({ externalId: "f2", currency: "USD", payer: { name: null, taxId: CPF } });
    expect(await take(aLine({ externalId: "f1", amountCents: -500 }), dollars)).toEqual(counts({ lines: 2, out: 1, waiting: 1 }));
    expect(await booksOf(world)).toMatchObject({ received: 0, waiting: 2990 });
    const [found] = await waiting();
    await expect(assignMoney(world.engine, { money: found?.money.id ?? 0, invoice: "1042", by: "ana" })).rejects.toMatchObject({
      code: "currency_differs",
    });
  });

  it("beside another with the same id in one file is another payment, and both are known again", async () => {
    await begin();
    const other = await person("Ana Souza", "222.555.888-46");
    const second = await addInvoice(world, other, { dueOn: "2026-11-23", ref: "1043" });
    const lines = [
      aLine({ externalId: "0", payer: { name: null, taxId: CPF } }),
      aLine({ externalId: "0", payer: { name: null, taxId: "222.555.888-46" } }),
    ];
    expect(await take(...lines)).toEqual(counts({ lines: 2, booked: 2 }));
    expect(await take(...lines)).toEqual(counts({ lines: 2, known: 2 }));
    expect(await invoiceOf(world, second)).toMatchObject({ state: "paid" });
    expect(await booksOf(world)).toMatchObject({ received: 5980, credit: 0 });
  });

  it("after another of the same payer pays what is left, and what is left of nothing waits", async () => {
    await begin();
    const next = await addInvoice(world, customer, { dueOn: "2026-12-23", ref: "1043" });
    const payer = { name: null, taxId: CPF };
    expect(await take(...["a", "b", "c"].map((externalId) => aLine({ externalId, payer })))).toEqual(
      counts({ lines: 3, booked: 2, waiting: 1 }),
    );
    expect(await invoiceOf(world, next)).toMatchObject({ state: "paid" });
  });

  it("with a code that we gave out pays its invoice, even of a payer who is somebody else", async () => {
    await begin();
    const chargeId = "7978c0c97ea847e78e8849634473c1f1";
    await recordCharge(world.engine, {
      gateway: "efi",
      invoice: "1042",
      charge: { chargeId, brCode: null, digitLine: null },
      slipNumber: "000109",
    });
    await recordCharge(world.engine, {
      gateway: "efi",
      invoice: "1042",
      charge: { chargeId, brCode: null, digitLine: null },
      slipNumber: "000109",
    });
    await addInvoice(world, customer, { dueOn: "2026-12-23", ref: "1043" });
    expect(await take(aLine({ externalId: "f1", slipNumber: "109", amountCents: 1000 }))).toEqual(counts({ booked: 1 }));
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "open", paid: 1000 });
    expect(await take(aLine({ externalId: "f2", txid: chargeId, amountCents: 1990 }))).toEqual(counts({ booked: 1 }));
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    // The same slip, another day: paid twice by mistake. Whose it is is plain; that it is for a person to see too.
    expect(await take(aLine({ externalId: "f3", slipNumber: "109", bookedOn: parseDay("2026-11-25") }))).toEqual(counts({ waiting: 1 }));
    expect((await waiting())[0]?.money.why).toBe("slip_paid_again");
    // The same slip and day under an id that the bank made anew: the same line.
    expect(await take(aLine({ externalId: "f4", slipNumber: "109", amountCents: 1000 }))).toEqual(counts({ explained: 1 }));
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
  });
});

describe("a line of money that is known", () => {
  it("by our code alone, before the gateway tells of it, is what the gateway then tells of; the code paid twice is paid twice", async () => {
    await begin();
    const charge = { chargeId: "7978c0c97ea847e78e8849634473c1f1", brCode: null, digitLine: null };
    await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge });
    const { chargeId } = charge;
    expect(await take(aLine({ externalId: "f1", txid: chargeId }))).toEqual(counts({ booked: 1 }));
    const first = aPayment({ externalId: "pay_1", chargeId, invoiceRef: "1042", endToEndId: E2E, refundedCents: 0 });
    const other = { dueOn: "2026-11-23", ref: "9001" } as const;
    await addInvoice(world, await person("João Souza", null), other);
    const strange = aPayment({ externalId: "pay_9", invoiceRef: "9001", endToEndId: "E18236120202611241300s9999999999" });
    // The same code paid by card brings no line: it is money of its own.
    const card = aPayment({ externalId: "pay_3", chargeId, invoiceRef: "1042", endToEndId: null, method: "card" });
    expect(await tell(world, card)).toBe("booked");
    // Together with another's, as they come from a burst of webhooks, and alone.
    const askedAt = world.clock.now();
    const told = [strange, first].map((payment) => ({ gateway: "asaas", payment, askedAt }));
    expect(await recordGatewayPayments(world.engine, told)).toEqual(["booked", "changed"]);
    expect(await tell(world, first)).toBe("known");
    expect(await booksOf(world)).toMatchObject({ received: 8970 });
    expect(await take(aLine({ externalId: "f2", endToEndId: E2E }))).toEqual(counts({ explained: 1 }));
    const second = aPayment({ externalId: "pay_2", chargeId, invoiceRef: "1042", endToEndId: "E18236120202611241301s0123456789" });
    expect(await tell(world, second)).toBe("booked");
    expect(await booksOf(world)).toMatchObject({ received: 11_960, credit: 5980 });
  });

  it("by our code alone is money of its own beside what was paid by card, and is the Pix that the gateway then tells of", async () => {
    await begin();
    const chargeId = "7978c0c97ea847e78e8849634473c1f1";
    await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge: { chargeId, brCode: null, digitLine: null } });
    const card = aPayment({ externalId: "pay_3", chargeId, invoiceRef: "1042", endToEndId: null, method: "card" });
    expect(await tell(world, card)).toBe("booked");
    expect(await take(aLine({ externalId: "f1", txid: chargeId }))).toEqual(counts({ booked: 1 }));
    expect(await tell(world, aPayment({ externalId: "pay_1", chargeId, invoiceRef: "1042", endToEndId: E2E }))).toBe("changed");
    expect(await booksOf(world)).toMatchObject({ received: 5980, credit: 2990 });
  });

  it("from the gateway, by its EndToEndId, settles the receipt and books nothing", async () => {
    await begin();
    await tell(world, aPayment({ externalId: "pay_1", invoiceRef: "1042", endToEndId: E2E, phase: "captured" }));
    const line = aLine({ externalId: "f1", endToEndId: E2E });
    expect(await take(line)).toEqual(counts({ explained: 1 }));
    expect(await take(line)).toEqual(counts({ known: 1 }));
    expect(await world.rows("SELECT source, settled_on FROM receipt")).toEqual([{ source: "asaas", settled_on: parseDay("2026-11-24") }]);
    expect((await evidence(world, customer)).at(-1)).toMatchObject({
      kind: "receipt.settled",
      actor: "ana",
      body: { told_by: `bank:${ACCOUNT}` },
    });
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("twice in one file by its EndToEndId is one payment", async () => {
    await begin();
    const payer = { name: null, taxId: CPF };
    const twice = ["f1", "f2"].map((externalId) => aLine({ externalId, endToEndId: E2E, payer }));
    expect(await take(...twice)).toEqual(counts({ lines: 2, booked: 1, explained: 1 }));
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
  });

  it("declared by staff of the same payer, amount and day confirms it; days apart it is for a person", async () => {
    await begin();
    const declared = {
      customerId: customer.id,
      source: "staff",
      amount: 2990,
      currency: "BRL",
      invoiceRef: "1042",
      reason: "visto no aplicativo",
      actor: "ana",
    };
    await recordReceipts(world.engine, [{ ...declared, externalId: "s1", paidOn: parseDay("2026-11-24") }]);
    const payer = { name: "MARIA JOSE LIMA", taxId: CPF };
    expect(await take(aLine({ externalId: "f1", payer }))).toEqual(counts({ explained: 1 }));
    await addInvoice(world, customer, { dueOn: "2026-12-23", ref: "1043" });
    await recordReceipts(world.engine, [{ ...declared, externalId: "s2", paidOn: parseDay("2026-11-20"), invoiceRef: "1043" }]);
    expect(await take(aLine({ externalId: "f2", payer, bookedOn: parseDay("2026-11-23"), paidOn: parseDay("2026-11-23") }))).toEqual(
      counts({ waiting: 1 }),
    );
    const [found] = await waiting();
    expect(found?.matches[0]).toMatchObject({ confidence: "likely", receipt: { source: "staff", externalId: "s2" } });
    await assignMoney(world.engine, { money: found?.money.id ?? 0, receipt: { source: "staff", externalId: "s2" }, by: "ana" });
    expect(await waiting()).toEqual([]);
    expect(await states()).toEqual([
      { key: "f1", state: "explained" },
      { key: "f2", state: "explained" },
    ]);
    expect(await world.rows("SELECT external_id, settled_on FROM receipt ORDER BY external_id")).toEqual([
      { external_id: "s1", settled_on: parseDay("2026-11-24") },
      { external_id: "s2", settled_on: parseDay("2026-11-23") },
    ]);
    expect(await booksOf(world)).toMatchObject({ received: 5980, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("of a slip that the gateway told of is that payment", async () => {
    await begin();
    await recordCharge(world.engine, {
      gateway: "asaas",
      invoice: "1042",
      charge: { chargeId: "pay_1", brCode: null, digitLine: null },
      slipNumber: "109",
    });
    // Named by its charge alone.
    await tell(world, aPayment({ externalId: "pay_1", chargeId: "pay_1", method: "boleto", paidOn: parseDay("2026-11-23") }));
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    expect(await take(aLine({ externalId: "f1", slipNumber: "109" }))).toEqual(counts({ explained: 1 }));
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
  });

  it("waiting since the gateway told it is one money, and one assignment books it for both", async () => {
    await begin();
    await tell(world, aPayment({ externalId: "pay_1", invoiceRef: null, endToEndId: E2E, phase: "captured" }));
    expect(await take(aLine({ externalId: "f1", endToEndId: E2E }))).toEqual(counts({ explained: 1 }));
    const [found] = await waiting();
    await assignMoney(world.engine, { money: found?.money.id ?? 0, customer: customer.ref, by: "ana", reason: "telefonou" });
    expect(await states()).toEqual([{ key: "f1", state: "explained" }]);
    expect(await tell(world, aPayment({ externalId: "pay_1", invoiceRef: null, endToEndId: E2E }))).toBe("known");
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("by our code, paid twice, is one payment each, where the gateway names the invoice and no charge", async () => {
    await begin();
    const charge = { chargeId: "7978c0c97ea847e78e8849634473c1f1", brCode: null, digitLine: null };
    await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge });
    const line = { txid: charge.chargeId };
    expect(await take(aLine({ externalId: "f1", ...line }), aLine({ externalId: "f2", ...line }))).toEqual(counts({ lines: 2, booked: 2 }));
    for (const n of [1, 2]) {
      const payment = aPayment({ externalId: `pay_${n}`, invoiceRef: "1042", endToEndId: `E1823612020261124130${n}s0123456789` });
      expect(await tell(world, payment)).toBe("changed");
    }
    expect(await booksOf(world)).toMatchObject({ received: 5980, credit: 2990 });
    const keys = await world.rows<{ n: number }>("SELECT count(DISTINCT receipt_id) AS n FROM receipt_key WHERE source = 'asaas'");
    expect(keys).toEqual([{ n: 2 }]);
  });

  it("by our code, paid an hour before midnight and half an hour after, is each payment of its own day, whichever is told first", async () => {
    await begin();
    const charge = { chargeId: "7978c0c97ea847e78e8849634473c1f1", brCode: null, digitLine: null };
    await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge });
    const days = [parseDay("2026-11-23"), parseDay("2026-11-24")];
    const lines = days.map((bookedOn, n) => aLine({ externalId: `f${n}`, bookedOn, paidOn: bookedOn, txid: charge.chargeId }));
    expect(await take(...lines)).toEqual(counts({ lines: 2, booked: 2 }));
    for (const n of [1, 0]) {
      // UTC, as the number of a Pix has it: 23:00 and 00:30 in São Paulo.
      const endToEndId = `E18236120${["202611240200", "202611240330"][n]}s0123456789`;
      expect(await tell(world, aPayment({ externalId: `pay_${n}`, invoiceRef: "1042", paidOn: days[n], endToEndId }))).toBe("changed");
    }
    const keys = await world.rows(
      "SELECT a.external_id AS line, b.external_id AS told FROM receipt_key a JOIN receipt_key b USING (receipt_id) WHERE a.source LIKE 'bank:%' AND b.source = 'asaas' ORDER BY 1",
    );
    expect(keys).toEqual([
      { line: "f0", told: "pay_0" },
      { line: "f1", told: "pay_1" },
    ]);
  });

  it("by our code, paid in the afternoon, is not the line of the next day, and near midnight it is", async () => {
    await begin();
    const charge = { chargeId: "7978c0c97ea847e78e8849634473c1f1", brCode: null, digitLine: null };
    await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge });
    expect(await take(aLine({ externalId: "f1", txid: charge.chargeId }))).toEqual(counts({ booked: 1 }));
    const before = (id: string, paidAt: number | null, endToEndId: string) =>
      tell(world, aPayment({ externalId: id, invoiceRef: "1042", paidOn: parseDay("2026-11-23"), paidAt, endToEndId }));
    expect(await before("pay_1", parseInstant("2026-11-23T17:18:00-03:00"), "E18236120202611232018s0123456789")).toBe("booked");
    // Where the gateway gives the day alone, the number of the Pix has the minute.
    expect(await before("pay_2", null, "E18236120202611232019s0123456789")).toBe("booked");
    expect(await before("pay_3", null, "E18236120202611240255s0123456789")).toBe("changed");
    expect(await booksOf(world)).toMatchObject({ received: 8970 });
  });

  it("told by the gateway without a name, after a line that named its charge, is not booked as a second by hand unless it is one", async () => {
    await begin();
    const chargeId = "7978c0c97ea847e78e8849634473c1f1";
    await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge: { chargeId, brCode: null, digitLine: null } });
    expect(await take(aLine({ externalId: "f1", txid: chargeId }))).toEqual(counts({ booked: 1 }));
    await tell(world, aPayment({ externalId: "pay_1", chargeId: null, invoiceRef: null, method: "pix" }));
    const money = (await waiting())[0]?.money.id ?? 0;
    const line = { source: `bank:${ACCOUNT}`, externalId: "f1" };
    const asked = assignMoney(world.engine, { money, customer: customer.ref, by: "ana" });
    await expect(asked).rejects.toMatchObject({ code: "money_may_be_booked", details: { receipt: "f1" } });
    await assignMoney(world.engine, { money, receipt: line, by: "ana" });
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990, waiting: 0 });
    await tell(world, aPayment({ externalId: "pay_2", chargeId: null, invoiceRef: null, method: "pix" }));
    const second = (await waiting())[0]?.money.id ?? 0;
    await assignMoney(world.engine, { money: second, customer: customer.ref, apart: true, by: "ana", reason: "pagou duas vezes" });
    expect(await booksOf(world)).toMatchObject({ received: 5980, allocated: 2990, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("and that the gateway tells later with its EndToEndId stops waiting", async () => {
    await begin();
    const payment = aPayment({ externalId: "pay_1", invoiceRef: "1042" });
    await tell(world, payment);
    expect(await take(aLine({ externalId: "f1", endToEndId: E2E }))).toEqual(counts({ waiting: 1 }));
    expect(await tell(world, { ...payment, endToEndId: E2E })).toBe("known");
    expect(await waiting()).toEqual([]);
    expect(await states()).toEqual([{ key: "f1", state: "explained" }]);
    expect(await booksOf(world)).toMatchObject({ received: 2990, waiting: 0 });
  });
});

describe("money that waits", () => {
  it("shows whom it could be of with reasons, is assigned once, and is dismissed only with a reason", async () => {
    await begin();
    expect(
      await take(
        aLine({ externalId: "f1", payer: { name: "MARIA JOSE LIMA", taxId: null } }),
        aLine({ externalId: "f2", amountCents: 77, memo: "TED PROPRIA" }),
      ),
    ).toEqual(counts({ lines: 2, waiting: 2 }));
    const [first, second] = await waiting();
    expect(first?.matches).toMatchObject([
      {
        customer: customer.ref,
        invoice: "1042",
        confidence: "likely",
        because: [{ rule: "name_same" }, { rule: "amount_open", detail: "1042" }],
      },
    ]);
    expect(second?.matches).toEqual([]);
    const id = first?.money.id ?? 0;
    await expect(assignMoney(world.engine, { money: id, invoice: "9", by: "ana" })).rejects.toMatchObject({ code: "invoice_unknown" });
    await expect(assignMoney(world.engine, { money: id, by: "ana" })).rejects.toMatchObject({ code: "field_invalid" });
    await expect(assignMoney(world.engine, { money: 1, invoice: "1042", by: "ana" })).rejects.toMatchObject({ code: "money_unknown" });
    await assignMoney(world.engine, { money: id, invoice: "1042", by: "ana" });
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    await expect(assignMoney(world.engine, { money: id, invoice: "1042", by: "ana" })).rejects.toMatchObject({ code: "money_not_waiting" });
    const own = { money: second?.money.id ?? 0, by: "ana" };
    await expect(dismissMoney(world.engine, { ...own, reason: " " })).rejects.toMatchObject({ code: "words_missing" });
    await dismissMoney(world.engine, { ...own, reason: "transferência entre contas nossas" });
    await expect(dismissMoney(world.engine, { ...own, reason: "de novo" })).rejects.toMatchObject({ code: "money_not_waiting" });
    expect(await waiting()).toEqual([]);
    expect(await booksOf(world)).toMatchObject({ received: 2990, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("is assigned by two people at once to one of them", async () => {
    await begin();
    const other = await person("Ana Souza", null);
    await take(aLine({ externalId: "f1", amountCents: 100 }));
    const money = (await waiting())[0]?.money.id ?? 0;
    const done = await Promise.allSettled(
      [customer, other].map((each) => assignMoney(world.engine, { money, customer: each.ref, by: "ana" })),
    );
    expect(done.map((each) => each.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await booksOf(world)).toMatchObject({ received: 100, waiting: 0 });
  });
});

describe("an import", () => {
  it("that was cut off between keeping its lines and dealing with them is finished by the next one", async () => {
    await begin();
    const line = aLine({ externalId: "f1", payer: { name: null, taxId: CPF } });
    await take(line);
    await world.rows("UPDATE bank_line SET state = 'new', receipt_id = NULL");
    expect(await take(line)).toEqual(counts({ explained: 1 }));
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
  });

  it("of the same file by several at once books each line once", async () => {
    await begin();
    const people = await Promise.all(Array.from({ length: 20 }, (_, i) => person(`Cliente ${i}`, `${String(10_000_000_000 + i)}`)));
    for (const [i, each] of people.entries()) await addInvoice(world, each, { dueOn: "2026-11-23", ref: `N${i}` });
    const lines = people.map((_, i) =>
      aLine({
        externalId: `f${i}`,
        payer: { name: null, taxId: String(10_000_000_000 + i) },
        endToEndId: `${E2E.slice(0, -2)}${String(i).padStart(2, "0")}`,
      }),
    );
    const done = await Promise.all([take(...lines), take(...lines), take(...lines.toReversed())]);
    expect(done.reduce((sum, each) => sum + each.booked, 0)).toBe(20);
    expect(await booksOf(world)).toMatchObject({ received: 20 * 2990, allocated: 20 * 2990 });
  });
});
