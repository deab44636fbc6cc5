// The policy commands, run as the real program: checking files, the stored versions, what is in force and from when.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatInstant } from "../src/kernel/time.ts";
import { presetText } from "../src/policy/read.ts";
import { freshDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine } from "./support/engine.ts";
import { makeHome, type Home } from "./support/program.ts";

const PLAIN = join(import.meta.dirname, "../examples/plain-3-4-5.yaml");

let home: Home;
beforeAll(async () => {
  home = makeHome();
  await home.json("init", "--sandbox", "--empty", "--date", "2026-11-22");
});
afterAll(() => home.remove());

/** Writes a policy beside the data folder; commands name it by its bare name. */
function policyFile(name: string, text: string): string {
  writeFileSync(join(home.folder, name), text);
  return name;
}

const changed = (name: string, day: number): string =>
  readFileSync(PLAIN, "utf8")
    .replace("policy: plain-3-4-5", `policy: ${name}`)
    .replace("step: reminder, day: 3", `step: reminder, day: ${day}`);

describe("policy replay", () => {
  it("plays a file on the past and states what it assumes", async () => {
    const file = policyFile("gentler.yaml", changed("gentler", 4));
    const found = await home.json<{ looked: number; assumptions: string[]; fromDay: string; sides: object }>(
      "policy",
      "replay",
      file,
      "--days",
      "30",
    );
    expect(found).toMatchObject({ looked: 0, fromDay: "2026-10-23", throughDay: "2026-11-21", differing: [] });
    expect(found.assumptions.join(" ")).toContain("People pay when they paid");
  });

  it("says the same on a page, in the reader's language", async () => {
    const file = policyFile("gentler.yaml", changed("gentler", 4));
    const page = await home.run("--lang", "pt-BR", "policy", "replay", file, "--payers", "answering");
    expect(page.out).toContain("Quem pagou até três dias depois de um passo");
    expect(page.out).toContain("gentler@");
  });

  it("names a file that is not there", async () => {
    expect((await home.run("policy", "replay", "nowhere.yaml")).err).toContain("it is no file, no preset and no stored policy");
  });
});

describe("policy check", () => {
  it("says of every preset that it can be put in force", async () => {
    const { code, out } = await home.run("policy", "check", "hospedagem-br", "telecom-br", "saas");
    expect(code).toBe(0);
    expect(out.match(/^✓ [a-z-]+: [a-z-]+@[0-9a-f]{12} can be put in force$/gmu)).toHaveLength(3);
  });

  it("names the line, the problem and the cure of what the law does not allow, and ends with 1", async () => {
    const text =
      "policy: mine\nladder:\n  - { step: warning, day: 4, do: warn }\n  - { step: suspend, day: 5, do: suspend }\nlate_fee:\n  fine_percent: 5\n";
    const { code, out, err } = await home.run("policy", "check", policyFile("fee.yaml", text));
    expect(code).toBe(1);
    expect(out).toMatch(/✗ late_fee\.fine_percent \(line 6\): a fine of 5 % is above the 2 % .+\n {4}Lower it/u);
    expect(err).toMatch(/^The policy cannot be used: 1 error in fee\.yaml\./u);
  });

  it("says it in the language that is asked for, on the page and for machines", async () => {
    const text =
      "policy: mine\nladder:\n  - { step: warning, day: 4, do: warn }\n  - { step: suspend, day: 5, do: suspend }\nlate_fee:\n  fine_percent: 5\n";
    const file = policyFile("multa.yaml", text);
    const { code, out, err } = await home.run("--lang", "pt-BR", "policy", "check", file);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^✗ multa\.yaml não pode entrar em vigor\n {2}✗ late_fee\.fine_percent \(linha 6\): uma multa de 5 % .+\n {4}Diminua/u,
    );
    expect(err).toMatch(/^A política não pode ser usada: 1 erro em multa\.yaml\./u);
    const checked = JSON.parse((await home.run("--lang", "pt-BR", "policy", "check", file, "--json")).out) as unknown;
    expect(checked).toMatchObject([{ findings: [{ severity: "error", place: "late_fee.fine_percent (linha 6)" }] }]);
  });

  it("names the lines of a file that cannot be read, beside one that is well", async () => {
    const bad = policyFile("keys.yaml", "policy: mine\nladder:\n  - { step: reminder, day: 3, do: notify, chanels: [email] }\n");
    const { code, out } = await home.run("policy", "check", "saas", bad, "--json");
    expect(code).toBe(1);
    const [saas, keys] = JSON.parse(out) as { ok: boolean; version: string | null; findings: unknown[] }[];
    expect(saas).toMatchObject({ ok: true, findings: [] });
    expect(keys).toMatchObject({
      ok: false,
      version: null,
      findings: [
        {
          severity: "error",
          place: "ladder[0].chanels (line 3)",
          problem: "the key “chanels” is not known",
          cure: "Did you mean “channels”?",
        },
      ],
    });
  });

  it("lets warnings pass", async () => {
    const { code, out } = await home.run("policy", "check", PLAIN);
    expect({ code, warned: /! breaker \(line \d+\):/u.test(out) }).toEqual({ code: 0, warned: true });
  });

  it("says that a file is not there", async () => {
    const { code, err } = await home.run("policy", "check", "nowhere.yaml");
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("The file nowhere.yaml cannot be read: there is no such file or folder.") as string,
    });
  });
});

