// The one charge of an invoice, on real PostgreSQL with the sandbox's gateway: made once whatever is lost, replaced, taken back, paid.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordGatewayPayment } from "../src/engine/record-gateway-payment.ts";
import { setAddress } from "../src/engine/save-address.ts";
import { editCustomer } from "../src/engine/save-customer.ts";
import { createInvoice } from "../src/engine/save-invoice.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import { chargeInvoice, workCharges, type Charger } from "../src/jobs/charges.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { DAY_MS, MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, evaluate, evidence, makeEngine, type Row, type World } from "./support/engine.ts";
import { openMercadoPagoWorld } from "./support/mercadopago-world.ts";
import { findingsOf, tell } from "./support/payments.ts";
import { slipPayer } from "./support/slips.ts";
import { openSandboxGatewayWorld, type SandboxGatewayWorld } from "./support/sandbox-gateway-world.ts";

const NOW = at("2026-11-24T10:00");
const QUIET = { info: () => undefined, error: () => undefined };

let base: TestDatabase;
let world: World;
let bank: SandboxGatewayWorld;
let charger: Charger;
let customer: Row;

beforeEach(async () => {
  base = await freshDatabase();
  world = await makeEngine(base.url, { now: NOW });
  bank = await openSandboxGatewayWorld({ now: NOW });
  let tokens = 0;
  const plan = { gateway: "asaas", methods: ["pix", "boleto"] as const, aheadDays: 10 };
  charger = { engine: world.engine, gateways: new Map([["asaas", bank.gateway]]), plan, newToken: () => `token-${(tokens += 1)}` };
  customer = await addCustomer(world);
});
afterEach(async () => {
  await world?.close();
  await base?.drop();
});

const invoice = (ref: string, dueOn = "2026-11-30"): Promise<Row> => addInvoice(world, customer, { dueOn, ref });
const work = (): Promise<number> => workCharges(charger, QUIET);
function pass(ms: number): void {
  bank.pass(ms);
  world.clock.set(bank.now());
}
const chargeRow = async (row: Row): Promise<Record<string, unknown>> =>
  (await world.rows("SELECT phase, charge_id, amount_cents, may_exist, lease, answer FROM charge WHERE invoice_id = $1", [row.id]))[0] ??
  {};
const payWith = async (row: Row): Promise<Record<string, unknown>> =>
  (await world.rows("SELECT pix_code, boleto_line, pay_url FROM invoice WHERE invoice_id = $1", [row.id]))[0] ?? {};
const NONE = { pix_code: null, boleto_line: null, pay_url: null };
const open = (ref: string) => [...bank.charges.all.values()].filter((one) => one.invoiceRef === ref && !one.cancelled && !one.money);
const codeOf = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "done",
    (error: unknown) => (error instanceof ReguaError ? error.code : String(error)),
  );

