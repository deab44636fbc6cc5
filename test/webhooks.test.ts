// Gateways' webhooks over real HTTP, from a gateway played on loopback: forged, repeated, reordered, lost, late; and the poll that needs none.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GatewayIntake } from "../src/jobs/gateway-intake.ts";
import { pollGateways } from "../src/jobs/gateway-poll.ts";
import { startMoney } from "../src/jobs/money.ts";
import { wait } from "../src/kernel/clock.ts";
import { MINUTE_MS } from "../src/kernel/time.ts";
import type { WebhookDelivery } from "../src/ports/payment-gateway.ts";
import { openAsaasWorld, type AsaasWorld } from "./support/asaas-world.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, makeEngine, type Row, type World } from "./support/engine.ts";
import { openHooks, type Hooks } from "./support/hooks.ts";
import { booksOf, invoiceOf } from "./support/payments.ts";

let base: TestDatabase;
let world: World;
let asaas: AsaasWorld;
let hooks: Hooks;
let customer: Row;

beforeEach(async () => {
  base = await freshDatabase();
  asaas = await openAsaasWorld();
  world = await makeEngine(base.url, { now: asaas.now() });
  hooks = await openHooks(world, { asaas: asaas.gateway });
  customer = await addCustomer(world);
});
afterEach(async () => {
  await hooks?.close();
  await world?.close();
  await asaas?.close();
  await base?.drop();
});

const invoice = (ref: string): Promise<Row> => addInvoice(world, customer, { dueOn: "2026-11-12", ref });
/** Somebody pays what Asaas asks for an invoice; answers the payment's id. */
function paid(ref: string | null, cents = 2990, card = false): string {
  const made = asaas.asaas.add({ externalReference: ref, value: cents / 100 });
  asaas.asaas.pay(made, cents, card);
  return made.id;
}
async function send(delivery: WebhookDelivery): Promise<number> {
  const code = await hooks.post("asaas", delivery);
  await hooks.intake.rest();
  return code;
}
function pass(ms: number): void {
  asaas.pass(ms);
  world.clock.set(asaas.now());
}
const poll = (): Promise<number> =>
  pollGateways({ engine: world.engine, gateways: new Map([["asaas", asaas.gateway]]), log: QUIET, intake: hooks.intake });
const QUIET = { info: () => undefined, error: () => undefined };

