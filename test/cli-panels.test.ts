// The commands about control panels: the real program in this process, on a real database, with a panel on loopback.
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../src/cli/program.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, type World } from "./support/engine.ts";
import { CPANEL, FakeCpanel } from "./support/panels/fake-cpanel.ts";
import { closeFakePanels } from "./support/panels/panel-server.ts";
import type { Ran } from "./support/program.ts";

const OURS = "Régua: F-9";

let data: TestDatabase;
let world: World;
let folder: string;
let fake: FakeCpanel;
const ran: Ran[] = [];

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: at("2026-11-20T09:00") });
  fake = await new FakeCpanel().start();
  folder = mkdtempSync(join(tmpdir(), "regua-tests-"));
});
afterAll(async () => {
  await closeFakePanels();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
  await data.drop();
});

const config = (): string => join(folder, "data", "regua.yaml");
const key = (): string => join(folder, "data", "secret.key");

/** What `main.ts` does, without a process for each command: a start costs a second, and there are thirty of them here. */
async function regua(...args: string[]): Promise<Ran> {
  const said = { out: [] as string[], err: [] as string[] };
  const code = await runProgram(["--data", join(folder, "data"), ...args], {
    env: { DATABASE_URL: data.url, LANG: "C.UTF-8" },
    cwd: folder,
    out: (text) => void said.out.push(text),
    err: (text) => void said.err.push(text),
    isTerminal: false,
    now: () => Date.now(),
    newToken: () => randomUUID(),
    newSecret: () => randomBytes(32).toString("base64url"),
    input: () => Promise.reject(new Error("nothing is piped here")),
    untilStopped: () => Promise.reject(new Error("nothing is served here")),
  });
  const one: Ran = { code, out: said.out.join("\n"), err: said.err.join("\n") };
  ran.push(one);
  return one;
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await regua("--json", ...args);
  if (code !== 0) throw new Error(`regua ${args.join(" ")} ended with ${code}: ${err}${out}`);
  return JSON.parse(out) as T;
}

function settings(token = CPANEL.token): string {
  const { host, port } = fake.address;
  writeFileSync(join(folder, "whm.yaml"), `kind: cpanel\nhost: ${host}\nport: ${port}\nuser: ${CPANEL.user}\ntoken: ${token}\n`);
  return "whm.yaml";
}

const digits = (): string => fake.address.fingerprint.replaceAll(":", "").toLowerCase();

describe("a panel", () => {
  it("whose certificate nobody vouches for is not believed: its digits are shown for a person to compare, and nothing was sent", async () => {
    const { code, err } = await regua("panels", "add", "whm", settings());
    expect(code).toBe(1);
    expect(err).toContain(digits());
    expect(fake.calls).toEqual([]);
    expect(existsSync(config())).toBe(false);
  });

  it("that refuses the key is not written, and the refusal repeats no key", async () => {
    const { code, err } = await regua("panels", "add", "whm", settings("ANOTHERT0KEN"), "--fingerprint", digits());
    expect([code, err]).toEqual([1, expect.stringContaining("401") as string]);
    expect(err).not.toContain("ANOTHERT0KEN");
    expect(existsSync(config())).toBe(false);
  });

  it("that answers is written with its secrets sealed, under a key of its owner's alone", async () => {
    const { code, out, err } = await regua("panels", "add", "whm", settings(), "--fingerprint", digits());
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Least privilege");
    const written = readFileSync(config(), "utf8");
    expect(written).toContain("token: sealed:1:");
    expect(written).not.toContain(CPANEL.token);
    for (const file of [config(), key()]) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await regua("panels", "add", "whm", settings(), "--fingerprint", digits())).err).toContain("already");
    expect((await regua("config", "check")).out).not.toContain(CPANEL.token);
  });

  it("is tested with the sealed key, and after the key was changed for another", async () => {
    expect((await regua("panels", "test")).out).toContain("✓ whm (cpanel)");
    const before = [readFileSync(config(), "utf8"), readFileSync(key(), "utf8")];
    expect(await json("panels", "rotate-key")).toMatchObject({ sealed: 1 });
    expect(readFileSync(config(), "utf8")).not.toBe(before[0]);
    expect((await regua("panels", "test", "whm")).code).toBe(0);
    const present = readFileSync(key(), "utf8");
    writeFileSync(key(), before[1] ?? "", { mode: 0o600 });
    expect((await regua("panels", "test")).err).toContain("panels.whm.token");
    writeFileSync(key(), present, { mode: 0o600 });
  });

  it("refuses to read a key that others may read", async () => {
    chmodSync(key(), 0o644);
    expect((await regua("config", "check")).err).toContain("chmod 600");
    chmodSync(key(), 0o600);
  });
});

