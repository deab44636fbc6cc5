// Money in through gateways: booked once, settled, given back and opened again, whatever the order in which it is told; on real PostgreSQL.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyCredit } from "../src/engine/apply-credit.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { reportReceipts } from "../src/engine/report-receipts.ts";
import { refundReceipt } from "../src/engine/reverse-receipt.ts";
import { createInvoice } from "../src/engine/save-invoice.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { parseDay, type Instant } from "../src/kernel/time.ts";
import type { GatewayPayment } from "../src/ports/payment-gateway.ts";
import { makeService, type Service } from "./support/api.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import {
  addCustomer,
  addInvoice,
  addService,
  at,
  desired,
  evidence,
  makeEngine,
  type Row,
  type World,
  type WorldOptions,
} from "./support/engine.ts";
import { aPayment, booksOf, findingsOf, invoiceOf, tell } from "./support/payments.ts";

let base: TestDatabase;
let world: World;
let service: Service | null = null;
beforeEach(async () => {
  service = null;
  base = await freshDatabase();
});
afterEach(async () => {
  await world?.close();
  await base?.drop();
});

const SILENT = { suspended: false, reactivated: false, promise_ends: false };
const FEES = { late_fee: { fine_percent: 2, interest_percent_month: 1 } };
/** Without calendar and quiet hours; Monday, 23 November 2026 is the due date. */
const PLAIN = { never_suspend_on: [], quiet_hours: "none", announce: SILENT };

async function begin(policyDoc: Record<string, unknown> = {}, now: Instant = at("2026-11-23T10:00")): Promise<void> {
  world = await makeEngine(base.url, { now, policyDoc: { ...PLAIN, ...policyDoc } } satisfies WorldOptions);
}

/** A customer with a service and its invoice of R$ 29,90, due on 23 November. */
async function owing(change: { amount?: number; ref?: string } = {}): Promise<{ customer: Row; service: Row; invoice: Row }> {
  const customer = await addCustomer(world);
  const service = await addService(world, customer);
  await world.rows("INSERT INTO sandbox_account (account, access) VALUES ($1, 'active')", [`conta${service.id}`]);
  const invoice = await addInvoice(world, customer, { dueOn: "2026-11-23", service, ref: "1042", ...change });
  return { customer, service, invoice };
}

/** Lives up to a moment: the sweep, and all that follows from it; what the ladder did is in the table of notices and holds. */
async function live(moment: string): Promise<void> {
  world.clock.set(at(moment));
  service ??= await makeService(world);
  for (let round = 0; round < 3; round += 1) {
    const tally = emptyTally();
    await sweep(world.engine, tally);
    await service.work();
    expect(tally.faults).toBe(0);
  }
}

/** Lives each day at the hour given. */
async function days(from: number, to: number): Promise<void> {
  for (let day = from; day <= to; day += 1) await live(`2026-11-${String(day).padStart(2, "0")}T10:00`);
}

const pix = (change: Partial<GatewayPayment> = {}): GatewayPayment => aPayment({ externalId: "pay_1", invoiceRef: "1042", ...change });