describe("a webhook", () => {
  it("that is forged is answered 401, and leaves a number and nothing else", async () => {
    await invoice("1042");
    const id = paid("1042");
    expect(await send(asaas.deliverForged(id))).toBe(401);
    expect(await send(asaas.deliverForged(id))).toBe(401);
    expect(await hooks.post("nobody", asaas.deliver(id))).toBe(404);
    expect(await world.rows("SELECT gateway, forged FROM hook_count")).toEqual([{ gateway: "asaas", forged: 2 }]);
    expect(await world.rows("SELECT count(*) AS n FROM hook_event")).toEqual([{ n: 0 }]);
    expect(await booksOf(world)).toMatchObject({ received: 0, waiting: 0 });
    expect(hooks.lines.join("\n")).not.toContain(asaas.secrets[0]);
  });

  it("that is forged and cannot be counted does not keep anybody waiting, and is counted with the next", async () => {
    const clock = { ...world.engine.clock, now: () => world.clock.now() };
    const intake = new GatewayIntake({ engine: { ...world.engine, clock }, gateways: new Map([["asaas", asaas.gateway]]), log: QUIET });
    const forged = asaas.deliverForged(paid("1042"));
    clock.now = () => {
      throw new Error("no clock");
    };
    expect(await intake.deliver("asaas", forged)).toBe("forged");
    await intake.rest();
    clock.now = () => world.clock.now();
    expect(await intake.deliver("asaas", forged)).toBe("forged");
    await intake.rest();
    expect(await world.rows("SELECT gateway, forged FROM hook_count")).toEqual([{ gateway: "asaas", forged: 1 }]);
  });

  it("is answered 200 and its payment booked from what the gateway says, not from what it carries", async () => {
    const row = await invoice("1042");
    const id = paid("1042", 1000);
    const delivery = asaas.deliver(id);
    const lies = JSON.parse(Buffer.from(delivery.rawBody).toString("utf8")) as { payment: { value: number } };
    lies.payment.value = 29.9;
    expect(await send({ ...delivery, rawBody: Buffer.from(JSON.stringify(lies)) })).toBe(200);
    expect(await invoiceOf(world, row)).toMatchObject({ state: "open", paid: 1000 });
    expect(await send(delivery)).toBe(200);
    expect(await world.rows("SELECT state, answer, attempts FROM hook_event")).toEqual([{ state: "done", answer: "read", attempts: 1 }]);
  });

  it("of a card says paid and received in two events: the first releases, the second settles", async () => {
    const row = await invoice("1042");
    const id = paid("1042", 2990, true);
    await send(asaas.deliver(id));
    expect(await invoiceOf(world, row)).toMatchObject({ state: "paid" });
    expect(await world.rows("SELECT settled_on FROM receipt")).toEqual([{ settled_on: null }]);
    asaas.later?.settle(id);
    await send(asaas.deliver(id));
    const [{ settled_on } = { settled_on: null }] = await world.rows<{ settled_on: number | null }>("SELECT settled_on FROM receipt");
    expect(settled_on).not.toBeNull();
  });

  it("of a refund that overtakes its payment books the payment and its return, and the late one changes nothing", async () => {
    const row = await invoice("1042");
    const id = paid("1042");
    const late = asaas.event(id, "PAYMENT_RECEIVED");
    asaas.giveBack(id, 2990);
    await send(asaas.deliver(id));
    await send(late);
    expect(await invoiceOf(world, row)).toMatchObject({ state: "open", paid: 0 });
    expect(await booksOf(world)).toMatchObject({ received: 2990, returned: 2990 });
  });

  it("about money that goes out, or about nothing, is answered well and changes nothing", async () => {
    expect(await send(asaas.deliver(asaas.sendOut(5000)))).toBe(200);
    expect(await send({ ...asaas.deliver("x"), rawBody: Buffer.from("{") })).toBe(200);
    expect(
      await send({
        ...asaas.deliver("x"),
        rawBody: Buffer.from('{"id":"evt\\u0000_1","event":"PAYMENT_RECEIVED","payment":{"id":"a\\u0000b"}}'),
      }),
    ).toBe(200);
    expect(await booksOf(world)).toMatchObject({ received: 0, waiting: 0 });
  });

  it("larger than any gateway sends is refused before it is looked at", async () => {
    expect(await send({ ...asaas.deliver("x"), rawBody: Buffer.alloc(300_000, 32) })).toBe(413);
  });

  it("of a gateway that does not answer is kept, and worked off when it does, by whoever runs then", async () => {
    const row = await invoice("1042");
    const id = paid("1042");
    asaas.busy();
    expect(await send(asaas.deliver(id))).toBe(200);
    expect(await world.rows("SELECT state, attempts FROM hook_event")).toEqual([{ state: "waiting", attempts: 1 }]);
    asaas.server.instead = null;
    await hooks.intake.workOff();
    expect(await invoiceOf(world, row)).toMatchObject({ state: "open" });
    pass(MINUTE_MS);
    await hooks.intake.workOff();
    expect(await invoiceOf(world, row)).toMatchObject({ state: "paid" });
  });

  it("whose process died right after the answer is found by the next look", async () => {
    const row = await invoice("1042");
    const id = paid("1042");
    await world.rows(
      `INSERT INTO hook_event (gateway, event_id, kind, hints, not_before, received_at)
       VALUES ('asaas', 'evt_lost', 'PAYMENT_RECEIVED', $1, '2026-11-10T12:02:00Z', '2026-11-10T12:00:00Z')`,
      [JSON.stringify([{ kind: "payment", id }])],
    );
    await hooks.intake.workOff();
    expect(await invoiceOf(world, row)).toMatchObject({ state: "open" });
    pass(3 * MINUTE_MS);
    await hooks.intake.workOff();
    expect(await invoiceOf(world, row)).toMatchObject({ state: "paid" });
  });

  it("of an invoice that nobody knows makes money that waits, and is never lost", async () => {
    expect(await send(asaas.deliver(paid("9999")))).toBe(200);
    expect(await send(asaas.deliver(paid(null)))).toBe(200);
    expect(await booksOf(world)).toMatchObject({ received: 0, waiting: 5980 });
  });
});

