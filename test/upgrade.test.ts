// An installation of an older schema comes to the present program: nothing is lost, nothing is said twice, and its evidence still proves itself.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { Settings } from "../src/engine/setting.ts";
import { exportBundle } from "../src/evidence/bundle.ts";
import { writeBundle } from "../src/evidence/format.ts";
import { verifyBundle } from "../src/evidence/verify.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { advanceSandbox } from "../src/jobs/sandbox-advance.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { ManualClock } from "../src/kernel/clock.ts";
import { sha256 } from "../src/kernel/hash.ts";
import { parseInstant, Zone } from "../src/kernel/time.ts";
import type { Mailer } from "../src/ports/mailer.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { SequenceIds } from "../src/store/ids.ts";
import { APP_ROLE, migrate } from "../src/store/migrate.ts";
import { freshEmptyDatabase, type TestDatabase } from "./support/database.ts";
import { load, migrationNames } from "./upgrade/dump.ts";
import { accountsIn } from "./upgrade/story.ts";

/**
 * What installations out there have applied, by file. A migration that was released is never edited, not by one blank: their next start
 * would be refused. A change is a new file, and a new line here on the day it is released.
 */
const RELEASED: Readonly<Record<string, string>> = {
  "0001_core.sql": "869e578c33a373556193aff36887f47bbf19ddbd7a27e7688e2afc88500c5737",
};

// Five months of history loaded for each test: on a machine busy with other things that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const zone = new Zone("America/Sao_Paulo");
/** The moment at which the database of schema 1 was left, at ten in the morning. */
const LEFT = parseInstant("2026-12-03T13:00:00Z");
const CUSTOMERS = 25;

interface Opened {
  /** With the rights of the owner: who tampers has them. */
  owner: Database;
  database: Database;
  dispatcher: Parameters<typeof advanceSandbox>[0];
  clock: ManualClock;
  /** Message-IDs, as they went out. */
  sent: string[];
  close(): Promise<void>;
}

/** The present program on the database. */
function open(url: string): Opened {
  const owner = openDatabase({ url, max: 1 });
  const database = openDatabase({ url, max: 4, role: APP_ROLE });
  const ids = openDatabase({ url, max: 1, role: APP_ROLE });
  const clock = new ManualClock(LEFT);
  const sent: string[] = [];
  const mail = new SandboxMailer();
  const mailer: Mailer = {
    send: (message, context) => {
      sent.push(message.messageId);
      return mail.send(message, context);
    },
    test: (context) => mail.test(context),
    close: () => mail.close(),
  };
  let tokens = 0;
  return {
    owner,
    database,
    clock,
    sent,
    dispatcher: {
      engine: { db: database.db, settings: new Settings(), ids: new SequenceIds(ids.db), clock, motorClock: clock, wake: null },
      outside: {
        mailers: new Map([["email", mailer]]),
        panels: new Map([["sandbox", new SandboxPanel({ accounts: accountsIn(database) })]]),
      },
      newToken: () => `after/${(tokens += 1)}`,
      parallel: 1,
      steady: true,
    },
    close: async () => {
      await Promise.all([owner.close(), database.close(), ids.close()]);
    },
  };
}

const rowsOf = async (database: Database, text: string): Promise<Record<string, unknown>[]> =>
  (await database.pool.query<Record<string, unknown>>(text)).rows;

const SAID = `SELECT c.ref, n.key, n.step, n.channel, n.state, n.decided_at FROM notice n JOIN customer c USING (customer_id) ORDER BY c.ref, n.key`;
const HELD = `SELECT c.ref, h.hold_id, h.kind, h.placed_at, h.lifted_at FROM hold h JOIN customer c USING (customer_id) ORDER BY c.ref, h.hold_id`;
const TOLD = `SELECT c.ref, e.seq, e.kind, e.at, e.entry FROM evidence e JOIN customer c USING (customer_id) ORDER BY c.ref, e.seq`;
const QUEUED = `SELECT c.ref, o.outbox_id, o.kind, o.key, o.state, o.payload FROM outbox o JOIN customer c USING (customer_id) ORDER BY c.ref, o.outbox_id`;

describe("released migrations", () => {
  it("read today as they did on the day of their release", () => {
    const folder = new URL("../src/store/migrations/", import.meta.url);
    for (const [name, checksum] of Object.entries(RELEASED))
      expect(sha256(readFileSync(new URL(name, folder), "utf8")), `${name} was released: write a new migration instead`).toBe(checksum);
  });

  it("stand in an unbroken row, so that a new one comes after them", () => {
    expect(migrationNames().map((name) => Number(name.slice(0, 4)))).toEqual(migrationNames().map((_, i) => i + 1));
    expect(migrationNames()).toEqual(expect.arrayContaining(Object.keys(RELEASED)));
  });
});

