// What the portal's use cases rest on: when a backup is to be had, what a term is, and who answers whom.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askCancellation, cancellationTerms, withdrawCancellation } from "../src/engine/ask-cancellation.ts";
import { replyTo } from "../src/engine/conversations.ts";
import { backupOffers, endBackup, requestBackup } from "../src/engine/request-backup.ts";
import { inbox, writeMessage } from "../src/engine/write-message.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { formatDay, parseDay } from "../src/kernel/time.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evidence, makeEngine, suspendFor, type World } from "./support/engine.ts";

let test: TestDatabase;
let world: World;

beforeAll(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: at("2026-11-22T12:00"), policyDoc: { backup: { minimum_after_days: 7 } } });
});

afterAll(async () => {
  await world.close();
  await test.drop();
});

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof ReguaError) return error.code;
    throw error;
  }
};

describe("a backup", () => {
  it("while down is to be had as a minimum from the policy's day on, and the refusal before it names the day", async () => {
    const customer = await addCustomer(world);
    const service = await addService(world, customer);
    const invoice = await addInvoice(world, customer, { dueOn: "2026-11-10", service });
    await suspendFor(world, customer, service, invoice, at("2026-11-20T09:00"));
    const ask = () => requestBackup(world.engine, { customer: customer.ref, service: service.ref, by: "customer" });
    const { services } = await backupOffers(world.engine, customer.ref);
    expect(services).toMatchObject([{ offer: { granted: false, rule: "suspended", from: parseDay("2026-11-27") } }]);
    expect(await codeOf(ask())).toBe("backup_refused");
    world.clock.set(at("2026-11-26T23:59"));
    expect(await codeOf(ask())).toBe("backup_refused");
    world.clock.set(at("2026-11-27T00:00"));
    const made = await ask();
    expect(made.kind).toBe("minimum");
    expect(await codeOf(ask())).toBe("backup_waits");
    const end = { customer: customer.ref, id: made.id, by: "ana", note: "no portal até sexta" };
    await endBackup(world.engine, { ...end, state: "delivered" });
    expect(await codeOf(endBackup(world.engine, { ...end, state: "withdrawn" }))).toBe("backup_unknown");
    const said = (await evidence(world, customer)).filter(({ kind }) => kind.startsWith("backup."));
    expect(said.map(({ kind, actor }) => [kind, actor])).toEqual([
      ["backup.refused", "customer"],
      ["backup.refused", "customer"],
      ["backup.asked", "customer"],
      ["backup.delivered", "ana"],
    ]);
    expect(said[0]?.body).toMatchObject({ from: "2026-11-27", rule: "suspended" });
    world.clock.set(at("2026-11-22T12:00"));
  });
});

describe("the end of a term", () => {
  it.each([
    ["2026-11-10", "2026-12-09"],
    ["2027-01-31", "2027-02-27"],
    ["2026-12-01", "2026-12-31"],
    // Long past: the day is today.
    ["2025-03-10", "2026-11-22"],
  ])("of an invoice due on %s is %s", async (dueOn, ends) => {
    const customer = await addCustomer(world);
    const service = await addService(world, customer);
    await addInvoice(world, customer, { dueOn, service, issuedOn: "2025-03-01" });
    const terms = await cancellationTerms(world.engine, { customer: customer.ref, service: service.ref });
    expect(formatDay(terms.termEnds)).toBe(ends);
    expect(terms.owedCents).toBe(2990);
  });

  it("asked and withdrawn leaves the service as it was; what was not asked is not withdrawn", async () => {
    const customer = await addCustomer(world);
    const service = await addService(world, customer);
    const about = { customer: customer.ref, service: service.ref, by: "customer" };
    expect(await codeOf(withdrawCancellation(world.engine, about))).toBe("cancellation_not_open");
    await askCancellation(world.engine, { ...about, on: parseDay("2026-12-09") });
    await withdrawCancellation(world.engine, about);
    expect(await world.rows("SELECT cancel_asked_at, cancel_on FROM service WHERE service_id = $1", [service.id])).toEqual([
      { cancel_asked_at: null, cancel_on: null },
    ]);
  });
});

describe("the thread", () => {
  it("waits since the first word that nobody answered, and no customer floods it", async () => {
    const customer = await addCustomer(world);
    const write = (text: string) => writeMessage(world.engine, { customer: customer.ref, by: "customer", text });
    await write("bom dia");
    const since = world.clock.now();
    world.clock.set(since + 60_000);
    await write("alguém?");
    const waiting = async () => (await inbox(world.engine)).threads.find((each) => each.customer === customer.ref);
    expect(await waiting()).toMatchObject({ since, text: "alguém?" });
    await replyTo(world.engine, { id: `c-${customer.id}`, by: "ana", text: "bom dia, já vemos" });
    expect(await waiting()).toBeUndefined();
    expect(await codeOf(write("   "))).toBe("words_missing");
    for (let i = 0; i < 28; i += 1) await write(`mensagem ${i}`);
    expect(await codeOf(write("mais uma"))).toBe("messages_spent");
  });
});