describe("policy timeline", () => {
  interface Timeline {
    lines: { kind: string; day: string; step: string | null }[];
  }

  it("tells the story of an invoice with dates, before there is any installation", async () => {
    const bare = makeHome();
    const { lines } = await bare.json<Timeline>("policy", "timeline", PLAIN, "--due", "2026-12-25");
    expect(lines.filter((line) => line.step !== null).map(({ kind, step, day }) => [kind, step, day])).toEqual([
      ["message", "reminder", "2026-12-28"],
      ["message", "warning", "2026-12-29"],
      ["suspended", "suspend", "2026-12-30"],
    ]);
    expect(existsSync(bare.data)).toBe(false);
    await bare.remove();
  });

  it.each([
    ["pt-BR", "Régua hospedagem-br, vencimento sexta-feira, 25 de dezembro de 2026", "o serviço é suspenso"],
    ["en", "Ladder hospedagem-br, due Friday, 25 December 2026", "the service is suspended"],
  ])("draws the ruler in %s, at most 100 columns wide", async (lang, title, suspended) => {
    const { out } = await home.run("--lang", lang, "policy", "timeline", "hospedagem-br", "--due", "2026-12-25");
    expect(out.split("\n")[0]).toBe(title);
    expect(out).toContain(suspended);
    expect(out.split("\n").filter((line) => [...line].length > 100)).toEqual([]);
  });

  it("without a name takes the policy in force and the installation's own date", async () => {
    const { out } = await home.run("policy", "timeline");
    expect(out).toMatch(/^sandbox · 2026-\d\d-\d\d\n\nLadder /u);
  });
});

describe("policy schema", () => {
  it("is the JSON Schema of the file", async () => {
    const schema = await home.json<{ $schema: string; properties: object }>("policy", "schema");
    expect(schema.$schema).toMatch(/json-schema\.org\/draft\/2020-12/u);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(["policy", "ladder", "promises", "breaker"]));
  });
});

