// The commands of every day, run as the real program on a sandbox: import, look, rehearse, run, pay, promise, hold, evidence, terminate.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshEmptyDatabase, type TestDatabase } from "./support/database.ts";
import { makeHome, type Home } from "./support/program.ts";

const EXAMPLES = join(import.meta.dirname, "../examples");

const CSV = `number,name,email,service,price,invoice,issued,due,amount,paid
77,Padaria Central,padaria@example.com,S77,29.90,F77,2026-10-23,2026-11-02,29.90,
78,Oficina do Zé,ze@example.com,S78,29.90,F78,2026-10-23,2026-11-02,29.90,
79,Loja Azul,azul@example.com,S79,99.00,F79,2026-10-23,2026-11-02,99.00,
80,Estúdio Norte,norte@example.com,S80,99.00,F80,2026-10-23,2026-11-20,99.00,2026-11-04
81,Banca do João,joao@example.com,S81,29.90,F81,2026-13-45,2026-11-02,29.90,
`;

const MAP = `map: test
files:
  - dates: yyyy-mm-dd
    decimal: "."
    customer: { ref: number, name: name, email: email, since: { constant: "2024-01-01" } }
    service: { ref: service, price: price }
    invoice: { ref: invoice, issued: issued, due: due, amount: amount }
    payment: { id: { template: "pg-\${invoice}" }, paid: paid }
`;

let database: TestDatabase;
let home: Home;

