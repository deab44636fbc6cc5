// A day's money compared from every side: a gateway asked again over HTTP, bank lines, receipts, and money declared that nobody saw.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dismissMoney } from "../src/engine/assign-money.ts";
import { importStatement } from "../src/engine/import-statement.ts";
import { listWaiting } from "../src/engine/list-waiting.ts";
import { reconcileDay, type Reconciliation } from "../src/engine/reconcile-day.ts";
import { recordGatewayPayment } from "../src/engine/record-gateway-payment.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { refundReceipt } from "../src/engine/reverse-receipt.ts";
import { readGatewayDay } from "../src/jobs/read-gateway-day.ts";
import { deadline } from "../src/kernel/clock.ts";
import { formatDay, parseDay } from "../src/kernel/time.ts";
import { openAsaasWorld, type AsaasWorld } from "./support/asaas-world.ts";
import { makeService } from "./support/api.ts";
import { freshDatabase, freshEmptyDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, makeEngine, zone, type Row, type World } from "./support/engine.ts";
import { ACCOUNT, aLine, booksOf } from "./support/payments.ts";
import { makeHome } from "./support/program.ts";

/** The fake gateway's own day. */
const DAY = parseDay("2026-11-10");

let base: TestDatabase;
let world: World;
let asaas: AsaasWorld;
let customer: Row;

beforeEach(async () => {
  base = await freshDatabase();
  asaas = await openAsaasWorld();
  world = await makeEngine(base.url, { now: asaas.now() });
  customer = await addCustomer(world);
});
afterEach(async () => {
  await world?.close();
  await asaas?.close();
  await base?.drop();
});

function paid(ref: string | null, cents = 2990): string {
  const made = asaas.asaas.add({ externalReference: ref, value: cents / 100 });
  asaas.asaas.pay(made, cents, false);
  return made.id;
}

async function told(id: string): Promise<void> {
  const found = await asaas.gateway.fetchPayments({ kind: "payment", id }, { signal: deadline(10_000) });
  if (found.outcome !== "done") throw new Error(found.reason);
  for (const payment of found.value) await recordGatewayPayment(world.engine, "asaas", payment, asaas.now());
}

async function reconcile(): Promise<Reconciliation> {
  const asked = new Map([["asaas", await readGatewayDay(asaas.gateway, zone.startOf(DAY), asaas.now())]]);
  return reconcileDay(world.engine, { day: DAY, asked });
}

const line = (change: Parameters<typeof aLine>[0]) => aLine({ bookedOn: DAY, paidOn: DAY, ...change });

describe("a day at a gateway", () => {
  it("fits when all of it is booked or waits, to the cent, refunds included", async () => {
    await addInvoice(world, customer, { dueOn: "2026-11-12", ref: "1" });
    const [first, second] = [paid("1"), paid("nobody's", 1000)];
    await told(first);
    await told(second);
    asaas.giveBack(first, 990);
    await told(first);
    const found = await reconcile();
    expect(found.gateways).toEqual([
      {
        gateway: "asaas",
        source: "asked",
        failure: null,
        payments: 2,
        capturedCents: 3000,
        bookedCents: 2000,
        waitingCents: 1000,
        differences: [],
      },
    ]);
    expect(found).toMatchObject({ balanced: true, waiting: { count: 1, amountCents: 1000, oldestOn: DAY } });
    expect(await booksOf(world)).toMatchObject({ received: 2990, returned: 990 });
  });

  it("that told us less than it has, or something else, is listed payment by payment", async () => {
    for (const ref of ["1", "2", "3", "4"]) await addInvoice(world, customer, { dueOn: "2026-11-12", ref });
    const [lost, changed, refunded, gone] = [paid("1"), paid("2"), paid("3"), paid("4")];
    for (const id of [changed, refunded, gone]) await told(id);
    asaas.giveBack(refunded, 1000);
    const at = (id: string) => asaas.asaas.payments.find((one) => one.id === id);
    Object.assign(at(changed) ?? {}, { value: 30 });
    asaas.asaas.payments.splice(
      asaas.asaas.payments.findIndex((one) => one.id === gone),
      1,
    );
    asaas.asaas.statement.splice(0, asaas.asaas.statement.length, ...asaas.asaas.statement.filter((entry) => entry.paymentId !== gone));
    const found = await reconcile();
    expect(found.balanced).toBe(false);
    const [day] = found.gateways;
    expect(new Map(day?.differences.map(({ externalId, problem, told: there, booked }) => [externalId, [problem, there, booked]]))).toEqual(
      new Map([
        [lost, ["not_booked", 2990, null]],
        [changed, ["amount_differs", 3000, 2990]],
        [refunded, ["returned_differs", 1000, 0]],
        [gone, ["not_told", null, 2990]],
      ]),
    );
  });

  it("that does not answer is said, and what it told before is compared", async () => {
    await addInvoice(world, customer, { dueOn: "2026-11-12", ref: "1" });
    await told(paid("1"));
    asaas.busy();
    const found = await reconcile();
    expect(found.balanced).toBe(false);
    expect(found.gateways[0]).toMatchObject({ source: "failed", capturedCents: 2990, bookedCents: 2990, differences: [] });
    expect(found.gateways[0]?.failure).not.toBeNull();
    expect(await reconcileDay(world.engine, { day: DAY })).toMatchObject({ balanced: true, gateways: [{ source: "remembered" }] });
  });

  it("where staff gave more back than the gateway knows still fits", async () => {
    await addInvoice(world, customer, { dueOn: "2026-11-12", ref: "1" });
    const id = paid("1");
    await told(id);
    const [{ external_id: externalId } = { external_id: "" }] = await world.rows<{ external_id: string }>(
      "SELECT external_id FROM receipt",
    );
    await refundReceipt(world.engine, { source: "asaas", externalId, amount: 500, reason: "desconto combinado", by: "ana" });
    expect((await reconcile()).gateways[0]?.differences).toEqual([]);
  });
});

