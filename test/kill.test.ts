// Two workers on one database, one of them killed in the middle: everything is done, and everything once.
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build, thirdsOf } from "../bench/base.ts";
import { NOW } from "../bench/place.ts";
import { SAMPLE_PROVIDER } from "../src/cli/provider-file.ts";
import { approveSuspensions } from "../src/engine/breaker.ts";
import { installProvider } from "../src/engine/install-provider.ts";
import { Settings } from "../src/engine/setting.ts";
import { startMotor } from "../src/jobs/motor.ts";
import { ManualClock, wait } from "../src/kernel/clock.ts";
import { MINUTE_MS } from "../src/kernel/time.ts";
import { presetText } from "../src/policy/read.ts";
import { openDatabase } from "../src/store/database.ts";
import { SequenceIds } from "../src/store/ids.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";

const CUSTOMERS = 10_000;
const { reminder, warning, suspend } = thirdsOf(CUSTOMERS);

/** A notice to each of the first two thirds; to the last, that the service went down. */
const MESSAGES = reminder + warning + suspend;

/** A lease outlasts a dead worker by forty seconds; the rest is for a machine with other things to do. */
const PATIENCE_MS = 120_000;

let data: TestDatabase;
let owner: pg.Client;
let home: Home;
const workers: Server[] = [];

beforeAll(async () => {
  data = await freshDatabase();
  const database = openDatabase({ url: data.url, max: 2 });
  const policySource = presetText("hospedagem-br");
  await installProvider(database.db, { mode: "sandbox", provider: SAMPLE_PROVIDER, policySource, at: NOW, by: "tests" });
  // The first start makes the job tables, which the builder empties.
  await (await startMotor({ url: data.url, log: { info: () => undefined, error: () => undefined } })).stop();
  const clock = new ManualClock(NOW);
  const ids = new SequenceIds(database.db);
  // A third of the base at once is what the breaker is for: a person has said that it is right.
  await approveSuspensions({ db: database.db, settings: new Settings(), ids, clock, motorClock: clock, wake: null }, "ana");
  await database.close();
  owner = new pg.Client({ connectionString: data.url });
  await owner.connect();
  await build(owner, CUSTOMERS);
  await owner.query("INSERT INTO sandbox_account (account, access) SELECT account, 'active' FROM service");
  home = makeHome({ DATABASE_URL: data.url });
});

afterAll(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await Promise.all(workers.map((worker) => worker.ended));
  await owner.end();
  await home.remove();
  await data.drop();
});

async function one<T>(text: string, parameters: readonly unknown[] = []): Promise<T> {
  const { rows } = await owner.query<Record<string, string>>(text, [...parameters]);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)])) as T;
}

interface Left {
  due: number;
  open: number;
  done: number;
  leased: number;
  /** Suspensions that stand, whose first answer was lost with the worker: looked at once more when a late one would have landed. */
  lookedAgain: number;
}

/** How long a call that was given up may still be carried out. */
const LANDED_BY_MS = 15 * MINUTE_MS;

const left = () =>
  one<Left>(
    `SELECT (SELECT count(*) FROM customer WHERE next_check_at <= $1) AS due,
       (SELECT count(*) FROM outbox WHERE state = 'open') AS open, (SELECT count(*) FROM outbox WHERE state = 'done') AS done,
       (SELECT count(*) FROM outbox WHERE state = 'open' AND lease IS NOT NULL) AS leased,
       (SELECT count(*) FROM outbox WHERE state = 'open' AND kind = 'access' AND unknowns = 1 AND answer = 'suspended' AND not_before = $2)
         AS "lookedAgain"`,
    [new Date(NOW), new Date(NOW + LANDED_BY_MS)],
  );

/** Looks again until it is so; fails with what it saw last. */
async function until(wanted: (seen: Left) => boolean): Promise<Left> {
  for (let waited = 0; ; waited += 50) {
    const seen = await left();
    if (wanted(seen)) return seen;
    if (waited > PATIENCE_MS)
      throw new Error(`after ${PATIENCE_MS} ms still ${JSON.stringify(seen)}\n${workers.map((w) => w.log()).join("\n")}`);
    await wait(50);
  }
}

it(
  `does the work of ${CUSTOMERS} customers once, though one of two workers is killed in the middle of it`,
  { timeout: 200_000 },
  async () => {
    const worker = () => startServer(home.data, ["serve", "--worker"], { DATABASE_URL: data.url, REGUA_LOG_LEVEL: "error" });
    const [first, second] = await Promise.all([worker(), worker()]);
    workers.push(first, second);
    const before = await until(({ done, leased }) => done >= 500 && leased > 0);
    first.kill("SIGKILL");
    expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(before.due + before.open, "the kill came in the middle").toBeGreaterThan(0);
    await until(({ due, open, lookedAgain }) => due === 0 && open === lookedAgain);
    await owner.query("UPDATE provider SET sandbox_now = $1", [new Date(NOW + LANDED_BY_MS)]);
    await until(({ open }) => open === 0);

    expect(await one("SELECT count(*) AS n FROM customer WHERE fault IS NOT NULL")).toEqual({ n: 0 });
    const outbox = await one(
      `SELECT count(*) FILTER (WHERE kind = 'message' AND state = 'done') AS messages,
       count(*) FILTER (WHERE kind = 'access' AND state = 'done') AS calls,
       count(*) FILTER (WHERE state NOT IN ('done', 'superseded')) AS undone, count(DISTINCT (customer_id, key)) AS keys FROM outbox WHERE state = 'done'`,
    );
    expect(outbox).toEqual({ messages: MESSAGES, calls: suspend, undone: 0, keys: MESSAGES + suspend });
    const notices = await owner.query<{ step: string; n: string }>(
      "SELECT step, count(*) AS n FROM notice WHERE decided_at = $1 AND state = 'accepted' GROUP BY step ORDER BY step",
      [new Date(NOW)],
    );
    expect(Object.fromEntries(notices.rows.map(({ step, n }) => [step, Number(n)]))).toEqual({ reminder, warning, suspended: suspend });
    const access = await one(
      `SELECT (SELECT count(*) FROM sandbox_account WHERE access = 'suspended') AS accounts,
       (SELECT count(*) FROM service WHERE desired = 'suspended' AND confirmed = 'suspended' AND suspended_by_us AND access_seq = 1) AS services,
       (SELECT count(*) FROM service WHERE call_outbox_id IS NOT NULL OR call_lease IS NOT NULL) AS calls,
       (SELECT count(*) FROM hold WHERE kind = 'overdue' AND lifted_at IS NULL) AS holds`,
    );
    expect(access).toEqual({ accounts: suspend, services: suspend, calls: 0, holds: suspend });
    const evidence = await one(
      `SELECT count(*) FILTER (WHERE kind = 'message.accepted') AS messages, count(*) FILTER (WHERE kind = 'access.suspended' AND entry::jsonb -> 'body' ->> 'changed' = 'true') AS suspensions,
       count(DISTINCT entry::jsonb -> 'body' ->> 'message_id') FILTER (WHERE kind = 'message.accepted') AS distinct FROM evidence`,
    );
    expect(evidence).toEqual({ messages: MESSAGES, suspensions: suspend, distinct: MESSAGES });

    second.kill("SIGTERM");
    expect(await second.ended).toEqual({ code: 0, signal: null });
  },
);
