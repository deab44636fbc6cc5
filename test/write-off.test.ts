// Giving an invoice up: two persons, each named in the evidence; access and the ladder follow when the second signs.
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { approveWriteOff, proposeWriteOff, withdrawWriteOff, writeOffsWaiting } from "../src/engine/write-off.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { parseDay } from "../src/kernel/time.ts";
import { booksBalance } from "../src/store/books.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, desired, evaluate, evidence, makeEngine, suspendFor, type Row, type World } from "./support/engine.ts"; // prettier-ignore

let databases: TestDatabase[] = [];
let worlds: World[] = [];
let world: World;
let customer: Row;

beforeEach(async () => {
  const database = await freshDatabase();
  databases.push(database);
  world = await makeEngine(database.url, { now: at("2026-11-24T10:00") });
  worlds.push(world);
  customer = await addCustomer(world, { ref: "C-1" });
  const service = await addService(world, customer, { ref: "S-1" });
  const invoice = await addInvoice(world, customer, { dueOn: "2026-11-10", service, ref: "20417" });
  await suspendFor(world, customer, service, invoice, at("2026-11-17T09:00"));
  await evaluate(world, customer);
});

afterAll(async () => {
  for (const each of worlds) await each.close();
  for (const each of databases) await each.drop();
  [worlds, databases] = [[], []];
});

const propose = (kind: "void" | "write_off" = "write_off", by = "staff:ana") =>
  proposeWriteOff(world.engine, { invoice: "20417", kind, reason: "empresa encerrada", by });
const approve = (id: number, by = "staff:bruno") => approveWriteOff(world.engine, { customer: "C-1", id, by });
const pays = (amount: number) =>
  recordReceipts(world.engine, [{ customerId: customer.id, source: "staff", externalId: `R${amount}`, amount, currency: "BRL", paidOn: parseDay("2026-11-24"), invoiceRef: "20417", reason: null, actor: "ana" }]); // prettier-ignore
const invoice = async () => (await world.rows("SELECT state, paid_cents AS paid FROM invoice WHERE ref = '20417'"))[0];

describe("an invoice given up", () => {
  it("is owed until a second person approves; then its service comes back, and the evidence names both", async () => {
    const { id, openCents } = await propose();
    expect(openCents).toBe(2990);
    expect([await invoice(), await desired(world, customer)]).toEqual([{ state: "open", paid: 0 }, { "S-1": "suspended" }]);
    expect(await writeOffsWaiting(world.engine, null)).toMatchObject([
      { id, customerRef: "C-1", invoiceRef: "20417", proposedBy: "staff:ana" },
    ]);
    expect(await approve(id)).toEqual({ givenUpCents: 2990 });
    expect([await invoice(), await desired(world, customer)]).toEqual([{ state: "written_off", paid: 0 }, { "S-1": "active" }]);
    const told = (await evidence(world, customer)).filter((entry) => /write_off|written_off/u.test(entry.kind));
    expect(told).toMatchObject([
      { kind: "write_off.proposed", actor: "staff:ana", body: { invoice: "20417", amount_cents: 2990, reason: "empresa encerrada" } },
      {
        kind: "invoice.written_off",
        actor: "staff:bruno",
        body: { proposed_by: "staff:ana", approved_by: "staff:bruno", amount_cents: 2990 },
      },
    ]);
    expect(await writeOffsWaiting(world.engine, "C-1")).toEqual([]);
  });

  it("is never approved by who proposed it, by any way: the database refuses too", async () => {
    const { id } = await propose();
    await expect(approve(id, "staff:ana")).rejects.toMatchObject({ code: "write_off_of_oneself" });
    await expect(world.rows("UPDATE write_off SET state = 'approved', ended_at = proposed_at, ended_by = proposed_by")).rejects.toThrow(
      /check constraint/u,
    );
    expect(await invoice()).toEqual({ state: "open", paid: 0 });
  });

  it("gives up the rest alone where a part was paid meanwhile, and the books agree", async () => {
    const { id } = await propose();
    await pays(1000);
    expect(await approve(id)).toEqual({ givenUpCents: 1990 });
    expect(await invoice()).toEqual({ state: "written_off", paid: 1000 });
    expect((await booksBalance(world.engine.db)).imbalances).toEqual([]);
  });

  it("stays paid where all was paid meanwhile, and is not voided once a part was", async () => {
    const { id } = await propose("void");
    await pays(1000);
    await expect(approve(id)).rejects.toMatchObject({ code: "invoice_not_open" });
    await withdrawWriteOff(world.engine, { customer: "C-1", id, by: "staff:bruno" });
    const again = await propose();
    await pays(1990);
    await expect(approve(again.id)).rejects.toMatchObject({ code: "invoice_not_open" });
    expect(await invoice()).toEqual({ state: "paid", paid: 2990 });
  });

  it("is proposed once at a time, and again after it was taken back", async () => {
    const { id } = await propose();
    await expect(propose("void")).rejects.toMatchObject({ code: "write_off_waits" });
    await withdrawWriteOff(world.engine, { customer: "C-1", id, by: "staff:ana" });
    await expect(approve(id)).rejects.toMatchObject({ code: "write_off_unknown" });
    expect(await approve((await propose("void")).id)).toEqual({ givenUpCents: 2990 });
    expect(await invoice()).toEqual({ state: "void", paid: 0 });
  });

  it("keeps money that comes afterwards as credit", async () => {
    await approve((await propose()).id);
    await pays(2990);
    expect(await world.rows("SELECT credit_cents AS credit FROM receipt WHERE source = 'staff'")).toEqual([{ credit: 2990 }]);
    expect((await verifyDatabase(world.engine.db)).findings).toEqual([]);
  });
});
