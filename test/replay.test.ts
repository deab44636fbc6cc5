// A policy on the provider's own past: the present one tells what truly happened; a changed one is played on the same money and promises.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { replayAll, replayPiece, type Payers, type ReplayPiece } from "../src/engine/replay.ts";
import { refundReceipt } from "../src/engine/reverse-receipt.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import type { Dispatcher } from "../src/jobs/dispatch.ts";
import { advanceSandbox } from "../src/jobs/sandbox-advance.ts";
import { formatDay, parseDay } from "../src/kernel/time.ts";
import { readPolicyDoc } from "../src/store/setting.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, zone, type Row, type World } from "./support/engine.ts";

let test: TestDatabase;
let world: World;
let dispatcher: Dispatcher;
let accounts: InMemorySandboxAccounts;

beforeEach(async () => {
  test = await freshDatabase();
  // Tuesday.
  world = await makeEngine(test.url, { now: at("2026-11-03T00:00"), mode: "sandbox", policyDoc: { promises: { min_paid_on_time: 0 } } });
  accounts = new InMemorySandboxAccounts();
  let claims = 0;
  dispatcher = {
    engine: world.engine,
    outside: { mailers: new Map([["email", new SandboxMailer()]]), panels: new Map([["sandbox", new SandboxPanel({ accounts })]]) },
    newToken: () => `claim-${(claims += 1)}`,
    parallel: 4,
  };
});

afterEach(async () => {
  await world.close();
  await test.drop();
});

const advance = (to: string) => advanceSandbox(dispatcher, world.clock, zone, { until: zone.startOf(parseDay(to)), every: 1 });

async function aDebtor(ref: string, dueOn: string): Promise<Row> {
  const customer = await addCustomer(world, { ref });
  const service = await addService(world, customer, { ref: `S${ref}`, account: `conta${ref}` });
  await accounts.write(`conta${ref}`, { access: "active" });
  // Issued on the first day of the story, before which nothing ran.
  await addInvoice(world, customer, { ref: `F${ref}`, service, dueOn, issuedOn: "2026-11-03" });
  return customer;
}

const pays = (customer: Row, on: string) =>
  recordReceipts(world.engine, [
    {
      customerId: customer.id,
      source: "staff",
      externalId: `${customer.ref} ${on}`,
      amount: 2990,
      currency: "BRL",
      paidOn: parseDay(on),
      invoiceRef: null,
      reason: null,
      actor: "ana",
    },
  ]);

/** The policy in force, with its suspension on another day. */
async function suspendingOn(day: number): Promise<string> {
  const doc = (await readPolicyDoc(world.engine.db, world.policy)) as { ladder: { step: string; day: number }[] };
  return stringify({ ...doc, ladder: doc.ladder.map((step) => (step.step === "suspend" ? { ...step, day } : step)) });
}

/** A month in which people pay late, promise, dispute, are paid back, and owe nothing any more. */
async function aMonth(): Promise<void> {
  const rows: Row[] = [];
  for (const [ref, due] of [["1", "2026-11-04"], ["2", "2026-11-04"], ["3", "2026-11-06"], ["4", "2026-11-09"], ["5", "2026-11-05"], ["6", "2026-11-05"], ["7", "2026-11-06"]] as const) rows.push(await aDebtor(ref, due)); // prettier-ignore
  const [one, two, , four, five] = rows as [Row, Row, Row, Row, Row];
  await advance("2026-11-11");
  await pays(one, "2026-11-10");
  await grantPromise(world.engine, { customer: "2", reason: "salário", askedBy: "staff", owner: "ana", until: parseDay("2026-11-13") });
  await placeHold(world.engine, { customer: "7", kind: "dispute", until: at("2026-11-20T00:00"), reason: "tráfego", by: "ana" });
  await advance("2026-11-14");
  await pays(five, "2026-11-13");
  await voidInvoice(world.engine, { invoice: "F6", reason: "cobrada em dobro", by: "ana" });
  await advance("2026-11-17");
  await pays(two, "2026-11-16");
  await refundReceipt(world.engine, { source: "staff", externalId: "1 2026-11-10", reason: "devolvido", by: "ana" });
  await advance("2026-11-24");
  await pays(four, "2026-11-23");
  await advance("2026-12-01");
}

const replayed = async (source: string, payers: Payers = "as_they_did", days = 28): Promise<ReplayPiece> =>
  replayAll(world.engine, { source, days, payers });

/** What the tables say of the days told. */
async function truly(from: string): Promise<{ day: string; messages: number; suspensions: number }[]> {
  const rows = await world.rows<{ at: number; kind: string }>(
    `SELECT min(decided_at) AS at, 'message' AS kind FROM notice WHERE state = 'accepted' AND decided_at >= $1 GROUP BY customer_id, outbox_id
     UNION ALL SELECT started_at, 'suspension' FROM suspension_start WHERE started_at >= $1 ORDER BY at`,
    [from],
  );
  const days = Map.groupBy(rows, (row) => formatDay(zone.dayOf(row.at)));
  return [...days].map(([day, found]) => ({
    day,
    messages: found.filter((row) => row.kind === "message").length,
    suspensions: found.filter((row) => row.kind === "suspension").length,
  }));
}

