// The reports on trust, each over a small world that is counted by hand.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { releasesBehind, trustCsv, trustReports } from "../src/engine/reports-trust.ts";
import { canonicalJson, type Json } from "../src/kernel/hash.ts";
import { formatInstant, parseDay } from "../src/kernel/time.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, suspendFor, type Row, type World } from "./support/engine.ts";

let test: TestDatabase;
let world: World;

beforeEach(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: at("2026-11-24T10:00") });
});

afterEach(async () => {
  await world.close();
  await test.drop();
});

interface APromise {
  granted: string;
  until: string;
  state: "running" | "kept" | "broken" | "cancelled";
  ended?: string;
  invoices?: readonly Row[];
  owed?: number;
}

async function addPromise(customer: Row, { granted, until, state, ended, invoices = [], owed = 2990 }: APromise): Promise<void> {
  const id = (await world.engine.ids.take(1)).next();
  await world.rows(
    `INSERT INTO promise (customer_id, promise_id, protocol, kind, invoice_ids, owed_cents, reason, asked_by, owner, conditions, granted_at, until,
       over_weekend, state, ended_at)
     VALUES ($1, $2, $3, 'release', $4, $5, 'viajando', 'customer', 'portal', '[]', $6, $7, false, $8, $9)`,
    [
      ...[
        customer.id,
        id,
        `P-${id}`,
        invoices.map((invoice) => invoice.id),
        owed,
        formatInstant(at(granted)),
        formatInstant(at(until)),
        state,
      ],
      ended === undefined ? null : formatInstant(at(ended)),
    ],
  );
}

type Check = readonly [rule: string, verdict: "supports" | "neutral" | "contradicts"];

async function addClaim(customer: Row, invoice: Row, received: string, state: string, checks: readonly Check[] | null): Promise<void> {
  const id = (await world.engine.ids.take(1)).next();
  const ended = state === "under_review" ? null : formatInstant(at(received) + 1000);
  await world.rows(
    `INSERT INTO claim (customer_id, claim_id, invoice_id, state, received_at, review_until, ended_at) VALUES ($1, $2, $3, $4, $5, $5, $6)`,
    [customer.id, id, invoice.id, state, formatInstant(at(received)), ended],
  );
  if (checks === null) return;
  const said: Json = checks.map(([rule, verdict]) => ({ rule, verdict, because: "none", unsure: false, details: {}, look: false }));
  await world.rows(
    `INSERT INTO claim_document (customer_id, claim_id, sha256, form, bytes, pages, found, checks, notes, keep_until)
     VALUES ($1, $2, 'a', 'pdf', 10, 1, '{}', $3, '{}', '2027-01-01')`,
    [customer.id, id, canonicalJson(said)],
  );
}

describe("releases and how they ended", () => {
  it("counts each promise and each payment proof once, in the provider's own month, with what it was about", async () => {
    const ana = await addCustomer(world, { ref: "ANA" });
    const bia = await addCustomer(world, { ref: "BIA" });
    const invoice = await addInvoice(world, ana, { ref: "F1", dueOn: "2026-11-20", amount: 5000 });
    // 22:30 of the 31st in São Paulo is November in Greenwich.
    await addPromise(ana, { granted: "2026-10-31T22:30", until: "2026-11-03T18:00", state: "kept", ended: "2026-11-02T10:00", owed: 1000 });
    await addPromise(ana, {
      granted: "2026-11-10T09:00",
      until: "2026-11-12T18:00",
      state: "broken",
      ended: "2026-11-12T18:00",
      owed: 2000,
    });
    await addPromise(bia, {
      granted: "2026-11-11T09:00",
      until: "2026-11-13T18:00",
      state: "broken",
      ended: "2026-11-13T18:00",
      owed: 300,
    });
    await addPromise(bia, { granted: "2026-11-23T09:00", until: "2026-11-26T18:00", state: "running", owed: 40 });
    await addClaim(ana, invoice, "2026-11-21T09:00", "expired", null);
    // Before the range.
    await addPromise(ana, { granted: "2026-08-01T09:00", until: "2026-08-03T18:00", state: "kept", ended: "2026-08-02T09:00" });
    const found = await trustReports(world.engine, 30);
    expect(found.releases).toEqual([
      { month: "2026-11", what: "promise", outcome: "broken", count: 2, cents: 2300 },
      { month: "2026-11", what: "promise", outcome: "running", count: 1, cents: 40 },
      { month: "2026-11", what: "claim", outcome: "expired", count: 1, cents: 5000 },
      { month: "2026-10", what: "promise", outcome: "kept", count: 1, cents: 1000 },
    ]);
    const behind = await releasesBehind(world.engine, 30, { month: "2026-11", what: "promise", outcome: "broken" });
    expect(behind.map(({ customer, cents }) => [customer, cents])).toEqual([
      ["BIA", 300],
      ["ANA", 2000],
    ]);
    expect((await releasesBehind(world.engine, 30, { what: "claim" })).map(({ ref }) => ref)).toEqual(["F1"]);
    expect(trustCsv(found, "releases").split("\r\n").slice(0, 2)).toEqual([
      "\uFEFFmonth,what,outcome,count,amount",
      "2026-11,promise,broken,2,23.00",
    ]);
  });
});

