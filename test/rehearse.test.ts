// Rehearse against the real database: what it tells is what then happens, and it leaves no trace.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { rehearse, type Rehearsed } from "../src/engine/rehearse.ts";
import type { Dispatcher } from "../src/jobs/dispatch.ts";
import { advanceSandbox } from "../src/jobs/sandbox-advance.ts";
import { formatDay, formatInstant, parseDay } from "../src/kernel/time.ts";
import { inOneMoment } from "../src/store/evidence.ts";
import { wakeEveryone } from "../src/store/customers.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, zone, type Row, type World, type WorldOptions } from "./support/engine.ts";

/** Tuesday. */
const TUESDAY = at("2026-11-10T07:00");

let test: TestDatabase;
let world: World;
let dispatcher: Dispatcher;
let accounts: InMemorySandboxAccounts;

beforeEach(async () => {
  test = await freshDatabase();
});

afterEach(async () => {
  await world.close();
  await test.drop();
});

async function open(options: Partial<WorldOptions> = {}): Promise<void> {
  world = await makeEngine(test.url, { now: TUESDAY, mode: "sandbox", ...options });
  accounts = new InMemorySandboxAccounts();
  let claims = 0;
  dispatcher = {
    engine: world.engine,
    outside: { mailers: new Map([["email", new SandboxMailer()]]), panels: new Map([["sandbox", new SandboxPanel({ accounts })]]) },
    newToken: () => `claim-${(claims += 1)}`,
    parallel: 4,
  };
}

/** A customer with a service and one open invoice. */
async function aDebtor(ref: string, dueOn: string, change: { email?: string | null; account?: string | null } = {}): Promise<Row> {
  const customer = await addCustomer(world, { ref, ...(change.email === undefined ? {} : { email: change.email }) });
  const account = change.account === undefined ? `conta${ref}` : change.account;
  const service = await addService(world, customer, { ref: `S${ref}`, account });
  if (account !== null) await accounts.write(account, { access: "active" });
  await addInvoice(world, customer, { ref: `F${ref}`, service, dueOn });
  return customer;
}

const advance = (to: string) => advanceSandbox(dispatcher, world.clock, zone, { until: zone.startOf(parseDay(to)), every: 1 });

/** What it tells in short: `2026-11-13T12:00:00.000Z 1042 message reminder`. */
const short = (coming: readonly Rehearsed[]): string[] =>
  coming.map((each) => [formatInstant(each.at), each.customer, each.kind, ...each.steps].join(" ")).sort();

/** What the evidence says happened since an instant, in the same words. */
async function happened(since: string): Promise<string[]> {
  const rows = await world.rows<{ ref: string; kind: string; entry: string }>(
    `SELECT c.ref, e.kind, e.entry FROM evidence e JOIN customer c USING (customer_id)
     WHERE e.at >= $1 AND e.kind IN ('decision', 'access.suspended', 'access.active') ORDER BY e.at, c.ref, e.seq`,
    [since],
  );
  return rows
    .flatMap(({ ref, kind, entry }) => {
      const { at: when, body } = JSON.parse(entry) as { at: string; body: DecisionBody };
      if (kind !== "decision")
        return body.changed ? [`${when} ${ref} ${kind === "access.suspended" ? "suspension suspend" : "release"}`] : [];
      return [
        ...(body.messages ?? []).map((m) => `${when} ${ref} message ${[...new Set(m.notices.map((n) => n.step))].join(" ")}`),
        ...(body.promises ?? []).map(() => `${when} ${ref} promise`),
        ...(body.attention ?? []).map(() => `${when} ${ref} person`),
      ];
    })
    .sort();
}

interface DecisionBody {
  changed?: boolean;
  messages?: { notices: { step: string }[] }[];
  promises?: unknown[];
  attention?: unknown[];
}