const told = (piece: ReplayPiece, side: "present" | "changed") =>
  piece.sides[side].byDay
    .map(({ messages, suspensions }, i) => ({ day: formatDay(piece.from + i), messages, suspensions }))
    .filter((each) => each.messages + each.suspensions > 0);

describe("a replay", () => {
  it("tells of the policy that was in force what truly happened, day by day", async () => {
    await aMonth();
    const same = await replayed(await suspendingOn(5));
    const happened = await truly("2026-11-03T03:00:00Z");
    expect(told(same, "present")).toEqual(happened);
    expect(same.real).toEqual({
      messages: happened.reduce((sum, each) => sum + each.messages, 0),
      suspensions: happened.reduce((sum, each) => sum + each.suspensions, 0),
    });
    expect(same.real.suspensions).toBeGreaterThanOrEqual(4);
    // The same rules twice: nobody fares differently.
    expect(same.sides.changed).toEqual(same.sides.present);
    expect([same.differing, same.faults]).toEqual([[], []]);
  });

  it("counts the days down from going down to coming back, and the money that came meanwhile", async () => {
    const customer = await aDebtor("1", "2026-11-04");
    await advance("2026-11-12");
    await pays(customer, "2026-11-11");
    await advance("2026-11-20");
    const { sides } = await replayed(await suspendingOn(5), "as_they_did", 16);
    const [down] = await world.rows<{ from: number }>("SELECT started_at AS from FROM suspension_start");
    const days = (at("2026-11-12T00:00") - (down?.from ?? 0)) / 86_400_000;
    expect(sides.present).toMatchObject({
      suspensions: 1,
      releases: 1,
      customersDown: 1,
      receivedCents: 2990,
      receivedWhileDownCents: 2990,
    });
    expect(sides.present.daysDown).toBeCloseTo(days, 6);
    expect(sides.present.byDay.reduce((sum, day) => sum + day.daysDown, 0)).toBeCloseTo(days, 6);
  });

  it("shows a gentler ladder beside the present one: fewer suspensions, fewer days down, and who they are", async () => {
    await aMonth();
    const { sides, differing, changed, present } = await replayed(await suspendingOn(12));
    expect(changed).not.toBe(present);
    expect(sides.changed.suspensions).toBeLessThan(sides.present.suspensions);
    expect(sides.changed.daysDown).toBeLessThan(sides.present.daysDown);
    expect(sides.changed.receivedCents).toBe(sides.present.receivedCents);
    expect(differing.length).toBeGreaterThan(0);
    expect(differing[0]?.changed.daysDown).toBeLessThan(differing[0]?.present.daysDown ?? 0);
  });

  it("lets who answered a step answer it again when it comes later, if asked to", async () => {
    const customer = await aDebtor("1", "2026-11-04");
    await advance("2026-11-10");
    // A day after the suspension of the ninth.
    await pays(customer, "2026-11-10");
    await advance("2026-11-25");
    const paidOn = (piece: ReplayPiece, side: "present" | "changed") =>
      piece.sides[side].byDay.flatMap((day, i) => (day.receivedCents > 0 ? [formatDay(piece.from + i)] : []));
    const asTheyDid = await replayed(await suspendingOn(8), "as_they_did", 21);
    expect([paidOn(asTheyDid, "present"), paidOn(asTheyDid, "changed")]).toEqual([["2026-11-10"], ["2026-11-10"]]);
    expect(asTheyDid.sides.changed.suspensions).toBe(0);
    const answering = await replayed(await suspendingOn(8), "answering", 21);
    expect([paidOn(answering, "present"), paidOn(answering, "changed")]).toEqual([["2026-11-10"], ["2026-11-13"]]);
    expect(answering.sides.changed.suspensions).toBe(1);
  });

  it("goes in pieces that add up to the whole, and takes an even share where there are more than it may", async () => {
    for (let n = 1; n <= 230; n += 1) await addInvoice(world, await addCustomer(world, { ref: `P${n}` }), { dueOn: "2026-11-04", issuedOn: "2026-11-03" }); // prettier-ignore
    await advance("2026-11-12");
    const source = await suspendingOn(5);
    const ask = { source, days: 9, payers: "as_they_did" } as const;
    const seen: [number, number][] = [];
    const all = await replayAll(world.engine, ask, (done, total) => seen.push([done, total]));
    expect(seen).toEqual([
      [100, 230],
      [200, 230],
      [230, 230],
    ]);
    expect(all.sides.present.messages).toBe(all.real.messages);
    expect(all.real.messages).toBeGreaterThanOrEqual(460);
    const some = await replayPiece(world.engine, { ...ask, after: 0, most: 100 });
    // One in three, by a hash: about seventy-seven.
    expect(some.total).toBeGreaterThan(40);
    expect(some.total).toBeLessThan(120);
    expect(some.base).toBe(230);
  });

  it("writes nothing", async () => {
    await aDebtor("1", "2026-11-04");
    await advance("2026-11-12");
    const count = () => world.rows("SELECT (SELECT count(*) FROM evidence) AS evidence, (SELECT count(*) FROM outbox) AS outbox");
    const before = await count();
    await replayed(await suspendingOn(7), "answering", 9);
    expect(await count()).toEqual(before);
  });
});
