// Payments told at the same moment: plainly new ones share a transaction, and none that is odd holds up or spoils another.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordGatewayPayments, type ToldPayment } from "../src/engine/record-gateway-payments.ts";
import { Gathering } from "../src/jobs/gathering.ts";
import type { GatewayPayment } from "../src/ports/payment-gateway.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, makeEngine, type Row, type World } from "./support/engine.ts";
import { aPayment, booksOf, findingsOf, invoiceOf, tell } from "./support/payments.ts";

describe("payments told together", () => {
  let base: TestDatabase;
  let world: World;

  beforeEach(async () => {
    base = await freshDatabase();
    world = await makeEngine(base.url, { now: at("2026-11-24T10:00") });
  });
  afterEach(async () => {
    await world?.close();
    await base?.drop();
  });

  const owing = async (ref: string): Promise<{ customer: Row; invoice: Row }> => {
    const customer = await addCustomer(world);
    return { customer, invoice: await addInvoice(world, customer, { dueOn: "2026-11-12", ref }) };
  };
  const told = (...payments: GatewayPayment[]): ToldPayment[] =>
    payments.map((payment) => ({ gateway: "asaas", payment, askedAt: world.clock.now() }));

  it("are booked in one transaction where all are new, each in its own customer's evidence", async () => {
    const debts = [await owing("1"), await owing("2"), await owing("3")];
    const payments = debts.map(({ invoice }) => aPayment({ externalId: `p${invoice.ref}`, invoiceRef: invoice.ref }));
    const before = world.database.statements();
    expect(await recordGatewayPayments(world.engine, told(...payments))).toEqual(["booked", "booked", "booked"]);
    const together = world.database.statements() - before;
    const fourth = await owing("4");
    const alone = world.database.statements();
    await tell(world, aPayment({ externalId: "p4", invoiceRef: "4" }));
    expect(together).toBeLessThan(2 * (world.database.statements() - alone));
    for (const { customer, invoice } of [...debts, fourth]) {
      expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid", paid: 2990 });
      expect(await findingsOf(world, customer)).toEqual([]);
    }
    expect(await booksOf(world)).toMatchObject({ received: 4 * 2990 });
  });

  it("with known ones, nameless ones, another currency and two of one customer among them, become what each would alone", async () => {
    const [one, two] = [await owing("1"), await owing("2")];
    await owing("3");
    const known = aPayment({ externalId: "known", invoiceRef: "3", amountCents: 1000 });
    await tell(world, known);
    const told_ = told(
      aPayment({ externalId: "a", invoiceRef: "1", amountCents: 1000 }),
      known,
      aPayment({ externalId: "b", invoiceRef: null }),
      aPayment({ externalId: "c", invoiceRef: "1", amountCents: 1990 }),
      aPayment({ externalId: "d", invoiceRef: "3", currency: "USD" }),
      aPayment({ externalId: "e", invoiceRef: "2" }),
    );
    expect(await recordGatewayPayments(world.engine, told_)).toEqual(["booked", "known", "waiting", "booked", "waiting", "booked"]);
    expect(await recordGatewayPayments(world.engine, told_)).toEqual(["known", "known", "known", "known", "known", "known"]);
    expect(await invoiceOf(world, one.invoice)).toMatchObject({ state: "paid" });
    expect(await invoiceOf(world, two.invoice)).toMatchObject({ state: "paid" });
  });

  it("by several at once are booked once each", async () => {
    const payments: GatewayPayment[] = [];
    for (let n = 1; n <= 8; n += 1) {
      await owing(String(n));
      payments.push(aPayment({ externalId: `p${n}`, invoiceRef: String(n) }));
    }
    const orders = [payments, payments.toReversed(), payments.slice(3), payments.slice(0, 5)];
    await Promise.all(orders.map((order) => recordGatewayPayments(world.engine, told(...order))));
    expect(await booksOf(world)).toMatchObject({ received: 8 * 2990 });
  });

  it("of which one cannot be booked are booked all the same, and that one says why", async () => {
    await owing("1");
    await owing("2");
    const bad = aPayment({ externalId: "x", invoiceRef: "2", amountCents: 0 });
    const [good, why] = await recordGatewayPayments(world.engine, told(aPayment({ externalId: "a", invoiceRef: "1" }), bad));
    expect(good).toBe("booked");
    expect(why).toBeInstanceOf(Error);
  });
});

describe("a gathering", () => {
  it("takes the first at once, and together what comes while it works; each gets its own answer", async () => {
    const batches: number[][] = [];
    const waiting: (() => void)[] = [];
    const gathering = new Gathering<number, number>(3, async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (items.includes(13)) throw new Error("thirteen");
      return items.map((item) => item * 2);
    });
    const answers = [1, 2, 3, 4, 13].map((item) => gathering.add(item).catch((error: Error) => error.message));
    for (let batch = 0; batch < 3; batch += 1) {
      while (waiting.length === 0) await Promise.resolve();
      waiting.shift()?.();
    }
    expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, "thirteen"]);
    expect(batches).toEqual([[1], [2, 3, 4], [13]]);
  });
});