beforeAll(async () => {
  database = await freshEmptyDatabase();
  home = makeHome({ DATABASE_URL: database.url });
  const plain = readFileSync(join(EXAMPLES, "plain-3-4-5.yaml"), "utf8")
    // One suspension an hour goes by itself; the end of a service is proposed after twenty days.
    .replace("breaker: none", "breaker: { max_per_hour: 1, max_percent: 0.1 }")
    .replace(
      / {2}- \{ step: suspend, .+\n/u,
      (line) => `${line}  - { step: goodbye, day: 12, do: warn_termination }\n  - { step: end, day: 20, do: terminate }\n`,
    )
    .concat("late_fee: { fine_percent: 2, interest_percent_month: 1 }\ntermination: { distance_days: 1 }\n");
  writeFileSync(join(home.folder, "policy.yaml"), plain);
  writeFileSync(join(home.folder, "customers.csv"), CSV);
  writeFileSync(join(home.folder, "map.yaml"), MAP);
  await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02", "--policy", "policy.yaml");
});

afterAll(async () => {
  await home.remove();
  await database.drop();
});

interface Shown {
  services: { ref: string; actual: string; desired: string }[];
  invoices: { ref: string; openCents: number; fineCents: number; interestCents: number; totalTodayCents: number; daysPastDue: number }[];
  notices: { step: string; state: string; answer: string }[];
  promises: { protocol: string; state: string }[];
  holds: { id: number; kind: string }[];
  receipts: { externalId: string; amountCents: number }[];
  creditCents: number;
}

const show = (customer: string): Promise<Shown> => home.json<Shown>("show", customer);

/** What people read never runs over a terminal's side. */
function narrow(out: string): void {
  for (const line of out.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(100);
}

// Each test goes on from where the one before left the sandbox: 2 November and onwards.
describe("the commands of every day", { timeout: 120_000 }, () => {
  it("import takes what can be read, names each line that cannot, and ends with 1 only for those", async () => {
    const first = await home.run("--json", "import", "csv", "customers.csv", "--map", "map.yaml");
    expect(first.code).toBe(1);
    const taken = JSON.parse(first.out) as { refused: unknown[] };
    expect(taken).toEqual({
      customers: 4,
      services: 4,
      invoices: 4,
      receipts: 1,
      updated: 0,
      refused: [expect.objectContaining({ file: "customers.csv", line: 6, column: "issued", value: "2026-13-45" })],
    });
    expect(JSON.parse(first.err)).toMatchObject({ error: "import_incomplete", details: { count: 1 } });

    const text = await home.run("import", "csv", "customers.csv", "--map", "map.yaml");
    expect(text.out).toMatch(/^sandbox · 2026-11-02\nNew: 0 customers.+\n1 line not taken:\n {2}customers\.csv:6 \(issued\): /u);
    narrow(text.out);
    const inPortuguese = await home.run("--lang", "pt-BR", "import", "csv", "customers.csv", "--map", "map.yaml");
    expect(inPortuguese.out).toContain("customers.csv:6 (issued): o dia de emissão não é uma data como as deste arquivo");
    const asked = await home.run("--lang", "pt-BR", "--json", "import", "csv", "customers.csv", "--map", "map.yaml");
    expect(JSON.parse(asked.out)).toMatchObject({
      refused: [
        {
          reason: "o dia de emissão não é uma data como as deste arquivo (yyyy-mm-dd)",
          cure: "Corrija a data. Se o arquivo inteiro está sendo lido errado, diga `dates` no mapa.",
        },
      ],
    });
    writeFileSync(join(home.folder, "good.csv"), CSV.split("\n").slice(0, 5).join("\n"));
    expect(await home.json("import", "csv", "good.csv", "--map", "map.yaml")).toMatchObject({ customers: 0, updated: 0, refused: [] });
  });

  it("customers says who owes since when and what comes next, and finds them by any number", async () => {
    const { customers, total } = await home.json<{ customers: Record<string, unknown>[]; total: number }>("customers");
    expect(total).toBe(4);
    expect(customers[0]).toMatchObject({ ref: "77", owedCents: 2990, currency: "BRL", dueOn: "2026-11-02", daysPastDue: 0, step: null });
    expect(customers[0]?.next).toMatchObject({ kind: "message", steps: ["reminder"], at: "2026-11-05T03:00:00.000Z" });
    for (const wanted of ["F78", "S78", "oficina", "ze@example.com"]) {
      const found = await home.json<{ customers: { ref: string }[] }>("customers", "--search", wanted);
      expect(
        found.customers.map((each) => each.ref),
        wanted,
      ).toEqual(["78"]);
    }
    expect((await home.json<{ total: number }>("customers", "--late")).total).toBe(0);
    const { out } = await home.run("--lang", "pt-BR", "customers", "--limit", "2");
    expect(out).toContain("2 de 4 clientes");
    narrow(out);
  });

  it("rehearse tells the day's messages with their reasons and its assumptions, and changes nothing", async () => {
    const before = await home.json("evidence", "export", "77", "--out", "before.json");
    const told = await home.json<{
      told: { customer: string; steps: string[]; reasons: string[] }[];
      assumptions: string[];
      totals: unknown;
    }>("rehearse", "--on", "2026-11-05");
    expect(told.told.map((each) => [each.customer, ...each.steps])).toEqual([
      ["77", "reminder"],
      ["78", "reminder"],
      ["79", "reminder"],
    ]);
    expect(told.told[0]?.reasons).toEqual(["Invoice F77 was due 3 days ago (R$29.90): the step reminder is next."]);
    expect(told.assumptions).toHaveLength(4);
    expect(told.totals).toMatchObject({ messages: 3, suspensions: 0, notices: { reminder: 3 } });
    const { out } = await home.run("--lang", "pt-BR", "rehearse", "--days", "7");
    expect(out).toMatch(/^sandbox · 2026-11-02\nEnsaio de 2026-11-03 a 2026-11-09/u);
    expect(out).toContain("O disjuntor pararia aqui");
    narrow(out);
    expect(await home.json("evidence", "export", "77", "--out", "before.json")).toEqual(before);
  });

  it("run says when the breaker stopped suspensions, and --approve lets them go", async () => {
    await home.json("sandbox", "advance", "--to", "2026-11-07");
    const stopped = await home.json<{ breaker: { waiting: number; because: string } }>("run");
    expect(stopped.breaker).toEqual({ waiting: 2, because: expect.stringContaining("1 allowed") as string });
    const text = await home.run("run");
    expect(text.out).toContain("2 suspensions wait for a person");
    expect(text.out).toContain("regua run --approve");
    const approved = await home.json("--actor", "maria", "run", "--approve");
    expect(approved).toMatchObject({ approved: 2, suspended: 2, breaker: null });
    const again = await home.run("run", "--approve");
    expect(again.out).toContain("The breaker has not stopped anything, so nothing was approved.");
    const { customers } = await home.json<{ customers: { ref: string }[] }>("customers", "--suspended");
    expect(customers.map((each) => each.ref)).toEqual(["77", "78", "79"]);
  });

  it("show has the fees of today, the delivery of each notice and the ruler on one page", async () => {
    const { invoices, notices, services } = await show("77");
    // Due on the 2nd, five days: 2 % of 29.90 and 1 % a month for five of thirty days, fractions of a cent dropped.
    expect(invoices).toMatchObject([
      { ref: "F77", daysPastDue: 5, openCents: 2990, fineCents: 59, interestCents: 4, totalTodayCents: 3053 },
    ]);
    expect(services).toMatchObject([{ ref: "S77", actual: "suspended", desired: "suspended" }]);
    expect(notices.map((each) => [each.step, each.state])).toEqual([
      ["suspended", "accepted"],
      ["warning", "accepted"],
      ["reminder", "accepted"],
    ]);
    expect(notices[0]?.answer).toMatch(/^250 /u);
    for (const lang of ["en", "pt-BR"]) {
      const { out } = await home.run("--lang", lang, "show", "77");
      expect(out).toMatch(/[┼┴].*\n/u);
      expect(out).toContain(lang === "en" ? "service is suspended, its data kept" : "o serviço é suspenso, com os dados");
      narrow(out);
    }
  });

  it("explain gives the decision with its reasons, the policy version, and the decisions that led here", async () => {
    const { decision, lastDecisions } = await home.json<{
      decision: { policyVersion: string; at: string; levels: { because: { rule: string }[] }[]; waits: { until: string | null }[] };
      lastDecisions: { what: string[]; because: { rule: string }[] }[];
    }>("explain", "77");
    expect(decision.policyVersion).toMatch(/^plain-3-4-5@[0-9a-f]{12}$/u);
    expect(decision.at).toBe("2026-11-07T03:00:00.000Z");
    expect(decision.levels.map((level) => level.because.map((each) => each.rule))).toEqual([["overdue_hold"]]);
    expect(lastDecisions.map((each) => each.what)).toEqual([["messages"], ["access", "holds"], ["messages"], ["messages"]]);
    const now = await home.run("explain", "77");
    expect(now.out).toContain("Service S77 stays suspended because invoice F77 is open.");
    const later = await home.run("--lang", "pt-BR", "explain", "77", "--at", "2026-11-14T12:00:00-03:00");
    expect(later.out).toContain("Os fatos são os de 2026-11-07 00:00");
    expect(later.out).toContain("Decidido: “goodbye” por e-mail");
    narrow(now.out + later.out);
    expect((await home.run("explain", "nobody")).err).toContain("There is no customer “nobody”.");
  });

  it("pay brings the service back in the same command, and the same number again changes nothing", async () => {
    // Five days late: 0.59 of fine and 0.04 of interest, as `show` said before.
    const principal = { invoice: "F77", kind: "principal", amountCents: 2990 };
    const fee = { invoice: "F77", kind: "late_fee", amountCents: 63 };
    const paid = await home.json("pay", "77", "35,00", "--id", "PIX-1", "--reason", "seen in the bank's app");
    expect(paid).toMatchObject({
      customer: "77",
      known: false,
      receipt: { id: "PIX-1", amountCents: 3500, creditCents: 447, allocations: [principal, fee] },
      services: [{ service: "S77", access: "back" }],
      owedCents: 0,
      next: null,
    });
    const again = await home.run("pay", "77", "35.00", "--id", "PIX-1");
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain("The receipt “PIX-1” is known already: nothing was changed.");
    const { receipts, creditCents, services } = await show("77");
    expect([receipts.length, creditCents, services[0]?.actual]).toEqual([1, 447, "active"]);
  });

  it("pay refuses what contradicts, and books nothing then", async () => {
    const refused = async (...args: string[]): Promise<unknown> => {
      const { code, err } = await home.run("--json", "pay", ...args);
      expect(code).toBe(1);
      return (JSON.parse(err) as { error: string }).error;
    };
    expect(await refused("78", "35.00", "--id", "PIX-1")).toBe("receipt_id_taken");
    expect(await refused("78", "29.90", "--invoice", "F79")).toBe("invoice_unknown");
    expect(await refused("78", "29.90", "--on", "2026-11-08")).toBe("receipt_in_future");
    expect(await refused("78", "0")).toBe("field_invalid");
    expect(await refused("78", "ten")).toBe("amount_unreadable");
    expect((await show("78")).receipts).toEqual([]);
  });

  it("promise says why not, grants against the rules in writing, and ends again with a reason", async () => {
    const offer = await home.run("promise", "78", "--offer");
    expect(offer).toMatchObject({ code: 0 });
    expect(offer.out).toContain("This is an offer: nothing was written.");
    const refused = await home.run("promise", "78", "--reason", "salary");
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("With 1 more invoice paid");
    const granted = await home.json<{ protocol: string }>(
      "--actor",
      "ana",
      "promise",
      "78",
      "--until",
      "2026-11-10",
      "--reason",
      "salary",
      "--override",
      "ten years here",
    );
    expect(granted).toMatchObject({
      kind: "release",
      services: [{ service: "S78", access: "back" }],
      overridden: [{ rule: "few_paid_on_time" }],
    });
    expect((await home.run("promise", "78", "--cancel")).err).toContain("“reason” is empty");
    const ended = await home.json("promise", "78", "--cancel", "--reason", "asked by mistake");
    expect(ended).toMatchObject({ protocol: granted.protocol, services: [{ service: "S78", access: "suspended" }] });
    expect((await show("78")).promises).toMatchObject([{ protocol: granted.protocol, state: "cancelled" }]);
  });

  it("hold gives access back for a dispute, takes it for abuse, and release-hold undoes each", async () => {
    expect((await home.run("hold", "79", "--kind", "dispute", "--reason", "traffic")).err).toContain("needs a date on which it ends");
    const held = await home.json<{ hold: number }>("hold", "79", "--kind", "dispute", "--until", "2026-11-09", "--reason", "traffic");
    // A day is meant to its end.
    expect(held).toMatchObject({ kind: "dispute", until: "2026-11-10T03:00:00.000Z", services: [{ service: "S79", access: "back" }] });
    const released = await home.json("release-hold", "79", String(held.hold), "--reason", "settled by telephone");
    expect(released).toMatchObject({ released: true, services: [{ service: "S79", access: "suspended" }] });
    const abuse = await home.json<{ hold: number }>("hold", "80", "--kind", "abuse", "--reason", "spam");
    expect(abuse).toMatchObject({ services: [{ service: "S80", access: "suspended" }] });
    const { out } = await home.run("--lang", "pt-BR", "release-hold", "80", String(abuse.hold), "--reason", "cleaned");
    expect(out).toContain("O serviço S80 voltou.");
    const overdue = (await show("79")).holds.find((each) => each.kind === "overdue");
    expect((await home.run("release-hold", "79", String(overdue?.id), "--reason", "x")).err).toContain("is not released by hand");
    expect((await home.run("release-hold", "79", "abc", "--reason", "x")).err).toContain("no standing hold “abc”");
  });

  it("evidence is exported for its owner alone, and verified without an installation", async () => {
    await home.json("evidence", "export", "79", "--out", "79.json");
    const elsewhere = makeHome();
    try {
      const file = join(home.folder, "79.json");
      const well = await elsewhere.run("evidence", "verify", file);
      expect(well).toMatchObject({ code: 0 });
      expect(well.out).toContain("Nothing was changed since export.");
      writeFileSync(join(home.folder, "bad.json"), readFileSync(file, "utf8").replace("settled by telephone", "settled by pigeon post"));
      const bad = await elsewhere.run("evidence", "verify", join(home.folder, "bad.json"));
      expect(bad.code).toBe(1);
      expect(bad.err).toMatch(/does not verify: entry \d+ \(2026-11-07T03:00:00\.000Z, hold\.released\)/u);
      const missing = await elsewhere.run("evidence", "verify", "nothing.json");
      expect(missing).toMatchObject({ code: 1, out: "" });
      expect(existsSync(elsewhere.data)).toBe(false);
    } finally {
      await elsewhere.remove();
    }
  });

  it("a termination takes two persons with names, and ends the service in the command of the second", async () => {
    await home.json("sandbox", "advance", "--to", "2026-11-25");
    const { terminations } = await home.json<{ terminations: { customer: string; id: number; service: string }[] }>("terminations", "list");
    expect(terminations.map((each) => each.customer)).toEqual(["78", "79"]);
    const id = String(terminations[0]?.id);
    expect((await home.run("terminations", "approve", "78", id)).err).toContain("no name was given");
    expect(await home.json("--actor", "ana", "terminations", "approve", "78", id)).toMatchObject({ signatures: 1 });
    expect((await home.run("--actor", "ana", "terminations", "approve", "78", id)).err).toContain("a second person must approve it");
    const done = await home.json("--actor", "bia", "terminations", "approve", "78", id);
    expect(done).toMatchObject({ signatures: 2, services: [{ service: "S78", access: "ended" }] });
    const { out } = await home.run("terminations", "list");
    expect(out).toContain("79  ");
    expect(out).not.toContain("78  ");
  });

  it("staff record tells who gave which right, newest first, a part at a time and in both languages", async () => {
    await home.json("--actor", "ana", "keys", "add", "erp", "--scopes", "read,write");
    await home.json("--actor", "bia", "keys", "revoke", "erp");
    const { record } = await home.json<{ record: { seq: number; actor: string; kind: string; sentence: string }[] }>("staff", "record");
    expect(record.slice(0, 2)).toMatchObject([
      { actor: "bia", kind: "key.revoked", subject: "erp", sentence: "Key erp revoked; it could read and write." },
      { actor: "ana", kind: "key.made", after: { scopes: ["read", "write"] } },
    ]);
    // The first policy was put in force when the sandbox was set up.
    expect(record[record.length - 1]).toMatchObject({ seq: 1, kind: "policy.activated", before: null });
    const { out } = await home.run("--lang", "pt-BR", "staff", "record", "--limit", "1");
    expect(out).toContain("Chave erp revogada; podia ler e escrever.");
    expect(out).toContain(`Os anteriores: --before ${record[0]?.seq}`);
    const older = await home.run("staff", "record", "--before", String(record[0]?.seq), "--limit", "1");
    expect(older.out).toContain("Key erp made; it may read and write.");
  });
});

describe("a live installation", { timeout: 120_000 }, () => {
  it("says so on the first line, and books no receipt of staff without a reason", async () => {
    const own = await freshEmptyDatabase();
    const live = makeHome({ DATABASE_URL: own.url });
    try {
      await live.json("init", "--live", "--provider", join(EXAMPLES, "provider.yaml"));
      writeFileSync(join(live.folder, "one.csv"), CSV.split("\n").slice(0, 2).join("\n").replaceAll("2026-1", "2024-1"));
      writeFileSync(join(live.folder, "map.yaml"), MAP);
      await live.json("import", "csv", "one.csv", "--map", "map.yaml");
      const refused = await live.run("pay", "77", "29.90");
      expect(refused.code).toBe(1);
      expect(refused.err).toContain("The field “reason” is empty.");
      const paid = await live.run("pay", "77", "29.90", "--reason", "cash at the desk");
      expect(paid).toMatchObject({ code: 0 });
      expect(paid.out).toMatch(/^live\nReceipt of R\$29\.90 booked for Padaria Central \(77\)\./u);
    } finally {
      await live.remove();
      await own.drop();
    }
  });
});
