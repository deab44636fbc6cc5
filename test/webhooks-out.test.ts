// Webhooks to other systems, lived through: facts told in the transaction that makes them true, delivered at least once, by a real receiver's word.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { cancelPromise } from "../src/engine/cancel-promise.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { changeCustomer } from "../src/engine/change.ts";
import { forgetDeliveries, STOP_AFTER_MS, WEBHOOK_WAITS_MS } from "../src/engine/record-delivery.ts";
import { WEBHOOK_EVENTS } from "../src/engine/webhook-events.ts";
import {
  addWebhook,
  OVERLAP_MS,
  removeWebhook,
  resumeWebhook,
  rotateWebhook,
  testWebhook,
  webhooks,
  type WebhookListed,
} from "../src/engine/webhooks.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { deliverWebhooks, WEBHOOK_LEASE_MS, type Courier } from "../src/jobs/webhooks.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { DAY_MS, MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import type { WebhookSender } from "../src/ports/webhook-sender.ts";
import { takeDeliveries } from "../src/store/webhook-deliveries.ts";
import { inTransaction } from "../src/store/retry.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evaluate, evidence, makeEngine, type Row, type World } from "./support/engine.ts";
import { aCourier, aReceiver, aVault, newSecret, type Heard, type Receiver } from "./support/webhooks.ts";

const START = at("2026-11-03T09:00");
const PATIENT = () => ({ signal: AbortSignal.timeout(20_000) });

let data: TestDatabase;
let world: World;
let receiver: Receiver;
let courier: Courier;

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: START });
});

beforeEach(async () => {
  world.clock.set(START);
  receiver = await aReceiver();
  courier = aCourier(world);
});

afterEach(async () => {
  await receiver.server.close();
  await world.rows("DELETE FROM webhook_endpoint");
  await world.rows("DELETE FROM webhook_delivery");
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

async function add(name = "central", events: readonly string[] = []): Promise<string> {
  const secret = await addWebhook(courier, { name, url: receiver.url, events, secret: newSecret(), by: "ana" }, PATIENT());
  receiver.secrets.push(secret);
  return secret;
}

/** A fact of the smallest kind, in a unit of work of its own. */
async function happens(customer: Row, invoice = "F-1"): Promise<void> {
  await changeCustomer(world.engine, customer.id, (unit) =>
    Promise.resolve(unit.record(customer.id, "invoice.voided", "ana", { invoice, reason: "Maria da Silva pediu" })),
  );
}

const listed = async (name = "central"): Promise<WebhookListed> =>
  (await webhooks(world.engine)).find((row) => row.name === name) as WebhookListed;
const states = async (): Promise<string[]> =>
  (await world.rows<{ state: string }>("SELECT state FROM webhook_delivery ORDER BY made_at, customer_id, entry")).map(
    ({ state }) => state,
  );

const inOrder = (heard: readonly Heard[]): Heard[] => [...heard].sort((a, b) => Number(a.data.evidence) - Number(b.data.evidence));

describe("an event", () => {
  it("tells the customer's number, where it stands in the evidence, and no more of a person", async () => {
    await add();
    const customer = await addCustomer(world, { name: "Maria da Silva", email: "maria@cliente.example" });
    await happens(customer);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 1, failed: 0 });
    const [heard] = receiver.heard;
    expect(heard).toMatchObject({ type: "invoice.voided", timestamp: "2026-11-03T12:00:00.000Z", at: START / 1000 });
    expect(heard?.data).toEqual({ customer: customer.ref, evidence: 1, invoice: "F-1" });
    expect(heard?.id).toMatch(/^msg_[0-9a-f]{32}$/u);
    expect(heard?.request.body).not.toMatch(/Maria|maria/u);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 0 });
  });

  it("is on its way with the fact or not at all", async () => {
    await add();
    const customer = await addCustomer(world);
    const failing = changeCustomer(world.engine, customer.id, (unit) => {
      unit.record(customer.id, "invoice.voided", "ana", { invoice: "F-1" });
      return Promise.reject(new Error("the unit of work dies"));
    });
    await expect(failing).rejects.toThrow("dies");
    expect(await states()).toEqual([]);
  });

  it("goes to each endpoint that wants its kind, under one id", async () => {
    await add("central", ["invoice"]);
    await add("outra", ["*"]);
    await add("promessas", ["promise.kept", "promise.broken"]);
    await happens(await addCustomer(world));
    await deliverWebhooks(courier);
    expect(receiver.types()).toEqual(["invoice.voided", "invoice.voided"]);
    expect(new Set(receiver.heard.map(({ id }) => id)).size).toBe(1);
    expect(receiver.forged).toBe(0);
  });

  it("of a stopped endpoint, or where there is none, is not written at all", async () => {
    const customer = await addCustomer(world);
    await happens(customer);
    expect(await states()).toEqual([]);
    await add();
    await world.rows("UPDATE webhook_endpoint SET state = 'stopped'");
    await happens(customer);
    expect(await states()).toEqual([]);
  });
});

