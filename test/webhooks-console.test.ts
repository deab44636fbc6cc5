// Webhooks kept from the console and the terminal: who may, what is shown once, what the doctor and Today say, and the tests of what is connected.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../src/store/staff.ts";
import { openSite, type Person, type Site } from "./support/console.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeHome, type Home } from "./support/program.ts";
import { aReceiver, type Receiver } from "./support/webhooks.ts";

describe("in the console", () => {
  let open: Site;
  let owner: Person;
  let receiver: Receiver;

  beforeAll(async () => {
    open = await openSite();
    owner = await open.site.person("owner");
    receiver = await aReceiver();
  });

  afterAll(async () => {
    await receiver.server.close();
    await open.close();
  });

  it("an owner adds one, sees its secret once, tries it, changes the secret and removes it", async () => {
    const added = await owner.ask("POST", "/admin/webhooks", { body: { name: "central", url: receiver.url, events: ["promise"] } });
    expect(added.code).toBe(201);
    const { secret } = added.body as { secret: string };
    receiver.secrets = [secret];
    const tried = await owner.ask("POST", "/admin/webhooks/central/test", { body: {} });
    expect(tried.body).toMatchObject({ outcome: "done", code: 204, answer: "204" });
    expect(receiver.types()).toEqual(["webhook.test"]);
    const listed = await owner.ask("GET", "/admin/webhooks");
    expect(listed.text).not.toMatch(/whsec_|sealed:/u);
    expect((listed.body as { webhooks: object[] }).webhooks).toMatchObject([
      {
        name: "central",
        events: ["promise.granted", "promise.kept", "promise.broken", "promise.cancelled"],
        lastAccepted: true,
        state: "on",
      },
    ]);
    const rotated = await owner.ask("POST", "/admin/webhooks/central/rotate", { body: {} });
    expect((rotated.body as { secret: string }).secret).not.toBe(secret);
    // Shown once: no answer of these routes is kept for repeats.
    expect(JSON.stringify(await open.world.rows("SELECT * FROM idempotency"))).not.toContain("whsec_");
    expect((await owner.ask("POST", "/admin/webhooks/central/remove", { body: {} })).body).toEqual({ removed: true });
    expect((await owner.ask("POST", "/admin/webhooks/central/test", { body: {} })).body).toMatchObject({ code: "webhook_unknown" });
  });

  it("an address inside the network is refused with what to do about it", async () => {
    const ask = { name: "dentro", url: "https://169.254.169.254/latest", events: [] };
    const answer = await owner.ask("POST", "/admin/webhooks", { body: ask });
    expect(answer).toMatchObject({ code: 422, body: { code: "webhook_address_refused" } });
  });

  it("one that was stopped stands among today's matters until it is resumed", async () => {
    await owner.ask("POST", "/admin/webhooks", { body: { name: "parado", url: receiver.url, events: [] } });
    const stopped = async () =>
      ((await owner.ask("GET", "/admin/today")).body as { counts: { webhooksStopped: number } }).counts.webhooksStopped;
    expect(await stopped()).toBe(0);
    await open.world.rows("UPDATE webhook_endpoint SET state = 'stopped', stopped_because = 'gone', stopped_at = $1", [new Date(0)]);
    expect(await stopped()).toBe(1);
    await owner.ask("POST", "/admin/webhooks/parado/resume", { body: {} });
    expect(await stopped()).toBe(0);
  });

  it("nobody but an owner sees or changes them", async () => {
    for (const role of ROLES.filter((each) => each !== "owner")) {
      const person = await open.site.person(role);
      expect((await person.ask("GET", "/admin/webhooks")).code).toBe(403);
      expect((await person.ask("POST", "/admin/webhooks", { body: { name: "x", url: receiver.url, events: [] } })).code).toBe(403);
      for (const act of ["test", "rotate", "resume", "remove"])
        expect((await person.ask("POST", `/admin/webhooks/parado/${act}`, { body: {} })).code).toBe(403);
    }
  });

  it("what is connected is tried and its answer shown; what is not there is refused", async () => {
    const { parts } = (await owner.ask("GET", "/admin/settings")).body as { parts: { kind: string; name: string }[] };
    expect(parts).toEqual([
      { kind: "mail", name: "email", detail: "email" },
      { kind: "gateway", name: "banco", detail: "sandbox" },
    ]);
    for (const { kind, name } of parts)
      expect((await owner.ask("POST", "/admin/settings/test", { body: { kind, name } })).body).toMatchObject({ outcome: "done" });
    const nobody = await owner.ask("POST", "/admin/settings/test", { body: { kind: "gateway", name: "outro" } });
    expect(nobody.body).toMatchObject({ outcome: "refused", detail: "gateway outro is not set up" });
  });
});

describe("at the terminal", () => {
  let database: TestDatabase;
  let home: Home;
  let receiver: Receiver;

  beforeAll(async () => {
    database = await freshDatabase();
    home = makeHome({ DATABASE_URL: database.url });
    receiver = await aReceiver();
    await home.json("init", "--sandbox", "--empty");
  });

  afterAll(async () => {
    await receiver.server.close();
    await home.remove();
    await database.drop();
  });

  it(
    "a webhook is added, tried, listed, looked after by the doctor, sealed under a new key, and removed",
    { timeout: 90_000 },
    async () => {
      const { secret } = await home.json<{ secret: string }>(
        "webhooks",
        "add",
        "central",
        receiver.url,
        "--events",
        "promise,service.suspended",
      );
      receiver.secrets = [secret];
      const [listed, doctor] = await Promise.all([home.run("--lang", "pt-BR", "webhooks", "list"), home.run("doctor", "--json")]);
      expect(listed.out).toMatch(/central\s+ligado/u);
      expect(doctor.out).toContain("The webhook central is told");
      // The secret lies under the installation's key; a new key takes it along.
      expect(await home.json("panels", "rotate-key")).toMatchObject({ sealed: 1 });
      expect(await home.json("webhooks", "test", "central")).toMatchObject({ outcome: "done", code: 204 });
      expect([receiver.types(), receiver.forged]).toEqual([["webhook.test"], 0]);
      receiver.answer = () => ({ code: 500 });
      const refused = await home.run("webhooks", "test", "central");
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.err).toContain("500");
      expect(await home.json("webhooks", "remove", "central")).toEqual({ name: "central", removed: true });
    },
  );
});
