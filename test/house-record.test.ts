// Who may do what, and who changed it: each act leaves its row with it or not at all, no row is changed unnoticed, and auditors read it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addApiKey, revokeApiKey } from "../src/engine/api-keys.ts";
import { enforcePolicy, importPolicy } from "../src/engine/install-provider.ts";
import { acceptInvite, changeStaff, inviteStaff, staffList } from "../src/engine/staff.ts";
import { addWebhook, removeWebhook, resumeWebhook, rotateWebhook } from "../src/engine/webhooks.ts";
import { sayFinding } from "../src/evidence/say.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { HOUSE_GENESIS, houseHash, type HouseRow } from "../src/kernel/house-record.ts";
import { HOUR_MS } from "../src/kernel/time.ts";
import { openDatabase } from "../src/store/database.ts";
import { appendToRecord, recordAfter } from "../src/store/house-record.ts";
import { APP_ROLE } from "../src/store/migrate.ts";
import { inTransaction } from "../src/store/retry.ts";
import { ROLES, type Role } from "../src/store/staff.ts";
import { openSite, type Person, type Site } from "./support/console.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { at, makeEngine, type World } from "./support/engine.ts";
import { aCourier, aReceiver, newSecret, type Receiver } from "./support/webhooks.ts";

const PATIENT = () => ({ signal: AbortSignal.timeout(20_000) });
const BY = "staff:ana@provedor.example";

