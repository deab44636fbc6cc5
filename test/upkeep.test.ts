// What a live installation does once a minute: it watches its clock, anchors finished days, and throws old counts away.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Minutely } from "../src/jobs/upkeep.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { createCustomer } from "../src/engine/save-customer.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { at, makeEngine, type World } from "./support/engine.ts";

let data: TestDatabase;
let world: World;
let lines: string[];
let minutely: Minutely;

const NOON = at("2026-11-24T12:00");

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: NOON });
  lines = [];
  const log = {
    info: (_what: unknown, text: string) => void lines.push(text),
    error: (_what: unknown, text: string) => void lines.push(text),
  };
  minutely = new Minutely({ engine: world.engine, mode: "live", sandboxClock: null, log });
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

async function minuteAt(instant: number): Promise<string[]> {
  lines.length = 0;
  world.clock.set(instant);
  await minutely.look();
  return lines;
}

describe("once a minute", () => {
  it("says that it is alive, with what waits", async () => {
    await minutely.begin();
    expect(await minuteAt(NOON + MINUTE_MS)).toEqual(["heartbeat"]);
  });

  it("anchors a day once it is over in the provider's zone, and only once", async () => {
    await createCustomer(world.engine, { ref: "C-1", name: "Padaria Central", by: "ana" });
    expect(await minuteAt(at("2026-11-24T23:59"))).not.toContain("anchored");
    expect(await minuteAt(at("2026-11-25T00:00"))).toContain("anchored");
    expect(await minuteAt(at("2026-11-25T00:01"))).not.toContain("anchored");
    expect(await world.rows("SELECT leaves FROM anchor")).toEqual([{ leaves: 1 }]);
  });

  it("marks a clock that went back, so that the breaker is strict", async () => {
    expect(await world.rows("SELECT clock_jumped_at AS jumped FROM provider")).toEqual([{ jumped: null }]);
    expect((await minuteAt(at("2026-11-24T22:00"))).join()).toContain("the clock jumped");
    expect(await world.rows("SELECT clock_jumped_at AS jumped FROM provider")).toEqual([{ jumped: at("2026-11-24T22:00") }]);
    expect((await minuteAt(at("2026-11-24T22:01"))).join()).not.toContain("the clock jumped");
  });

  it("throws away counts of two days ago and answers of a week ago, once an hour", async () => {
    const now = at("2026-11-25T09:00");
    const put = async (days: number): Promise<void> => {
      const when = new Date(now - days * DAY_MS);
      await world.rows("INSERT INTO suspension_start (customer_id, service_id, started_at) VALUES (1, $1, $2)", [days, when]);
      await world.rows("INSERT INTO idempotency (scope, key, request_hash, created_at) VALUES ('api:x', $1, '', $2)", [String(days), when]);
    };
    for (const days of [1, 3, 8]) await put(days);
    await minuteAt(now);
    expect(await world.rows("SELECT service_id AS id FROM suspension_start ORDER BY 1")).toEqual([{ id: 1 }]);
    expect(await world.rows("SELECT key FROM idempotency ORDER BY 1")).toEqual([{ key: "1" }, { key: "3" }]);
    await put(9);
    await minuteAt(now + MINUTE_MS);
    expect(await world.rows("SELECT count(*)::int AS n FROM suspension_start")).toEqual([{ n: 2 }]);
    await minuteAt(now + HOUR_MS + MINUTE_MS);
    expect(await world.rows("SELECT count(*)::int AS n FROM suspension_start")).toEqual([{ n: 1 }]);
  });

  it("tells finance once a day of money that was declared a week ago and is in no account", async () => {
    const [customer] = await world.rows<{ id: number }>("SELECT customer_id AS id FROM customer");
    const receipt = { source: "staff", externalId: "p", amount: 2990, currency: "BRL", paidOn: parseDay("2026-11-19") } as const;
    await recordReceipts(world.engine, [{ ...receipt, customerId: customer?.id ?? 0, invoiceRef: null, reason: "disse", actor: "ana" }]);
    const told = async (moment: string): Promise<boolean> => (await minuteAt(at(moment))).join().includes("seen in no account");
    expect(await told("2026-11-25T23:59")).toBe(false);
    expect(await told("2026-11-26T00:00")).toBe(true);
    expect(await told("2026-11-26T00:01")).toBe(false);
    expect(await told("2026-11-27T00:00")).toBe(true);
    await world.rows("UPDATE receipt SET settled_on = paid_on");
    expect(await told("2026-11-28T00:00")).toBe(false);
  });
});