describe("a payment told by a gateway", () => {
  it("is booked once, however often it is told, and releases the service while it is only captured", async () => {
    await begin();
    const { customer, invoice } = await owing();
    await days(23, 29);
    expect(Object.values(await desired(world, customer))).toEqual(["suspended"]);
    expect(await tell(world, pix({ phase: "captured" }))).toBe("booked");
    expect(Object.values(await desired(world, customer))).toEqual(["active"]);
    expect(await tell(world, pix({ phase: "captured" }))).toBe("known");
    expect(await world.rows("SELECT settled_on FROM receipt")).toEqual([{ settled_on: null }]);
    world.clock.set(at("2026-12-01T09:00"));
    expect(await tell(world, pix({ phase: "settled" }))).toBe("changed");
    expect(await world.rows("SELECT settled_on FROM receipt")).toEqual([{ settled_on: parseDay("2026-12-01") }]);
    expect(await tell(world, pix({ phase: "captured" }))).toBe("known");
    expect(await invoiceOf(world, invoice)).toEqual({ state: "paid", paid: 2990, fees: 0 });
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990, credit: 0, returned: 0, waiting: 0 });
    expect((await evidence(world, customer)).filter((entry) => entry.kind.startsWith("receipt")).map((entry) => entry.kind)).toEqual([
      "receipt",
      "receipt.settled",
    ]);
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("given back opens the invoice again where its ladder stood: nothing is repeated, and the service goes down a gap later", async () => {
    await begin();
    const { customer, invoice } = await owing();
    await days(23, 28);
    await tell(world, pix());
    const said = () => world.rows("SELECT step, decided_at FROM notice ORDER BY decided_at, step");
    const before = await said();
    expect(before.map((notice) => notice.step)).toEqual(["reminder", "warning"]);
    await live("2026-12-20T10:00");
    expect(await tell(world, pix({ refundedCents: 2990 }))).toBe("changed");
    expect(await invoiceOf(world, invoice)).toEqual({ state: "open", paid: 0, fees: 0 });
    await live("2026-12-20T10:00");
    await live("2026-12-21T09:59");
    expect(Object.values(await desired(world, customer))).toEqual(["active"]);
    await live("2026-12-21T10:00");
    expect(Object.values(await desired(world, customer))).toEqual(["suspended"]);
    expect(await said()).toEqual(before);
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 0, returned: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("given back in part takes the overpayment first, then opens what was paid last", async () => {
    await begin();
    const { customer, invoice } = await owing();
    await tell(world, pix({ amountCents: 3500 }));
    expect(await booksOf(world)).toMatchObject({ allocated: 2990, credit: 510 });
    await tell(world, pix({ amountCents: 3500, refundedCents: 500 }));
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    await tell(world, pix({ amountCents: 3500, refundedCents: 1000 }));
    expect(await invoiceOf(world, invoice)).toEqual({ state: "open", paid: 2500, fees: 0 });
    // An older reading arrives last: what was given back does not come back by it.
    expect(await tell(world, pix({ amountCents: 3500, refundedCents: 500 }))).toBe("known");
    expect(await booksOf(world)).toMatchObject({ received: 3500, allocated: 2500, credit: 0, returned: 1000 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("charged back is gone, and ours again when the dispute is won, by the reading that was asked last", async () => {
    await begin();
    const { customer, invoice } = await owing();
    const now = world.clock.now();
    await tell(world, pix({ method: "card", phase: "captured" }), now);
    await tell(world, pix({ method: "card", phase: "captured", chargedBack: true }), now + 2);
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "open", paid: 0 });
    // Asked before the dispute, answered after it.
    expect(await tell(world, pix({ method: "card", phase: "captured" }), now + 1)).toBe("known");
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "open", paid: 0 });
    expect(await tell(world, pix({ method: "card", phase: "captured" }), now + 3)).toBe("changed");
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid", paid: 2990 });
    expect(await booksOf(world)).toMatchObject({ allocated: 2990, returned: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("that was given back before anybody told of it is booked, and applied to nothing", async () => {
    await begin();
    const { customer, invoice } = await owing();
    expect(await tell(world, pix({ refundedCents: 2990 }))).toBe("booked");
    expect(await tell(world, pix())).toBe("known");
    expect(await invoiceOf(world, invoice)).toEqual({ state: "open", paid: 0, fees: 0 });
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 0, credit: 0, returned: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("of an invoice that was voided, or paid already, is credit, which pays what comes next when staff ask for it", async () => {
    await begin();
    const { customer, service } = await owing();
    await voidInvoice(world.engine, { invoice: "1042", reason: "emitida em dobro", by: "ana" });
    expect(await tell(world, pix())).toBe("booked");
    expect(await booksOf(world)).toMatchObject({ allocated: 0, credit: 2990 });
    const next = await addInvoice(world, customer, { dueOn: "2026-12-23", service, ref: "1043", amount: 2000 });
    const last = await addInvoice(world, customer, { dueOn: "2027-01-23", service, ref: "1044", amount: 2000 });
    expect(await applyCredit(world.engine, { customer: customer.ref, by: "ana" })).toEqual({ applied: 2990, left: 0 });
    expect(await invoiceOf(world, next)).toMatchObject({ state: "paid" });
    expect(await invoiceOf(world, last)).toMatchObject({ state: "open", paid: 990 });
    expect(await applyCredit(world.engine, { customer: customer.ref, by: "ana" })).toEqual({ applied: 0, left: 0 });
    // The payment goes back: both are open again.
    await tell(world, pix({ refundedCents: 2990 }));
    expect(await invoiceOf(world, next)).toMatchObject({ state: "open", paid: 0 });
    expect(await booksOf(world)).toMatchObject({ allocated: 0, credit: 0, returned: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("leaves credit that pays a new invoice at once where the policy says so", async () => {
    await begin({ receipts: { use_credit: "when_issued" } });
    const { customer } = await owing({ amount: 1000 });
    await tell(world, pix());
    await createInvoice(world.engine, {
      customer: customer.ref,
      ref: "1043",
      dueOn: parseDay("2026-12-23"),
      amount: 1500,
      currency: "BRL",
      by: "ana",
    });
    expect(await booksOf(world)).toMatchObject({ allocated: 2500, credit: 490 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("in part leaves a small remainder that suspends nothing", async () => {
    await begin({ small_remainder: "1.00" });
    const { customer, invoice } = await owing();
    await tell(world, pix({ amountCents: 2900 }));
    await days(24, 30);
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "open", paid: 2900 });
    expect(Object.values(await desired(world, customer))).toEqual(["active"]);
  });
});

describe("fine and interest", () => {
  it("stand apart from what the invoice is over, and a payment with both settles the invoice with its fees", async () => {
    await begin(FEES);
    const { customer, invoice } = await owing({ amount: 10_000 });
    // Ten days late: 2,00 of fine, 0,33 of interest.
    world.clock.set(at("2026-12-03T10:00"));
    await tell(world, pix({ amountCents: 10_233, paidOn: parseDay("2026-12-03") }));
    expect(await invoiceOf(world, invoice)).toEqual({ state: "paid", paid: 10_000, fees: 233 });
    expect(await booksOf(world)).toMatchObject({ received: 10_233, allocated: 10_233, credit: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
    await tell(world, pix({ amountCents: 10_233, paidOn: parseDay("2026-12-03"), refundedCents: 10_233 }));
    expect(await invoiceOf(world, invoice)).toEqual({ state: "open", paid: 0, fees: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("are counted by the day it was paid, not by the day it was told", async () => {
    await begin(FEES);
    const { invoice } = await owing({ amount: 10_000 });
    world.clock.set(at("2026-12-20T10:00"));
    await tell(world, pix({ amountCents: 10_233, paidOn: parseDay("2026-11-23") }));
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid", fees: 0 });
    expect(await booksOf(world)).toMatchObject({ credit: 233 });
  });

  it("are not demanded of who paid the invoice's amount, unless the policy collects them", async () => {
    await begin(FEES);
    const { invoice } = await owing({ amount: 10_000 });
    world.clock.set(at("2026-12-03T10:00"));
    await tell(world, pix({ amountCents: 10_000, paidOn: parseDay("2026-12-03") }));
    expect(await invoiceOf(world, invoice)).toEqual({ state: "paid", paid: 10_000, fees: 0 });
  });

  it("come first where the policy collects them: what is missing stays open, and is not charged a second time", async () => {
    await begin({ late_fee: { ...FEES.late_fee, collect: true } });
    const { customer, invoice } = await owing({ amount: 10_000 });
    world.clock.set(at("2026-12-03T10:00"));
    await tell(world, pix({ amountCents: 10_000, paidOn: parseDay("2026-12-03") }));
    expect(await invoiceOf(world, invoice)).toEqual({ state: "open", paid: 9767, fees: 233 });
    await tell(world, pix({ externalId: "pay_2", amountCents: 233, paidOn: parseDay("2026-12-10") }));
    expect(await invoiceOf(world, invoice)).toEqual({ state: "paid", paid: 10_000, fees: 233 });
    expect(await booksOf(world)).toMatchObject({ received: 10_233, allocated: 10_233 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });
});

describe("money of an invoice that nobody knows", () => {
  it("waits, is told of again without a change, and gets its owner when the invoice is there", async () => {
    await begin();
    const { customer } = await owing();
    const payment = pix({ externalId: "pay_9", invoiceRef: "7777" });
    expect(await tell(world, payment)).toBe("waiting");
    expect(await tell(world, payment)).toBe("known");
    expect(await booksOf(world)).toMatchObject({ received: 0, waiting: 2990 });
    const invoice = await addInvoice(world, customer, { dueOn: "2026-12-23", ref: "7777" });
    expect(await tell(world, payment)).toBe("booked");
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    expect(await tell(world, payment)).toBe("known");
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("that goes back waits no more, and in another currency is kept and not booked", async () => {
    await begin();
    await owing();
    await tell(world, pix({ externalId: "pay_9", invoiceRef: null }));
    await tell(world, pix({ externalId: "pay_9", invoiceRef: null, refundedCents: 2990 }));
    expect(await booksOf(world)).toMatchObject({ waiting: 0 });
    expect(await tell(world, pix({ externalId: "pay_8", currency: "USD" }))).toBe("waiting");
    expect(await world.rows("SELECT external_id, state, why FROM waiting_money ORDER BY external_id")).toEqual([
      { external_id: "pay_8", state: "waiting", why: "currency_differs" },
      { external_id: "pay_9", state: "returned", why: "names_no_invoice" },
    ]);
  });
});

describe("the same money told by two", () => {
  const e2e = "E18236120202611241300s0123456789";

  it("is one receipt, whoever was first", async () => {
    await begin();
    const { customer } = await owing();
    const receipt = {
      customerId: customer.id,
      source: "bank:341",
      externalId: "fit1",
      amount: 2990,
      currency: "BRL",
      paidOn: parseDay("2026-11-24"),
      settledOn: parseDay("2026-11-24"),
      identities: [{ kind: "end_to_end" as const, value: e2e }],
      invoiceRef: "1042",
      reason: null,
      actor: "ana",
    };
    await tell(world, pix({ phase: "captured", endToEndId: e2e }));
    expect(await recordReceipts(world.engine, [receipt])).toMatchObject({ booked: 0, known: 1 });
    expect(await recordReceipts(world.engine, [receipt])).toMatchObject({ booked: 0, known: 1 });
    expect(await booksOf(world)).toMatchObject({ received: 2990 });
    const other = { ...receipt, externalId: "fit2", identities: [{ kind: "end_to_end" as const, value: `${e2e.slice(0, -1)}0` }] };
    expect(await recordReceipts(world.engine, [other])).toMatchObject({ booked: 1 });
    expect(await tell(world, pix({ externalId: "pay_2", endToEndId: `${e2e.slice(0, -1)}0` }))).toBe("changed");
    expect(await booksOf(world)).toMatchObject({ received: 5980, credit: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("that waited for its owner is found by the gateway's word, and waits no more", async () => {
    await begin();
    const { customer, invoice } = await owing();
    expect(await tell(world, pix({ externalId: "elsewhere", invoiceRef: null, endToEndId: e2e }))).toBe("waiting");
    expect(await tell(world, pix({ endToEndId: e2e }))).toBe("booked");
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    expect(await booksOf(world)).toMatchObject({ received: 2990, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("that a person declares by its EndToEndId gets its owner, unless the amount is another", async () => {
    await begin();
    const { customer, invoice } = await owing();
    await tell(world, pix({ externalId: "elsewhere", invoiceRef: null, endToEndId: e2e }));
    const told = { source: "api", externalId: e2e, customer: customer.ref, currency: "BRL", paidOn: parseDay("2026-11-23") };
    await expect(reportReceipts(world.engine, [{ ...told, amount: 2999 }], "api:erp")).rejects.toMatchObject({ code: "receipt_differs" });
    expect(await booksOf(world)).toMatchObject({ received: 0, waiting: 2990 });
    expect(await reportReceipts(world.engine, [{ ...told, amount: 2990 }], "api:erp")).toEqual({ booked: 1, known: 0 });
    expect(await invoiceOf(world, invoice)).toMatchObject({ state: "paid" });
    expect(await booksOf(world)).toMatchObject({ received: 2990, waiting: 0 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("at the same moment, many times and by many connections, is booked once", async () => {
    await begin();
    await owing();
    const told = Array.from({ length: 24 }, (_, i) =>
      tell(world, pix({ externalId: `pay_${i % 3}`, endToEndId: e2e, refundedCents: (i % 2) * 100 })),
    );
    await Promise.all(told);
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2890, returned: 100 });
  });
});

describe("a refund that staff recorded", () => {
  it("opens the invoice, is refused beyond what is left, and is not undone by what the gateway tells", async () => {
    await begin();
    const { customer, invoice } = await owing();
    await tell(world, pix());
    const ask = { source: "asaas", externalId: "pay_1", reason: "devolvido por Pix", by: "ana" };
    expect(await refundReceipt(world.engine, { ...ask, amount: 1000 })).toEqual({ returned: 1000 });
    expect(await invoiceOf(world, invoice)).toEqual({ state: "open", paid: 1990, fees: 0 });
    await expect(refundReceipt(world.engine, { ...ask, amount: 2000 })).rejects.toMatchObject({ code: "refund_too_large" });
    await expect(refundReceipt(world.engine, { ...ask, externalId: "x" })).rejects.toMatchObject({ code: "receipt_unknown" });
    await expect(refundReceipt(world.engine, { ...ask, reason: " " })).rejects.toMatchObject({ code: "words_missing" });
    expect(await tell(world, pix())).toBe("known");
    expect(await refundReceipt(world.engine, ask)).toEqual({ returned: 2990 });
    expect(await booksOf(world)).toMatchObject({ allocated: 0, returned: 2990 });
    expect(await findingsOf(world, customer)).toEqual([]);
  });
});
