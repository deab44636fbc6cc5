// Holds against the real database: who may place which, what each does to access and to the ladder, and how each ends.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeHold, type HoldRequest } from "../src/engine/place-hold.ts";
import { releaseHold } from "../src/engine/release-hold.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { DAY_MS, formatInstant, HOUR_MS } from "../src/kernel/time.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import {
  addCustomer,
  addInvoice,
  addService,
  at,
  desired,
  evaluate,
  evidence,
  makeEngine,
  suspendFor,
  type Row,
  type World,
} from "./support/engine.ts";

const TUESDAY = at("2026-11-24T10:00");
const FRIDAY = at("2026-11-27T09:00");

let test: TestDatabase;
let world: World;
let customer: Row;
let service: Row;
let invoice: Row;

beforeEach(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: TUESDAY });
  customer = await addCustomer(world, { ref: "77" });
  service = await addService(world, customer, { ref: "site-1" });
  invoice = await addInvoice(world, customer, { ref: "1042", service, dueOn: "2026-11-10" });
});

afterEach(async () => {
  await world.close();
  await test.drop();
});

const dispute = (change: Partial<HoldRequest> = {}): HoldRequest => ({
  customer: "77",
  kind: "dispute",
  invoice: "1042",
  until: FRIDAY,
  reason: "Cobrança em duplicidade",
  by: "ana",
  ...change,
});

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof ReguaError) return error.code;
    throw error;
  }
  return "done";
}

const standing = () =>
  world.rows<{ kind: string; effect: string; until: number | null; placed_by: string }>(
    "SELECT kind, effect, until, placed_by FROM hold WHERE lifted_at IS NULL ORDER BY hold_id",
  );

describe("a dispute", () => {
  it("stops the ladder of its invoice until its end, then ends by itself", async () => {
    await placeHold(world.engine, dispute());
    expect(await standing()).toEqual([{ kind: "dispute", effect: "collection", until: FRIDAY, placed_by: "ana" }]);
    for (let now = TUESDAY; now < FRIDAY; now += 12 * HOUR_MS) {
      world.clock.set(now);
      await evaluate(world, customer);
    }
    expect(await world.rows("SELECT key FROM notice")).toEqual([]);
    world.clock.set(FRIDAY);
    await evaluate(world, customer);
    expect(await standing()).toEqual([]);
    expect(await world.rows("SELECT step FROM notice")).toEqual([{ step: "reminder" }]);
  });

  it("gives access back while it stands, and the service goes down again with its end", async () => {
    await suspendFor(world, customer, service, invoice, at("2026-11-16T09:00"));
    await placeHold(world.engine, dispute());
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
    await world.rows("UPDATE service SET actual = 'active', suspended_by_us = false, call_outbox_id = NULL");
    world.clock.set(FRIDAY);
    await evaluate(world, customer);
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
  });

  it("is written into the evidence, placed and released, with who and why", async () => {
    const { holdId } = await placeHold(world.engine, dispute());
    world.clock.set(TUESDAY + HOUR_MS);
    await releaseHold(world.engine, { customer: "77", holdId, by: "bia", reason: "Cliente desistiu" });
    const entries = (await evidence(world, customer)).filter((entry) => entry.kind.startsWith("hold."));
    expect(entries).toMatchObject([
      {
        kind: "hold.placed",
        actor: "ana",
        body: { kind: "dispute", effect: "collection", invoice: "1042", until: formatInstant(FRIDAY), reason: "Cobrança em duplicidade" },
      },
      { kind: "hold.released", actor: "bia", body: { kind: "dispute", placed_at: formatInstant(TUESDAY), reason: "Cliente desistiu" } },
    ]);
    expect(await world.rows("SELECT lifted_by FROM hold")).toEqual([{ lifted_by: "bia" }]);
    expect(await codeOf(releaseHold(world.engine, { customer: "77", holdId, by: "bia", reason: "outra vez" }))).toBe("hold_unknown");
  });
});

