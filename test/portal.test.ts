// The customers' portal without a browser: who comes in, what each may see and do, and what of it becomes evidence.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SmtpMailer } from "../src/adapters/mail/smtp.ts";
import { PORTAL_ROUTES } from "../src/api/portal/portal.ts";
import { readBrCode } from "../src/codes/br-code.ts";
import { replyTo } from "../src/engine/conversations.ts";
import { LINK_LIVES_MS } from "../src/engine/portal-links.ts";
import { askCode, SESSION_MS } from "../src/engine/portal-sign-in.ts";
import { publishTerms } from "../src/engine/terms.ts";
import { reportReceipts } from "../src/engine/report-receipts.ts";
import { inbox, writeMessage } from "../src/engine/write-message.ts";
import { Settings } from "../src/engine/setting.ts";
import { sha256 } from "../src/kernel/hash.ts";
import { findCodes } from "../src/store/charge-codes.ts";
import { exportBundle } from "../src/evidence/bundle.ts";
import { writeBundle } from "../src/evidence/format.ts";
import { verifyBundle } from "../src/evidence/verify.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import {
  addCustomer,
  addInvoice,
  addService,
  at,
  evaluate,
  evidence,
  identity,
  makeEngine,
  suspendFor,
  type Row,
  type World,
} from "./support/engine.ts";
import { makePortal, type Portal, type Visitor } from "./support/portal.ts";
import { SmtpMailbox } from "./support/smtp-mailbox.ts";

const NOW = at("2026-11-22T12:00");

let test: TestDatabase;
let world: World;
let portal: Portal;

beforeAll(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: NOW, mode: "sandbox" });
  await world.rows("UPDATE provider SET identity = $1", [
    JSON.stringify({ ...identity, pix: { key: "pix@hospedagem.example", city: "Curitiba" } }),
  ]);
  portal = await makePortal(world);
});

afterAll(async () => {
  await portal.api.close();
  await world.close();
  await test.drop();
});

interface Debtor {
  customer: Row;
  service: Row;
  invoice: Row;
}

let made = 0;

/** Down since Friday for an invoice of the 10th. */
async function aDebtor(change: { name?: string; lang?: "pt-BR" | "en"; since?: string } = {}): Promise<Debtor> {
  const n = (made += 1);
  const customer = await addCustomer(world, { ref: `C${n}`, ...change });
  const service = await addService(world, customer, { ref: `site-${n}`, name: `loja-${n}.example` });
  const invoice = await addInvoice(world, customer, { ref: `F-${n}`, service, dueOn: "2026-11-10" });
  await suspendFor(world, customer, service, invoice, at("2026-11-20T09:00"));
  await world.rows(
    "INSERT INTO sandbox_account (account, access, by, reason) SELECT account, 'suspended', 'us', 'regua' FROM service WHERE service_id = $1",
    [service.id],
  );
  return { customer, service, invoice };
}

