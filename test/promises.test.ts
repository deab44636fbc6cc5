// Promises on trust against the real database: asked, refused, granted, kept, broken, cancelled; and what each does to access.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cancelPromise } from "../src/engine/cancel-promise.ts";
import { grantPromise, offerPromise, protocolOf, type PromiseAsk } from "../src/engine/grant-promise.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { DAY_MS, formatInstant, HOUR_MS, parseDay, type Instant } from "../src/kernel/time.ts";
import type { Refusal } from "../src/policy/offer.ts";
import { sayOffer } from "../src/words/promise.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import {
  addCustomer,
  addInvoice,
  addService,
  at,
  desired,
  evaluate,
  evidence,
  makeEngine,
  suspendFor,
  zone,
  type Row,
  type World,
  type WorldOptions,
} from "./support/engine.ts";

/** Tuesday; the deadline of five days is Thursday, 26 November, at 18:00. */
const TUESDAY = at("2026-11-24T10:00");
const THURSDAY_EVENING = at("2026-11-26T18:00");

let test: TestDatabase;
let world: World;

beforeEach(async () => {
  test = await freshDatabase();
});

afterEach(async () => {
  await world.close();
  await test.drop();
});

interface Suspended {
  customer: Row;
  service: Row;
  invoice: Row;
}

/** A customer of two years whose invoice of 10 November suspended the service on the 16th; one older invoice was paid in time. */
async function aSuspendedCustomer(options: Partial<WorldOptions> = {}, since = "2025-01-10"): Promise<Suspended> {
  world = await makeEngine(test.url, { now: TUESDAY, ...options });
  const customer = await addCustomer(world, { ref: "77", since });
  const service = await addService(world, customer, { ref: "site-1" });
  await addInvoice(world, customer, { ref: "1001", service, dueOn: "2026-10-10", paidOn: "2026-10-09" });
  const invoice = await addInvoice(world, customer, { ref: "1042", service, dueOn: "2026-11-10" });
  await suspendFor(world, customer, service, invoice, at("2026-11-16T09:00"));
  return { customer, service, invoice };
}

const request = (change: Partial<PromiseAsk> = {}): PromiseAsk => ({
  customer: "77",
  reason: "Recebo na quinta-feira",
  askedBy: "customer",
  owner: "portal",
  acceptedConditions: true,
  ...change,
});

async function refusal(asked: Promise<unknown>): Promise<{ code: string; rules: string[] }> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    return { code: error.code, rules: ((error.details.reasons ?? []) as Refusal[]).map((reason) => reason.rule) };
  }
  throw new Error("it was granted");
}

const promises = () => world.rows<{ protocol: string; state: string }>("SELECT protocol, state FROM promise ORDER BY promise_id");
const calls = () =>
  world.rows<{ payload: string; state: string }>("SELECT payload, state FROM outbox WHERE kind = 'access' ORDER BY outbox_id");
const messages = async (): Promise<string[]> =>
  (await world.rows<{ step: string }>("SELECT step FROM notice ORDER BY decided_at, key")).map((row) => row.step);

/** The panel did what the last call asked for. */
async function panelFollows(service: Row): Promise<void> {
  await world.rows(
    `UPDATE service SET actual = desired, suspended_by_us = desired = 'suspended', access_seq = access_seq + 1, call_outbox_id = NULL
     WHERE service_id = $1`,
    [service.id],
  );
  await world.rows("UPDATE outbox SET state = 'done' WHERE kind = 'access' AND state = 'open'");
}

async function decideAt(moment: Instant, customer: Row): Promise<void> {
  world.clock.set(moment);
  await evaluate(world, customer);
}

