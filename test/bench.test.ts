// The measurement measures what it says: every row is checked, and a run that forgets one has no figures.
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDebtors, checkPaid } from "../bench/debtors.ts";
import { build, thirdsOf } from "../bench/base.ts";
import { checkRun } from "../bench/check.ts";
import { measure } from "../bench/measure.ts";
import { measureLists } from "../bench/lists.ts";
import { measurePayments } from "../bench/payments.ts";
import { openPlace, type Place, type Start } from "../bench/place.ts";
import { SAMPLE_PROVIDER } from "../src/cli/provider-file.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { sweep } from "../src/jobs/sweep.ts";

const start: Start = { parent: tmpdir(), newSecret: () => randomBytes(24).toString("base64url"), provider: SAMPLE_PROVIDER };

describe("the measurement of a day's run", () => {
  let place: Place;

  beforeAll(async () => {
    place = await openPlace(start);
  });
  afterAll(async () => {
    await place.close();
  });

  const run = async (customers: number): Promise<void> => {
    await build(place.owner, customers);
    await sweep(place.engine, emptyTally(), { parallel: 2 });
  };

  it("accepts a run that wrote what was due, and counts it", async () => {
    await run(100);
    const { reminder, warning, suspend } = thirdsOf(100);
    expect(reminder + warning + suspend).toBe(100);
    const counted = { messages: 67, panelCalls: 33, notices: 67, holds: 33, entries: 100, moved: 100, suspended: 33 };
    expect(await checkRun(place.owner, 100)).toMatchObject(counted);
  });

  it.each([
    ["a notice", "DELETE FROM notice WHERE customer_id = 3 AND state = 'pending'", /66 notices where 67/u],
    ["a hold", "DELETE FROM hold WHERE customer_id = 2", /32 holds where 33/u],
    ["an entry of evidence", "DELETE FROM evidence WHERE customer_id = 1", /99 entries where 100/u],
    [
      "one letter of the evidence",
      "UPDATE evidence SET entry = replace(entry, 'decision', 'Decision') WHERE customer_id = 1",
      /99 moved where 100/u,
    ],
    ["the panel call", "UPDATE service SET call_outbox_id = NULL WHERE customer_id = 2", /32 suspended where 33/u],
    [
      "whose message it is",
      "UPDATE outbox SET payload = replace(payload, 'José 4 ', 'José 5 ') WHERE customer_id = 4",
      /66 of 67 messages/u,
    ],
    ["the job that finds the rows", "DELETE FROM regua_jobs.job", /0 of 100 rows that a job will find/u],
  ])("notices when %s is missing or wrong", async (_what, damage, said) => {
    await run(100);
    await place.owner.query(damage);
    await expect(checkRun(place.owner, 100)).rejects.toThrow(said);
  });

  it("gives figures for the run, its floor and the loop, from rows that agree", async () => {
    const doings: string[] = [];
    const measured = await measure({ ...start, customers: 60, rounds: 1, parallel: 2, onProgress: (_done, doing) => doings.push(doing) });
    expect(measured.rounds).toEqual([{ seconds: measured.seconds, floorSeconds: measured.floorSeconds }]);
    expect(measured.ratio).toBe(measured.seconds / measured.floorSeconds);
    expect(measured.statementsPerCustomer).toBeGreaterThan(10 / 60);
    expect(measured.rowByRow.statementsPerCustomer).toBeGreaterThan(13);
    expect(measured.rowByRow.customers).toBe(1000);
    expect(measured.peakMemoryMb).toBeGreaterThan(50);
    expect(doings).toContain("the floor");
  });
});

describe("the measurement of payments", () => {
  it("sends every payment through the program's own door, finds every service up, and gives figures for both roads", async () => {
    let tokens = 0;
    const newToken = (): string => `token-${(tokens += 1)}`;
    const measured = await measurePayments({
      ...{ ...start, newToken, connections: 8, parallel: 4 },
      ...{ rate: 30, seconds: 1, onProgress: () => undefined },
    });
    expect(measured.payments).toBe(30);
    for (const { p50, p99, max } of [measured.bare, measured.answer, measured.called]) {
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
      expect(max).toBeGreaterThanOrEqual(p99);
    }
    // No panel is called before the webhook was answered for, and what is counted is the whole road.
    expect(measured.called.p50).toBeGreaterThan(measured.answer.p50);
    expect(measured.ratio.called.p50).toBe(measured.called.p50 / measured.bare.p50);
    // Alone a payment costs about 65; above that something is read for each that was read for all.
    expect(measured.statements).toBeLessThan(90);
  });

  it("gives none for a run that left somebody down", async () => {
    const place = await openPlace(start);
    try {
      await buildDebtors(place.owner, 3, place.engine.clock.now());
      await expect(checkPaid(place.owner, 3)).rejects.toThrow(/0 of 3 receipts/u);
    } finally {
      await place.close();
    }
  });
});

describe("the measurement of lists", () => {
  it("asks the console's own server as somebody signed in, finds whom it asks for, and has the plain query's figures beside", async () => {
    let tokens = 0;
    const { lists, coming } = await measureLists({
      ...{ ...start, newToken: () => `token-${(tokens += 1)}` },
      ...{ customers: 3000, times: 5, onProgress: () => undefined },
    });
    expect(lists.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["late, the first page", "search: a CPF", "find: an end-to-end id", "today", "what comes"]),
    );
    // Of every thousand, 280 owe something.
    expect(coming.looked).toBe(840);
    for (const { name, api, raw, ratio } of lists) {
      expect(api.p95, name).toBeGreaterThanOrEqual(api.p50);
      expect(raw.p50, name).toBeGreaterThan(0);
      expect(ratio, name).toBe(api.p95 / raw.p95);
    }
  });
});
