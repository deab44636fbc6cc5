// What may happen between a claim and a call, and after a lost answer; both found by seeds of the simulator.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { dispatch, type Dispatcher } from "../src/jobs/dispatch.ts";
import { LEASE_MS } from "../src/jobs/lease.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import type { Mailer, OutgoingMail } from "../src/ports/mailer.ts";
import { done, unknown } from "../src/ports/outcome.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, type Row, type World } from "./support/engine.ts";

let data: TestDatabase;
let world: World;
let sent: OutgoingMail[];
let losing: boolean;
let beforeSuspend: (account: string) => Promise<void>;
const accounts = new InMemorySandboxAccounts();

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: at("2026-11-03T09:00") });
  sent = [];
  losing = false;
  beforeSuspend = () => Promise.resolve();
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

/** Takes every message; while `losing`, its answer never comes. */
const mailer: Mailer = {
  send: (mail) => {
    sent.push(mail);
    return Promise.resolve(losing ? unknown("the connection was lost after DATA") : done({ response: "250 ok", server: "test" }));
  },
  test: () => Promise.resolve(done({ detail: "" })),
  close: () => Promise.resolve(),
};

/** The sandbox's panel, with time for something to happen before each suspension is asked of it. */
class SlowPanel extends SandboxPanel {
  override async suspend(...args: Parameters<SandboxPanel["suspend"]>): ReturnType<SandboxPanel["suspend"]> {
    const answer = await super.suspend(...args);
    await beforeSuspend(args[0]);
    return answer;
  }
}

let claims = 0;
const dispatcher = (): Dispatcher => ({
  engine: world.engine,
  outside: { mailers: new Map([["email", mailer]]), panels: new Map([["sandbox", new SlowPanel({ accounts })]]) },
  newToken: () => `claim-${(claims += 1)}`,
  parallel: 1,
});

async function live(moment: string): Promise<void> {
  world.clock.set(at(moment));
  for (let round = 0; round < 6; round += 1) {
    const tally = emptyTally();
    await sweep(world.engine, tally);
    await dispatch(dispatcher(), { tally });
    if (tally.customers === 0) return;
  }
}

const pay = (customer: Row, invoice: string, amount: number) =>
  recordReceipts(world.engine, [
    {
      customerId: customer.id,
      source: "staff",
      externalId: `p-${invoice}`,
      amount,
      currency: "BRL",
      paidOn: parseDay("2026-11-09"),
      invoiceRef: invoice,
      reason: "extrato",
      actor: "ana",
    },
  ]);

describe("between a claim and its calls", () => {
  it("a payment told while another customer's panel call is under way keeps the suspension claimed with it from starting", async () => {
    const owed = new Map<string, Row>();
    for (const name of ["a", "b"]) {
      const customer = await addCustomer(world, { ref: `C-${name}` });
      const service = await addService(world, customer, { account: name });
      await addInvoice(world, customer, { ref: `F-${name}`, service, dueOn: "2026-11-03" });
      await accounts.write(name, { access: "active" });
      owed.set(name, customer);
    }
    await live("2026-11-06T09:00");
    await live("2026-11-07T09:00");
    const suspended: string[] = [];
    beforeSuspend = async (account) => {
      suspended.push(account);
      const other = account === "a" ? "b" : "a";
      await pay(owed.get(other) as Row, `F-${other}`, 2990);
    };
    await live("2026-11-09T09:00");
    await live("2026-11-09T10:30");
    beforeSuspend = () => Promise.resolve();
    expect(suspended).toHaveLength(1);
    const [down] = suspended;
    expect((await accounts.read(down === "a" ? "b" : "a"))?.access).toBe("active");
    const open = await world.rows<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE state = 'open'");
    expect(open[0]?.n).toBe(0);
  });
});

describe("after a lost answer", () => {
  it("a message written anew under its key is marked as a repeat, since the one before may have arrived", async () => {
    const customer = await addCustomer(world, { ref: "C-c" });
    const service = await addService(world, customer, { account: "c" });
    await accounts.write("c", { access: "active" });
    await addInvoice(world, customer, { ref: "F-1", service, dueOn: "2026-11-10" });
    await addInvoice(world, customer, { ref: "F-2", service, dueOn: "2026-11-20" });
    sent.length = 0;
    losing = true;
    await live("2026-11-13T09:00");
    losing = false;
    expect(sent.map((mail) => mail.repeat)).toEqual([false]);
    // The other invoice is paid: the text is no longer right, and the same notice is written again.
    await pay(customer, "F-2", 2990);
    await live("2026-11-13T10:00");
    expect(sent.map((mail) => mail.repeat)).toEqual([false, true]);
    expect(sent[1]?.messageId).toBe(sent[0]?.messageId);
    expect(sent[1]?.text).not.toBe(sent[0]?.text);
  });
});