describe("a burst", () => {
  it(
    "of a thousand deliveries of the same hundred events books a hundred receipts, and none is turned away",
    { timeout: 120_000 },
    async () => {
      const refs = Array.from({ length: 100 }, (_, i) => `N${i}`);
      for (const ref of refs) await invoice(ref);
      const events = refs.map((ref) => asaas.deliver(paid(ref)));
      const deliveries = Array.from({ length: 1000 }, (_, i) => events[i % 100] as WebhookDelivery);
      const codes = await Promise.all(deliveries.map((delivery) => hooks.post("asaas", delivery)));
      expect(new Set(codes)).toEqual(new Set([200]));
      await hooks.intake.rest();
      expect(await world.rows("SELECT count(*) AS n FROM receipt")).toEqual([{ n: 100 }]);
      expect(await world.rows("SELECT count(*) AS n FROM hook_event WHERE state = 'done'")).toEqual([{ n: 100 }]);
      expect(await booksOf(world)).toMatchObject({ received: 299_000, allocated: 299_000, credit: 0 });
    },
  );
});

describe("the poll", () => {
  it("alone sees every payment, each once, and goes on from where it was", async () => {
    const rows = [await invoice("1"), await invoice("2"), await invoice("3")];
    paid("1");
    expect(await poll()).toBeGreaterThan(0);
    // Not due yet, and nobody else's turn.
    expect(await poll()).toBe(0);
    pass(3 * MINUTE_MS);
    const second = paid("2");
    await poll();
    asaas.giveBack(second, 2990);
    paid("3");
    pass(3 * MINUTE_MS);
    await poll();
    expect(await Promise.all(rows.map((row) => invoiceOf(world, row)))).toMatchObject([
      { state: "paid" },
      { state: "open" },
      { state: "paid" },
    ]);
    expect(await booksOf(world)).toMatchObject({ received: 8970, returned: 2990 });
  });

  it("beside webhooks of the same payments books nothing twice", async () => {
    await invoice("1042");
    const id = paid("1042");
    await Promise.all([send(asaas.deliver(id)), poll(), send(asaas.event(id, "PAYMENT_RECEIVED"))]);
    expect(await booksOf(world)).toMatchObject({ received: 2990, allocated: 2990 });
  });

  it("that fails is told, tried again later, and loses nothing", async () => {
    const row = await invoice("1042");
    paid("1042");
    asaas.busy();
    expect(await poll()).toBe(0);
    const [seen] = await world.rows<{ failures: number; answer: string }>("SELECT failures, answer FROM gateway_cursor");
    expect(seen?.failures).toBe(1);
    expect(seen?.answer).not.toBe("");
    asaas.server.instead = null;
    expect(await poll()).toBe(0);
    pass(MINUTE_MS);
    await poll();
    expect(await invoiceOf(world, row)).toMatchObject({ state: "paid" });
  });

  it("runs by itself in an installation at work, and ends with it", async () => {
    const row = await invoice("1042");
    paid("1042");
    const money = startMoney({ engine: world.engine, gateways: new Map([["asaas", asaas.gateway]]), log: QUIET });
    for (let tries = 0; tries < 200 && (await invoiceOf(world, row)).state === "open"; tries += 1) await wait(100);
    await money.stop();
    expect(await invoiceOf(world, row)).toMatchObject({ state: "paid" });
  });
});