describe("the charge of an invoice", () => {
  it("is made once, ahead of its due date, and stays the same for every look and every reminder", async () => {
    const soon = await invoice("1");
    const later = await invoice("2", "2026-12-24");
    expect(await work()).toBe(1);
    expect(await work()).toBe(0);
    await chargeInvoice(charger, "1", QUIET);
    expect(bank.chargesMade("1")).toBe(1);
    expect(bank.chargesMade("2")).toBe(0);
    const [made] = open("1");
    expect(await payWith(soon)).toEqual({ pix_code: made?.brCode, boleto_line: made?.digitLine, pay_url: null });
    expect(await payWith(later)).toEqual(NONE);
    pass(21 * DAY_MS);
    await work();
    expect(bank.chargesMade("2")).toBe(1);
    expect(bank.chargesMade("1")).toBe(1);
    const told = (await evidence(world, customer)).filter(({ kind }) => kind === "charge.made");
    expect(told.map(({ body }) => body.invoice)).toEqual(["1", "2"]);
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("stands in the messages that are written after it, whole and on a line of its own", async () => {
    const row = await invoice("1", "2026-11-20");
    await work();
    world.clock.set(at("2026-11-27T10:00"));
    await evaluate(world, customer);
    const [message] = await world.rows<{ payload: string }>("SELECT payload FROM outbox WHERE kind = 'message'");
    const { text } = JSON.parse(message?.payload ?? "{}") as { text: string };
    const { pix_code, boleto_line } = await payWith(row);
    expect(text.split("\n")).toEqual(expect.arrayContaining([pix_code, boleto_line]));
    expect(text).toContain("- Pix, chave: pix@hospedagem.example");
  });

  it("asked for by several workers at once is made by one", async () => {
    await invoice("1");
    const answers = await Promise.all(Array.from({ length: 4 }, () => codeOf(chargeInvoice(charger, "1", QUIET))));
    expect(answers.filter((code) => code !== "done" && code !== "charge_in_hand")).toEqual([]);
    expect(answers).toContain("done");
    await Promise.all([work(), work(), work()]);
    expect(bank.chargesMade("1")).toBe(1);
  });

  it("whose answer was lost is found by its reference later, and not made anew", async () => {
    const row = await invoice("1");
    bank.loseNextAnswer();
    expect(await codeOf(chargeInvoice(charger, "1", QUIET))).toBe("charge_failed");
    expect(await chargeRow(row)).toMatchObject({ phase: "wanted", may_exist: true, lease: null });
    // A request that was given up may still be carried out: nothing is asked before it must have been.
    pass(MINUTE_MS);
    expect(await work()).toBe(0);
    pass(5 * MINUTE_MS);
    expect(await work()).toBe(1);
    expect(bank.chargesMade("1")).toBe(1);
    expect(await chargeRow(row)).toMatchObject({ phase: "open", may_exist: false, charge_id: open("1")[0]?.chargeId });
  });

  it("whose worker died is taken over after its lease, and is still one", async () => {
    const row = await invoice("1");
    await work();
    await world.rows("UPDATE charge SET phase = 'wanted', charge_id = NULL, lease = 'dead', lease_until = $1", ["2026-11-24T13:03:00Z"]);
    expect(await codeOf(chargeInvoice(charger, "1", QUIET))).toBe("charge_in_hand");
    pass(4 * MINUTE_MS);
    await work();
    expect(bank.chargesMade("1")).toBe(1);
    expect(await chargeRow(row)).toMatchObject({ phase: "open", lease: null });
  });

  it("is replaced when the amount or the due date changes: the old one cannot be paid any more", async () => {
    const row = await invoice("1");
    await work();
    const [first] = open("1");
    await world.rows("UPDATE invoice SET amount_cents = 3990 WHERE invoice_id = $1", [row.id]);
    await work();
    const [second, ...more] = open("1");
    expect(more).toEqual([]);
    expect(second).toMatchObject({ amountCents: 3990 });
    expect(second?.chargeId).not.toBe(first?.chargeId);
    await world.rows("UPDATE invoice SET due_on = '2026-12-02' WHERE invoice_id = $1", [row.id]);
    await work();
    expect(open("1")).toHaveLength(1);
    expect(bank.chargesMade("1")).toBe(3);
    expect(await payWith(row)).toMatchObject({ pix_code: open("1")[0]?.brCode });
    const kinds = (await evidence(world, customer)).map(({ kind }) => kind).filter((kind) => kind.startsWith("charge."));
    expect(kinds).toEqual(["charge.made", "charge.cancelled", "charge.made", "charge.cancelled", "charge.made"]);
  });

  it("that was made before the amount changed, its answer lost, is not what the customer is told to pay", async () => {
    const row = await invoice("1");
    bank.loseNextAnswer();
    await work();
    await world.rows("UPDATE invoice SET amount_cents = 3990 WHERE invoice_id = $1", [row.id]);
    pass(6 * MINUTE_MS);
    await work();
    expect(open("1").map(({ amountCents }) => amountCents)).toEqual([3990]);
    expect(await payWith(row)).toMatchObject({ pix_code: open("1")[0]?.brCode });
  });

  it.each(["voided", "paid otherwise"])("is taken back when its invoice is %s", async (how) => {
    const row = await invoice("1");
    await work();
    if (how === "voided") await voidInvoice(world.engine, { invoice: "1", reason: "emitida por engano", by: "ana" });
    else {
      const paidOn = parseDay("2026-11-24");
      const money = {
        source: "banco",
        externalId: "E1",
        amount: 2990,
        currency: "BRL",
        paidOn,
        invoiceRef: "1",
        reason: null,
        actor: "banco",
      };
      await recordReceipts(world.engine, [{ customerId: customer.id, ...money }]);
    }
    expect(await work()).toBe(1);
    expect(open("1")).toEqual([]);
    expect(await chargeRow(row)).toMatchObject({ phase: "cancelled" });
    expect(await payWith(row)).toEqual(NONE);
    expect(await work()).toBe(0);
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("of which an answer was lost before its invoice was voided is looked up and taken back", async () => {
    const row = await invoice("1");
    bank.loseNextAnswer();
    await work();
    await voidInvoice(world.engine, { invoice: "1", reason: "emitida por engano", by: "ana" });
    pass(6 * MINUTE_MS);
    await work();
    expect(open("1")).toEqual([]);
    expect(await chargeRow(row)).toMatchObject({ phase: "cancelled", may_exist: false });
    expect(bank.chargesMade("1")).toBe(1);
  });

  it("that is paid books its invoice, and is asked for no more", async () => {
    const row = await invoice("1");
    await work();
    const [made] = open("1");
    const payment = await bank.gateway.pay(made?.chargeId ?? "", null);
    if (!payment) throw new Error("not paid");
    expect(await tell(world, { ...payment, invoiceRef: null })).toBe("booked");
    await work();
    expect(await chargeRow(row)).toMatchObject({ phase: "paid" });
    expect(await payWith(row)).toEqual(NONE);
    expect(await work()).toBe(0);
    expect(bank.chargesMade("1")).toBe(1);
  });

  it("whose money went back entirely is followed by a new one, within a day", async () => {
    await invoice("1");
    await work();
    const [made] = open("1");
    const paid = await bank.gateway.pay(made?.chargeId ?? "", null);
    if (!paid) throw new Error("not paid");
    await tell(world, paid);
    await work();
    bank.giveBack(paid.paymentId, paid.amountCents);
    pass(DAY_MS);
    await tell(world, { ...paid, refundedCents: paid.amountCents });
    pass(DAY_MS);
    await work();
    expect(open("1")).toHaveLength(1);
  });

  it("that the gateway refuses is not asked for every minute, and says why", async () => {
    const row = await invoice("1");
    bank.refuse();
    expect(await work()).toBe(1);
    expect(await chargeRow(row)).toMatchObject({ phase: "wanted", may_exist: false, answer: "The sandbox was told to refuse." });
    pass(60 * MINUTE_MS);
    expect(await work()).toBe(0);
    expect(await codeOf(chargeInvoice(charger, "1", QUIET))).toBe("charge_failed");
  });

  it("is refused plainly for a number that no charge can carry", async () => {
    await createInvoice(world.engine, {
      customer: customer.ref,
      ref: "número 1",
      dueOn: parseDay("2026-11-30"),
      amount: 100,
      currency: "BRL",
      by: "ana",
    });
    await expect(chargeInvoice(charger, "número 1", QUIET)).rejects.toThrow(/other characters than a charge can carry/u);
  });
});

describe("the boleto of a payer", () => {
  it("waits for the postal address, is made as soon as it is entered, and is booked under the gateway's own id", async () => {
    const mercadoPago = await openMercadoPagoWorld(["boleto"]);
    try {
      mercadoPago.pass(NOW - mercadoPago.now());
      const plan = { gateway: "mercadopago", methods: ["boleto"] as const, aheadDays: 10 };
      charger = { ...charger, gateways: new Map([["mercadopago", mercadoPago.gateway]]), plan };
      await editCustomer(world.engine, { customer: customer.ref, edit: { taxId: "111.444.777-35", email: "ana@example.com" }, by: "test" });
      const row = await invoice("1", "2026-11-30");
      await work();
      expect(await chargeRow(row)).toMatchObject({ phase: "wanted", answer: expect.stringContaining("not known: postal address") });
      const { address } = slipPayer;
      if (!address) throw new Error("the payer has an address");
      await setAddress(world.engine, { customer: customer.ref, address, by: "test" });
      await setAddress(world.engine, { customer: customer.ref, address, by: "test" });
      expect(
        (await evidence(world, customer)).filter(({ body }) => "address" in ((body.changed as object | undefined) ?? {})),
      ).toHaveLength(1);
      expect(await work()).toBe(1);
      const [payment] = mercadoPago.mp.payments;
      expect(await payWith(row)).toMatchObject({ pix_code: null, boleto_line: expect.stringMatching(/^237\d{44}$/u) });
      expect(payment).toMatchObject({ payer: { address: { zip_code: "80020310", street_name: "Rua XV de Novembro" } } });
      const id = String(payment?.id);
      mercadoPago.pay(id, Math.round((payment?.transaction_amount ?? 0) * 100));
      const paid = await mercadoPago.gateway.fetchPayments({ kind: "payment", id }, { signal: AbortSignal.timeout(5_000) });
      if (paid.outcome !== "done") throw new Error(paid.reason);
      expect(paid.value).toMatchObject([{ method: "boleto", externalId: id, invoiceRef: "1" }]);
      for (const money of [...paid.value, ...paid.value]) await recordGatewayPayment(world.engine, "mercadopago", money, NOW);
      expect(await world.rows("SELECT external_id FROM receipt WHERE source = 'mercadopago'")).toEqual([{ external_id: id }]);
      expect(await world.rows("SELECT state FROM invoice WHERE ref = '1'")).toEqual([{ state: "paid" }]);
    } finally {
      await mercadoPago.gateway.close();
      await mercadoPago.close();
    }
  });
});