describe("signing in", () => {
  it("a link opens the portal of its customer, and says so in the evidence", async () => {
    const { customer } = await aDebtor({ name: "Padaria Central" });
    const visitor = portal.visitor();
    const opened = await visitor.get(`/portal/i/${await portal.tokenFor(customer)}`);
    expect([opened.code, opened.to]).toEqual([303, "/portal/"]);
    const home = await visitor.get("/portal/");
    expect(home.code).toBe(200);
    expect(home.text).toContain("Padaria Central");
    expect(home.text).toContain("R$ 29,90");
    expect((await evidence(world, customer)).map(({ kind, body }) => [kind, body])).toContainEqual([
      "portal.opened",
      { way: "link", user_agent: "lightMyRequest" },
    ]);
  });

  it("a link changed in one place, cut off, or of another installation opens nothing", async () => {
    const { customer } = await aDebtor();
    const token = await portal.tokenFor(customer);
    const [id = "", ...rest] = token.split(".");
    const other = [(Number.parseInt(id, 36) + 1).toString(36), ...rest].join(".");
    const last = token.endsWith("A") ? "B" : "A";
    for (const wrong of [token.slice(0, -1), `${token.slice(0, -1)}${last}`, other, "x", `${token}.1`, "0.0.0.AAAAAAAAAAAAAAAAAAAAAA"]) {
      const visitor = portal.visitor();
      expect((await visitor.get(`/portal/i/${wrong}`)).to, wrong).toBe("/portal/sign-in?why=invalid");
      expect((await visitor.get("/portal/")).to).toBe("/portal/sign-in");
    }
  });

  it("a link stops with its time, and when the customer's address becomes another one", async () => {
    const { customer } = await aDebtor();
    const token = await portal.tokenFor(customer);
    world.clock.set(NOW + LINK_LIVES_MS);
    expect((await portal.visitor().get(`/portal/i/${token}`)).to).toBe("/portal/sign-in?why=expired");
    world.clock.set(NOW);
    await world.rows("UPDATE customer SET email = 'new@cliente.example' WHERE customer_id = $1", [customer.id]);
    expect((await portal.visitor().get(`/portal/i/${token}`)).to).toBe("/portal/sign-in?why=invalid");
  });

  it("a session ends by its time and by signing out, and its cookie opens nothing afterwards", async () => {
    const { customer } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    expect((await visitor.get("/portal/")).code).toBe(200);
    world.clock.set(NOW + SESSION_MS);
    expect((await visitor.get("/portal/")).to).toBe("/portal/sign-in");
    world.clock.set(NOW);
    const kept = new Map(visitor.cookies);
    expect((await visitor.post("/portal/sign-out")).to).toBe("/portal/sign-in?why=signedOut");
    expect(visitor.cookies.has("regua-portal")).toBe(false);
    for (const [name, value] of kept) visitor.cookies.set(name, value);
    expect((await visitor.get("/portal/")).to).toBe("/portal/sign-in");
  });

  it("neither the log nor the database holds a link's token or a session's", async () => {
    const { customer } = await aDebtor();
    const visitor = portal.visitor();
    const token = await portal.tokenFor(customer);
    await visitor.get(`/portal/i/${token}`);
    const session = visitor.cookies.get("regua-portal") ?? "";
    expect(session).not.toBe("");
    expect(portal.lines.join("")).not.toContain(token);
    expect(portal.lines.join("")).not.toContain(session);
    const [{ found } = { found: 1 }] = await world.rows<{ found: number }>(
      "SELECT count(*) AS found FROM portal_session WHERE token_hash = $1 OR token_hash = $2",
      [session, token],
    );
    expect(found).toBe(0);
    expect(await world.rows("SELECT 1 FROM portal_session WHERE token_hash = $1", [sha256(session)])).toHaveLength(1);
  });

  it("a code by e-mail opens it once; a stranger's address is answered in the same words", async () => {
    const { customer } = await aDebtor();
    const [visitor, stranger] = [portal.visitor(), portal.visitor()];
    const sent = await visitor.post("/portal/sign-in", { email: `C${made}@CLIENTE.example` });
    const code = /(\d{6})\./u.exec(sent.text)?.[1] ?? "";
    expect(code).toMatch(/^\d{6}$/u);
    const nobody = await stranger.post("/portal/sign-in", { email: "nobody@cliente.example" });
    const words = (text: string): string => text.replace(/<p class="note done"[\s\S]*?<\/p>/u, "").replace(/\s+/gu, " ");
    expect(words(nobody.text)).toBe(words(sent.text));
    expect((await visitor.post("/portal/sign-in/code", { code: code === "000000" ? "000001" : "000000" })).code).toBe(403);
    expect((await visitor.post("/portal/sign-in/code", { code })).to).toBe("/portal/");
    expect((await visitor.get("/portal/")).text).toContain(customer.ref);
    const again = portal.visitor();
    again.cookies.set("regua-code", visitor.cookies.get("regua-code") ?? "");
    expect((await again.post("/portal/sign-in/code", { code })).code).toBe(403);
    expect((await stranger.post("/portal/sign-in/code", { code })).code).toBe(403);
  });

  it("five wrong codes end the attempt, the right one included", async () => {
    await aDebtor();
    const visitor = portal.visitor();
    const sent = await visitor.post("/portal/sign-in", { email: `c${made}@cliente.example` });
    const code = /(\d{6})\./u.exec(sent.text)?.[1] ?? "";
    const wrong = code === "111111" ? "222222" : "111111";
    for (let i = 0; i < 5; i += 1) expect((await visitor.post("/portal/sign-in/code", { code: wrong })).code).toBe(403);
    expect((await visitor.post("/portal/sign-in/code", { code })).code).toBe(403);
  });

  it("the sixth code within a quarter of an hour is not sent, in the same words", async () => {
    const { customer } = await aDebtor();
    const email = `c${made}@cliente.example`;
    for (let i = 0; i < 5; i += 1) await askCode(world.engine, { email, attempt: `a${i} ${customer.id}`, code: "123456" });
    expect(await askCode(world.engine, { email, attempt: `last ${customer.id}`, code: "123456" })).toBeNull();
    world.clock.set(NOW + 15 * 60_000);
    expect(await askCode(world.engine, { email, attempt: `later ${customer.id}`, code: "123456" })).not.toBeNull();
    world.clock.set(NOW);
  });

  it("a link sent to the customer's telephone opens as well as one sent by mail", async () => {
    const { customer } = await aDebtor();
    await world.rows("UPDATE customer SET phone = '+5541999998888' WHERE customer_id = $1", [customer.id]);
    for (const [to, where] of [
      ["+5541999998888", "/portal/"],
      [`c${made}@cliente.example`, "/portal/"],
      ["+5541900000000", "/portal/sign-in?why=invalid"],
    ] as const) {
      const token = await portal.links.make({ customerId: customer.id, outboxId: null, to });
      expect((await portal.visitor().get(`/portal/i/${token}`)).to, to).toBe(where);
    }
  });

  it("many requests for codes from one address are slowed, and told when to try again", async () => {
    let answer = await portal.visitor().post("/portal/sign-in", { email: "x@cliente.example" });
    for (let i = 0; i < 30 && answer.code !== 429; i += 1)
      answer = await portal.visitor().post("/portal/sign-in", { email: "x@cliente.example" });
    expect(answer.code).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(answer.text).toContain("Muitos pedidos");
  });

  it("under TLS the cookie is a host's own, and without it a live portal shows nothing but the way there", async () => {
    const live = await makePortal(world, { mode: "live" });
    const { customer } = await aDebtor();
    const token = await live.tokenFor(customer);
    const far = live.visitor("portal.hospedagem.example");
    const refused = await far.get(`/portal/i/${token}`);
    expect([refused.code, far.cookies.size]).toEqual([403, 0]);
    expect(refused.text).toContain("https");
    const secure = await live.api.inject({
      url: `/portal/i/${token}`,
      headers: { host: "portal.hospedagem.example", "x-forwarded-proto": "https" },
    });
    expect(String(secure.headers["set-cookie"])).toMatch(
      /^__Host-regua-portal=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/u,
    );
    await live.api.close();
  });
});