describe("a policy from file to force", () => {
  interface Shown {
    inForce: string | null;
    versions: { version: string; hash: string; activatedAt: string | null }[];
  }
  const inForce = async (): Promise<string | null> => (await home.json<Shown>("policy", "show")).inForce;

  it("is written out as it came in", async () => {
    const { code } = await home.run("policy", "export", "saas", "--out", "copy.yaml");
    expect({ code, text: readFileSync(join(home.folder, "copy.yaml"), "utf8") }).toEqual({ code: 0, text: presetText("saas") });
    const again = await home.run("policy", "export", "saas", "--out", "copy.yaml");
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("it is there already") as string });
  });

  it("is refused when it is not lawful, and nothing is stored", async () => {
    const before = await home.json<Shown>("policy", "show");
    const file = policyFile("unlawful.yaml", "policy: unlawful\nladder:\n  - { step: suspend, day: 1, do: suspend }\n");
    expect((await home.run("policy", "import", file)).code).toBe(1);
    expect(await home.json<Shown>("policy", "show")).toEqual(before);
  });

  it("is stored once, shown with its hash, and in force only when activated", async () => {
    const file = policyFile("early.yaml", changed("early", 2));
    const first = await home.json<{ version: string; stored: boolean }>("policy", "import", file);
    expect(first).toMatchObject({ version: expect.stringMatching(/^early@[0-9a-f]{12}$/u) as string, stored: true });
    expect(await home.json("policy", "import", file)).toMatchObject({ version: first.version, stored: false });
    const shown = await home.json<Shown>("policy", "show");
    expect(shown.inForce).toMatch(/^hospedagem-br@/u);
    const row = shown.versions.find((each) => each.version === first.version);
    expect(row).toMatchObject({ activatedAt: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/u) as string });
    expect((await home.run("policy", "show", "early")).out.trimEnd()).toBe(changed("early", 2).trimEnd());
  });

  it("on a later day leaves the present one in force until then", async () => {
    const before = await inForce();
    const { out } = await home.run("policy", "activate", "early", "--on", "2026-11-24");
    expect(out).toMatch(
      /^hospedagem-br@[0-9a-f]{12} → early@[0-9a-f]{12}, from 2026-11-24 on\n[\s\S]*\n {2}ladder\[reminder\]\.day: 3 → 2\n/mu,
    );
    expect(await inForce()).toBe(before);
    await home.json("sandbox", "advance", "--to", "2026-11-24");
    expect(await inForce()).toMatch(/^early@/u);
  });

  it("at once shows what changes, and counts from the first moment at which the clock moves", async () => {
    const { version } = await home.json<{ version: string }>("policy", "import", policyFile("late.yaml", changed("late", 1)));
    expect((await home.run("policy", "activate", "late")).out).toContain("ladder[reminder].day: 2 → 1");
    await home.json("sandbox", "advance", "--days", "1");
    expect(await inForce()).toBe(version);
  });

  it("is doubted by the doctor in the reader's language", async () => {
    const { out } = await home.run("--lang", "pt-BR", "doctor");
    expect(out.replace(/\s+/gu, " ")).toContain("breaker: sem disjuntor, uma só importação com vencimentos errados");
  });

  it("activated again changes nothing", async () => {
    const before = await home.json("policy", "show");
    expect(await home.json("policy", "activate", "late", "--on", "2030-01-01")).toMatchObject({ changed: false });
    expect(await home.json("policy", "show")).toEqual(before);
  });

  it.each([
    [["ghost"], "There is no policy “ghost” stored."],
    [["early", "--on", "2026-11-01"], "A policy cannot take effect on 2026-11-01, which is past."],
    [["early", "--on", "tomorrow"], "The date or time “tomorrow” cannot be read."],
  ])("activate %j is refused", async (args, message) => {
    const { code, err } = await home.run("policy", "activate", ...args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) as string });
  });

  it("planned for a later day delays nobody's next step until then", async () => {
    const database = await freshDatabase();
    const world = await makeEngine(database.url, { now: at("2026-11-23T10:00"), mode: "sandbox" });
    const live = makeHome({ DATABASE_URL: database.url });
    try {
      const customer = await addCustomer(world);
      await addInvoice(world, customer, { dueOn: "2026-11-20", service: await addService(world, customer) });
      const reminder = at("2026-11-24T09:00");
      await world.rows("UPDATE customer SET next_check_at = $1", [formatInstant(reminder)]);
      await live.json("policy", "import", "hospedagem-br");
      await live.json("policy", "activate", "hospedagem-br", "--on", "2026-12-20");
      const [row] = await world.rows<{ next: number }>("SELECT next_check_at AS next FROM customer");
      expect(formatInstant(row?.next ?? 0)).toBe(formatInstant(reminder));
    } finally {
      await world.close();
      await live.remove();
      await database.drop();
    }
  });
});