describe("a run of many", () => {
  it("sends not one statement more where nobody listens, and one a batch where somebody does", async () => {
    const run = async (): Promise<number> => {
      const due = [];
      for (let i = 0; i < 12; i += 1) {
        const customer = await addCustomer(world, { email: null });
        const service = await addService(world, customer);
        await addInvoice(world, customer, { dueOn: "2026-10-30", service });
        due.push(customer);
      }
      const before = world.database.statements();
      await evaluate(world, ...due);
      return world.database.statements() - before;
    };
    // Twice, since the policy is read from the database the first time.
    await run();
    const alone = await run();
    await add("promessas", ["promise"]);
    expect(await run()).toBe(alone);
    await add();
    expect(await run()).toBe(alone + 1);
    expect(await states()).toHaveLength(12);
  });
});

describe("a ladder from the first warning to the money", () => {
  it("is heard as it happens: warned, suspended, paid, up again", async () => {
    await add();
    const customer = await addCustomer(world, { ref: "C-77" });
    const service = await addService(world, customer, { ref: "S-77" });
    const invoice = await addInvoice(world, customer, { dueOn: "2026-11-03", service, ref: "F-77" });
    const accounts = new InMemorySandboxAccounts();
    await accounts.write(`conta${service.id}`, { access: "active" });
    let claims = 0;
    const dispatcher = {
      engine: world.engine,
      outside: { mailers: new Map([["email", new SandboxMailer()]]), panels: new Map([["sandbox", new SandboxPanel({ accounts })]]) },
      newToken: () => `claim-${(claims += 1)}`,
      parallel: 1,
    };
    for (const day of ["06", "07", "08", "09", "10", "11"]) {
      world.clock.set(at(`2026-11-${day}T10:00`));
      await sweep(world.engine, emptyTally());
      await dispatch(dispatcher, { tally: emptyTally() });
      await sweep(world.engine, emptyTally());
      await dispatch(dispatcher, { tally: emptyTally() });
    }
    await recordReceipts(world.engine, [
      {
        customerId: customer.id,
        source: "pix",
        externalId: "E-77",
        amount: 5_000,
        currency: "BRL",
        paidOn: parseDay("2026-11-11"),
        invoiceRef: invoice.ref,
        reason: null,
        actor: "banco",
      },
    ]);
    await dispatch(dispatcher, { tally: emptyTally() });
    await deliverWebhooks(courier);
    // Several are on the road at once: in the order of the facts they stand by their place in the evidence.
    const mine = inOrder(receiver.heard.filter((event) => event.data.customer === "C-77"));
    expect(mine.map(({ type }) => type)).toEqual([
      "notice.accepted",
      "notice.accepted",
      "service.suspended",
      "notice.accepted",
      "receipt.booked",
      "service.reactivated",
      "notice.accepted",
    ]);
    expect(mine.find(({ type }) => type === "receipt.booked")?.data).toMatchObject({
      invoices: ["F-77"],
      amountCents: 5_000,
      source: "pix",
    });
    expect(mine.find(({ type }) => type === "service.suspended")?.data).toMatchObject({ service: "S-77" });
    // Each says where it stands in the evidence, and there it is.
    const entries = await evidence(world, customer);
    expect(mine.map(({ data: { evidence: seq } }) => entries[Number(seq) - 1]?.kind)).toContain("access.suspended");
  });

  it("tells promises granted, cancelled and broken", async () => {
    await add("central", ["promise"]);
    const customer = await addCustomer(world, { ref: "C-78" });
    const service = await addService(world, customer, { ref: "S-78" });
    await addInvoice(world, customer, { dueOn: "2026-10-30", service, ref: "F-78" });
    await addInvoice(world, customer, { dueOn: "2026-06-10", service, ref: "F-77a", paidOn: "2026-06-09" });
    const ask = { customer: customer.id, reason: "recebo na sexta", askedBy: "customer" as const, owner: "ana", acceptedConditions: true };
    const first = await grantPromise(world.engine, { ...ask, override: "teste" });
    await cancelPromise(world.engine, { customer: customer.id, protocol: first.protocol, reason: "mudou", by: "ana" });
    const second = await grantPromise(world.engine, { ...ask, override: "teste" });
    world.clock.set(second.until + MINUTE_MS);
    await sweep(world.engine, emptyTally());
    await deliverWebhooks(courier);
    expect(
      inOrder(receiver.heard.filter((event) => event.data.customer === "C-78")).map(({ type, data: { promise } }) => [type, promise]),
    ).toEqual([
      ["promise.granted", first.protocol],
      ["promise.cancelled", first.protocol],
      ["promise.granted", second.protocol],
      ["promise.broken", second.protocol],
    ]);
  });
});

