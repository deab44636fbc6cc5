// The doctor and the configuration, run as the real program against installations that are well and others that are not.
import { importStatement } from "../src/engine/import-statement.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentedKeys } from "../src/cli/config-check.ts";
import { SAMPLE_PROVIDER } from "../src/cli/provider-file.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { migrate } from "../src/store/migrate.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addService, makeEngine, zone, type World } from "./support/engine.ts";
import { aLine } from "./support/payments.ts";
import { makeHome, type Home } from "./support/program.ts";
import { SmtpMailbox } from "./support/smtp-mailbox.ts";

interface Check {
  check: string;
  verdict: "ok" | "note" | "person" | "unchecked";
  message: string;
  cure: string | null;
}

interface Examined {
  mode: "sandbox" | "live" | null;
  ok: boolean;
  checks: Check[];
}

/** What the doctor finds, whatever its exit code, which must fit. */
async function examine(home: Home, ...args: string[]): Promise<Examined> {
  const { code, out, err } = await home.run("--json", "doctor", ...args);
  if (out === "") throw new Error(err);
  const examined = JSON.parse(out) as Examined;
  expect(code).toBe(examined.ok ? 0 : 1);
  return examined;
}

const of = (examined: Examined, name: string): Check[] => examined.checks.filter((check) => check.check === name);
const waiting = (examined: Examined): string[] => examined.checks.filter((check) => check.verdict === "person").map((check) => check.check);

