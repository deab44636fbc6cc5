// The afternoon beside WHMCS, by its commands and with the server running: added, read, tied, looked at by the doctor, and its hook heard over HTTP.
import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hookVerifier, signHook } from "../src/adapters/whmcs/hook.ts";
import { runProgram } from "../src/cli/program.ts";
import { wait } from "../src/kernel/clock.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeEngine, type World } from "./support/engine.ts";
import { FakeWhmcs, WHMCS } from "./support/fake-whmcs.ts";
import { closeFakePanels } from "./support/panels/panel-server.ts";
import type { Ran } from "./support/program.ts";

const HOOK_SECRET = "a-hook-secret-of-forty-characters-000000";

let data: TestDatabase;
let world: World;
let folder: string;
let fake: FakeWhmcs;
let stop = (): void => undefined;
const all: string[] = [];

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: Date.now() });
  fake = await new FakeWhmcs().start();
  folder = mkdtempSync(join(tmpdir(), "regua-tests-"));
});
afterAll(async () => {
  stop();
  await closeFakePanels();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
  await data.drop();
});

async function regua(...args: string[]): Promise<Ran> {
  return (await started(args)).ended;
}

/** What `main.ts` does, in this process; `out` as it comes. */
async function started(args: readonly string[], untilStopped = Promise.reject<string>(new Error("nothing is served here"))) {
  untilStopped.catch(() => undefined);
  const said = { out: [] as string[], err: [] as string[] };
  const ended = runProgram(["--data", join(folder, "data"), ...args], {
    env: { DATABASE_URL: data.url, LANG: "C.UTF-8" },
    cwd: folder,
    input: () => Promise.reject(new Error("nothing is piped here")),
    out: (text) => void said.out.push(text),
    err: (text) => void said.err.push(text),
    isTerminal: false,
    now: () => Date.now(),
    newToken: () => randomUUID(),
    newSecret: () => randomBytes(32).toString("base64url"),
    untilStopped: () => untilStopped,
  }).then((code): Ran => {
    all.push(...said.out, ...said.err);
    return { code, out: said.out.join("\n"), err: said.err.join("\n") };
  });
  return Promise.resolve({ said, ended });
}

async function json<T>(...args: string[]): Promise<T> {
  const { out, err } = await regua("--json", ...args);
  if (out === "") throw new Error(`regua ${args.join(" ")}: ${err}`);
  return JSON.parse(out) as T;
}

function settings(secret = WHMCS.secret): string {
  const { host, port } = fake.address;
  const lines = [
    `url: https://${host}:${port}/clientes/`,
    `identifier: ${WHMCS.identifier}`,
    `secret: ${secret}`,
    `hook_secret: ${HOOK_SECRET}`,
  ];
  writeFileSync(join(folder, "whmcs.yaml"), [...lines, "acts: whmcs", "payment_method: banktransfer", "calls_per_second: 100"].join("\n"));
  return "whmcs.yaml";
}

const digits = (): string => fake.address.fingerprint.replaceAll(":", "").toLowerCase();
const config = (): string => readFileSync(join(folder, "data", "regua.yaml"), "utf8");