describe("a suspended customer with a good record", () => {
  it("asks, and access is given back in the same transaction, with protocol, conditions, message and evidence", async () => {
    const { customer } = await aSuspendedCustomer();
    const made = await grantPromise(world.engine, request());
    expect(made).toMatchObject({ kind: "release", until: THURSDAY_EVENING, invoices: ["1042"], overridden: [] });
    expect(made.protocol).toMatch(/^P-20261124-[2-9B-DF-HJKMNP-TV-Z]{4}$/u);
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
    expect((await calls()).map((call) => JSON.parse(call.payload))).toEqual([{ desired: "active", cause: null }]);
    expect(await messages()).toEqual(["promise-granted"]);

    const [granted, decision] = await evidence(world, customer);
    expect(granted).toMatchObject({
      kind: "promise.granted",
      actor: "portal",
      body: {
        protocol: made.protocol,
        until: formatInstant(THURSDAY_EVENING),
        invoices: ["1042"],
        owed_cents: 2990,
        reason: "Recebo na quinta-feira",
        asked_by: "customer",
        conditions_accepted: true,
        because: [
          { rule: "tenure", days: 683, text: "A conta existe há 683 dias." },
          { rule: "paid_on_time", count: 1, limit: 1 },
        ],
      },
    });
    expect((granted?.body.conditions as { text: string }[])[0]?.text).toBe(
      "O pagamento de R$ 29,90 (fatura 1042) chega até quinta-feira, 26 de novembro, às 18h.",
    );
    expect(decision).toMatchObject({ kind: "decision", body: { access: [{ service: "site-1", desired: "active" }] } });
    const [row] = await world.rows("SELECT last_sign_of_life_at, next_check_at FROM customer WHERE customer_id = $1", [customer.id]);
    // The reminder goes out the day before the deadline.
    expect(row).toEqual({ last_sign_of_life_at: TUESDAY, next_check_at: at("2026-11-25T09:00") });
    expect(await world.rows("SELECT over_weekend, owed_cents, asked_by, owner FROM promise")).toEqual([
      { over_weekend: false, owed_cents: 2990, asked_by: "customer", owner: "portal" },
    ]);
  });

  it("pays before the deadline: the promise is kept and the service stays up", async () => {
    const { customer, service } = await aSuspendedCustomer();
    await grantPromise(world.engine, request());
    await panelFollows(service);
    world.clock.set(at("2026-11-25T14:00"));
    await recordReceipts(world.engine, [
      {
        customerId: customer.id,
        source: "pix",
        externalId: "E1",
        amount: 2990,
        currency: "BRL",
        paidOn: parseDay("2026-11-25"),
        invoiceRef: "1042",
        reason: null,
        actor: "gateway",
      },
    ]);
    expect((await promises())[0]?.state).toBe("kept");
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
    expect(await world.rows("SELECT count(*) FROM hold WHERE lifted_at IS NULL")).toEqual([{ count: 0 }]);
  });

  it("does not pay: at the deadline access returns to suspended with no new ladder, and the promise counts as broken", async () => {
    const { customer, service } = await aSuspendedCustomer();
    await grantPromise(world.engine, request());
    await panelFollows(service);
    await decideAt(THURSDAY_EVENING - 1, customer);
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
    await decideAt(THURSDAY_EVENING, customer);
    expect((await promises())[0]?.state).toBe("broken");
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
    expect((await calls()).map((call) => JSON.parse(call.payload).desired)).toEqual(["active", "suspended"]);
    expect(await messages()).toEqual(["promise-granted", "promise-due", "promise-broken"]);

    await panelFollows(service);
    world.clock.set(THURSDAY_EVENING + 40 * DAY_MS);
    const { offer } = await offerPromise(world.engine, { customer: "77" });
    expect(offer).toMatchObject({ granted: true });
    if (offer.granted) expect(offer.reasons).toContainEqual({ rule: "shortened_broken", count: 1, days: 2, wouldChange: null });
  });

  it("has one promise at a time, also when two requests come at the same moment", async () => {
    await aSuspendedCustomer();
    const answers = await Promise.allSettled([1, 2, 3].map(() => grantPromise(world.engine, request())));
    expect(answers.map((answer) => answer.status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(await refusal(grantPromise(world.engine, request()))).toMatchObject({ code: "promise_refused" });
    expect(await promises()).toHaveLength(1);
  });

  it("is shown the offer first, and nothing is written", async () => {
    const { customer } = await aSuspendedCustomer();
    const before = await world.rows("SELECT * FROM customer");
    const { offer, suspended, tongue } = await offerPromise(world.engine, { customer: customer.id });
    expect(sayOffer(offer, suspended, tongue)[0]).toBe("Mais prazo é possível até quinta-feira, 26 de novembro, às 18h, nestas condições:");
    expect(await world.rows("SELECT * FROM customer")).toEqual(before);
    expect(await promises()).toEqual([]);
    expect(await evidence(world, customer)).toEqual([]);
  });

  it("has nothing granted whose conditions were not accepted, and nothing without a reason and an owner", async () => {
    const { customer } = await aSuspendedCustomer();
    for (const [change, code] of [
      [{ acceptedConditions: false }, "conditions_not_accepted"],
      [{ reason: "  " }, "words_missing"],
      [{ owner: "" }, "words_missing"],
      [{ override: " " }, "words_missing"],
      [{ customer: "nobody" }, "customer_unknown"],
      [{ customer: 999_999_999 }, "customer_unknown"],
      [{ invoices: ["9999"] }, "invoice_unknown"],
    ] as const)
      expect((await refusal(grantPromise(world.engine, request(change)))).code).toBe(code);
    expect(await promises()).toEqual([]);
    expect(await evidence(world, customer)).toEqual([]);
  });
});

describe("a refusal", () => {
  it("carries every reason, and is kept in the evidence with the sentences", async () => {
    const { customer } = await aSuspendedCustomer({ policyDoc: { promises: { min_paid_on_time: 3, max_amount: "10.00" } } });
    await world.rows("UPDATE customer SET release_barred = 'Pediu três vezes em agosto' WHERE customer_id = $1", [customer.id]);
    const { code, rules } = await refusal(grantPromise(world.engine, request()));
    expect(code).toBe("promise_refused");
    expect(rules).toEqual(["barred", "few_paid_on_time", "amount_above"]);
    const [entry, ...others] = await evidence(world, customer);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      kind: "promise.refused",
      body: {
        barred: "Pediu três vezes em agosto",
        because: [{ rule: "barred" }, { rule: "few_paid_on_time" }, { cents: 2990, limitCents: 1000 }],
      },
    });
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
    expect(await promises()).toEqual([]);
  });

  it("while a cancellation is open, or after a contradicted proof", async () => {
    const { customer, invoice } = await aSuspendedCustomer();
    await world.rows("UPDATE service SET cancel_asked_at = $2 WHERE customer_id = $1", [customer.id, formatInstant(TUESDAY - DAY_MS)]);
    await world.rows(
      `INSERT INTO claim (customer_id, claim_id, invoice_id, state, received_at, review_until, ended_at)
       VALUES ($1, 1, $2, 'contradicted', $3, $3, $3)`,
      [customer.id, invoice.id, formatInstant(TUESDAY - 30 * DAY_MS)],
    );
    expect((await refusal(grantPromise(world.engine, request()))).rules).toEqual(["cancellation_open", "proof_contradicted"]);
  });

  it("of a weekend release to who left after one before", async () => {
    const { customer, service, invoice } = await aSuspendedCustomer({ policyDoc: { promises: { max_days: 7 } } });
    world.clock.set(at("2026-06-11T10:00"));
    // A Thursday in June; the seven days span the weekend.
    await world.rows("UPDATE invoice SET due_on = '2026-06-01', issued_on = '2026-05-20' WHERE invoice_id = $1", [invoice.id]);
    await world.rows("UPDATE invoice SET due_on = '2026-05-01' WHERE ref = '1001'");
    await world.rows("UPDATE receipt SET paid_on = '2026-04-30'");
    const { until } = await grantPromise(world.engine, request());
    expect(await world.rows("SELECT over_weekend FROM promise")).toEqual([{ over_weekend: true }]);
    await panelFollows(service);
    await decideAt(until, customer);
    expect((await promises())[0]?.state).toBe("broken");
    world.clock.set(at("2026-11-26T10:00"));
    const { offer } = await offerPromise(world.engine, { customer: "77" });
    expect(offer.granted ? [] : offer.reasons).toEqual([
      {
        rule: "weekend_pattern",
        count: 1,
        days: 4,
        cents: 399,
        wouldChange: { what: "ask_from", day: parseDay("2026-11-30") },
      },
    ]);
  });
});