describe("regua doctor before there is anything", () => {
  it("says how to begin, makes nothing, and ends with 1", async () => {
    const home = makeHome();
    const { code, out } = await home.run("doctor");
    expect({ code, made: existsSync(home.data) }).toEqual({ code: 1, made: false });
    expect(out).toMatch(/✗ There is no data folder .+\n {2}→ Begin with `regua init --sandbox`/u);
    await home.remove();
  });

  it("names the keys of a configuration that cannot be used, and leaves the rest", async () => {
    const home = makeHome({ PORT: "99999" });
    const examined = await examine(home);
    expect(examined.checks.map(({ check, verdict }) => [check, verdict])).toEqual([
      ["node", "ok"],
      ["config", "person"],
      ["database", "unchecked"],
    ]);
    expect(of(examined, "config")[0]?.message).toContain("port");
    await home.remove();
  });

  it("says that a database does not answer", async () => {
    const home = makeHome({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing" });
    const examined = await examine(home);
    expect(of(examined, "database")[0]).toMatchObject({ verdict: "person", message: expect.stringContaining("ECONNREFUSED") as string });
    await home.remove();
  });
});

describe("regua doctor in a sandbox of its own", () => {
  let home: Home;
  beforeAll(async () => {
    home = makeHome();
    await home.json("init", "--sandbox", "--empty", "--date", "2026-11-22");
  });
  afterAll(() => home.remove());

  it("finds everything well, with a line for each thing it rests on", async () => {
    const examined = await examine(home);
    expect({ mode: examined.mode, waiting: waiting(examined) }).toEqual({ mode: "sandbox", waiting: [] });
    expect(examined.checks.map((check) => check.check)).toEqual(
      ["node", "config", "data", "disk", "database", "durability", "migrations", "clock", "rights"].concat([
        "provider",
        "policy",
        "mail",
        "panel",
        ...of(examined, "proofs").map(() => "proofs"),
        "virus_scan",
        "money",
        "charges",
        "breaker",
        "outbox",
        "faults",
        "evidence",
      ]),
    );
    // One line where pdftoppm and tesseract are there, else one for each that is not.
    expect(of(examined, "proofs").length).toBeGreaterThan(0);
    expect(of(examined, "rights")[0]?.message).toContain("regua_app");
    expect(of(examined, "provider")[0]?.message).toContain(SAMPLE_PROVIDER.identity.taxId);
  });

  it("says so in both languages, sandbox and date first, within 100 columns", async () => {
    for (const [lang, end] of [
      ["en", "Nothing needs a person."],
      ["pt-BR", "Nada precisa de uma pessoa."],
    ] as const) {
      const { out } = await home.run("--lang", lang, "doctor");
      const lines = out.trimEnd().split("\n");
      expect([lines[0], lines.at(-1)]).toEqual(["sandbox · 2026-11-22", end]);
      expect(lines.filter((line) => [...line].length > 100)).toEqual([]);
    }
  });

  it("asks for a configuration with secrets to be closed to others", async () => {
    const file = join(home.folder, "open.yaml");
    writeFileSync(file, "mail:\n  host: mail.example\n  password: hush\n  from_name: X\n  from_address: x@example.com\n");
    chmodSync(file, 0o644);
    const examined = await examine(home, "--config", file);
    expect(of(examined, "config")[0]).toMatchObject({ verdict: "person", cure: `chmod 600 ${file}` });
    chmodSync(file, 0o600);
    expect(waiting(await examine(home, "--config", file))).toEqual([]);
  });
});

describe("regua doctor in a live installation", () => {
  let database: TestDatabase;
  let world: World;
  let home: Home;
  beforeAll(async () => {
    database = await freshDatabase();
    world = await makeEngine(database.url, { now: systemClock.now(), mode: "live" });
    home = makeHome({ DATABASE_URL: database.url });
    mkdirSync(home.data);
  });
  afterAll(async () => {
    await world.close();
    await home.remove();
    await database.drop();
  });

  const configure = (text: string): void => writeFileSync(join(home.data, "regua.yaml"), text, { mode: 0o600 });
  const mailAt = (mailbox: SmtpMailbox, password: string): string =>
    `mail:\n  host: 127.0.0.1\n  port: ${mailbox.port}\n  secure: none\n  user: regua\n  password: ${password}\n  from_name: X\n  from_address: x@example.com\n`;

  it("needs a mail server before anything can be said to a customer", async () => {
    configure("");
    expect(of(await examine(home), "mail")).toMatchObject([
      { verdict: "person", cure: expect.stringContaining("config check --all") as string },
    ]);
  });

  it("signs in at the mail server, and says what it answers to a wrong password", async () => {
    const mailbox = await SmtpMailbox.start({ login: { user: "regua", password: "right" } });
    try {
      configure(mailAt(mailbox, "right"));
      const well = await examine(home);
      expect(of(well, "mail")).toMatchObject([{ verdict: "ok", message: expect.stringContaining("signed in as regua") as string }]);
      configure(mailAt(mailbox, "wrong"));
      const ill = await examine(home);
      expect(of(ill, "mail")[0]?.verdict).toBe("person");
      expect(JSON.stringify(ill)).not.toContain("wrong");
    } finally {
      await mailbox.close();
    }
  });

  it("tests every panel, and misses the one that services name and nobody configured", async () => {
    const customer = await addCustomer(world);
    await addService(world, customer);
    configure(
      'panels:\n  web1:\n    kind: command\n    read: ["/bin/true", "{account}"]\n    suspend: ["/bin/true", "{account}"]\n    unsuspend: ["/bin/true", "{account}"]\n    test: ["/bin/false"]\n',
    );
    const panels = of(await examine(home), "panel");
    expect(panels.map((each) => [each.verdict, /“sandbox”|web1/u.exec(each.message)?.[0]])).toEqual([
      ["person", "web1"],
      ["person", "“sandbox”"],
    ]);
    await world.rows("UPDATE service SET panel = NULL, account = NULL");
    configure(
      'panels: { web1: { kind: command, read: ["relative"], suspend: ["/bin/true", "{account}"], unsuspend: ["/bin/true", "{account}"] } }\n',
    );
    const unusable = await examine(home);
    expect(of(unusable, "config").map((each) => each.verdict)).toEqual(["ok", "person"]);
    expect(of(unusable, "installation")).toMatchObject([{ verdict: "unchecked" }]);
    configure("");
  });

  it("tells finance what was declared a week ago and seen in no account, and counts what waits for its owner", async () => {
    const customer = await addCustomer(world, { ref: "C-55" });
    const today = zone.dayOf(systemClock.now());
    const paid = async (externalId: string, paidOn: number): Promise<void> => {
      const receipt = { customerId: customer.id, source: "staff", externalId, amount: 2990, currency: "BRL", paidOn } as const;
      await recordReceipts(world.engine, [{ ...receipt, invoiceRef: null, reason: "disse que pagou", actor: "ana" }]);
    };
    await paid("p-6", today - 6);
    expect(of(await examine(home), "money")).toMatchObject([{ verdict: "ok" }]);
    await paid("p-7", today - 7);
    // Where no statement is ever imported, nothing that was declared could be seen.
    expect(of(await examine(home), "money")).toMatchObject([{ verdict: "note", message: expect.stringContaining("1 receipts") as string }]);
    await importStatement(world.engine, [aLine({ externalId: "x", amountCents: 777 })], { by: "ana" });
    const examined = await examine(home);
    expect(of(examined, "money")).toMatchObject([{ verdict: "person", cure: expect.stringContaining("regua reconcile") as string }]);
    expect(of(examined, "money_waiting")).toMatchObject([{ verdict: "note", message: "1 payments wait for their owner." }]);
    await world.rows("UPDATE receipt SET settled_on = paid_on");
    await world.rows("UPDATE waiting_money SET state = 'dismissed', ended_at = recorded_at, ended_by = 'ana', reason = 'teste'");
    expect(of(await examine(home), "money")).toMatchObject([{ verdict: "ok" }]);
  });

  it("shows customers set aside by a fault, with why", async () => {
    const { ref } = await addCustomer(world, { ref: "C-77" });
    await world.rows("UPDATE customer SET fault = 'cannot be decided' WHERE ref = $1", [ref]);
    const [check] = of(await examine(home), "faults");
    expect(check).toMatchObject({
      verdict: "person",
      message: expect.stringMatching(/^1 customers .+\nC-77: cannot be decided$/su) as string,
    });
    await world.rows("UPDATE customer SET fault = NULL");
  });

  it("asks who works when a row of the outbox is hours late", async () => {
    const customer = await addCustomer(world);
    const late = formatInstant(systemClock.now() - 3 * 3_600_000);
    await world.rows(
      "INSERT INTO outbox (customer_id, outbox_id, kind, key, payload, not_before, decided_at, attempts, answer) VALUES ($1, 1, 'message', 'k', '{}', $2, $2, 4, '451 later')",
      [customer.id, late],
    );
    const [check] = of(await examine(home), "outbox");
    expect(check).toMatchObject({
      verdict: "person",
      message: expect.stringMatching(/^1 waiting .+1 of them due; the oldest for 3 h; .+451 later/u) as string,
    });
    await world.rows("DELETE FROM outbox");
  });

  it("says that the breaker holds suspensions back, and why", async () => {
    await world.rows("INSERT INTO breaker (one, tripped_at, because) VALUES (true, $1, '60 suspensions in one hour, 50 allowed')", [
      formatInstant(systemClock.now()),
    ]);
    expect(of(await examine(home), "breaker")).toMatchObject([
      { verdict: "person", message: expect.stringContaining("60 suspensions in one hour") as string },
    ]);
    await world.rows("DELETE FROM breaker");
  });

  it("finds a changed entry of the evidence, in the sample and in the whole", async () => {
    const customer = await addCustomer(world, { ref: "C-88" });
    // A hold is written at any hour; a reminder would wait for the end of the quiet ones.
    await placeHold(world.engine, { customer: "C-88", kind: "legal", reason: "ordem judicial", by: "ana" });
    const before = await examine(home, "--deep");
    expect(of(before, "evidence")).toMatchObject([{ verdict: "ok", message: expect.stringMatching(/[1-9]\d* entries/u) as string }]);
    const [entry] = await world.rows<{ seq: number; entry: string }>(
      "SELECT seq, entry FROM evidence WHERE customer_id = $1 ORDER BY seq LIMIT 1",
      [customer.id],
    );
    await world.rows('UPDATE evidence SET entry = replace(entry, \'"actor":"\', \'"actor":"x\') WHERE customer_id = $1 AND seq = $2', [
      customer.id,
      entry?.seq,
    ]);
    for (const args of [[], ["--deep"]]) {
      const [check] = of(await examine(home, ...args), "evidence");
      expect(check).toMatchObject({ verdict: "person", message: expect.stringContaining("C-88: ") as string });
    }
    await world.rows("UPDATE evidence SET entry = $3 WHERE customer_id = $1 AND seq = $2", [customer.id, entry?.seq, entry?.entry]);
  });

  it("sees rights on the evidence that go too far", async () => {
    await world.rows("GRANT UPDATE ON evidence TO regua_app");
    expect(of(await examine(home), "rights")).toMatchObject([
      {
        verdict: "person",
        message: expect.stringContaining("UPDATE evidence") as string,
        cure: expect.stringMatching(/^REVOKE UPDATE/u) as string,
      },
    ]);
    await world.rows("REVOKE UPDATE ON evidence FROM regua_app");
    expect(of(await examine(home), "rights")[0]?.verdict).toBe("ok");
  });

  it("does not let the example pass for a provider, nor one whose address is missing", async () => {
    const [kept] = await world.rows<{ identity: object }>("SELECT identity FROM provider");
    const set = (change: object) => world.rows("UPDATE provider SET identity = $1", [JSON.stringify({ ...kept?.identity, ...change })]);
    await set({ taxId: SAMPLE_PROVIDER.identity.taxId });
    expect(of(await examine(home), "provider")).toMatchObject([{ verdict: "person", message: "The provider is still the example." }]);
    await set({ taxId: "12.345.678/0001-95", address: " " });
    expect(of(await examine(home), "provider")).toMatchObject([
      { verdict: "person", message: expect.stringContaining("address") as string },
    ]);
    await set({ taxId: "12.345.678/0001-95" });
    expect(of(await examine(home), "provider")).toMatchObject([{ verdict: "ok" }]);
  });

  it("says what the schema stands at", async () => {
    expect(await migrate(database.url)).toEqual({ applied: [] });
    const [last] = await world.rows<{ name: string }>("SELECT max(name) AS name FROM schema_migration");
    expect(of(await examine(home), "migrations")[0]?.message).toContain(last?.name ?? "none");
  });
});

describe("regua config check", () => {
  interface Shown {
    file: string | null;
    values: { key: string; value: unknown; from: string }[];
  }

  it("shows each value with where it came from, and no secret", async () => {
    const home = makeHome({ DATABASE_URL: "postgres://regua:hush-db@db.example/regua", PORT: "9000", REGUA_MAIL_PASSWORD: "hush-mail" });
    mkdirSync(home.data);
    const panel = "panels:\n  web1: { kind: hestia, host: p.example, access_key: hush-a, secret_key: hush-s }\n";
    writeFileSync(
      join(home.data, "regua.yaml"),
      `port: 8000\nparallel: 3\nmail: { host: m.example, from_name: X, from_address: x@example.com }\n${panel}`,
    );
    const shown = await home.json<Shown>("config", "check");
    const value = (key: string) => shown.values.find((each) => each.key === key);
    expect(shown.file).toBe(join(home.data, "regua.yaml"));
    expect(value("port")).toEqual({ key: "port", value: 9000, from: "environment PORT" });
    expect(value("parallel")).toEqual({ key: "parallel", value: 3, from: "file" });
    expect(value("connections")).toEqual({ key: "connections", value: 12, from: "default" });
    expect(value("database_url")).toEqual({ key: "database_url", value: "***", from: "environment DATABASE_URL" });
    expect(value("mail.password")).toEqual({ key: "mail.password", value: "***", from: "environment REGUA_MAIL_PASSWORD" });
    expect(value("mail.port")).toEqual({ key: "mail.port", value: 587, from: "default" });
    expect(value("panels.web1.secret_key")).toEqual({ key: "panels.web1.secret_key", value: "***", from: "file" });
    const { out } = await home.run("config", "check", "--all");
    expect(JSON.stringify(shown) + out).not.toContain("hush");
    expect(out.split("\n").filter((line) => [...line].length > 100)).toEqual([]);
    await home.remove();
  });

  it("refuses a key and a variable that nobody knows", async () => {
    const home = makeHome({ REGUA_PARALEL: "3" });
    expect(await home.run("config", "check")).toMatchObject({ code: 1, err: expect.stringContaining("REGUA_PARALEL") as string });
    await home.remove();
  });

  it("documents every key there is", () => {
    const keys = documentedKeys();
    expect(keys.map((each) => each.key)).toEqual(expect.arrayContaining(["port", "mail.host", "panels.NAME.port (hestia)"]));
    expect(keys.filter((each) => each.meaning === "").map((each) => each.key)).toEqual([]);
  });
});