describe("a day of statements", () => {
  it("lists every line that nothing explains, and no other", async () => {
    await addInvoice(world, customer, { dueOn: "2026-11-12", ref: "1042" });
    await world.rows("UPDATE customer SET tax_id = '11144477735' WHERE customer_id = $1", [customer.id]);
    await importStatement(
      world.engine,
      [
        line({ externalId: "sure", payer: { name: null, taxId: "11144477735" } }),
        line({ externalId: "own", amountCents: 5000, memo: "TED MESMA TITULARIDADE" }),
        line({ externalId: "whose", amountCents: 77, memo: "PIX RECEBIDO FULANO", payer: { name: "FULANO", taxId: null } }),
        line({ externalId: "fee", amountCents: -450, memo: "TARIFA" }),
      ],
      { by: "ana" },
    );
    const { waiting } = await listWaiting(world.engine, { limit: 10 });
    const own = waiting.find(({ money }) => money.externalId === "own");
    await dismissMoney(world.engine, { money: own?.money.id ?? 0, reason: "transferência nossa", by: "ana" });
    // The receipt behind a line is over another amount: somebody's net and gross.
    await world.rows("UPDATE bank_line SET amount_cents = 2900 WHERE line_key = 'sure'");
    const found = await reconcileDay(world.engine, { day: DAY });
    expect(found.balanced).toBe(false);
    expect(found.accounts).toMatchObject([
      {
        account: ACCOUNT,
        lines: 4,
        inCents: 7977,
        outCents: 450,
        explained: 0,
        dismissed: 1,
        listed: [
          { key: "sure", problem: "amount_differs", amountCents: 2900, bookedCents: 2990, customer: customer.ref },
          { key: "whose", problem: "waiting", amountCents: 77, payer: "FULANO" },
        ],
      },
    ]);
    expect((await reconcileDay(world.engine, { day: DAY + 1 })).accounts).toEqual([]);
  });
});

describe("money declared as paid", () => {
  it("and seen in no account for seven days is told, until it is seen or given back", async () => {
    const receipt = {
      customerId: customer.id,
      source: "staff",
      amount: 2990,
      currency: "BRL",
      paidOn: DAY,
      invoiceRef: null,
      reason: "comprovante",
      actor: "ana",
    };
    await recordReceipts(world.engine, [
      { ...receipt, externalId: "a" },
      { ...receipt, externalId: "b", settledOn: DAY },
      { ...receipt, externalId: "c", amount: 100 },
    ]);
    await refundReceipt(world.engine, { source: "staff", externalId: "c", reason: "engano", by: "ana" });
    expect((await reconcileDay(world.engine, { day: DAY + 6 })).declared.total).toBe(0);
    expect((await reconcileDay(world.engine, { day: DAY + 9 })).declared).toEqual({
      total: 1,
      receipts: [{ source: "staff", externalId: "a", customer: customer.ref, amountCents: 2990, paidOn: DAY, days: 9 }],
    });
  });
});