describe("delivery", () => {
  it("is tried again by the schedule, with the same id and a new timestamp, until it is given up and the endpoint stopped", async () => {
    await add();
    await happens(await addCustomer(world));
    receiver.answer = () => ({ code: 500, body: { error: "no" } });
    const tries: number[] = [];
    const began = world.clock.now();
    for (let i = 0; i <= WEBHOOK_WAITS_MS.length; i += 1) {
      expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 1 });
      tries.push(world.clock.now() - began);
      const [row] = await world.rows<{ not_before: number | null }>("SELECT not_before FROM webhook_delivery");
      if (!row?.not_before) break;
      world.clock.set(row.not_before - 1);
      expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 0 });
      world.clock.set(row.not_before);
    }
    expect(tries).toHaveLength(10);
    // 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: each as long or up to a tenth longer.
    for (const [i, wait] of WEBHOOK_WAITS_MS.entries()) {
      const gap = (tries[i + 1] ?? 0) - (tries[i] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(wait);
      expect(gap).toBeLessThanOrEqual(wait * 1.1);
    }
    expect(new Set(receiver.heard.map(({ id }) => id)).size).toBe(1);
    expect(new Set(receiver.heard.map((each) => each.at)).size).toBe(10);
    expect(await states()).toEqual(["given_up"]);
    expect(await listed()).toMatchObject({ state: "stopped", stoppedBecause: "failing", givenUp: 1, lastAnswer: '500 {"error":"no"}' });
    // A person mended it: what was given up goes again.
    receiver.answer = () => ({ code: 200 });
    await resumeWebhook(world.engine, "central", "ana");
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 1, failed: 0 });
    expect(await listed()).toMatchObject({ state: "on", failingSince: null, givenUp: 0, open: 0 });
  });

  it("asks an endpoint that is down with one event at a time, and lets the rest follow when it is back", async () => {
    await add();
    const customer = await addCustomer(world);
    for (let i = 0; i < 30; i += 1) await happens(customer, `F-${i}`);
    receiver.answer = () => ({ code: 503 });
    const first = await deliverWebhooks(courier);
    expect(first.failed).toBeGreaterThanOrEqual(1);
    expect(first.failed).toBeLessThanOrEqual(4);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 0 });
    world.clock.set(START + 5_000);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 1 });
    receiver.answer = () => ({ code: 200 });
    world.clock.set(START + 10 * MINUTE_MS);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 30, failed: 0 });
    expect(new Set(await states())).toEqual(new Set(["done"]));
  });

  it("waits as long as it is asked to", async () => {
    await add();
    await happens(await addCustomer(world));
    receiver.answer = () => ({ code: 429, headers: { "retry-after": "600" } });
    await deliverWebhooks(courier);
    receiver.answer = () => ({ code: 200 });
    world.clock.set(START + 600_000 - 1);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 0 });
    world.clock.set(START + 600_000);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 1, failed: 0 });
  });

  it("ends at once where nobody wants to hear any more, and after days of silence", async () => {
    await add();
    const customer = await addCustomer(world);
    await happens(customer);
    receiver.answer = () => ({ code: 410 });
    await deliverWebhooks(courier);
    expect(await listed()).toMatchObject({ state: "stopped", stoppedBecause: "gone" });
    await removeWebhook(world.engine, "central", "ana");
    await add();
    receiver.answer = () => ({ code: 500 });
    await happens(customer);
    await deliverWebhooks(courier);
    world.clock.set(START + STOP_AFTER_MS - 1);
    await happens(customer);
    await deliverWebhooks(courier);
    expect(await listed()).toMatchObject({ state: "on" });
    world.clock.set(START + STOP_AFTER_MS + 20 * MINUTE_MS);
    await deliverWebhooks(courier);
    expect(await listed()).toMatchObject({ state: "stopped", stoppedBecause: "failing" });
  });

  it("of two workers at once is made once by each claim", async () => {
    await add();
    const customer = await addCustomer(world);
    for (let i = 0; i < 60; i += 1) await happens(customer, `F-${i}`);
    const told = await Promise.all([deliverWebhooks(courier), deliverWebhooks(aCourier(world)), deliverWebhooks(aCourier(world))]);
    expect(told.reduce((total, each) => total + each.accepted, 0)).toBe(60);
    expect(receiver.heard).toHaveLength(60);
    expect(new Set(receiver.heard.map(({ id }) => id)).size).toBe(60);
  });

  it("that was sent and not recorded, since the worker died, is repeated under the same id", async () => {
    await add();
    await happens(await addCustomer(world));
    // Its process dies between the receiver's answer and the record: nothing after the call is ever run.
    const real = courier.sender;
    const dying: WebhookSender = {
      vet: (...ask) => real.vet(...ask),
      send: async (...ask) => {
        await real.send(...ask);
        return new Promise(() => undefined);
      },
    };
    void deliverWebhooks(aCourier(world, { sender: dying }));
    await expect.poll(() => receiver.heard.length).toBe(1);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 0 });
    world.clock.set(START + WEBHOOK_LEASE_MS + 1);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 1, failed: 0 });
    expect(receiver.heard.map(({ id }) => id)).toEqual([receiver.heard[0]?.id, receiver.heard[0]?.id]);
    const [row] = await world.rows("SELECT attempts, unknowns, state FROM webhook_delivery");
    expect(row).toEqual({ attempts: 2, unknowns: 1, state: "done" });
  });

  it("by a worker that lost its lease changes nothing: its successor's word counts", async () => {
    await add();
    await happens(await addCustomer(world));
    const real = courier.sender;
    const slow: WebhookSender = {
      vet: (...ask) => real.vet(...ask),
      send: async () => {
        world.clock.set(START + WEBHOOK_LEASE_MS + 1);
        expect(await deliverWebhooks(courier)).toEqual({ accepted: 1, failed: 0 });
        return { outcome: "refused", code: 500, words: "500", gone: false, waitMs: null };
      },
    };
    await deliverWebhooks(aCourier(world, { sender: slow }));
    expect(await states()).toEqual(["done"]);
    expect(await listed()).toMatchObject({ state: "on", failingSince: null, lastAccepted: true });
  });

  it("is forgotten a week after it was made", async () => {
    await add();
    await happens(await addCustomer(world));
    await deliverWebhooks(courier);
    world.clock.set(START + 6 * DAY_MS);
    await forgetDeliveries(world.engine);
    expect(await states()).toEqual(["done"]);
    world.clock.set(START + 8 * DAY_MS);
    await forgetDeliveries(world.engine);
    expect(await states()).toEqual([]);
  });
});