describe("regua whmcs", () => {
  it("add believes no certificate by itself, writes nothing that was refused, and seals the secrets", async () => {
    expect((await regua("whmcs", "status")).err).toContain("regua whmcs add");
    expect((await regua("whmcs", "add", settings())).err).toContain(digits());
    expect(fake.calls).toEqual([]);
    const refused = await regua("whmcs", "add", settings("AN0THER"), "--fingerprint", digits());
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("Authentication Failed") as string]);
    const { code, out, err } = await regua("whmcs", "add", settings(), "--fingerprint", digits());
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Least privilege: an API role with GetClients, ");
    expect(out).toContain("ModuleSuspend");
    expect(config().match(/sealed:1:/gu)).toHaveLength(3);
    expect((await regua("whmcs", "add", settings(), "--fingerprint", digits())).err).toContain("--replace");
  });

  it("sync reads and writes nothing there; status says what would happen against us, and --write takes it away", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const client = fake.addClient({ firstname: "Ana", lastname: "Souza" });
    const service = fake.addService(client, { nextduedate: "2026-01-03" });
    fake.addInvoice(client, today, 2990, { service });
    expect(await json("whmcs", "sync")).toEqual({ clients: 1, services: 1, invoices: 1, written: 0 });
    expect(fake.services.get(service)?.overideautosuspend).toBe("");
    const before = await json<{ against: unknown[]; phase: string }>("whmcs", "status");
    expect(before).toMatchObject({ phase: "follow", against: [{ service: String(service), what: "will" }] });
    expect((await regua("doctor")).out).toContain("not held off");
    expect(await json("whmcs", "sync", "--write")).toMatchObject({ written: 1 });
    expect(await json("whmcs", "status")).toMatchObject({ against: [], waiting: 0, unwritten: [] });
    const doctor = await json<{ checks: { check: string; verdict: string }[] }>("doctor");
    expect(doctor.checks.filter(({ check }) => check.startsWith("whmcs"))).toMatchObject([
      { check: "whmcs", verdict: "ok" },
      { check: "whmcs_reading", verdict: "ok" },
    ]);
    expect((await regua("panels", "list")).out).toContain("whmcs");
  });

  it("serve hears the hook over HTTP: a payment there is here at once, a forged call is refused, a question is answered", async () => {
    const [invoice] = [...fake.invoices.keys()];
    const [service] = [...fake.services.keys()];
    const stopping = new Promise<string>((resolve) => (stop = () => resolve("test")));
    const { said, ended } = await started(["--json", "serve", "--port", "0"], stopping);
    const address = await until(() => said.out.flatMap((line) => /"address":"([^"]+)"/u.exec(line)?.[1] ?? [])[0] ?? null);
    const post = async (body: object, secret = HOOK_SECRET) => {
      const rawBody = Buffer.from(JSON.stringify(body));
      const call = { rawBody, timestamp: String(Math.floor(Date.now() / 1000)), nonce: randomBytes(16).toString("hex") };
      const headers = { "x-regua-timestamp": call.timestamp, "x-regua-nonce": call.nonce, "x-regua-signature": signHook(secret, call) };
      const answer = await fetch(`${address}/hooks/whmcs`, { method: "POST", body: rawBody, headers });
      return { code: answer.status, body: await answer.json() };
    };
    expect(await post({ event: "PreModuleSuspend", id: service })).toMatchObject({
      code: 200,
      body: { allow: false, because: "ladder_not_there_yet" },
    });
    expect((await post({ event: "InvoicePaid", id: invoice }, "x".repeat(40))).code).toBe(401);
    fake.pay(invoice ?? 0, 2990, "pix-1");
    expect(await post({ event: "InvoicePaid", id: invoice })).toEqual({ code: 200, body: { received: true } });
    await until(async () => ((await world.rows("SELECT 1 FROM invoice WHERE state = 'paid'")).length > 0 ? "paid" : null));
    expect(await triedInConsole(address, said.out)).toMatchObject({
      outcome: "done",
      detail: expect.stringContaining("ModuleSuspend") as string,
    });
    stop();
    expect((await ended).code).toBe(0);
  });

  it("a key that WHMCS refuses meanwhile is told by the doctor, and works again after a test", async () => {
    fake.foreign = true;
    expect((await regua("whmcs", "sync")).err).toContain("Invalid IP");
    expect((await regua("doctor")).out).toContain("nothing more is sent");
    fake.foreign = false;
    expect((await regua("whmcs", "test")).code).toBe(0);
    expect((await regua("whmcs", "sync")).code).toBe(0);
  });

  it("no secret stands in anything that was written or said", async () => {
    expect((await regua("config", "check")).out).toContain("***");
    for (const secret of [WHMCS.secret, WHMCS.identifier, HOOK_SECRET]) {
      expect(config()).not.toContain(secret);
      expect(all.join("\n")).not.toContain(secret);
    }
  });
});

