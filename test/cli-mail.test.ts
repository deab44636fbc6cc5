// The commands about mail, run as the real program: a piped message, what it came to, who waits, and the key that signs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addCustomer, addInvoice, addService, at, makeEngine, type World } from "./support/engine.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { letter, signingKey } from "./support/mails.ts";
import { makeHome, type Home } from "./support/program.ts";

let test: TestDatabase;
let world: World;
let home: Home;
const NOW = at("2026-11-22T12:00");

beforeAll(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: NOW, mode: "sandbox" });
  const customer = await addCustomer(world, { ref: "P1", email: "maria@cliente.example" });
  const service = await addService(world, customer);
  await addInvoice(world, customer, { service, dueOn: "2026-11-09", ref: "F-P1" });
  home = makeHome({ DATABASE_URL: test.url });
  mkdirSync(join(home.data, "dkim"), { recursive: true });
  writeFileSync(join(home.data, "dkim/k.pem"), signingKey, { mode: 0o600 });
}, 60_000);

afterAll(async () => {
  await home.remove();
  await world.close();
  await test.drop();
});

const configure = (lines: string): void => writeFileSync(join(home.data, "regua.yaml"), lines);

describe("regua mail", { timeout: 120_000 }, () => {
  it("receives a piped message, answers it once, and knows it when it comes again", async () => {
    const raw = await letter({ from: "maria@cliente.example", text: "Como faço para pagar?", at: NOW });
    const first = await home.pipe(raw, "--json", "mail", "receive");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ known: false, kind: "reply", outcome: "how_to_pay", waits: false });
    const again = await home.pipe(raw, "--json", "mail", "receive");
    expect(JSON.parse(again.out)).toMatchObject({ known: true, id: null });
    expect(await world.rows("SELECT state FROM mail_out")).toEqual([{ state: "done" }]);
    await home.pipe(await letter({ from: "ninguem@outro.example", text: "Olá?", at: NOW }), "mail", "receive");
    const status = await home.json<{ fresh: number; leaving: number; conversations: { id: string; address: string }[] }>("mail", "status");
    expect(status).toMatchObject({ fresh: 0, leaving: 0, conversations: [{ address: "ninguem@outro.example" }] });
  });

  it("that waits for a person is answered by command: by mail where it came by mail, and it waits no longer", async () => {
    await home.pipe(await letter({ from: "maria@cliente.example", text: "Vocês migram o site?", at: NOW }), "mail", "receive");
    const state = (): Promise<unknown[]> => world.rows("SELECT waits, closed_by FROM mail_in WHERE text LIKE 'Vocês migram%'");
    const thread = (): Promise<unknown[]> => world.rows("SELECT waits_since FROM portal_thread");
    expect(await state()).toEqual([{ waits: true, closed_by: null }]);
    expect(await home.json("--actor", "ana", "answer", "P1", "Sim. Leva um dia.")).toEqual({ customer: "P1", answered: true, via: "mail" });
    expect(await state()).toEqual([{ waits: false, closed_by: "ana" }]);
    expect(await thread()).toEqual([{ waits_since: null }]);
    const sent = [{ to_address: "maria@cliente.example", state: "done" }];
    expect(await world.rows("SELECT to_address, state FROM mail_out WHERE kind = 'staff'")).toEqual(sent);
    // In the portal alone, where that is said: then too nobody is waited for.
    await world.rows("UPDATE mail_in SET waits = true, closed_by = NULL WHERE text LIKE 'Vocês migram%'");
    expect(await home.json("--actor", "rui", "answer", "P1", "Também o e-mail.", "--via", "portal")).toMatchObject({ via: "portal" });
    expect(await state()).toEqual([{ waits: false, closed_by: "rui" }]);
    expect(await world.rows("SELECT to_address, state FROM mail_out WHERE kind = 'staff'")).toEqual(sent);
  });

  it("says that nothing was piped", async () => {
    expect(await home.pipe(new Uint8Array(), "mail", "receive")).toMatchObject({
      code: 1,
      err: expect.stringContaining("standard input") as unknown,
    });
  });

  it("prints the record that a domain has to publish, and refuses a key that others may read", async () => {
    const mail = (file: string): string =>
      `mail: { host: h, from_name: H, from_address: c@hospedagem.example, dkim: [{ domain: hospedagem.example, selector: k, key_file: ${file} }] }\n`;
    configure(mail("dkim/k.pem"));
    const { records } = await home.json<{ records: { name: string; value: string }[] }>("mail", "dkim");
    expect(records).toEqual([
      { name: "k._domainkey.hospedagem.example", type: "TXT", value: expect.stringMatching(/^v=DKIM1; k=rsa; p=MII/u) as unknown },
    ]);
    writeFileSync(join(home.data, "dkim/open.pem"), signingKey, { mode: 0o644 });
    configure(mail("dkim/open.pem"));
    expect(await home.run("mail", "dkim")).toMatchObject({ code: 1, err: expect.stringContaining("chmod 600") as unknown });
  });

  it("shows mailboxes and channels in the configuration without their secrets, and refuses what it does not know", async () => {
    configure(
      [
        "inbound: { inboxes: { respostas: { host: imap.example, user: u, password: segredo-da-caixa } } }",
        'channels: { sms: { url: "https://sms.example/v1", token: segredo-do-canal, headers: { x-key: segredo-no-cabecalho }, body: { to: "{to}" } } }',
        "",
      ].join("\n"),
    );
    const { code, out } = await home.run("config", "check");
    expect(code).toBe(0);
    expect(out).toContain("inbound.inboxes.respostas.port");
    expect(out).not.toContain("segredo");
    configure("channels: { telegram: { url: https://x.example, body: {} } }\n");
    expect(await home.run("config", "check")).toMatchObject({ code: 1, err: expect.stringContaining("telegram") as unknown });
  });
});
