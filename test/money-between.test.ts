// Money that one source tells while another's word of it is taken in, between two transactions: it is in the books once.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assignMoney } from "../src/engine/assign-money.ts";
import type { Engine } from "../src/engine/engine.ts";
import { importStatement, type StatementImported } from "../src/engine/import-statement.ts";
import { recordCharge } from "../src/engine/record-charge.ts";
import { recordGatewayPayments } from "../src/engine/record-gateway-payments.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { parseDay } from "../src/kernel/time.ts";
import type { BankLine } from "../src/ports/bank-statement.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, makeEngine, type Row, type World } from "./support/engine.ts";
import { aLine, aPayment, booksOf, findingsOf, tell } from "./support/payments.ts";

const CODE = "7978c0c97ea847e78e8849634473c1f1";
const E2E = "E18236120202611241300s0123456789";

let base: TestDatabase;
let world: World;
let customer: Row;
beforeEach(async () => {
  base = await freshDatabase();
  world = await makeEngine(base.url, { now: at("2026-11-25T10:00") });
  customer = await owing("1042");
  await recordCharge(world.engine, { gateway: "asaas", invoice: "1042", charge: { chargeId: CODE, brCode: null, digitLine: null } });
});
afterEach(async () => {
  expect(await findingsOf(world, customer)).toEqual([]);
  await world?.close();
  await base?.drop();
});

async function owing(ref: string): Promise<Row> {
  const row = await addCustomer(world);
  await addInvoice(world, row, { dueOn: "2026-11-23", ref });
  return row;
}

/** An engine in which something happens just before its transaction of that number. */
function interrupted(number: number, happens: () => Promise<unknown>): Engine {
  const { db } = world.engine;
  let begun = 0;
  const transaction = (): object => ({
    execute: async (work: Parameters<ReturnType<typeof db.transaction>["execute"]>[0]) => {
      begun += 1;
      if (begun === number) await happens();
      return db.transaction().execute(work);
    },
  });
  const interruptedDb = new Proxy(db, {
    get(target, name) {
      if (name === "transaction") return transaction;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...world.engine, db: interruptedDb };
}

/** Its first transaction keeps the lines; before the second, whose they are has been looked for. */
const takeWhile = (happens: () => Promise<unknown>, ...lines: BankLine[]): Promise<StatementImported> =>
  importStatement(interrupted(2, happens), lines, { by: "ana" });

describe("a line without an id of its own", () => {
  const line = aLine({ externalId: "f1", txid: CODE });

  it("is the payment that its gateway tells after the line's owner was found, and before it is booked", async () => {
    const payment = aPayment({ externalId: "pay_1", chargeId: CODE, invoiceRef: "1042", endToEndId: E2E });
    expect(await takeWhile(() => tell(world, payment), line)).toMatchObject({ explained: 1, booked: 0 });
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990, credit: 0 });
  });

  it("is booked where somebody else pays meanwhile", async () => {
    await owing("2000");
    const payment = aPayment({ externalId: "pay_1", invoiceRef: "2000" });
    expect(await takeWhile(() => tell(world, payment), line)).toMatchObject({ explained: 0, booked: 1 });
    expect(await booksOf(world)).toMatchObject({ received: 5980, allocated: 5980 });
  });

  it("is money of its own where another line is found to be the receipt that it was taken for", async () => {
    const { id: customerId } = customer;
    const declared = { customerId, source: "caixa", externalId: "r1", amount: 2990, currency: "BRL", paidOn: parseDay("2026-11-24") };
    await recordReceipts(world.engine, [{ ...declared, invoiceRef: "1042", reason: null, actor: "ana" }]);
    const bare = aLine({ externalId: "f2", memo: "TED" });
    expect(await importStatement(world.engine, [bare], { by: "ana" })).toMatchObject({ waiting: 1 });
    const [row] = await world.rows<{ id: number }>("SELECT money_id AS id FROM waiting_money");
    const says = () => assignMoney(world.engine, { money: row?.id ?? 0, receipt: { source: "caixa", externalId: "r1" }, by: "ana" });
    expect(await takeWhile(says, line)).toMatchObject({ explained: 0, booked: 1 });
    expect(await booksOf(world)).toMatchObject({ received: 5980, allocated: 2990, credit: 2990, waiting: 0 });
  });
});

describe("payments told together", () => {
  it("are looked at one by one where the line of one of them is booked just before", async () => {
    await owing("2000");
    const askedAt = world.clock.now();
    const told = [
      aPayment({ externalId: "pay_1", chargeId: CODE, invoiceRef: "1042", endToEndId: E2E }),
      aPayment({ externalId: "pay_2", invoiceRef: "2000", endToEndId: "E18236120202611241301s0123456789" }),
    ].map((payment) => ({ gateway: "asaas", payment, askedAt }));
    const engine = interrupted(1, () => importStatement(world.engine, [aLine({ externalId: "f1", txid: CODE })], { by: "ana" }));
    expect(await recordGatewayPayments(engine, told)).toEqual(["changed", "booked"]);
    expect(await booksOf(world)).toMatchObject({ received: 5980, allocated: 5980 });
  });
});