describe("services", () => {
  beforeAll(async () => {
    for (const name of ["loja", "padaria", "spam", "vazia"]) fake.add(name);
    fake.suspendByHand("spam");
    const ana = await addCustomer(world, { ref: "C-ana" });
    await addService(world, ana, { ref: "S-1", name: "Plano www.loja.test", account: null });
    await addService(world, ana, { ref: "S-2", name: "padaria", account: null });
    await addService(world, ana, { ref: "S-3", name: "sem domínio", account: null });
    await addService(world, ana, { ref: "S-4", name: "spam.test", account: null });
  });

  it("are tied by domain, and what matches nothing is told on either side; a rehearsal ties nothing", async () => {
    const dry = await json("link", "--panel", "whm", "--by", "domain", "--dry-run");
    expect(dry).toMatchObject({
      dryRun: true,
      tied: [
        { service: "S-1", panel: "whm", account: "loja" },
        { service: "S-4", panel: "whm", account: "spam" },
      ],
      servicesWithoutAccount: [{ service: "S-2" }, { service: "S-3" }],
      accountsWithoutService: [{ account: "padaria" }, { account: "vazia" }],
    });
    expect(await world.rows("SELECT 1 FROM service WHERE panel IS NOT NULL")).toEqual([]);
    const { code, out } = await regua("link", "--panel", "whm");
    expect(code).toBe(0);
    expect(out).toContain("S-1 → whm/loja");
  });

  it("are tied from a list, all of it or nothing of it", async () => {
    const list = (text: string): string => {
      writeFileSync(join(folder, "ties.csv"), text);
      return "ties.csv";
    };
    const wrong = async (text: string): Promise<string> => (await regua("link", list(text))).err;
    expect(await wrong("service,panel,account\nS-2,whm,padaria\nS-3,whm,nobody\n")).toContain("line 3");
    expect(await wrong("service,panel,account\nS-2,whm,loja\n")).toContain("S-1");
    expect(await wrong("service,account\nS-2,loja\n")).toContain("column panel");
    expect(await world.rows("SELECT 1 FROM service WHERE ref = 'S-2' AND panel IS NOT NULL")).toEqual([]);
    expect((await regua("link", list("Service;Panel;Account\nS-2;whm;padaria\n"))).code).toBe(0);
    expect(await world.rows("SELECT account FROM service WHERE ref = 'S-2'")).toEqual([{ account: "padaria" }]);
  });

  it("are compared: a rehearsal tells, a round repairs what is ours, and another party's suspension stays with its cause", async () => {
    const bia = await addCustomer(world, { ref: "C-bia" });
    const service = await addService(world, bia, { ref: "S-9", name: "vazia", account: null });
    await addInvoice(world, bia, { ref: "F-9", service, dueOn: "2026-11-10", paidOn: "2026-11-18" });
    await world.rows("UPDATE service SET panel = 'whm', account = 'vazia' WHERE ref = 'S-9'");
    fake.accounts.set("vazia", { suspended: true, reason: OURS, locked: false });
    const dry = await json<{ found: unknown[] }>("panels", "reconcile", "--dry-run");
    expect(dry.found).toEqual([
      expect.objectContaining({ account: "spam", kind: "suspended_by_other", would: "nothing" }),
      expect.objectContaining({ account: "vazia", kind: "down_though_active", would: "unsuspend" }),
    ]);
    expect(fake.truth("vazia")).toBe("suspended");
    const { code, out } = await regua("panels", "reconcile");
    expect([code, out]).toEqual([0, expect.stringContaining("1 reactivated") as string]);
    expect([fake.truth("vazia"), fake.truth("spam")]).toEqual(["active", "suspended"]);
    expect((await regua("panels", "differences")).out).toMatch(/spam\s+S-4\s+suspended by another/u);
    expect(await json("panels", "list")).toMatchObject({ panels: [{ name: "whm", kind: "cpanel", services: 4, calls: "pass" }] });
  });

  it("are left alone while the panel refuses our key, which everybody can see, and a test by a person ends it", async () => {
    fake.instead = { on: () => true, answer: { code: 401, text: "denied" } };
    expect((await regua("panels", "reconcile")).code).toBe(0);
    expect((await regua("panels", "list")).out).toContain("locked");
    const asked = fake.calls.length;
    expect((await regua("panels", "reconcile")).code).toBe(0);
    expect(fake.calls).toHaveLength(asked);
    fake.instead = null;
    expect((await regua("panels", "test", "whm")).code).toBe(0);
    expect((await regua("panels", "list")).out).not.toContain("locked");
  });

  it("that share an account are told of by the doctor, who also sees a locked panel", async () => {
    const caio = await addCustomer(world, { ref: "C-caio" });
    await addService(world, caio, { ref: "S-10", account: null });
    await world.rows("UPDATE service SET panel = 'whm', account = 'loja' WHERE ref = 'S-10'");
    const { out } = await regua("doctor");
    expect(out).toContain("S-1, S-10");
    expect(out).toContain("Panel whm");
  });
});

describe("secrets", () => {
  it("show nowhere: not in what was printed, not in the database, not in the configuration", async () => {
    const tables = await world.rows<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
    const dump: string[] = [readFileSync(config(), "utf8"), JSON.stringify(ran)];
    for (const { name } of tables) dump.push(JSON.stringify(await world.rows(`SELECT * FROM ${name}`)));
    expect(dump.join("").length).toBeGreaterThan(10_000);
    expect(dump.join("")).not.toContain(CPANEL.token);
    expect(dump.join("")).not.toContain(readFileSync(key(), "utf8").trim());
  });
});
