// What panels do behind our back over days: closed by hand, forgotten, lost and restored, silent for a day. Nobody who paid stays down.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { reconcilePanels, rehearseRound } from "../src/jobs/reconcile.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { parseDay } from "../src/kernel/time.ts";
import type { AccountState } from "../src/ports/control-panel.ts";
import { listDifferences, type DifferenceKind } from "../src/store/panel-rounds.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evidence, makeEngine, type Row, type World } from "./support/engine.ts";

const OURS: AccountState = { access: "suspended", by: "us", reason: "Régua: F" };
const SPAM: AccountState = { access: "suspended", by: "other", reason: "spam" };

let data: TestDatabase;
let world: World;
/** From when to when the panel answers nothing. */
let silence: { from: string; to: string } | null = null;
/** One account alone is refused a reading. */
let broken: string | null = null;
const accounts = new InMemorySandboxAccounts();
const said: string[] = [];

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: at("2026-12-01T09:00") });
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

const panel = new SandboxPanel({
  accounts,
  faults: ({ operation, account }) => {
    const now = world.clock.now();
    if (silence && now >= at(silence.from) && now < at(silence.to)) return operation === "suspend" ? "lost_before" : "refuse";
    return account !== null && account === broken ? "refuse" : "ok";
  },
});
const panels = new Map([["sandbox", panel]]);
const log = { info: () => undefined, error: (_what: unknown, message: string) => void said.push(message) };
const options = () => ({ engine: world.engine, panels, log, paceMs: 0 });

let claims = 0;

/** Sweeps and calls at a moment; with `compare`, after a round over the panel's accounts. */
async function live(moment: string, compare = false): Promise<void> {
  world.clock.set(at(moment));
  if (compare) {
    await world.rows("UPDATE panel_round SET not_before = '2000-01-01'");
    await reconcilePanels(options());
  }
  for (let round = 0; round < 6; round += 1) {
    const tally = emptyTally();
    await sweep(world.engine, tally);
    const outside = { mailers: new Map([["email", new SandboxMailer()]]), panels };
    await dispatch({ engine: world.engine, outside, newToken: () => `claim-${(claims += 1)}`, parallel: 1 }, { tally });
    if (tally.customers === 0) return;
  }
}

interface Told {
  customer: Row;
  service: Row;
}

async function customer(name: string, dueOn: string | null): Promise<Told> {
  const row = await addCustomer(world, { ref: `C-${name}` });
  const service = await addService(world, row, { ref: `S-${name}`, account: name });
  if (dueOn !== null) await addInvoice(world, row, { ref: `F-${name}`, service, dueOn });
  await accounts.write(name, { access: "active" });
  return { customer: row, service };
}

/** Due on the third, a Thursday: warned on the seventh, suspended on the eighth at nine. */
async function suspended(name: string): Promise<Told> {
  world.clock.set(at("2026-12-03T09:00"));
  const one = await customer(name, "2026-12-03");
  await live("2026-12-06T09:00");
  await live("2026-12-07T09:00");
  await live("2026-12-08T09:00");
  expect(await access(name)).toBe("suspended");
  return one;
}

async function pay(one: Told, name: string): Promise<void> {
  const receipt = { customerId: one.customer.id, source: "bank", externalId: `p-${name}`, amount: 2990, currency: "BRL" };
  await recordReceipts(world.engine, [
    { ...receipt, paidOn: parseDay("2026-12-08"), invoiceRef: `F-${name}`, reason: null, actor: "bank" },
  ]);
}

const access = async (name: string): Promise<string | undefined> => (await accounts.read(name))?.access;

async function differences(name: string, ended = false): Promise<DifferenceKind[]> {
  const all = await listDifferences(world.engine.db, { panel: "sandbox", ended, limit: 100 });
  return all.filter(({ account }) => account === name).map(({ kind }) => kind);
}

