// What may happen between a claim and a call, and after a lost answer; both found by seeds of the simulator.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { dispatch, type Dispatcher } from "../src/jobs/dispatch.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { parseDay } from "../src/kernel/time.ts";
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