describe("a worker that slept past its lease", () => {
  it("does not go on with what another has taken over, and what the other sends is marked as a repeat", async () => {
    for (const name of ["x", "y", "z"]) {
      const customer = await addCustomer(world, { ref: `C-${name}` });
      const service = await addService(world, customer, { account: name });
      await accounts.write(name, { access: "active" });
      await addInvoice(world, customer, { ref: `F-${name}`, service, dueOn: "2026-12-01" });
    }
    sent.length = 0;
    let asleep = false;
    const ours = (mail: OutgoingMail): boolean => /F-[xyz]/u.test(mail.text);
    const sleeper = dispatcher();
    const slow: Mailer = {
      ...mailer,
      send: async (mail, context) => {
        const answer = await mailer.send(mail, context);
        if (asleep || !ours(mail)) return answer;
        asleep = true;
        world.clock.set(world.clock.now() + LEASE_MS + 1_000);
        await dispatch(dispatcher());
        return answer;
      },
    };
    world.clock.set(at("2026-12-04T09:00"));
    await sweep(world.engine, emptyTally());
    await dispatch({ ...sleeper, outside: { ...sleeper.outside, mailers: new Map([["email", slow]]) } });
    const ids = sent.filter(ours).map((mail) => mail.messageId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(3);
    expect(sent.filter(ours).map((mail) => mail.repeat)).toEqual([false, true, true, true]);
    const open = await world.rows<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE state = 'open'");
    expect(open[0]?.n).toBe(0);
  });
});

describe("attempts", () => {
  it("are counted when the outside was asked, not while a call waits for the one in flight", async () => {
    const customer = await addCustomer(world, { ref: "C-busy" });
    const service = await addService(world, customer, { account: "busy" });
    await accounts.write("busy", { access: "active" });
    await addInvoice(world, customer, { ref: "F-busy", service, dueOn: "2026-12-01" });
    await live("2026-12-04T10:00");
    await live("2026-12-05T10:00");
    await world.rows("UPDATE service SET call_lease = 'another', call_lease_until = $1 WHERE account = 'busy'", [
      new Date(at("2026-12-07T10:05")),
    ]);
    const call = () =>
      world.rows<{ state: string; attempts: number }>("SELECT state, attempts FROM outbox WHERE kind = 'access' AND service_id = $1", [
        service.id,
      ]);
    for (const minute of ["00", "01", "02", "03"]) await live(`2026-12-07T10:${minute}`);
    expect(await call()).toEqual([{ state: "open", attempts: 0 }]);
    await live("2026-12-07T10:06");
    expect(await call()).toEqual([{ state: "done", attempts: 1 }]);
  });

  it("to bring a service back are never more than ten minutes apart, however long the panel was away", async () => {
    const [customer] = await world.rows<Row>("SELECT customer_id AS id, ref FROM customer WHERE ref = 'C-busy'");
    world.clock.set(at("2026-12-08T10:00"));
    await pay(customer as Row, "F-busy", 2990);
    const away = dispatcher();
    const outside = { ...away.outside, panels: new Map() };
    for (let hour = 0; hour < 12; hour += 1) {
      world.clock.set(world.clock.now() + 20 * MINUTE_MS);
      await dispatch({ ...away, outside });
    }
    const [row] = await world.rows<{ next: number; attempts: number }>(
      "SELECT not_before AS next, attempts FROM outbox WHERE kind = 'access' AND state = 'open'",
    );
    expect(row?.attempts).toBe(12);
    expect(row?.next).toBeLessThanOrEqual(world.clock.now() + 10 * MINUTE_MS);
    await live("2026-12-08T14:10");
    expect((await accounts.read("busy"))?.access).toBe("active");
  });
});

/** A panel that keeps no reason beside a suspension, as HestiaCP. */
class ForgetfulPanel extends SlowPanel {
  override async read(...args: Parameters<SandboxPanel["read"]>): ReturnType<SandboxPanel["read"]> {
    const answer = await super.read(...args);
    if (answer.outcome !== "done" || answer.value.access !== "suspended") return answer;
    return done({ access: "suspended", by: "unknown", reason: null });
  }
}

describe("a worker that died between the panel's suspension and its record", () => {
  it("does not leave a customer down who pays before another takes over: the suspension is known for ours", async () => {
    const customer = await addCustomer(world, { ref: "C-died" });
    const service = await addService(world, customer, { account: "died" });
    await accounts.write("died", { access: "active" });
    await addInvoice(world, customer, { ref: "F-died", service, dueOn: "2027-01-05" });
    const panels = new Map([["sandbox", new ForgetfulPanel({ accounts })]]);
    const forgetful = (): Dispatcher => ({ ...dispatcher(), outside: { ...dispatcher().outside, panels } });
    await live("2027-01-08T09:00");
    await live("2027-01-09T09:00");
    world.clock.set(at("2027-01-11T09:00"));
    await sweep(world.engine, emptyTally());
    const suspended = Promise.withResolvers<void>();
    const death = Promise.withResolvers<void>();
    beforeSuspend = () => {
      suspended.resolve();
      return death.promise;
    };
    const dead = dispatch(forgetful());
    await suspended.promise;
    expect((await accounts.read("died"))?.access).toBe("suspended");
    world.clock.set(world.clock.now() + LEASE_MS + 1_000);
    await pay(customer, "F-died", 2990);
    await dispatch(forgetful());
    expect((await accounts.read("died"))?.access).toBe("active");
    // What the first one says when it is alive after all counts for nothing.
    beforeSuspend = () => Promise.resolve();
    death.resolve();
    await dead;
    await dispatch(forgetful());
    const [row] = await world.rows<{ desired: string; confirmed: string }>("SELECT desired, confirmed FROM service WHERE account = 'died'");
    expect(row).toEqual({ desired: "active", confirmed: "active" });
  });
});