describe("a panel behind our back", () => {
  it("an account closed by hand is seen with its cause and age, and not opened; opened by hand again, the difference has ended", async () => {
    const ana = await customer("ana", null);
    await accounts.write("ana", SPAM);
    await live("2026-12-08T10:00", true);
    await live("2026-12-09T10:00", true);
    expect(await access("ana")).toBe("suspended");
    const [found] = await listDifferences(world.engine.db, { panel: "sandbox", ended: false, limit: 100 });
    expect(found).toMatchObject({
      serviceRef: "S-ana",
      kind: "suspended_by_other",
      cause: "reason on the panel: spam",
      foundAt: at("2026-12-08T10:00"),
      seenAt: at("2026-12-09T10:00"),
      times: 2,
    });
    const kinds = (await evidence(world, ana.customer)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "access.suspended")).toHaveLength(1);
    await accounts.write("ana", { access: "active" });
    await live("2026-12-10T10:00", true);
    expect(await differences("ana")).toEqual([]);
    expect(await differences("ana", true)).toEqual(["suspended_by_other"]);
  });

  it("a suspension that the panel forgot is made again while it is owed", async () => {
    await suspended("bia");
    await accounts.write("bia", { access: "active" });
    await live("2026-12-08T11:00", true);
    expect(await differences("bia", true)).toEqual(["open_though_suspended"]);
    expect(await access("bia")).toBe("suspended");
    await live("2026-12-08T16:00", true);
    expect(await differences("bia")).toEqual([]);
  });

  it("a suspension that the panel forgot is not made again on a day on which none may start", async () => {
    await suspended("caio");
    await live("2026-12-12T09:00");
    await accounts.write("caio", { access: "active" });
    // The twelfth is a Saturday.
    await live("2026-12-12T11:00", true);
    expect(await access("caio")).toBe("active");
    await live("2026-12-14T11:00", true);
    expect(await access("caio")).toBe("suspended");
  });

  it("an account that vanished is told of once, and comes back up although it comes back as it was left", async () => {
    const davi = await suspended("davi");
    await accounts.write("davi", { access: "absent" });
    await live("2026-12-08T12:00", true);
    expect(await differences("davi")).toEqual(["absent"]);
    await pay(davi, "davi");
    await live("2026-12-08T13:00");
    expect(await differences("davi")).toEqual(["absent"]);
    await accounts.write("davi", OURS);
    await live("2026-12-08T17:00", true);
    expect(await access("davi")).toBe("active");
    await live("2026-12-08T22:00", true);
    expect(await differences("davi")).toEqual([]);
  });

  it("an account restored from a backup under a suspension of ours that was lifted since is opened again", async () => {
    const eva = await suspended("eva");
    await pay(eva, "eva");
    await live("2026-12-08T13:00");
    expect(await access("eva")).toBe("active");
    await accounts.write("eva", OURS);
    await live("2026-12-09T13:00", true);
    expect(await differences("eva", true)).toEqual(["down_though_active"]);
    expect(await access("eva")).toBe("active");
  });

  it("a panel that is silent for a day is one matter, not one of each account; who paid meanwhile is up within fifteen minutes of its return", async () => {
    const [fabio, gil] = [await suspended("fabio"), await suspended("gil")];
    silence = { from: "2026-12-08T14:00", to: "2026-12-09T14:00" };
    await live("2026-12-08T14:30", true);
    await pay(fabio, "fabio");
    for (let hour = 15; hour < 24; hour += 1) await live(`2026-12-08T${hour}:00`, true);
    for (let hour = 10; hour < 14; hour += 1) await live(`2026-12-09T${hour}:00`, true);
    expect(await differences("gil", true)).toEqual([]);
    expect(said).toContain("panel silent; its accounts are compared later");
    const [round] = await world.rows<{ answer: string }>("SELECT answer FROM panel_round WHERE panel = 'sandbox'");
    expect(round?.answer).toContain("refuse");
    for (const minute of ["00", "05", "10", "15"]) await live(`2026-12-09T14:${minute}`);
    expect([await access("fabio"), await access("gil")]).toEqual(["active", "suspended"]);
    await live("2026-12-09T15:00", true);
    expect(await differences("fabio")).toEqual([]);
    expect(gil.service.ref).toBe("S-gil");
    silence = null;
  });

  it("one account that cannot be read among others that can is told of, with the panel's words", async () => {
    await customer("hugo", null);
    broken = "hugo";
    await live("2026-12-10T15:00", true);
    const all = await listDifferences(world.engine.db, { panel: null, ended: false, limit: 100 });
    expect(all.find(({ account }) => account === "hugo")).toMatchObject({
      kind: "unread",
      cause: expect.stringContaining("refuse") as string,
    });
    broken = null;
    await live("2026-12-10T20:00", true);
    expect(await differences("hugo")).toEqual([]);
  });

  it("a rehearsal of a round tells what it would do and changes nothing", async () => {
    await customer("iris", null);
    await accounts.write("iris", OURS);
    const found = await rehearseRound(options(), "sandbox", panel, () => undefined);
    expect(found.find(({ service }) => service.account === "iris")?.comparison).toMatchObject({ repair: "unsuspend" });
    expect(await differences("iris", true)).toEqual([]);
    expect(await access("iris")).toBe("suspended");
  });

  it("in the end nobody who owes nothing is down by our act", async () => {
    await live("2026-12-15T10:00", true);
    await live("2026-12-15T11:00", true);
    const down = await world.rows<{ account: string; owes: boolean }>(
      `SELECT s.account, EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = s.customer_id AND i.state = 'open') AS owes FROM service s ORDER BY 1`,
    );
    for (const { account, owes } of down) {
      const state = await accounts.read(account);
      if (!owes) expect([account, state?.access]).toEqual([account, "active"]);
    }
    expect(down.filter(({ owes }) => owes).length).toBeGreaterThan(0);
  });
});