/** The first person comes in by the link that the server printed, and presses "test now". */
async function triedInConsole(address: string, out: readonly string[]): Promise<unknown> {
  const token = /#([\w-]+)/u.exec(out.join("\n"))?.[1];
  const ask = async (path: string, body: object, cookie = ""): Promise<Response> =>
    fetch(`${address}/admin${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: address, "idempotency-key": randomUUID(), cookie },
      body: JSON.stringify(body),
    });
  const person = { token, name: "Ana", email: "ana@hospedagem.example", password: randomUUID(), lang: "pt-BR" };
  const entered = await ask("/invite/accept", person);
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return (await ask("/settings/test", { kind: "whmcs", name: "whmcs" }, cookie)).json();
}

/** Looks until something is there; fails after ten seconds. */
async function until<T>(look: () => T | null | Promise<T | null>): Promise<T> {
  for (let i = 0; i < 400; i += 1) {
    const found = await look();
    if (found !== null) return found;
    await wait(25);
  }
  throw new Error("it did not come within ten seconds");
}

const php = spawnSync("php", ["-v"]).status === 0;
if (!php) console.warn("skipped: no php on this machine to run integrations/whmcs/regua.php with");

/** What of PHP and of WHMCS the file uses; a call is printed instead of sent, and answered as given. */
const STUB = (answer: string): string => `<?php
define('WHMCS', true);
foreach (['POST','POSTFIELDS','HTTPHEADER','RETURNTRANSFER','CONNECTTIMEOUT','TIMEOUT','FOLLOWLOCATION'] as $i => $n) defined("CURLOPT_$n") || define("CURLOPT_$n", $i);
defined('CURLINFO_RESPONSE_CODE') || define('CURLINFO_RESPONSE_CODE', 99);
$hooks = [];
function add_hook($name, $order, $do) { global $hooks; $hooks[$name] = $do; }
function logActivity($text) { echo json_encode(['log' => $text]), "\\n"; }
function curl_init($url) { return $url; }
function curl_setopt_array($c, $o) { echo json_encode(['url' => $c, 'body' => $o[CURLOPT_POSTFIELDS], 'headers' => $o[CURLOPT_HTTPHEADER]]), "\\n"; }
function curl_exec($c) { return '${answer}'; }
function curl_getinfo($c, $w) { return 200; }
function curl_close($c) {}
require $argv[1];
echo json_encode(['names' => array_keys($hooks)]), "\\n";
$hooks['InvoicePaid'](['invoiceid' => '59']);
echo json_encode(['answer' => $hooks['PreModuleSuspend'](['params' => ['serviceid' => 7, 'suspendreason' => '']])]), "\\n";
echo json_encode(['asked' => $hooks['PreModuleSuspend'](['params' => ['serviceid' => 7, 'suspendreason' => 'spam']])]), "\\n";
`;

describe.skipIf(!php)("the hook file", () => {
  const run = (answer: string): Record<string, unknown>[] => {
    const file = readFileSync(join(import.meta.dirname, "../integrations/whmcs/regua.php"), "utf8");
    writeFileSync(join(folder, "regua.php"), file.replace("REGUA_HOOK_SECRET = ''", `REGUA_HOOK_SECRET = '${HOOK_SECRET}'`));
    writeFileSync(join(folder, "stub.php"), STUB(answer));
    const { stdout, stderr, status } = spawnSync("php", ["-n", join(folder, "stub.php"), join(folder, "regua.php")], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it("signs what our verification takes, and asks about overdue suspensions alone", () => {
    const said = run('{"allow":false,"because":"promise","until":null}');
    const [{ names } = {}, paid, , , answer] = said;
    expect(names).toEqual(
      expect.arrayContaining(["InvoicePaid", "InvoiceCreated", "TicketOpen", "TicketUserReply", "CancellationRequest", "PreModuleSuspend"]),
    );
    const headers = new Headers((paid?.headers as string[]).map((line) => line.split(": ") as [string, string]));
    const header = (name: string): string => headers.get(`x-regua-${name}`) ?? "";
    const rawBody = Buffer.from(String(paid?.body));
    const call = { rawBody, timestamp: header("timestamp"), nonce: header("nonce"), signature: header("signature") };
    expect(hookVerifier(HOOK_SECRET)(call, Date.now())).toMatchObject({ verdict: "verified", body: { event: "InvoicePaid", id: 59 } });
    expect(answer).toEqual({ answer: { abortcmd: true } });
    expect(said.at(-1)).toEqual({ asked: [] });
    expect(said.filter(({ url }) => url !== undefined)).toHaveLength(2);
  });

  it("lets WHMCS suspend where we allow it, and leaves it for the next run where we give no answer", () => {
    expect(run('{"allow":true,"because":"ladder","until":null}').find((each) => "answer" in each)).toEqual({ answer: [] });
    expect(run("").find((each) => "answer" in each)).toEqual({ answer: { abortcmd: true } });
  });
});
