// Secrets planted in every place of the configuration, servers that repeat whatever they were sent, and a search of all that is kept or written.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wait } from "../src/kernel/clock.ts";
import { DAY_MS, formatDay, HOUR_MS } from "../src/kernel/time.ts";
import { makeCertificate } from "./support/certificate.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { noDovecot, startDovecot, type Dovecot } from "./support/dovecot.ts";
import { addCustomer, addInvoice, addService, makeEngine, type Row, type World } from "./support/engine.ts";
import { FakeServer, type FakeRequest } from "./support/fake-server.ts";
import { letter, signingKey } from "./support/mails.ts";
import { makeHome, type Home, type Ran } from "./support/program.ts";
import { startServer } from "./support/server.ts";
import { SmtpMailbox } from "./support/smtp-mailbox.ts";

/** What must be found nowhere; each in the forms in which it goes over a wire. */
const SECRETS = {
  smtp: "segredo-do-smtp-7f3a",
  smtpWrong: "segredo-errado-do-smtp-9b1c",
  imap: "segredo-do-imap-c21d",
  imapWrong: "segredo-errado-do-imap-44e0",
  panel: "segredo-do-painel-5d6e",
  gateway: "segredo-do-gateway-aact-88f1",
  hook: "segredo-do-webhook-0123456789abcdef0123456789",
  channel: "segredo-do-canal-EAAG-31b7",
} as const;

/** The key that signs: any line of it. */
const KEY_LINE = signingKey.split("\n")[3] ?? "";

const encoded = (secret: string): string[] => {
  const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64").replace(/=+$/u, "");
  return [secret, base64(secret), base64(`\0regua\0${secret}`), base64(`regua:${secret}`), encodeURIComponent(secret)];
};

function found(where: string): string[] {
  const names = Object.entries(SECRETS).flatMap(([name, secret]) => (encoded(secret).some((form) => where.includes(form)) ? [name] : []));
  return where.includes(KEY_LINE) ? [...names, "dkim key"] : names;
}

let test: TestDatabase;
let world: World;
let home: Home;
let smtp: SmtpMailbox;
let echo: FakeServer;
let panel: FakeServer;
let dovecot: Dovecot | null = null;
let customer: Row;
const written: string[] = [];

/** A server in a bad mood: it fails, and repeats everything that it was sent. */
const repeating = ({ method, path, query, headers, body }: FakeRequest) => ({
  code: 500,
  body: { error: `what is this? ${method} ${path}?${query.toString()} ${JSON.stringify(headers)} ${body}` },
});

beforeAll(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: Date.now() });
  customer = await addCustomer(world, { ref: "SEG1", email: "maria@cliente.example" });
  await world.rows("UPDATE customer SET phone = '+5541999990000' WHERE customer_id = $1", [customer.id]);
  const service = await addService(world, customer, { account: "padaria" });
  await world.rows("UPDATE service SET panel = 'virt' WHERE service_id = $1", [service.id]);
  await addInvoice(world, customer, { service, dueOn: formatDay(Math.floor(Date.now() / DAY_MS) - 20), ref: "F-SEG1" });
  const certificate = makeCertificate();
  smtp = await SmtpMailbox.start({ login: { user: "regua", password: SECRETS.smtp } });
  echo = await FakeServer.start(repeating);
  panel = await FakeServer.start(repeating, certificate);
  if (noDovecot === null) dovecot = await startDovecot(SECRETS.imap);
  home = makeHome({ DATABASE_URL: test.url });
  mkdirSync(join(home.data, "dkim"), { recursive: true });
  writeFileSync(join(home.data, "dkim/k.pem"), signingKey, { mode: 0o600 });
  writeFileSync(join(home.data, "panel.pem"), certificate.cert);
  writeFileSync(join(home.data, "regua.yaml"), configuration());
}, 60_000);

afterAll(async () => {
  await home.remove();
  await dovecot?.stop();
  await panel.close();
  await echo.close();
  await smtp.close();
  await world.close();
  await test.drop();
});