describe("forms", () => {
  it("are refused without the session's own key, and from another site", async () => {
    const { customer, service } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    await visitor.get("/portal/");
    const other = await portal.signedIn((await aDebtor()).customer);
    const foreign = /name="key" value="([0-9a-f]{32})"/u.exec((await other.get("/portal/")).text)?.[1] ?? "";
    const fields = { service: service.ref, when: "now" };
    expect((await visitor.post("/portal/leave", fields, { key: "" })).code).toBe(403);
    expect((await visitor.post("/portal/leave", fields, { key: foreign })).code).toBe(403);
    expect((await visitor.post("/portal/leave", fields, { headers: { origin: "https://evil.example" } })).code).toBe(403);
    expect((await visitor.post("/portal/leave", fields, { headers: { "sec-fetch-site": "cross-site" } })).code).toBe(403);
    expect(await world.rows("SELECT 1 FROM service WHERE service_id = $1 AND cancel_on IS NOT NULL", [service.id])).toEqual([]);
    expect((await visitor.post("/portal/leave", fields, { headers: { origin: "http://127.0.0.1" } })).to).toBe("/portal/leave");
  });

  it("lead nowhere outside the portal, whatever the address says", async () => {
    const visitor = portal.visitor();
    for (const back of ["https://evil.example/", "//evil.example", "/portal/../v1", "/portal/\\evil", "javascript:alert(1)"])
      expect((await visitor.get(`/portal/lang/en?back=${encodeURIComponent(back)}`)).to, back).toBe("/portal/");
    expect((await visitor.get("/portal/lang/en?back=%2Fportal%2Fterms")).to).toBe("/portal/terms");
    expect((await visitor.get("/portal/sign-in")).text).toContain("Open the portal");
  });
});