describe("a new customer", () => {
  it("has the courtesy once", async () => {
    const { customer, service } = await aSuspendedCustomer(
      { policyDoc: { promises: { wait_days: 0, broken_costs_days: 0 } } },
      "2026-11-01",
    );
    const made = await grantPromise(world.engine, request());
    expect(made.kind).toBe("courtesy");
    await panelFollows(service);
    await decideAt(made.until, customer);
    expect((await refusal(grantPromise(world.engine, request()))).rules).toEqual(["too_new", "courtesy_used"]);
  });
});

describe("before the suspension", () => {
  it("a promise postpones it: the ladder stands still until the deadline, for every invoice due by then, and goes on from there", async () => {
    world = await makeEngine(test.url, { now: at("2026-11-23T10:00"), policyDoc: { promises: { max_days: 9 } } });
    const customer = await addCustomer(world, { ref: "77" });
    const service = await addService(world, customer, { ref: "site-1" });
    await addInvoice(world, customer, { service, dueOn: "2026-10-10", paidOn: "2026-10-10" });
    await addInvoice(world, customer, { ref: "1042", service, dueOn: "2026-11-19" });
    await addInvoice(world, customer, { ref: "1043", service, dueOn: "2026-11-25" });
    await addInvoice(world, customer, { ref: "1044", service, dueOn: "2026-12-20" });
    await evaluate(world, customer);
    expect(await messages()).toEqual(["reminder"]);
    const made = await grantPromise(world.engine, request());
    expect(made).toMatchObject({ kind: "postponement", until: at("2026-12-02T18:00"), invoices: ["1042", "1043"] });
    await world.rows("UPDATE notice SET state = 'accepted', ended_at = decided_at");
    for (let now = TUESDAY; now < made.until; now += 6 * HOUR_MS) await decideAt(now, customer);
    expect(await messages()).toEqual(["reminder", "promise-granted", "promise-due"]);
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });

    await decideAt(made.until, customer);
    expect((await promises())[0]?.state).toBe("broken");
    // The next rung is the warning, not a suspension: nobody goes down without one.
    expect(await messages()).toContain("warning");
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
  });

  it("nothing is promised for what falls due after the longest promise", async () => {
    world = await makeEngine(test.url, { now: TUESDAY });
    const customer = await addCustomer(world, { ref: "77" });
    await addInvoice(world, customer, { dueOn: "2026-10-10", paidOn: "2026-10-10" });
    await addInvoice(world, customer, { dueOn: "2026-12-20" });
    expect((await refusal(grantPromise(world.engine, request()))).rules).toEqual(["nothing_due"]);
  });
});