describe("the record of the house", () => {
  let data: TestDatabase;
  let world: World;
  let receiver: Receiver;
  let made = 0;

  beforeAll(async () => {
    data = await freshDatabase();
    world = await makeEngine(data.url, { now: at("2026-11-24T10:00") });
    receiver = await aReceiver();
  });
  afterEach(async () => {
    await world.rows("DROP TRIGGER IF EXISTS no_room ON house_record");
    expect(await verifyDatabase(world.engine.db)).toMatchObject({ intact: true });
  });
  afterAll(async () => {
    await receiver.server.close();
    await world.close();
    await data.drop();
  });

  const all = (): Promise<HouseRow[]> => recordAfter(world.engine.db, 0, 1000);

  /** The rows that an act added, whether it was carried out or refused. */
  async function rowsOf(act: () => Promise<unknown>): Promise<HouseRow[]> {
    const before = (await all()).length;
    await act().catch(() => undefined);
    return (await all()).slice(before);
  }

  /** Everything that is kept of an act carried out; it leaves one row. */
  async function told(act: () => Promise<unknown>): Promise<HouseRow> {
    const before = (await all()).length;
    await act();
    const rows = (await all()).slice(before);
    expect(rows).toHaveLength(1);
    return rows[0] as HouseRow;
  }

  const invite = async (role: Role, email: string | null = null): Promise<string> =>
    (await inviteStaff(world.engine, { role, email, secret: newSecret(), by: BY })).token;

  const enter = (token: string, email: string): Promise<void> => {
    const n = (made += 1);
    const person = { id: `person-${n}`, accountId: `account-${n}`, passwordHash: "hash", name: "Bia", email, lang: "pt-BR" } as const;
    return acceptInvite(world.engine, token, person);
  };

  const idOf = async (email: string): Promise<string> =>
    (await staffList(world.engine)).find((each) => each.email === email)?.id ?? "nobody";

  it("tells who was invited, who came in, whose role changed, and who was switched off and on", async () => {
    const { engine } = world;
    let token = "";
    expect(await told(async () => (token = await invite("owner", "chefe@provedor.example")))).toMatchObject({
      actor: BY,
      at: engine.motorClock.now(),
      kind: "staff.invited",
      subject: "chefe@provedor.example",
      before: null,
      after: { role: "owner", expiresAt: "2026-11-27T13:00:00.000Z" },
    });
    expect(await told(() => enter(token, "Chefe@provedor.example"))).toMatchObject({
      actor: "staff:chefe@provedor.example",
      kind: "staff.joined",
      after: { name: "Bia", role: "owner", invitedBy: BY },
    });
    await enter(await invite("support"), "bia@provedor.example");
    const bia = await idOf("bia@provedor.example");
    expect(await told(() => changeStaff(engine, bia, { role: "finance" }, BY))).toMatchObject({
      actor: BY,
      kind: "staff.role",
      subject: "bia@provedor.example",
      before: { role: "support" },
      after: { role: "finance" },
    });
    expect(await told(() => changeStaff(engine, bia, { disabled: true }, BY))).toMatchObject({ kind: "staff.disabled" });
    expect(await told(() => changeStaff(engine, bia, { disabled: false }, BY))).toMatchObject({ kind: "staff.enabled" });
    expect(await rowsOf(() => changeStaff(engine, bia, { role: "finance", lang: "en", disabled: false }, BY))).toEqual([]);
  });

  it("tells of keys, of webhooks without what follows their host, and of each policy put in force", async () => {
    const { engine } = world;
    expect(await told(() => addApiKey(engine, { name: "erp", scopes: ["read"], secret: newSecret(), by: BY }))).toMatchObject({
      kind: "key.made",
      subject: "erp",
      after: { scopes: ["read"] },
    });
    expect(await told(() => revokeApiKey(engine, "erp", "cli"))).toMatchObject({ actor: "cli", kind: "key.revoked", after: null });
    const courier = aCourier(world);
    const ask = { name: "central", url: `${receiver.url}/a-token-of-theirs`, events: ["promise"], secret: newSecret(), by: BY };
    const { origin } = new URL(receiver.url);
    const added = await told(() => addWebhook(courier, ask, PATIENT()));
    expect(added).toMatchObject({ kind: "webhook.added", subject: "central", after: { host: origin } });
    expect(await told(() => rotateWebhook(courier, { name: "central", secret: newSecret(), by: BY }))).toMatchObject({
      kind: "webhook.secret",
    });
    // Resumed while it goes on anyway, nothing is different.
    expect(await rowsOf(() => resumeWebhook(engine, "central", BY))).toEqual([]);
    await world.rows("UPDATE webhook_endpoint SET state = 'stopped', stopped_because = 'gone'");
    expect(await told(() => resumeWebhook(engine, "central", BY))).toMatchObject({ before: { state: "stopped", because: "gone" } });
    expect(await told(() => removeWebhook(engine, "central", BY))).toMatchObject({ kind: "webhook.removed", after: null });
    const source = "policy: outra\nladder:\n  - { step: reminder, day: 2, do: notify }\n";
    const now = engine.clock.now();
    const version = await importPolicy(engine.db, { source, by: "staff:bia@provedor.example", at: now });
    const act = { by: BY, from: now + HOUR_MS, at: now };
    expect(await told(() => enforcePolicy(engine.db, { version, ...act }))).toMatchObject({
      kind: "policy.activated",
      subject: version,
      before: { version: world.policy },
      after: { version, from: "2026-11-24T14:00:00.000Z" },
    });
    // The version's own row keeps only the last time; here is each.
    expect(await told(() => enforcePolicy(engine.db, { version: world.policy, ...act, from: now }))).toMatchObject({
      subject: world.policy,
    });
    const text = JSON.stringify(await all());
    expect(text).not.toContain("a-token-of-theirs");
    expect(text).not.toContain("whsec_");
    expect(text).not.toContain("rk_");
  });

  it("keeps nothing of what was refused", async () => {
    const { engine } = world;
    const courier = aCourier(world);
    await addApiKey(engine, { name: "taken", scopes: ["read"], secret: newSecret(), by: BY });
    const ask = { name: "taken", url: receiver.url, events: [], secret: newSecret(), by: BY };
    await addWebhook(courier, ask, PATIENT());
    const [open, meant] = [await invite("support"), await invite("support", "outra@provedor.example")];
    const chefe = await idOf("chefe@provedor.example");
    const refused: (() => Promise<unknown>)[] = [
      () => addApiKey(engine, { name: "taken", scopes: ["write"], secret: newSecret(), by: BY }),
      () => revokeApiKey(engine, "nobody", BY),
      () => addWebhook(courier, { ...ask, secret: newSecret() }, PATIENT()),
      () => rotateWebhook(courier, { name: "nobody", secret: newSecret(), by: BY }),
      () => resumeWebhook(engine, "nobody", BY),
      () => removeWebhook(engine, "nobody", BY),
      () => changeStaff(engine, "nobody", { role: "owner" }, BY),
      () => changeStaff(engine, chefe, { role: "support" }, BY),
      () => enter("no-link-at-all", "x@provedor.example"),
      () => enter(open, "chefe@provedor.example"),
      () => enter(meant, "x@provedor.example"),
      () => enforcePolicy(engine.db, { version: "nobody@0", by: BY, from: engine.clock.now(), at: engine.clock.now() }),
    ];
    for (const act of refused) {
      const before = await all();
      await expect(act()).rejects.toThrow();
      expect(await all()).toEqual(before);
    }
    // What could not be used is good still.
    expect(await told(() => enter(open, "nova@provedor.example"))).toMatchObject({ kind: "staff.joined" });
  });

  it("is part of the act: where its row cannot be written nothing is done", async () => {
    const { engine } = world;
    const [token, bia] = [await invite("finance"), await idOf("bia@provedor.example")];
    await addApiKey(engine, { name: "stays", scopes: ["read"], secret: newSecret(), by: BY });
    const courier = aCourier(world);
    await addWebhook(courier, { name: "stays", url: receiver.url, events: [], secret: newSecret(), by: BY }, PATIENT());
    const kept = () =>
      Promise.all(
        ["staff", "staff_account", "staff_invite", "api_key", "webhook_endpoint", "policy_version"].map((table) =>
          world.rows(`SELECT * FROM ${table} t ORDER BY t::text`),
        ),
      );
    await world.rows(`CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$`);
    await world.rows("CREATE TRIGGER no_room BEFORE INSERT ON house_record EXECUTE FUNCTION no_room()");
    const before = await kept();
    const now = engine.clock.now();
    for (const act of [
      () => invite("support"),
      () => enter(token, "ninguem@provedor.example"),
      () => changeStaff(engine, bia, { role: "owner" }, BY),
      () => changeStaff(engine, bia, { disabled: true }, BY),
      () => addApiKey(engine, { name: "never", scopes: ["read"], secret: newSecret(), by: BY }),
      () => revokeApiKey(engine, "stays", BY),
      () => addWebhook(courier, { name: "never", url: receiver.url, events: [], secret: newSecret(), by: BY }, PATIENT()),
      () => rotateWebhook(courier, { name: "stays", secret: newSecret(), by: BY }),
      () => removeWebhook(engine, "stays", BY),
      () => enforcePolicy(engine.db, { version: world.policy, by: BY, from: now, at: now }),
    ])
      await expect(act()).rejects.toThrow("no room");
    expect(await kept()).toEqual(before);
  });

  it("stays one chain however many write at once", async () => {
    const act = { actor: BY, kind: "key.made", before: null, after: { scopes: ["read"] } } as const;
    const write = (n: number) =>
      inTransaction(world.engine.db, (trx) => appendToRecord(trx, { ...act, subject: `key-${n}` }, world.engine.motorClock.now()));
    const before = (await all()).length;
    await Promise.all(Array.from({ length: 12 }, (_, n) => write(n)));
    const rows = await all();
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    expect(rows).toHaveLength(before + 12);
    expect(rows.map((row) => row.prev)).toEqual([HOUSE_GENESIS, ...rows.slice(0, -1).map(houseHash)]);
  });

  it("can be added to by the program and not changed", async () => {
    const program = openDatabase({ url: data.url, max: 1, role: APP_ROLE });
    try {
      for (const statement of ["UPDATE house_record SET actor = 'x'", "DELETE FROM house_record", "TRUNCATE house_record"])
        await expect(program.pool.query(statement)).rejects.toThrow("permission denied");
      const engine = { ...world.engine, db: program.db };
      expect(await told(() => addApiKey(engine, { name: "program", scopes: ["read"], secret: newSecret(), by: BY }))).toMatchObject({
        subject: "program",
      });
    } finally {
      await program.close();
    }
  });

  it("names the row that somebody with the owner's rights altered, took out, or made anew", async () => {
    const found = async (): Promise<string[]> =>
      (await verifyDatabase(world.engine.db)).findings.map(({ of, finding }) => `${of}: ${sayFinding(finding, "en")}`);
    const before = await all();
    const restore = async (): Promise<void> => {
      await world.rows("DELETE FROM house_record");
      for (const { seq, at: moment, actor, kind, subject, before: was, after, prev, hash } of before)
        await world.rows(
          "INSERT INTO house_record VALUES ($1, to_timestamp($2::double precision / 1000), $3, $4, $5, $6::jsonb, $7, $8)",
          [seq, moment, actor, kind, subject, JSON.stringify({ before: was, after }), prev, hash], // prettier-ignore
        );
      expect(await all()).toEqual(before);
    };
    for (const change of [
      "actor = 'staff:outra@provedor.example'",
      "at = at - interval '1 day'",
      "subject = 'nobody'",
      `body = jsonb_set(body, '{after,role}', '"auditor"')`,
      "kind = 'staff.enabled'",
    ]) {
      await world.rows(`UPDATE house_record SET ${change} WHERE seq = 5`);
      expect(await found()).toEqual([expect.stringMatching(/^house: row 5 \(.*\) does not give its own hash: it was changed$/u)]);
      await restore();
    }
    // Altered with its own hash made again: the next row still names the one before.
    const forged = { ...(before[4] as HouseRow), actor: "staff:outra@provedor.example" };
    await world.rows("UPDATE house_record SET actor = $1, hash = $2 WHERE seq = 5", [forged.actor, houseHash(forged)]);
    expect(await found()).toEqual([expect.stringContaining("row 6 (")]);
    await restore();
    await world.rows("DELETE FROM house_record WHERE seq IN (5, 6)");
    expect(await found()).toEqual(["house: rows 5 to 6 are missing"]);
    await restore();
  });
});