describe("a database written by schema 1", () => {
  let base: TestDatabase;
  let applied: string[];
  let world: Opened;

  beforeEach(async () => {
    base = await freshEmptyDatabase();
    await load(base.url, join(import.meta.dirname, "upgrade", "schema-1.sql.gz"));
    ({ applied } = await migrate(base.url));
    world = open(base.url);
  });

  afterEach(async () => {
    await world.close();
    await base.drop();
  });

  it("takes every later migration once, in order, and keeps the first as it was", async ({ annotate }) => {
    await annotate(`schema 1, then applied: ${applied.join(", ") || "nothing, 0001 is still the only one"}`);
    expect(applied).toEqual(migrationNames().slice(1));
    expect((await migrate(base.url)).applied).toEqual([]);
    const table = await rowsOf(world.owner, "SELECT name, checksum FROM schema_migration ORDER BY name");
    expect(table.map((row) => row.name)).toEqual(migrationNames());
    expect(table[0]).toEqual({ name: "0001_core.sql", checksum: RELEASED["0001_core.sql"] });
  });

  it("is refused where an applied migration was edited, or where the database is ahead of the program", async () => {
    await rowsOf(world.owner, "UPDATE schema_migration SET checksum = 'another' WHERE name = '0001_core.sql'");
    await expect(migrate(base.url)).rejects.toMatchObject({ code: "schema_changed" });
    await rowsOf(world.owner, "UPDATE schema_migration SET name = '9999_later.sql' WHERE name = '0001_core.sql'");
    await expect(migrate(base.url)).rejects.toMatchObject({ code: "schema_newer" });
  });

  it("holds evidence that verifies as a whole, and a bundle of each customer that verifies alone", async () => {
    const report = await verifyDatabase(world.database.db);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ intact: true, customers: CUSTOMERS, anchors: 150 });
    expect(report.entries).toBeGreaterThan(1000);
    const customers = (await rowsOf(world.database, "SELECT ref FROM customer ORDER BY ref")).map((row) => String(row.ref));
    for (const ref of customers) {
      const bundle = await exportBundle(world.database.db, ref, { now: LEFT });
      expect([ref, verifyBundle(Buffer.from(writeBundle(bundle), "utf8")).findings]).toEqual([ref, []]);
    }
  });

  it("still shows an old entry that was changed by hand", async () => {
    const [entry] = await rowsOf(
      world.owner,
      `SELECT c.ref, e.customer_id, e.seq FROM evidence e JOIN customer c USING (customer_id)
       WHERE e.kind = 'receipt' ORDER BY e.at, e.customer_id LIMIT 1`,
    );
    const { rowCount } = await world.owner.pool.query(
      `UPDATE evidence SET entry = regexp_replace(entry, '"amount_cents":[0-9]+', '"amount_cents":1') WHERE customer_id = $1 AND seq = $2`,
      [entry?.customer_id, entry?.seq],
    );
    expect(rowCount).toBe(1);
    const report = await verifyDatabase(world.database.db);
    expect(report.intact).toBe(false);
    expect(report.findings).toContainEqual({
      of: "customer",
      customer: entry?.ref,
      finding: expect.objectContaining({
        code: "entry_differs",
        entry: expect.objectContaining({ seq: entry?.seq }) as unknown,
      }) as unknown,
    });
    expect(new Set(report.findings.map((each) => each.customer))).toEqual(new Set([entry?.ref]));
  });

  it("may not be changed by the program itself, where it is evidence", async () => {
    await expect(rowsOf(world.database, "UPDATE evidence SET entry = ''")).rejects.toThrow(/permission denied/u);
    await expect(rowsOf(world.database, "DELETE FROM anchor")).rejects.toThrow(/permission denied/u);
  });

  it("has everybody decided by the next sweep without a fault, and nothing new to say, hold or do", async () => {
    const look = () => Promise.all([SAID, HELD, TOLD, QUEUED].map((text) => rowsOf(world.database, text)));
    const before = await look();
    await rowsOf(world.owner, `UPDATE customer SET next_check_at = '2026-12-03T13:00:00Z'`);
    const tally = emptyTally();
    await sweep(world.dispatcher.engine, tally);
    expect(tally).toEqual({ customers: CUSTOMERS, messages: 0, notices: {}, holds: 0, faults: 0 });
    expect(await look()).toEqual(before);
  });

  it("lives on: what a dead worker held is taken over, what was said is not said again, and all ends in order", async () => {
    const said = await rowsOf(world.database, SAID);
    const held = await rowsOf(world.database, HELD);
    const done = await rowsOf(
      world.database,
      "SELECT payload::json->>'messageId' AS id FROM outbox WHERE kind = 'message' AND state <> 'open' ORDER BY 1",
    );
    const leased = await rowsOf(world.database, "SELECT key FROM outbox WHERE lease = 'worker/dead' ORDER BY key");
    expect(leased.length).toBeGreaterThan(0);

    const moved = await advanceSandbox(world.dispatcher, world.clock, zone, { until: zone.startOf(zone.dayOf(LEFT) + 40), every: 1 });

    expect(moved.faults).toBe(0);
    expect(moved.receipts).toBeGreaterThan(0);
    expect(moved.suspensions).toBeGreaterThan(0);
    expect(moved.reactivations).toBeGreaterThan(0);
    const later = await rowsOf(world.database, SAID);
    const ended = new Map(later.map((row) => [`${String(row.ref)} ${String(row.key)}`, row]));
    // What had ended stays as it ended; what waited has ended, under its own key.
    for (const notice of said) {
      const now = ended.get(`${String(notice.ref)} ${String(notice.key)}`);
      if (notice.state === "pending") expect(now?.state).not.toBe("pending");
      else expect(now).toEqual(notice);
    }
    expect(later.length).toBeGreaterThan(said.length);
    expect(world.sent.length).toBeGreaterThan(0);
    expect(world.sent.filter((messageId) => done.some((row) => row.id === messageId))).toEqual([]);
    expect(new Set(world.sent).size).toBe(world.sent.length);
    const heldLater = await rowsOf(world.database, HELD);
    const ids = new Set(heldLater.map((row) => row.hold_id));
    expect(held.filter((row) => !ids.has(row.hold_id))).toEqual([]);
    expect(await rowsOf(world.database, "SELECT key FROM outbox WHERE lease = 'worker/dead' AND state = 'open'")).toEqual([]);
    expect(await rowsOf(world.database, "SELECT ref FROM customer WHERE fault IS NOT NULL")).toEqual([]);
    const report = await verifyDatabase(world.database.db);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ intact: true, customers: CUSTOMERS, anchors: 190 });
  });
});
