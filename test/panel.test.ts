// What a control panel may do to a ladder: lose accounts and find them again, land late, take long. Each met by a seed of the simulator.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel, type SandboxFault } from "../src/adapters/panels/sandbox.ts";
import { approveTermination } from "../src/engine/approve-termination.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { parseDay } from "../src/kernel/time.ts";
import type { AccountState } from "../src/ports/control-panel.ts";
import { unknown, type Outcome } from "../src/ports/outcome.ts";
import { openProposals } from "../src/store/terminations.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, type Row, type World } from "./support/engine.ts";

const DOWN: AccountState = { access: "suspended", by: "us", reason: "Régua:" };

let data: TestDatabase;
let world: World;
const accounts = new InMemorySandboxAccounts();
let fault: (operation: string, account: string | null) => SandboxFault;
/** Before a reading, and after an account is ended: something else happens, or time goes by. */
let meanwhile: (operation: string, account: string) => Promise<void>;
/** The panel gives no answer in time, and does what it was asked later. */
let late: (() => Promise<void>) | null;
let slow: boolean;

beforeAll(async () => {
  data = await freshDatabase();
  const ladder = [
    { step: "reminder", day: 3, do: "notify" },
    { step: "warning", day: 4, do: "warn" },
    { step: "suspend", day: 5, do: "suspend" },
    { step: "end-announced", day: 12, do: "warn_termination", gap_hours: 72 },
    { step: "end", day: 18, do: "terminate", gap_hours: 96 },
  ];
  world = await makeEngine(data.url, { now: at("2026-12-01T09:00"), policyDoc: { ladder, termination: { distance_days: 6 } } });
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

beforeEach(() => {
  fault = () => "ok";
  meanwhile = () => Promise.resolve();
  late = null;
  slow = false;
});

class SomePanel extends SandboxPanel {
  override async read(...args: Parameters<SandboxPanel["read"]>): ReturnType<SandboxPanel["read"]> {
    await meanwhile("read", args[0]);
    return super.read(...args);
  }

  override async suspend(...args: Parameters<SandboxPanel["suspend"]>): Promise<Outcome<AccountState>> {
    if (!slow) return super.suspend(...args);
    late = async () => void (await super.suspend(...args));
    return unknown("no answer before the deadline");
  }

  override async terminate(...args: Parameters<SandboxPanel["terminate"]>): ReturnType<SandboxPanel["terminate"]> {
    const answer = await super.terminate(...args);
    await meanwhile("terminate", args[0]);
    return answer;
  }
}

let claims = 0;

async function live(moment: string): Promise<void> {
  world.clock.set(at(moment));
  const panel = new SomePanel({ accounts, faults: (call) => fault(call.operation, call.account) });
  for (let round = 0; round < 6; round += 1) {
    const tally = emptyTally();
    await sweep(world.engine, tally);
    await dispatch(
      {
        engine: world.engine,
        outside: { mailers: new Map([["email", new SandboxMailer()]]), panels: new Map([["sandbox", panel]]) },
        newToken: () => `claim-${(claims += 1)}`,
        parallel: 1,
      },
      { tally },
    );
    if (tally.customers === 0) return;
  }
}

async function owing(name: string, dueOn: string): Promise<{ customer: Row; service: Row }> {
  // The stories are told one after the other on the same days.
  world.clock.set(at(`${dueOn}T09:00`));
  const customer = await addCustomer(world, { ref: `C-${name}` });
  const service = await addService(world, customer, { account: name });
  await addInvoice(world, customer, { ref: `F-${name}`, service, dueOn });
  await accounts.write(name, { access: "active" });
  return { customer, service };
}

async function pay(customer: Row, name: string): Promise<void> {
  const receipt = { customerId: customer.id, source: "bank", externalId: `p-${name}`, amount: 2990, currency: "BRL" };
  const paidOn = parseDay("2026-12-09");
  await recordReceipts(world.engine, [{ ...receipt, paidOn, invoiceRef: `F-${name}`, reason: null, actor: "bank" }]);
}

/** Reminder and warning went out; the suspension is due at nine on the eighth, a Tuesday. */
async function warned(name: string): Promise<{ customer: Row; service: Row }> {
  const one = await owing(name, "2026-12-03");
  await live("2026-12-06T09:00");
  await live("2026-12-07T09:00");
  return one;
}

const access = async (name: string): Promise<string | undefined> => (await accounts.read(name))?.access;

const seen = (name: string) =>
  world.rows<{ desired: string; actual: string; open: number }>(
    `SELECT s.desired, s.actual, (SELECT count(*) FROM outbox o WHERE o.service_id = s.service_id AND o.kind = 'access' AND o.state = 'open') AS open
     FROM service s WHERE s.account = $1`,
    [name],
  );

const told = async (customer: Row): Promise<number> =>
  (
    await world.rows<{ n: number }>("SELECT count(*) AS n FROM evidence WHERE customer_id = $1 AND kind = 'access.absent'", [customer.id])
  )[0]?.n ?? 0;

describe("an account that is not to be found", () => {
  it("is looked for again, and one that was paid for meanwhile is reactivated when it comes back suspended", async () => {
    const { customer } = await warned("away");
    await live("2026-12-08T09:00");
    expect(await access("away")).toBe("suspended");
    await accounts.write("away", { access: "absent" });
    world.clock.set(at("2026-12-09T10:00"));
    await pay(customer, "away");
    await live("2026-12-09T10:01");
    await live("2026-12-09T12:00");
    expect(await told(customer)).toBe(1);
    // Where the panel keeps no reason, only our own records say whose suspension comes back.
    await accounts.write("away", { ...DOWN, by: "unknown" });
    await live("2026-12-10T12:00");
    expect(await access("away")).toBe("active");
    expect(await seen("away")).toEqual([{ desired: "active", actual: "active", open: 0 }]);
  });

  it("is not suspended at a weekend when it comes back, and is on the next day that allows it", async () => {
    await warned("lost");
    await accounts.write("lost", { access: "absent" });
    await live("2026-12-08T09:00");
    expect(await seen("lost")).toEqual([{ desired: "suspended", actual: "absent", open: 1 }]);
    await accounts.write("lost", { access: "active" });
    await live("2026-12-12T14:00");
    expect(await access("lost")).toBe("active");
    await live("2026-12-14T09:00");
    await live("2026-12-14T09:05");
    expect(await access("lost")).toBe("suspended");
  });
});

describe("an account that another party closed", () => {
  it("and opened again while the suspension stood beside theirs is not suspended at a weekend, and is on the next day that allows it", async () => {
    await warned("theirs");

    await accounts.write("theirs", { ...DOWN, by: "other" });
    await live("2026-12-08T09:00");
    const dispute = { kind: "dispute", invoice: "F-theirs", until: at("2026-12-10T09:00") } as const;
    await placeHold(world.engine, { ...dispute, customer: "C-theirs", reason: "the amount is disputed", by: "ana" });
    await live("2026-12-08T09:05");
    fault = (operation) => (operation === "read" ? "refuse" : "ok");
    await live("2026-12-10T09:00");
    expect(await seen("theirs")).toEqual([{ desired: "suspended", actual: "suspended", open: 1 }]);
    await accounts.write("theirs", { access: "active" });
    fault = () => "ok";
    await live("2026-12-12T14:00");
    expect(await access("theirs")).toBe("active");
    await live("2026-12-14T09:00");
    await live("2026-12-14T09:05");
    expect(await access("theirs")).toBe("suspended");
  });
});

describe("a call that was given up", () => {
  /** Suspended at nine on the eighth by a panel that gives no answer in time. */
  async function givenUp(name: string): Promise<Row> {
    const { customer } = await warned(name);
    slow = true;
    await live("2026-12-08T09:00");
    slow = false;
    return customer;
  }

  it("and lands after the payment is undone within minutes: what is in order is looked at again until nothing can land any more", async () => {
    const customer = await givenUp("slow");
    world.clock.set(at("2026-12-08T09:00") + 20_000);
    await pay(customer, "slow");
    await live("2026-12-08T09:01");
    expect(await access("slow")).toBe("active");
    await live("2026-12-08T09:04");
    await late?.();
    expect(await access("slow")).toBe("suspended");
    await live("2026-12-08T09:06");
    expect(await access("slow")).toBe("active");
    expect(await seen("slow")).toMatchObject([{ desired: "active", actual: "active", open: 1 }]);
    await live("2026-12-08T09:20");
    expect(await seen("slow")).toEqual([{ desired: "active", actual: "active", open: 0 }]);
  });

  it("and lands after another that was answered, and after the payment, is undone too", async () => {
    const customer = await givenUp("twice");
    await live("2026-12-08T09:01");
    expect(await seen("twice")).toMatchObject([{ desired: "suspended", actual: "suspended" }]);
    await pay(customer, "twice");
    await live("2026-12-08T09:02");
    expect(await access("twice")).toBe("active");
    await late?.();
    expect(await access("twice")).toBe("suspended");
    await live("2026-12-08T09:04");
    expect(await access("twice")).toBe("active");
    await live("2026-12-08T09:20");
    expect(await seen("twice")).toEqual([{ desired: "active", actual: "active", open: 0 }]);
  });

  it("stays unknown while the panel refuses to be read", async () => {
    await warned("dark");
    fault = (operation) => (operation === "suspend" ? "lost_after" : "ok");
    await live("2026-12-08T09:00");
    expect(await seen("dark")).toMatchObject([{ actual: "unknown" }]);
    fault = (operation) => (operation === "read" ? "refuse" : "ok");
    await live("2026-12-08T09:02");
    expect(await seen("dark")).toMatchObject([{ actual: "unknown", open: 1 }]);
    fault = () => "ok";
    await live("2026-12-08T11:00");
    expect(await seen("dark")).toMatchObject([{ actual: "suspended" }]);
  });
});

describe("between a claim and its last call", () => {
  it("the hour may come from which nothing is suspended: what was claimed before it waits for the next open day", async () => {
    for (const name of ["noon-a", "noon-b"]) await owing(name, "2026-12-05");
    await live("2026-12-10T09:00");
    await live("2026-12-11T09:00");
    const moved: string[] = [];
    meanwhile = (operation, account) => {
      if (operation === "read" && account.startsWith("noon") && !moved.includes(account)) moved.push(account);
      if (moved.length === 2) world.clock.set(at("2026-12-18T12:01"));
      return Promise.resolve();
    };
    await live("2026-12-18T11:59");
    expect(moved).toHaveLength(2);
    const states = await Promise.all(moved.map(access));
    expect(states).toEqual(["suspended", "active"]);
    meanwhile = () => Promise.resolve();
    await live("2026-12-21T09:00");
    await live("2026-12-21T09:10");
    expect(await access(moved[1] ?? "")).toBe("suspended");
  });

  it("a payment may be told: an approved end that was claimed before it is not carried out", async () => {
    const one = await owing("end-a", "2027-01-05");
    const two = await owing("end-b", "2027-01-05");
    for (const day of ["08", "11", "12", "18", "25"]) await live(`2027-01-${day}T10:00`);
    const open = (await openProposals(world.engine.db, 10)).filter(
      (p) => p.serviceRef === one.service.ref || p.serviceRef === two.service.ref,
    );
    expect(open).toHaveLength(2);
    for (const { customerId, id: terminationId } of open)
      for (const by of ["ana", "bruno"]) await approveTermination(world.engine, { customerId, terminationId, by });
    let paid = "";
    meanwhile = async (operation, account) => {
      if (operation !== "terminate" || paid !== "") return;
      paid = account === "end-a" ? "end-b" : "end-a";
      await pay(paid === "end-a" ? one.customer : two.customer, paid);
    };
    await live("2027-01-25T11:00");
    expect(await access(paid)).toBeDefined();
    expect(await access(paid === "end-a" ? "end-b" : "end-a")).toBeUndefined();
    expect((await openProposals(world.engine.db, 10)).filter((p) => p.state === "approved")).toEqual([]);
  });
});