describe("one customer and another", () => {
  /** Whatever stands in a route's place for something of a customer's. */
  const filled = (path: string, { invoice }: Debtor): string =>
    path.replace(":ref", invoice.ref).replace(":link", "x").replace(":lang", "en");

  it("no route tells one customer anything of another, or changes anything of theirs", async () => {
    const [mine, theirs] = [await aDebtor({ name: "Minha Loja" }), await aDebtor({ name: "Outra Empresa Sigilosa" })];
    const claimed = { customer: theirs.customer.ref, by: "customer", text: "um segredo de outra empresa" };
    await writeMessage(world.engine, claimed);
    const secrets = [
      "Outra Empresa Sigilosa",
      theirs.customer.ref,
      theirs.service.ref,
      theirs.invoice.ref,
      "um segredo",
      `loja-${made}.example`,
    ];
    const visitor = await portal.signedIn(mine.customer);
    await visitor.get("/portal/");
    const before = await snapshot(theirs.customer);
    let tried = 0;
    for (const route of PORTAL_ROUTES.filter(({ who, path }) => who === "customer" && path !== "/sign-out")) {
      const path = `/portal${filled(route.path, theirs)}`;
      const fields = {
        invoice: theirs.invoice.ref,
        service: theirs.service.ref,
        customer: theirs.customer.ref,
        when: "now",
        version: "1",
        accepted: "yes",
      };
      const answer = route.method === "GET" ? await visitor.get(path) : await visitor.post(path, fields);
      for (const secret of secrets) expect(answer.text, `${route.method} ${path}`).not.toContain(secret);
      expect(answer.code, `${route.method} ${path}`).toBeLessThan(500);
      tried += 1;
    }
    expect(tried).toBeGreaterThanOrEqual(15);
    expect(await snapshot(theirs.customer)).toEqual(before);
  });

  it("without a session every route of a customer's leads to the sign-in, and changes nothing", async () => {
    const theirs = await aDebtor();
    const before = await snapshot(theirs.customer);
    for (const route of PORTAL_ROUTES.filter(({ who }) => who === "customer")) {
      const path = `/portal${filled(route.path, theirs)}`;
      const fields = { invoice: theirs.invoice.ref, service: theirs.service.ref, when: "now" };
      const answer = route.method === "GET" ? await portal.visitor().get(path) : await portal.visitor().post(path, fields);
      expect([303, 401], `${route.method} ${path}`).toContain(answer.code);
      expect(answer.text, path).toBe("");
    }
    expect(await snapshot(theirs.customer)).toEqual(before);
  });

  async function snapshot(customer: Row): Promise<unknown> {
    const tables = [
      "customer",
      "service",
      "invoice",
      "receipt",
      "promise",
      "claim",
      "evidence",
      "terms_acceptance",
      "backup_request",
      "portal_message",
    ];
    const rows: unknown[] = [];
    for (const table of tables) rows.push(await world.rows(`SELECT * FROM ${table} WHERE customer_id = $1 ORDER BY 2`, [customer.id]));
    return rows;
  }
});