describe("a secret", () => {
  it("lies sealed, is shown once, and signs beside its successor for a day", async () => {
    const old = await add();
    expect(old).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
    const kept = JSON.stringify(await world.rows("SELECT * FROM webhook_endpoint"));
    expect(kept).not.toContain(old.slice("whsec_".length));
    expect(JSON.stringify(await webhooks(world.engine))).not.toMatch(/whsec_|sealed/u);
    const customer = await addCustomer(world);
    const { secret, oldUntil } = await rotateWebhook(courier, { name: "central", secret: newSecret(), by: "ana" });
    expect(oldUntil).toBe(START + OVERLAP_MS);
    await happens(customer);
    await deliverWebhooks(courier);
    // A receiver that knows the old one only, and one that knows the new one only.
    expect(receiver.heard).toHaveLength(1);
    receiver.secrets = [secret];
    await happens(customer);
    await deliverWebhooks(courier);
    expect(receiver.heard).toHaveLength(2);
    world.clock.set(oldUntil);
    await happens(customer);
    receiver.secrets = [old];
    await deliverWebhooks(courier);
    expect([receiver.heard.length, receiver.forged]).toEqual([2, 1]);
  });

  it("that another machine's key sealed is used by no process here: the event waits for one that can", async () => {
    await add();
    await happens(await addCustomer(world));
    const stranger = aCourier(world, { vault: aVault("another machine") });
    expect(await deliverWebhooks(stranger)).toEqual({ accepted: 0, failed: 0 });
    await expect(testWebhook(stranger, { name: "central", id: "t1" }, PATIENT())).rejects.toMatchObject({ code: "webhook_secret_closed" });
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 1, failed: 0 });
  });
});