describe("the weekend pattern", () => {
  it("puts releases from Friday to Sunday beside the others: days given, money that came, and days nobody paid for", async () => {
    const price = 3000;
    const debtor = async (ref: string, change: { paidOn?: string; cancelAskedAt?: string }) => {
      const customer = await addCustomer(world, { ref });
      const asked = change.cancelAskedAt === undefined ? {} : { cancelAskedAt: at(change.cancelAskedAt) };
      const service = await addService(world, customer, { ref: `S${ref}`, price, ...asked });
      const paid = change.paidOn === undefined ? {} : { paidOn: change.paidOn };
      return {
        customer,
        invoice: await addInvoice(world, customer, { ref: `F${ref}`, service, dueOn: "2026-11-09", amount: price, ...paid }),
      };
    };
    // Friday the 13th to Monday the 16th: three days, not kept, paid four days after the deadline.
    const late = await debtor("LATE", { paidOn: "2026-11-20" });
    const friday = { granted: "2026-11-13T09:00", until: "2026-11-16T18:00" } as const;
    await addPromise(late.customer, { ...friday, state: "broken", ended: "2026-11-16T18:00", invoices: [late.invoice], owed: price });
    // Saturday the 14th to Tuesday the 17th, paid on the Monday: two days.
    const kept = await debtor("KEPT", { paidOn: "2026-11-16" });
    const saturday = { granted: "2026-11-14T09:00", until: "2026-11-17T18:00" } as const;
    await addPromise(kept.customer, { ...saturday, state: "kept", ended: "2026-11-16T10:00", invoices: [kept.invoice], owed: price });
    // Thursday the 12th: cancelled by staff the same day, and on the Wednesday after its deadline the customer asked to leave.
    const left = await debtor("LEFT", { cancelAskedAt: "2026-11-18T09:00" });
    const thursday = { granted: "2026-11-12T09:00", until: "2026-11-13T18:00" } as const;
    await addPromise(left.customer, { ...thursday, state: "cancelled", ended: "2026-11-12T15:00", invoices: [left.invoice], owed: price });
    // Monday the 23rd, and running since: one day so far.
    const still = await debtor("STILL", {});
    await addPromise(still.customer, {
      granted: "2026-11-23T09:00",
      until: "2026-11-27T18:00",
      state: "running",
      invoices: [still.invoice],
      owed: price,
    });
    expect((await trustReports(world.engine, 30)).weekdays).toEqual([
      {
        ...{ weekend: true, releases: 2, customers: 2, kept: 1, broken: 1, days: 5, owedCents: 6000, inTimeCents: 3000, laterCents: 3000 },
        // Three days of R$ 30,00 a month.
        ...{ lost: 1, lostDays: 3, lostCents: 300 },
      },
      {
        ...{ weekend: false, releases: 2, customers: 2, kept: 0, broken: 0, days: 1, owedCents: 6000, inTimeCents: 0, laterCents: 0 },
        ...{ lost: 1, lostDays: 0, lostCents: 0 },
      },
    ]);
    const behind = await releasesBehind(world.engine, 30, { weekend: true });
    expect(behind.map(({ customer }) => customer)).toEqual(["KEPT", "LATE"]);
  });
});