describe("paying", () => {
  it("each invoice has a Pix code of its own, and money that carries its number pays that invoice and brings the service back", async () => {
    const { customer, invoice, service } = await aDebtor();
    const second = await addInvoice(world, customer, { ref: `${invoice.ref}-b`, dueOn: "2026-11-20", amount: 5990 });
    const visitor = await portal.signedIn(customer);
    const codeOn = async (path: string) => {
      const text = /id="pix-code"[^>]*>([^<]+)</u.exec((await visitor.get(path)).text)?.[1] ?? "";
      const read = readBrCode(text);
      if (!read.ok) throw new Error(`no Pix code on ${path}: ${text}`);
      return read.code;
    };
    const [one, two] = [await codeOn("/portal/"), await codeOn(`/portal/invoices/${second.ref}`)];
    expect([one.amountCents, two.amountCents]).toEqual([2990, 5990]);
    expect(one.txid).not.toBe(two.txid);
    const owners = await findCodes(world.engine.db, [{ kind: "txid", value: one.txid ?? "" }]);
    expect(owners).toMatchObject([{ customerId: customer.id, invoiceRef: invoice.ref }]);
    expect((await codeOn("/portal/")).txid).toBe(one.txid);
    const pulse = (await visitor.get("/portal/pulse")).text;
    await reportReceipts(
      world.engine,
      [{ source: "pix", externalId: `x-${customer.id}`, invoice: invoice.ref, amount: 2990, currency: "BRL" }],
      "bank",
    );
    expect((await visitor.get("/portal/pulse")).text).not.toBe(pulse);
    await portal.work();
    expect(await world.rows("SELECT actual FROM service WHERE service_id = $1", [service.id])).toEqual([{ actual: "active" }]);
    expect((await visitor.get(`/portal/invoices/${invoice.ref}`)).to).toBe("/portal/");
  });

  it("in the sandbox a payment is pretended once however often the button is pressed; live there is no such thing", async () => {
    const { customer, invoice } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    await visitor.get("/portal/");
    await visitor.post("/portal/sandbox/pay", { invoice: invoice.ref });
    expect((await visitor.post("/portal/sandbox/pay", { invoice: invoice.ref })).code).toBe(404);
    expect(await world.rows("SELECT amount_cents FROM receipt WHERE customer_id = $1", [customer.id])).toEqual([{ amount_cents: 2990 }]);
    const live = await makePortal(world, { mode: "live" });
    const debtor = await aDebtor();
    const someone = await live.signedIn(debtor.customer);
    expect((await someone.get("/portal/")).text).not.toContain("sandbox");
    expect((await someone.post("/portal/sandbox/pay", { invoice: debtor.invoice.ref })).code).toBeGreaterThanOrEqual(400);
    expect(await world.rows("SELECT 1 FROM receipt WHERE customer_id = $1", [debtor.customer.id])).toEqual([]);
    await live.api.close();
  });

  it("the page says it all without a script: the amount, the code, and what comes next", async () => {
    const { customer } = await aDebtor({ lang: "en" });
    const { text, headers } = await (await portal.signedIn(customer)).get("/portal/");
    expect(text).toContain("R$29.90");
    expect(text).toContain("00020126");
    expect(text).toContain("Your data are kept");
    expect(text).toContain("<noscript");
    expect(text).not.toMatch(/ (?:on\w+|style)="/u);
    expect(text).not.toMatch(/<script>|<style>/u);
    expect(headers["content-security-policy"]).toContain("script-src 'self'");
    expect(headers["cache-control"]).toBe("no-store");
  });
});

describe("what a customer asks for", () => {
  it("more time: the conditions shown are the ones accepted, and the service comes back until then", async () => {
    const { customer, service } = await aDebtor();
    await addInvoice(world, customer, { dueOn: "2026-09-10", paidOn: "2026-09-08", ref: `${customer.ref}-old`, service });
    const visitor = await portal.signedIn(customer);
    const offer = await visitor.get("/portal/time");
    const until = /name="until" value="(\d+)"/u.exec(offer.text)?.[1] ?? "";
    expect(until).not.toBe("");
    const unread = await visitor.post("/portal/time", { reason: "recebo na sexta", until });
    expect(unread.text).toContain('name="accepted"');
    const other = await visitor.post("/portal/time", { reason: "recebo na sexta", accepted: "yes", until: "1" });
    expect(other.text).toContain('name="accepted"');
    const granted = await visitor.post("/portal/time", { reason: "recebo na sexta", accepted: "yes", until });
    expect(granted.text).toMatch(/Protocolo P-\d{8}-\w{4}/u);
    const [promise] = (await evidence(world, customer)).filter(({ kind }) => kind === "promise.granted");
    expect(promise?.body).toMatchObject({ asked_by: "customer", owner: "portal", conditions_accepted: true, reason: "recebo na sexta" });
    expect((await visitor.get("/portal/time")).text).toContain("Já existe um prazo combinado em andamento");
  });

  it("the end of a service: with what is owed and its day, taken back as easily, and no time to pay meanwhile", async () => {
    const { customer, service } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    const shown = await visitor.get("/portal/leave");
    expect(shown.text).toContain("Há R$ 29,90 em aberto");
    expect(shown.text).toContain("quarta-feira, 9 de dezembro");
    expect((await visitor.post("/portal/leave", { service: service.ref })).text).toContain("Nada foi alterado");
    await visitor.post("/portal/leave", { service: service.ref, when: "term", reason: "vou mudar de ramo" });
    expect((await visitor.get("/portal/leave")).text).toContain("O encerramento está pedido para quarta-feira, 9 de dezembro");
    expect((await visitor.post("/portal/leave", { service: service.ref, when: "now" })).code).toBe(409);
    expect((await visitor.get("/portal/time")).text).toContain("pedido de encerramento em aberto");
    expect((await visitor.post("/portal/leave/keep", { service: service.ref })).text).toContain("O pedido foi retirado");
    const said = (await evidence(world, customer)).filter(({ kind }) => kind.startsWith("cancellation."));
    expect(said.map(({ kind, body }) => [kind, body])).toEqual([
      ["cancellation.asked", { service: service.ref, on: "2026-12-09", reason: "vou mudar de ramo" }],
      ["cancellation.withdrawn", { service: service.ref, was_on: "2026-12-09" }],
    ]);
  });

  it("a copy of the data: refused while down, with the way to pay, and granted once it is paid", async () => {
    const { customer, service, invoice } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    expect((await visitor.get("/portal/backup")).text).toContain("Com o serviço suspenso");
    await visitor.post("/portal/backup", { service: service.ref });
    await reportReceipts(
      world.engine,
      [{ source: "pix", externalId: `y-${customer.id}`, invoice: invoice.ref, amount: 2990, currency: "BRL" }],
      "bank",
    );
    await portal.work();
    expect((await visitor.post("/portal/backup", { service: service.ref })).text).toContain("O pedido foi recebido");
    expect((await visitor.post("/portal/backup", { service: service.ref })).text).toContain("já foi pedida");
    const kinds = (await evidence(world, customer)).map(({ kind }) => kind).filter((kind) => kind.startsWith("backup."));
    expect(kinds).toEqual(["backup.refused", "backup.asked"]);
    expect((await inbox(world.engine)).backups.map((each) => each.service)).toContain(service.ref);
  });

  it("the terms: what is accepted is the text that was read, with its hash, the address and the browser", async () => {
    const { customer } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    expect((await visitor.get("/portal/terms")).text).toContain("Nenhum termo foi publicado");
    const first = await publishTerms(world.engine, { text: "1. O serviço é pré-pago.", by: "ana" });
    const page = await visitor.get("/portal/terms");
    expect(page.text).toContain(first.sha256);
    const second = await publishTerms(world.engine, { text: "1. O serviço é pré-pago.\n\n2. Novo.", by: "ana" });
    expect((await visitor.post("/portal/terms", { version: String(first.version) })).code).toBe(409);
    await visitor.post("/portal/terms", { version: String(second.version) }, { headers: { "user-agent": "Mozilla/5.0 (telefone)" } });
    await visitor.post("/portal/terms", { version: String(second.version) });
    expect((await visitor.get("/portal/terms")).text).toContain(`Você aceitou a versão ${second.version}`);
    const said = (await evidence(world, customer)).filter(({ kind }) => kind === "terms.accepted");
    expect(said.map(({ body }) => body)).toEqual([
      { version: second.version, terms_sha256: second.sha256, address: "127.0.0.1", user_agent: "Mozilla/5.0 (telefone)" },
    ]);
  });

  it("a word with the provider: it waits for staff until it is answered, and markup in it is text", async () => {
    const { customer } = await aDebtor();
    const visitor = await portal.signedIn(customer);
    await visitor.get("/portal/messages");
    const sent = await visitor.post("/portal/messages", { text: "Paguei ontem <script>alert(1)</script>\nsegunda linha" });
    expect(sent).toMatchObject({ code: 303, to: "/portal/messages?sent" });
    const shown = await visitor.get("/portal/messages?sent");
    expect(shown.text).toContain("&lt;script&gt;");
    expect(shown.text).not.toContain("<script>alert");
    expect((await inbox(world.engine)).threads.map((each) => each.customer)).toContain(customer.ref);
    await replyTo(world.engine, { id: `c-${customer.id}`, by: "ana", text: "Encontramos o pagamento." });
    expect((await inbox(world.engine)).threads.map((each) => each.customer)).not.toContain(customer.ref);
    expect((await visitor.get("/portal/messages")).text).toContain("Encontramos o pagamento.");
  });

  it("and all of it verifies in the bundle that an outsider is given", async () => {
    const customer = await addCustomer(world, { ref: `B${(made += 1)}` });
    const service = await addService(world, customer, { ref: `bundle-${made}` });
    const visitor: Visitor = await portal.signedIn(customer);
    await visitor.get("/portal/messages");
    await visitor.post("/portal/messages", { text: "bom dia" });
    await visitor.post("/portal/leave", { service: service.ref, when: "now" });
    await visitor.post("/portal/leave/keep", { service: service.ref });
    await visitor.post("/portal/backup", { service: service.ref });
    const bundle = await exportBundle(world.engine.db, customer.ref, { now: world.clock.now() });
    const report = verifyBundle(Buffer.from(writeBundle(bundle), "utf8"));
    expect(report.findings).toEqual([]);
    expect(bundle.entries).toHaveLength(5);
  });
});

describe("the link in a message", () => {
  it("is in the mail, and not in what is kept of it; opened, it is evidence that the mail was read", async () => {
    const mailbox = await SmtpMailbox.start();
    const settings = { from: { name: "Hospedagem", address: "financeiro@hospedagem.example" }, connections: 1 };
    const mailer = new SmtpMailer({ host: "127.0.0.1", port: mailbox.port, secure: "none", ...settings });
    const other = await freshDatabase();
    const engineWorld = await makeEngine(other.url, { now: at("2026-11-26T10:00"), mode: "live" });
    engineWorld.engine.settings = new Settings({ portal: "https://portal.hospedagem.example/portal" });
    const sending = await makePortal(engineWorld, { mode: "live", mailer, url: "https://portal.hospedagem.example/portal" });
    try {
      const customer = await addCustomer(engineWorld, { ref: "M1" });
      const service = await addService(engineWorld, customer, { ref: "M1-site" });
      await addInvoice(engineWorld, customer, { ref: "M1-f", service, dueOn: "2026-11-23" });
      await evaluate(engineWorld, customer);
      await sending.work();
      const [mail] = mailbox.mails;
      const url = /https:\/\/portal\.hospedagem\.example(\/portal\/i\/[\w.-]+)/u.exec(mail?.text ?? "")?.[1] ?? "";
      expect(url).toMatch(/\.[\w-]{22}$/u);
      expect(mail?.html).toContain(`href="https://portal.hospedagem.example${url}"`);
      const [{ payload } = { payload: "" }] = await engineWorld.rows<{ payload: string }>(
        "SELECT payload FROM outbox WHERE kind = 'message' LIMIT 1",
      );
      expect(payload).toContain("/portal/i/{link}");
      expect(payload).not.toContain(url);
      const secure = { "x-forwarded-proto": "https" };
      const visitor = sending.visitor("portal.hospedagem.example");
      expect((await visitor.get(url, secure)).to).toBe("/portal/");
      expect((await visitor.get("/portal/", secure)).text).toContain("M1-f");
      await sending.visitor("portal.hospedagem.example").get(url, secure);
      const opened = (await evidence(engineWorld, customer)).filter(({ kind }) => kind === "portal.opened");
      expect(opened.map(({ body }) => body)).toEqual([
        { way: "link", user_agent: "lightMyRequest", message_id: (JSON.parse(payload) as { messageId: string }).messageId },
      ]);
    } finally {
      await mailer.close();
      await sending.api.close();
      await engineWorld.close();
      await other.drop();
      await mailbox.close();
    }
  });
});

describe("a suspended site's page", () => {
  it("names the provider and the way to the portal in both languages, and no customer", async () => {
    const { code, text, headers } = await portal.visitor("padaria.example").get("/suspended");
    expect(code).toBe(200);
    expect(text).toContain("Hospedagem Exemplo");
    expect(text).toContain('lang="pt-BR"');
    expect(text).toContain('lang="en"');
    expect(text).toContain('href="/portal/"');
    expect(headers["content-security-policy"]).toMatch(/style-src 'sha256-[\w+/=]+'/u);
    expect(headers["set-cookie"]).toBeUndefined();
  });
});