describe("staff", () => {
  it("try an endpoint before anything happens, and see what it answered", async () => {
    await add();
    expect(await testWebhook(courier, { name: "central", id: "a.b-1" }, PATIENT())).toMatchObject({ outcome: "done", code: 204 });
    expect(receiver.heard[0]).toMatchObject({ type: "webhook.test", id: "msg_ab1", data: { webhook: "central" } });
    expect(await listed()).toMatchObject({ lastAccepted: true, lastEvent: "webhook.test", lastAnswer: "204" });
    receiver.answer = () => ({ code: 401, body: { say: "who are you" } });
    expect(await testWebhook(courier, { name: "central", id: "t2" }, PATIENT())).toMatchObject({ outcome: "refused", code: 401 });
    // A test that fails begins no bad spell.
    expect(await listed()).toMatchObject({ failingSince: null, state: "on", lastAccepted: false, lastAnswer: '401 {"say":"who are you"}' });
  });

  it("are told what cannot be", async () => {
    const secret = await add();
    const ask = { name: "outro", url: receiver.url, events: [] as string[], secret, by: "ana" };
    const adding = (change: Partial<typeof ask>) => addWebhook(courier, { ...ask, ...change }, PATIENT());
    await expect(adding({ name: "central" })).rejects.toMatchObject({ code: "webhook_name_taken" });
    await expect(adding({ name: "Um Dois" })).rejects.toMatchObject({ code: "field_invalid" });
    await expect(adding({ events: ["promise.forgotten"] })).rejects.toMatchObject({ code: "webhook_event_unknown" });
    await expect(adding({ events: [""] })).rejects.toMatchObject({ code: "webhook_event_unknown" });
    await expect(adding({ url: "https://10.0.0.1/" })).rejects.toMatchObject({ code: "webhook_address_refused" });
    const none = [
      () => removeWebhook(world.engine, "x", "ana"),
      () => resumeWebhook(world.engine, "x", "ana"),
      () => rotateWebhook(courier, { name: "x", secret, by: "ana" }),
    ];
    for (const act of none) await expect(act()).rejects.toMatchObject({ code: "webhook_unknown" });
    expect((await listed()).events).toEqual([...WEBHOOK_EVENTS]);
  });

  it("remove one with everything on its way there", async () => {
    await add();
    await happens(await addCustomer(world));
    const taken = await inTransaction(world.engine.db, (trx) =>
      takeDeliveries(trx, { endpoint: "central", token: "t", now: START, until: START + 1, limit: 5 }),
    );
    expect(taken).toHaveLength(1);
    await removeWebhook(world.engine, "central", "ana");
    expect(await states()).toEqual([]);
    expect(await deliverWebhooks(courier)).toEqual({ accepted: 0, failed: 0 });
  });
});