describe("what a promise is about", () => {
  it("an invoice that keeps the same service down joins the one that was named", async () => {
    const { customer, service } = await aSuspendedCustomer();
    const second = await addInvoice(world, customer, { ref: "1043", service, dueOn: "2026-11-12" });
    await suspendFor(world, customer, service, second, at("2026-11-17T09:00"));
    const other = await addService(world, customer, { ref: "site-2" });
    const third = await addInvoice(world, customer, { ref: "1044", service: other, dueOn: "2026-11-12" });
    await suspendFor(world, customer, other, third, at("2026-11-17T09:00"));
    const made = await grantPromise(world.engine, request({ invoices: ["1042"] }));
    expect(made.invoices).toEqual(["1042", "1043"]);
    expect(await desired(world, customer)).toEqual({ "site-1": "active", "site-2": "suspended" });
  });

  it("a hold for abuse stays whatever is promised, and the conditions say so", async () => {
    const { customer } = await aSuspendedCustomer();
    await placeHold(world.engine, { customer: "77", kind: "abuse", service: "site-1", reason: "Envio de spam", by: "ana" });
    const made = await grantPromise(world.engine, request());
    expect(made.kind).toBe("postponement");
    expect(made.conditions).toContainEqual({ condition: "other_hold_stays", hold: "abuse" });
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
  });
});

