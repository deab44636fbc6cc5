// A real worker killed between the receiver's reading and the record: the next one sends the same event under the same id.
import { afterAll, beforeAll, expect, it } from "vitest";
import { changeCustomer } from "../src/engine/change.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, at, makeEngine, type World } from "./support/engine.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";
import { aReceiver, type Receiver } from "./support/webhooks.ts";

let data: TestDatabase;
let world: World;
let home: Home;
let receiver: Receiver;
const workers: Server[] = [];
const PATIENCE = { timeout: 60_000, interval: 50 };

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: at("2026-11-03T09:00"), mode: "sandbox" });
  home = makeHome({ DATABASE_URL: data.url });
  receiver = await aReceiver();
});

afterAll(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await Promise.all(workers.map((worker) => worker.ended));
  await receiver.server.close();
  await home.remove();
  await world.close();
  await data.drop();
});

const aWorker = async (): Promise<Server> => {
  const worker = await startServer(home.data, ["serve", "--worker"], { DATABASE_URL: data.url });
  workers.push(worker);
  return worker;
};

it("an event whose worker is killed with the call in flight arrives again, once and under its id", { timeout: 150_000 }, async () => {
  const { secret } = await home.json<{ secret: string }>("webhooks", "add", "central", receiver.url);
  receiver.secrets = [secret];
  const customer = await addCustomer(world);
  await changeCustomer(world.engine, customer.id, (unit) =>
    Promise.resolve(unit.record(customer.id, "invoice.voided", "ana", { invoice: "F-1" })),
  );
  // The receiver keeps what it read and never answers.
  receiver.server.stalled = true;
  const first = await aWorker();
  await expect.poll(() => receiver.server.calls.length, PATIENCE).toBe(1);
  first.kill("SIGKILL");
  await first.ended;
  const [held] = await world.rows("SELECT state, lease IS NOT NULL AS held FROM webhook_delivery");
  expect(held).toEqual({ state: "open", held: true });
  receiver.server.stalled = false;
  // What a lease of 90 seconds would do by itself.
  await world.rows("UPDATE webhook_delivery SET lease_until = '2020-01-01'");
  await aWorker();
  await expect
    .poll(() => world.rows("SELECT state, attempts, unknowns FROM webhook_delivery"), PATIENCE)
    .toEqual([{ state: "done", attempts: 2, unknowns: 1 }]);
  expect(receiver.heard).toHaveLength(1);
  const [row] = await world.rows<{ event_id: string }>("SELECT event_id FROM webhook_delivery");
  expect(receiver.heard[0]?.id).toBe(row?.event_id);
  expect(receiver.forged).toBe(0);
});