/** One hash per table. */
async function digest(): Promise<Record<string, string | null>> {
  const tables = await world.rows<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  const hashes: Record<string, string | null> = {};
  for (const { name } of tables) {
    const [row] = await world.rows<{ hash: string | null }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM "${name}" t`,
    );
    hashes[name] = row?.hash ?? null;
  }
  const [sequence] = await world.rows<{ last: number }>("SELECT last_value AS last FROM regua_id");
  return { ...hashes, regua_id: String(sequence?.last) };
}

describe("a rehearsal", () => {
  it("tells for each day what then happens on it", async () => {
    await open();
    await aDebtor("1", "2026-11-06");
    await aDebtor("2", "2026-11-09");
    await aDebtor("3", "2026-11-11");
    await aDebtor("4", "2026-11-05", { email: null });
    await aDebtor("5", "2026-11-05", { account: null });
    await aDebtor("6", "2026-12-06");
    await advance("2026-11-11");

    const told = await rehearse(world.engine, { days: 12 });
    expect([formatDay(told.fromDay), formatDay(told.throughDay)]).toEqual(["2026-11-12", "2026-11-23"]);
    await advance("2026-11-24");

    const said = short(told.coming);
    expect(said).toEqual(await happened("2026-11-12T03:00:00.000Z"));
    // Not empty of what matters: messages, suspensions at nine o'clock, and a matter for a person.
    expect(said.filter((line) => line.includes("suspension suspend"))).toHaveLength(3);
    expect(said.filter((line) => line.includes("message warning"))).toHaveLength(2);
    expect(said.some((line) => line.includes("person"))).toBe(true);
  });

  it("leaves out what comes before the days asked for, and says it was played", async () => {
    await open();
    await aDebtor("1", "2026-11-06");
    const whole = await rehearse(world.engine, { on: parseDay("2026-11-10"), days: 12 });
    const later = await rehearse(world.engine, { on: parseDay("2026-11-12"), days: 10 });
    expect(short(whole.coming).filter((line) => line >= "2026-11-12T03")).toEqual(short(later.coming));
    expect(whole.coming.length).toBeGreaterThan(later.coming.length);
  });

  it("takes a message and a call that are on their way as answered", async () => {
    await open();
    const customer = await aDebtor("1", "2026-11-06");
    await advance("2026-11-11");
    // The warning is decided and waits in the outbox: no dispatcher ran.
    await world.rows("UPDATE notice SET state = 'pending', ended_at = NULL WHERE customer_id = $1", [customer.id]);
    const told = await rehearse(world.engine, { days: 7 });
    expect(told.coming.map((each) => each.kind)).toContain("suspension");
  });

  it("knows of promises and holds: who is protected is told nothing and keeps the service", async () => {
    await open({ policyDoc: { promises: { min_paid_on_time: 0 } } });
    await aDebtor("1", "2026-11-06");
    await aDebtor("2", "2026-11-06");
    await advance("2026-11-11");
    await grantPromise(world.engine, { customer: "1", reason: "salary", askedBy: "staff", owner: "ana", until: parseDay("2026-11-16") });
    await placeHold(world.engine, { customer: "2", kind: "dispute", until: at("2026-11-26T00:00"), reason: "traffic", by: "ana" });
    const told = await rehearse(world.engine, { days: 14 });
    const [first] = told.coming.filter((each) => each.kind === "suspension");
    expect(told.coming.filter((each) => each.kind === "promise").map((each) => [each.customer, each.detail])).toEqual([["1", "broken"]]);
    expect(first && formatDay(zone.dayOf(first.at)) > "2026-11-16").toBe(true);
    expect(told.coming.filter((each) => each.customer === "2")).toEqual([]);
  });

  it("does not take payments that the sandbox holds back as made", async () => {
    await open();
    const customer = await aDebtor("1", "2026-11-06");
    await world.rows(
      `INSERT INTO sandbox_receipt (customer_id, source, external_id, arrives_on, invoice_ref, amount_cents, currency)
       VALUES ($1, 'import', 'x', '2026-11-11', 'F1', 2990, 'BRL')`,
      [customer.id],
    );
    const told = await rehearse(world.engine, { days: 10 });
    expect(told.coming.some((each) => each.kind === "suspension")).toBe(true);
  });

  it("says that who has paid is not touched any more", async () => {
    await open();
    const customer = await aDebtor("1", "2026-11-06");
    const receipt = { customerId: customer.id, source: "staff", externalId: "1", amount: 2990, currency: "BRL" };
    await recordReceipts(world.engine, [{ ...receipt, paidOn: parseDay("2026-11-10"), invoiceRef: null, reason: null, actor: "ana" }]);
    const told = await rehearse(world.engine, { days: 30 });
    expect(told.coming).toEqual([]);
  });

  it("changes nothing: every table and the sequence of ids are as they were", async () => {
    await open();
    await aDebtor("1", "2026-11-06");
    await aDebtor("2", "2026-11-09");
    await advance("2026-11-11");
    const before = await digest();
    const told = await rehearse(world.engine, { days: 30 });
    expect(told.coming.length).toBeGreaterThan(0);
    expect(await digest()).toEqual(before);
  });

  it("runs where the database itself refuses to write", async () => {
    await open();
    const customer = await aDebtor("1", "2026-11-06");
    await expect(inOneMoment(world.engine.db, (trx) => wakeEveryone(trx, TUESDAY))).rejects.toThrow(/read-only transaction/u);
    expect((await rehearse(world.engine, { days: 1 })).coming.map((each) => each.customer)).toEqual([customer.ref]);
  });

  it("looks at customers in pages and misses none of them", async () => {
    await open();
    for (let n = 1; n <= 520; n += 1) {
      const customer = await addCustomer(world, { ref: `P${n}` });
      await addInvoice(world, customer, { dueOn: "2026-11-09" });
    }
    const seen: number[] = [];
    const told = await rehearse(world.engine, { on: parseDay("2026-11-12"), days: 1, onProgress: (done, total) => seen.push(done, total) });
    expect(new Set(told.coming.filter((each) => each.kind === "message").map((each) => each.customer)).size).toBe(520);
    expect(told.customersLooked).toBe(520);
    expect(seen).toEqual([500, 520, 520, 520]);
  });

  it("says when the breaker would stop and ask a person", async () => {
    await open({ policyDoc: { breaker: { max_per_hour: 2, max_percent: 0.1 } } });
    for (const ref of ["1", "2", "3"]) await aDebtor(ref, "2026-11-06");
    await advance("2026-11-11");
    const told = await rehearse(world.engine, { days: 7 });
    expect(told.breaker).toMatchObject({ suspensions: 3, limit: 2 });
    const calm = await rehearse(world.engine, { on: parseDay("2026-11-11"), days: 1 });
    expect(calm.breaker).toBeNull();
  });

  it("refuses a day that is past", async () => {
    await open();
    await expect(rehearse(world.engine, { on: parseDay("2026-11-09"), days: 1 })).rejects.toMatchObject({ code: "rehearse_past" });
  });
});