describe("a hold for abuse", () => {
  it("takes the service down at once, and only its release brings it back", async () => {
    const { holdId } = await placeHold(world.engine, { customer: "77", kind: "abuse", service: "site-1", reason: "Phishing", by: "ana" });
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
    await world.rows("UPDATE service SET actual = 'suspended', suspended_by_us = true, call_outbox_id = NULL");
    await releaseHold(world.engine, { customer: customer.id, holdId, by: "ana", reason: "Conta limpa" });
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
    expect(await world.rows("SELECT count(*) FROM outbox WHERE kind = 'access'")).toEqual([{ count: 2 }]);
  });

  it("leaves the other services alone", async () => {
    await addService(world, customer, { ref: "site-2" });
    await placeHold(world.engine, { customer: "77", kind: "abuse", service: "site-1", reason: "Phishing", by: "ana" });
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended", "site-2": "active" });
  });

  it("released while an invoice is past due leaves the service down for that one", async () => {
    await suspendFor(world, customer, service, invoice, at("2026-11-16T09:00"));
    const { holdId } = await placeHold(world.engine, { customer: "77", kind: "abuse", service: "site-1", reason: "Phishing", by: "ana" });
    await releaseHold(world.engine, { customer: "77", holdId, by: "ana", reason: "Conta limpa" });
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
  });
});

describe("an exception", () => {
  it("by decision of staff stops the ladder of the whole account until the day it must name", async () => {
    const manual: HoldRequest = { customer: "77", kind: "manual", reason: "Permuta em negociação", by: "ana" };
    expect(await codeOf(placeHold(world.engine, manual))).toBe("hold_needs_end");
    await placeHold(world.engine, { ...manual, until: FRIDAY });
    await evaluate(world, customer);
    expect(await world.rows("SELECT key FROM notice")).toEqual([]);
  });

  it("by legal order may stand without an end", async () => {
    await placeHold(world.engine, { customer: "77", kind: "legal", reason: "Ofício 12/2026", by: "ana" });
    expect(await standing()).toEqual([{ kind: "legal", effect: "collection", until: null, placed_by: "ana" }]);
  });

  it("that takes the service down for a time ends by itself", async () => {
    await placeHold(world.engine, { customer: "77", kind: "manual", effect: "access", until: FRIDAY, reason: "Migração", by: "ana" });
    expect(await desired(world, customer)).toEqual({ "site-1": "suspended" });
    await world.rows("UPDATE service SET actual = 'suspended', suspended_by_us = true, call_outbox_id = NULL");
    world.clock.set(FRIDAY);
    await evaluate(world, customer);
    expect(await desired(world, customer)).toEqual({ "site-1": "active" });
  });

  it("is refused, and nothing is written, when it makes no sense", async () => {
    await addService(world, customer, { ref: "site-2" });
    for (const [request, code] of [
      [dispute({ reason: " " }), "words_missing"],
      [dispute({ by: "" }), "words_missing"],
      [dispute({ effect: "access" }), "hold_invalid"],
      [dispute({ until: TUESDAY }), "hold_invalid"],
      [dispute({ until: TUESDAY - DAY_MS }), "hold_invalid"],
      [dispute({ service: "site-2" }), "hold_invalid"],
      [dispute({ kind: "abuse" }), "hold_invalid"],
      [dispute({ service: "site-9", invoice: undefined }), "service_unknown"],
      [dispute({ invoice: "9999" }), "invoice_unknown"],
      [dispute({ customer: "nobody" }), "customer_unknown"],
    ] as const)
      expect(await codeOf(placeHold(world.engine, request))).toBe(code);
    expect(await standing()).toEqual([]);
    expect(await evidence(world, customer)).toEqual([]);
  });
});

describe("an overdue hold", () => {
  it("is not released by hand: the error points to a payment or a promise", async () => {
    await suspendFor(world, customer, service, invoice, at("2026-11-16T09:00"));
    const [hold] = await world.rows<{ hold_id: number }>("SELECT hold_id FROM hold");
    const asked = releaseHold(world.engine, { customer: "77", holdId: hold?.hold_id ?? 0, by: "ana", reason: "Cliente pediu" });
    await expect(asked).rejects.toMatchObject({ code: "hold_is_overdue", cure: expect.stringContaining("promise to pay") as string });
    expect(await standing()).toHaveLength(1);
  });
});