describe("staff", () => {
  it("may set the rules aside with a written reason, and the evidence names each rule and the owner", async () => {
    const { customer } = await aSuspendedCustomer({ policyDoc: { promises: { min_paid_on_time: 3 } } });
    const staff = request({ askedBy: "staff", owner: "ana", acceptedConditions: false, until: parseDay("2026-12-14") });
    expect((await refusal(grantPromise(world.engine, staff))).rules).toEqual(["few_paid_on_time", "beyond_max"]);
    const made = await grantPromise(world.engine, { ...staff, override: "Internado; falei com a esposa" });
    expect(zone.format(made.until)).toContain("2026-12-14T18:00");
    const entry = (await evidence(world, customer)).find((each) => each.kind === "promise.granted");
    expect(entry).toMatchObject({
      actor: "ana",
      body: {
        owner: "ana",
        conditions_accepted: false,
        override: "Internado; falei com a esposa",
        overridden: [{ rule: "few_paid_on_time" }, { rule: "beyond_max", would_change: { what: "ask_until", day: "2026-11-26" } }],
      },
    });
  });

  it("cancels a running promise with a reason: the service goes down again at once where the calendar allows, and it costs nothing later", async () => {
    const { customer, service } = await aSuspendedCustomer();
    const { protocol } = await grantPromise(world.engine, request());
    await panelFollows(service);
    const cancel = { customer: "77", protocol, by: "ana", reason: "Concedido por engano" };
    expect((await refusal(cancelPromise(world.engine, { ...cancel, protocol: "P-1" }))).code).toBe("promise_unknown");
    await cancelPromise(world.engine, cancel);
    expect(await promises()).toEqual([{ protocol, state: "cancelled" }]);
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
    expect((await evidence(world, customer)).find((each) => each.kind === "promise.cancelled")).toMatchObject({
      actor: "ana",
      body: { protocol, reason: "Concedido por engano" },
    });
    expect((await refusal(cancelPromise(world.engine, cancel))).code).toBe("promise_unknown");
    const again = await grantPromise(world.engine, request());
    expect(again.protocol).not.toBe(protocol);
  });

  it("cancelling on a weekend leaves the service up until the calendar opens", async () => {
    const { customer, service } = await aSuspendedCustomer({ policyDoc: { promises: { max_days: 9 } } });
    const { protocol } = await grantPromise(world.engine, request());
    await panelFollows(service);
    world.clock.set(at("2026-11-28T10:00"));
    await cancelPromise(world.engine, { customer: "77", protocol, by: "ana", reason: "Engano" });
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
    await decideAt(at("2026-11-30T09:00"), customer);
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
  });
});

describe("protocol numbers", () => {
  it("are the same in every run, carry the day, and never return for one customer", () => {
    const taken = new Set<string>();
    const day = parseDay("2026-11-22");
    for (let i = 0; i < 2000; i += 1) {
      const protocol = protocolOf("77", day, taken);
      expect(protocol).toMatch(/^P-20261122-[2-9B-Z]{4}$/u);
      expect(taken.has(protocol)).toBe(false);
      taken.add(protocol);
    }
    expect(protocolOf("77", day, new Set())).toBe([...taken][0]);
    expect(protocolOf("78", day, new Set())).not.toBe([...taken][0]);
  });
});