describe("the service API", () => {
  it("lists what waits, takes a decision, refunds, applies credit and reconciles", async () => {
    const service = await makeService(world);
    await addInvoice(world, customer, { dueOn: "2026-11-12", ref: "1042" });
    await told(paid("nobody's"));
    await told(paid(null, 500));
    const list = await service.ask("GET", "/v1/money/waiting");
    expect(list.body.waiting).toMatchObject([
      {
        origin: "gateway",
        source: "asaas",
        amountCents: 2990,
        invoice: "nobody's",
        why: "invoice_unknown",
        matches: [
          { invoice: "1042", confidence: "possible", because: [{ rule: "amount_open", text: "o valor é o que falta da fatura 1042" }] },
        ],
      },
      { amountCents: 500, invoice: null, why: "names_no_invoice", matches: [] },
    ]);
    const [first, second] = list.body.waiting as { id: number; externalId: string }[];
    const assigned = await service.ask("POST", `/v1/money/${first?.id}/assign`, { body: { invoice: "1042" } });
    expect(assigned).toMatchObject({ code: 200, body: { assigned: true } });
    expect(await service.ask("POST", `/v1/money/${first?.id}/assign`, { body: { invoice: "1042" } })).toMatchObject({
      code: 409,
      body: { code: "money_not_waiting" },
    });
    expect(await service.ask("POST", `/v1/money/${second?.id}/dismiss`, { body: { reason: "teste do gateway" } })).toMatchObject({
      code: 200,
    });
    const refund = { source: "asaas", externalId: first?.externalId, amountCents: 990, reason: "acordo" };
    expect(await service.ask("POST", "/v1/receipts/refund", { body: refund })).toMatchObject({ code: 200, body: { returnedCents: 990 } });
    expect(await service.ask("POST", `/v1/customers/${customer.ref}/credit/apply`, { body: {} })).toMatchObject({
      body: { appliedCents: 0, leftCents: 0 },
    });
    const due = await service.ask("GET", "/v1/invoices/1042/amount-due?on=2026-12-01");
    expect(due.body).toMatchObject({ openCents: 990, fineCents: 0, totalCents: 990, feesWaived: true, on: "2026-12-01" });
    const day = await service.ask("GET", `/v1/reconcile?day=${formatDay(DAY)}`);
    expect(day).toMatchObject({ code: 200, body: { balanced: true, gateways: [{ gateway: "asaas", payments: 2, bookedCents: 2000 }] } });
    const receipts = await service.ask("GET", `/v1/receipts?customer=${customer.ref}`);
    expect(receipts.body.receipts).toMatchObject([{ source: "asaas", refundedCents: 990, settledOn: "2026-11-10" }]);
    expect(await booksOf(world)).toMatchObject({ waiting: 0 });
  });

  it("says before it is paid what an invoice costs on a day, with fine and interest, by the banking calendar", async () => {
    await world.close();
    await base.drop();
    base = await freshDatabase();
    world = await makeEngine(base.url, { now: asaas.now(), policyDoc: { late_fee: { fine_percent: 2, interest_percent_month: 1 } } });
    customer = await addCustomer(world);
    // A Saturday: the Monday after is in time.
    await addInvoice(world, customer, { dueOn: "2026-11-07", ref: "1042", amount: 10_000 });
    const service = await makeService(world);
    const on = async (day: string) => (await service.ask("GET", `/v1/invoices/1042/amount-due?on=${day}`)).body as Record<string, unknown>;
    expect(await on("2026-11-09")).toMatchObject({ effectiveDueOn: "2026-11-09", fineCents: 0, interestCents: 0, totalCents: 10_000 });
    expect(await on("2026-11-10")).toMatchObject({ fineCents: 200, interestCents: 10, totalCents: 10_210, lateDays: 3 });
    await told(paid("1042", 10_210));
    expect(await on("2026-11-20")).toMatchObject({ openCents: 0, totalCents: 0, lateDays: 0 });
    expect(await booksOf(world)).toMatchObject({ received: 10_210, allocated: 10_210, credit: 0 });
  });
});

describe("the command", () => {
  it("writes the report for people and machines, and refuses a day that has not come", { timeout: 60_000 }, async () => {
    const empty = await freshEmptyDatabase();
    const home = makeHome({ DATABASE_URL: empty.url });
    try {
      await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
      const value = await home.json("reconcile", "--day", "2026-11-01");
      expect(value).toMatchObject({
        day: "2026-11-01",
        balanced: true,
        gateways: [{ gateway: "sandbox", payments: 0 }],
        accounts: [],
        declared: { total: 0 },
      });
      const text = await home.run("reconcile");
      expect(text.out).toContain("2026-11-01");
      const refused = await home.run("reconcile", "--day", "2026-11-03");
      expect(refused.code).toBe(1);
      expect(refused.err).toContain("has not come");
    } finally {
      await home.remove();
      await empty.drop();
    }
  });
});
