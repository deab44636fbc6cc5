// What stands before a panel: its key is tried once, a panel that is down is let be and found again, and no two acts meet on a server that bears one.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openVirtualmin } from "../src/adapters/panels/virtualmin.ts";
import { GuardedPanel } from "../src/jobs/panels/guarded.ts";
import { Gate } from "../src/jobs/panels/gate.ts";
import { ManualClock } from "../src/kernel/clock.ts";
import { controlPanelConformance } from "../src/ports/conformance/control-panel.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { readCircuit, takeTurn } from "../src/store/panel-circuits.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { FakeVirtualmin, VIRTUALMIN } from "./support/panels/fake-virtualmin.ts";
import { ample, closeFakePanels, REASON, worldOf } from "./support/panels/panel-server.ts";

let data: TestDatabase;
let database: Database;
beforeAll(async () => {
  data = await freshDatabase();
  database = openDatabase({ url: data.url, max: 6 });
});
afterAll(async () => {
  await database.close();
  await data.drop();
});
afterEach(closeFakePanels);

let worlds = 0;
let tokens = 0;

async function open(password = VIRTUALMIN.password) {
  const fake = await new FakeVirtualmin().start();
  fake.add("loja.test");
  const name = `panel-${(worlds += 1)}`;
  const clock = new ManualClock(Date.UTC(2026, 11, 1, 12));
  const process = (key = password) =>
    new GuardedPanel({
      name,
      panel: openVirtualmin({ ...fake.address, user: VIRTUALMIN.user, password: key, terminate: true }),
      db: database.db,
      clock,
      newToken: () => `holder-${(tokens += 1)}`,
      parallel: 4,
      callMs: 10_000,
    });
  return { fake, clock, name, process, panel: process(), circuit: () => readCircuit(database.db, name) };
}

controlPanelConformance("A guarded panel", async () => {
  const { fake, panel } = await open();
  return worldOf(fake, panel);
});

const soon = () => ({ signal: AbortSignal.timeout(200) });

describe("a panel that refuses our key", () => {
  it("hears it once from all processes together, until a person's test ends well", async () => {
    const { fake, panel, process, circuit } = await open("wrong");
    expect(await panel.read("loja.test", ample())).toMatchObject({ outcome: "refused", credentials: true });
    const others = [process("wrong"), process("wrong")];
    for (const other of others)
      expect(await other.suspend("loja.test", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(fake.failures).toBe(1);
    expect(await circuit()).toMatchObject({ state: "locked", because: expect.stringContaining("401") as string });
    expect((await process(VIRTUALMIN.password).test(ample())).outcome).toBe("done");
    expect(await circuit()).toMatchObject({ state: "closed", because: null });
  });

  it("is asked again by a process that had locked itself, once the panel was tested elsewhere", async () => {
    const { fake, panel, process, clock } = await open();
    fake.instead = { on: () => true, answer: { code: 401, text: "<h2>401</h2>" } };
    await panel.read("loja.test", ample());
    fake.instead = null;
    expect((await panel.read("loja.test", ample())).outcome).toBe("refused");
    await process().test(ample());
    clock.set(clock.now() + 3_000);
    expect(await panel.read("loja.test", ample())).toMatchObject({ outcome: "done" });
  });
});

describe("a panel that does not answer", () => {
  it("is let be after six failures in a row, in every process, and found again within a minute of its return", async () => {
    const { fake, panel, process, clock, circuit } = await open();
    fake.stalled = true;
    for (let call = 0; call < 6; call += 1) expect((await panel.read("loja.test", soon())).outcome).toBe("unknown");
    expect(await circuit()).toMatchObject({ state: "open", failures: 6 });
    const asked = fake.calls.length;
    const other = process();
    for (let call = 0; call < 5; call += 1)
      expect(await other.read("loja.test", ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(fake.calls).toHaveLength(asked);
    fake.stalled = false;
    clock.set(clock.now() + 61_000);
    // Whoever waits behind the one that tries is served, not sent away for ten minutes.
    const all = await Promise.all(["read", "read", "read"].map(() => panel.read("loja.test", ample())));
    expect(all.map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
    expect(await circuit()).toMatchObject({ state: "closed", failures: 0 });
  });

  it("is not let be for refusing what was asked: it answers", async () => {
    const { fake, panel, circuit } = await open();
    fake.refusing = true;
    for (let call = 0; call < 8; call += 1) await panel.suspend("loja.test", REASON, ample());
    expect((await circuit())?.state ?? "closed").toBe("closed");
  });

  it("is let be when nobody listens there at all", async () => {
    const { panel, circuit } = await open();
    await closeFakePanels();
    for (let call = 0; call < 6; call += 1) await panel.read("loja.test", ample());
    expect(await circuit()).toMatchObject({ state: "open", because: expect.stringContaining("No connection") as string });
  });
});

describe("acts on a server that bears one at a time", () => {
  it("never meet, from however many processes they come", async () => {
    const { fake, process } = await open();
    for (const name of ["a.test", "b.test", "c.test"]) fake.add(name);
    fake.slowMs = 15;
    await Promise.all(["a.test", "b.test", "c.test"].map((name) => process().suspend(name, REASON, ample())));
    expect(["a.test", "b.test", "c.test"].map((name) => fake.truth(name))).toEqual(["suspended", "suspended", "suspended"]);
    expect(fake.mostActsAtOnce).toBe(1);
  });

  it("wait for a process that died in its turn no longer than its time", async () => {
    const { panel, name, clock } = await open();
    const now = clock.now();
    await takeTurn(database.db, { panel: name, account: "" }, { holder: "dead", now, until: now + 45_000 });
    expect(await panel.suspend("loja.test", REASON, soon())).toMatchObject({ outcome: "refused", retry: true });
    clock.set(now + 46_000);
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({ outcome: "done" });
  });
});

describe("places at a panel", () => {
  it("are given in order, and not to whoever gave up waiting", async () => {
    const gate = new Gate(1);
    const never = new AbortController().signal;
    expect(await gate.enter(never)).toBe(true);
    const order: string[] = [];
    const gone = new AbortController();
    const waiting = [
      gate.enter(never).then((in_) => order.push(`first ${in_}`)),
      gate.enter(gone.signal).then((in_) => order.push(`second ${in_}`)),
      gate.enter(never).then((in_) => order.push(`third ${in_}`)),
    ];
    gone.abort();
    await waiting[1];
    gate.leave();
    await waiting[0];
    gate.leave();
    await waiting[2];
    expect(order).toEqual(["second false", "first true", "third true"]);
    expect(await gate.enter(AbortSignal.abort())).toBe(false);
  });
});