describe("paying on the last day", () => {
  // Due on Thursday, October 1st: suspended on the fifth day, a Tuesday, so that Monday the 5th and Tuesday the 6th are the last days.
  it("is paying on the last banking day before the suspension, or on its day before it came", async () => {
    const one = await addCustomer(world, { ref: "ONE", name: "=Padaria" });
    await addInvoice(world, one, { dueOn: "2026-10-01", paidOn: "2026-10-05", amount: 100 });
    await addInvoice(world, one, { dueOn: "2026-10-01", paidOn: "2026-10-06", amount: 200 });
    await addInvoice(world, one, { dueOn: "2026-10-01", paidOn: "2026-10-04", amount: 400 });
    await addInvoice(world, one, { dueOn: "2026-10-01", paidOn: "2026-10-07", amount: 800 });
    const two = await addCustomer(world, { ref: "TWO" });
    const service = await addService(world, two);
    const down = await addInvoice(world, two, { dueOn: "2026-10-01", service, paidOn: "2026-10-06" });
    await suspendFor(world, two, service, down, at("2026-10-06T09:00"));
    const three = await addCustomer(world, { ref: "THREE" });
    // Due on Tuesday to Thursday: the fifth days are Sunday the 4th, Monday the 5th and Tuesday the 6th; the first two go down on Monday.
    for (const dueOn of ["2026-09-29", "2026-09-30", "2026-10-01"])
      await addInvoice(world, three, { dueOn, paidOn: "2026-10-05", amount: 10 });
    const { lastDay } = await trustReports(world.engine, 90);
    expect(lastDay?.totals).toEqual({ paid: 8, lastDay: 5, cents: 330, customers: 2, often: 1 });
    expect(lastDay?.payers.map(({ customer, lastDay: times, paid }) => [customer, times, paid])).toEqual([
      ["THREE", 3, 3],
      ["ONE", 2, 4],
    ]);
    // A customer's name is text to a spreadsheet.
    expect(trustCsv(await trustReports(world.engine, 90), "last-day")).toContain("ONE,'=Padaria,2,4,3.00");
  });

  it("has no figures where the policy suspends nothing, and zeros where nobody paid or asked", async () => {
    expect((await trustReports(world.engine, 30)).lastDay).toEqual({
      ...{ habit: 3, payers: [] },
      totals: { paid: 0, lastDay: 0, cents: 0, customers: 0, often: 0 },
    });
    expect((await trustReports(world.engine, 30)).weekdays.map(({ weekend, releases }) => [weekend, releases])).toEqual([
      [true, 0],
      [false, 0],
    ]);
    const calm = await freshDatabase();
    const other = await makeEngine(calm.url, {
      now: at("2026-11-24T10:00"),
      policyDoc: { ladder: [{ step: "reminder", day: 3, do: "notify" }] },
    });
    expect((await trustReports(other.engine, 30)).lastDay).toBeNull();
    await other.close();
    await calm.drop();
  });
});

describe("payment proofs that were not borne out", () => {
  it("are counted by what spoke against them, and by who sent several", async () => {
    const ana = await addCustomer(world, { ref: "ANA" });
    const bia = await addCustomer(world, { ref: "BIA" });
    const owed = await addInvoice(world, ana, { dueOn: "2026-11-10", amount: 1000 });
    const other = await addInvoice(world, bia, { dueOn: "2026-11-10", amount: 70 });
    const forged: Check[] = [
      ["same_codes", "contradicts"],
      ["receiver", "contradicts"],
      ["amount", "supports"],
    ];
    await addClaim(ana, owed, "2026-11-11T09:00", "contradicted", forged);
    await addClaim(ana, owed, "2026-11-13T09:00", "contradicted", [["same_codes", "contradicts"]]);
    await addClaim(bia, other, "2026-11-14T09:00", "refused", [["amount", "neutral"]]);
    // Somebody only said so, and the bank's data said otherwise.
    await addClaim(bia, other, "2026-11-15T09:00", "contradicted", null);
    await addClaim(bia, other, "2026-11-16T09:00", "confirmed", [["same_file", "contradicts"]]);
    await addClaim(bia, other, "2026-11-23T09:00", "under_review", [["same_file", "contradicts"]]);
    const found = await trustReports(world.engine, 30);
    expect(found.proofs).toEqual({
      totals: { received: 6, contradicted: 3, refused: 1, contradictedCents: 2070 },
      checks: [
        { rule: "same_codes", contradicted: 2, refused: 0, customers: 1, cents: 2000 },
        { rule: null, contradicted: 1, refused: 1, customers: 1, cents: 140 },
        { rule: "receiver", contradicted: 1, refused: 0, customers: 1, cents: 1000 },
      ],
      senders: [
        { customer: "ANA", name: "Padaria Central", contradicted: 2, refused: 0, lastOn: parseDay("2026-11-13") },
        { customer: "BIA", name: "Padaria Central", contradicted: 1, refused: 1, lastOn: parseDay("2026-11-15") },
      ],
    });
    expect(trustCsv(found, "proofs").split("\r\n")[2]).toBe(",1,1,1,1.40");
    expect(trustCsv(found, "senders").split("\r\n")[1]).toBe("ANA,Padaria Central,2,0,2026-11-13");
  });
});