function configuration(): string {
  return `
portal_url: https://clientes.example/portal
mail:
  host: 127.0.0.1
  port: ${smtp.port}
  secure: none
  user: regua
  password: ${SECRETS.smtpWrong}
  from_name: Hospedagem
  from_address: cobranca@hospedagem.example
  dkim: [{ domain: hospedagem.example, selector: k, key_file: dkim/k.pem }]
inbound:
  inboxes:
    certa: { host: 127.0.0.1, port: ${dovecot?.port ?? 1}, secure: none, user: regua, password: ${SECRETS.imap} }
    errada: { host: 127.0.0.1, port: ${dovecot?.port ?? 1}, secure: none, user: regua, password: ${SECRETS.imapWrong} }
channels:
  sms: { url: "${echo.origin}/sms?key={token}", token: ${SECRETS.channel}, headers: { authorization: "Bearer {token}" }, body: { to: "{to}", key: "{token}", text: "{short}" }, test_url: "${echo.origin}/test" }
panels:
  virt: { kind: virtualmin, host: 127.0.0.1, port: ${new URL(panel.origin).port}, user: regua, password: ${SECRETS.panel}, ca_file: panel.pem }
gateways:
  asaas: { kind: asaas, access_key: ${SECRETS.gateway}, base_url: "${echo.origin}/v3", webhook_secret: ${SECRETS.hook} }
charges: { gateway: asaas }
`;
}

async function runs(...args: string[]): Promise<Ran> {
  const ran = await home.run(...args);
  written.push(`${args.join(" ")} → ${ran.code}\n${ran.out}\n${ran.err}`);
  return ran;
}

describe("secrets", { timeout: 120_000 }, () => {
  it("are in nothing that the program writes, whatever goes wrong and whoever repeats them", async () => {
    const raw = await letter({ from: "maria@cliente.example", text: "Como faço para pagar?", at: Date.now() - HOUR_MS, signed: false });
    // Answered, and the answer refused: the password is wrong.
    const received = await home.pipe(raw, "mail", "receive");
    written.push(`receive\n${received.out}\n${received.err}`);
    for (const args of [
      ["--json", "doctor"],
      ["mail", "read"],
      ["run"],
      ["panels", "reconcile"],
      ["gateways", "test"],
      ["charge", "F-SEG1"],
    ])
      await runs(...args);
    // The right password, so that mail leaves and is told of.
    const server = await startServer(home.data, ["serve", "--port", "0"], {
      DATABASE_URL: test.url,
      REGUA_MAIL_PASSWORD: SECRETS.smtp,
      REGUA_LOG_LEVEL: "debug",
    });
    // It waits a minute to be tried again; the database is asked to forget that.
    await world.rows("UPDATE mail_out SET not_before = made_at WHERE state = 'open'");
    await smtp.until((box) => box.mails.length > 0);
    for (;;) {
      if ((await world.rows("SELECT 1 FROM mail_out WHERE state = 'done'")).length > 0) break;
      await wait(50);
    }
    server.kill("SIGTERM");
    await server.ended;
    written.push(server.log());
    expect(smtp.mails[0]?.to).toEqual(["maria@cliente.example"]);
    expect(written.join("\n")).toContain("mail");
    expect(written.filter((text) => found(text).length > 0).map((text) => [text.split("\n")[0], found(text)])).toEqual([]);
  }, 240_000);

  it("are in no table of the database", async () => {
    const tables = await world.rows<{ name: string }>(
      "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    );
    expect(tables.length).toBeGreaterThan(50);
    const leaks: [string, string[]][] = [];
    let rows = 0;
    for (const { name } of tables) {
      const dump = await world.rows<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      rows += dump.length;
      const leak = found(dump.map(({ text }) => text).join("\n"));
      if (leak.length > 0) leaks.push([name, leak]);
    }
    expect(rows).toBeGreaterThan(20);
    expect(leaks).toEqual([]);
  });

  it("are in no evidence that is given to others", async () => {
    const ran = await runs("evidence", "export", "SEG1", "--out", "seg1.json");
    expect(ran.code).toBe(0);
    const shown = await runs("--json", "show", "SEG1");
    expect(found(shown.out)).toEqual([]);
    const entries = await world.rows<{ entry: string }>("SELECT entry FROM evidence");
    expect(entries.length).toBeGreaterThan(0);
    expect(found(entries.map(({ entry }) => entry).join("\n"))).toEqual([]);
  });

  it("would be found: the search knows them in the forms in which they travel", () => {
    for (const secret of Object.values(SECRETS)) for (const form of encoded(secret)) expect(found(`x ${form} y`)).not.toEqual([]);
    expect(found(signingKey)).toEqual(["dkim key"]);
  });
});