describe("the record in the console", () => {
  let open: Site;
  const people = new Map<Role, Person>();

  interface Page {
    record: { seq: number; at: string; actor: string; kind: string; subject: string; sentence: string; after: unknown }[];
    next: string | null;
  }

  beforeAll(async () => {
    open = await openSite();
    for (const role of ROLES) people.set(role, await open.site.person(role));
  });
  afterAll(() => open.close());

  const ask = (role: Role, url: string, headers: Record<string, string> = {}) => (people.get(role) as Person).ask("GET", url, { headers });

  it("is read by owners and auditors and nobody else", async () => {
    for (const role of ROLES)
      expect((await ask(role, "/admin/record")).code, role).toBe(role === "owner" || role === "auditor" ? 200 : 403);
  });

  it("answers who gave whom a role, and when, in the reader's language", async () => {
    const owner = people.get("owner") as Person;
    const { staff } = (await owner.ask("GET", "/admin/team")).body as { staff: { id: string; email: string }[] };
    const id = staff.find((each) => each.email === "support@provedor.example")?.id;
    await owner.ask("POST", `/admin/team/${id}`, { body: { role: "finance" } });
    await owner.ask("POST", "/admin/keys", { body: { name: "erp", scopes: ["read"] } });
    await owner.ask("POST", "/admin/keys/erp/revoke", { body: {} });
    const [revoked, made, role] = ((await ask("auditor", "/admin/record")).body as Page).record;
    expect(role).toMatchObject({
      actor: "staff:owner@provedor.example",
      kind: "staff.role",
      sentence: "O papel de support@provedor.example passou de “atendimento” para “financeiro”.",
    });
    expect([made?.kind, revoked?.kind]).toEqual(["key.made", "key.revoked"]);
    const english = (await ask("auditor", "/admin/record", { "accept-language": "en" })).body as Page;
    expect(english.record[2]?.sentence).toBe("The role of support@provedor.example went from “support” to “finance”.");
    await owner.ask("POST", `/admin/team/${id}`, { body: { role: "support" } });
  });

  it("comes a page at a time, each row once, also while rows are added", async () => {
    const whole = (await ask("owner", "/admin/record?limit=200")).body as Page;
    expect(whole.next).toBeNull();
    const seen: number[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page = (await ask("owner", `/admin/record?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`)).body as Page;
      seen.push(...page.record.map((row) => row.seq));
      cursor = page.next;
      await open.site.invite("support");
    }
    expect(seen).toEqual(whole.record.map((row) => row.seq));
    expect((await ask("owner", "/admin/record?cursor=yesterday")).body).toMatchObject({ code: "field_invalid" });
    expect((await ask("owner", "/admin/record?cursor=999999999999999")).code).toBe(200);
  });
});
