// The whole story with real nginx and real SMTP: due, reminder, warning, suspended page, promise, back, broken, suspended again, a proof that proves nothing, payment, back.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandPanel } from "../src/adapters/panels/command.ts";
import { SmtpMailer } from "../src/adapters/mail/smtp.ts";
import { decideClaim } from "../src/engine/end-claim.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { openClaim } from "../src/engine/open-claim.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { dispatch, type Dispatcher } from "../src/jobs/dispatch.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { parseDay } from "../src/kernel/time.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, type Row, type World } from "./support/engine.ts";
import { findNginx, NGINX_ABSENT, startNginx, type Nginx } from "./support/nginx.ts";
import { SmtpMailbox } from "./support/smtp-mailbox.ts";

const SITE = "padaria.example";
const POLICY = {
  ladder: [
    { step: "due", day: 0, do: "notify" },
    { step: "reminder", day: 3, do: "notify" },
    { step: "warning", day: 4, do: "warn" },
    { step: "suspend", day: 5, do: "suspend" },
  ],
};

const nginxThere = findNginx() !== null;
if (!nginxThere) console.warn(`test/story.test.ts ${NGINX_ABSENT}`);

describe.skipIf(!nginxThere)("a customer's month, with a real web server and a real mail server", () => {
  let data: TestDatabase;
  let world: World;
  let nginx: Nginx;
  let mailbox: SmtpMailbox;
  let mailer: SmtpMailer;
  let dispatcher: Dispatcher;
  let customer: Row;

  beforeAll(async () => {
    data = await freshDatabase();
    nginx = await startNginx();
    await nginx.addSite(SITE, "Bem-vindo à Padaria Central");
    mailbox = await SmtpMailbox.start();
    const from = { name: "Hospedagem Exemplo", address: "financeiro@hospedagem.example" };
    mailer = new SmtpMailer({ host: mailbox.host, port: mailbox.port, secure: "none", from });
    // Tuesday 3 November 2026 is the due date; the 2nd was a holiday.
    world = await makeEngine(data.url, { now: at("2026-11-03T08:00"), policyDoc: POLICY });
    customer = await addCustomer(world, { ref: "C1", name: "Padaria Central", email: "dono@padaria.example" });
    const service = await addService(world, customer, { ref: "S1", name: SITE, account: SITE });
    await world.rows("UPDATE service SET panel = 'nginx'");
    await addInvoice(world, customer, { ref: "1042", service, issuedOn: "2026-10-20", dueOn: "2026-11-03" });
    let claims = 0;
    dispatcher = {
      engine: world.engine,
      outside: { mailers: new Map([["email", mailer]]), panels: new Map([["nginx", new CommandPanel(nginx.panelOptions())]]) },
      newToken: () => `claim-${(claims += 1)}`,
      parallel: 4,
    };
  });

  afterAll(async () => {
    await mailer.close();
    await mailbox.close();
    await nginx.stop();
    await world.close();
    await data.drop();
  });

  /** Lives up to a moment: the sweep, and all that follows from it. */
  async function live(moment: string): Promise<string[]> {
    const before = mailbox.mails.length;
    world.clock.set(at(moment));
    for (let round = 0; round < 5; round += 1) {
      const tally = emptyTally();
      await sweep(world.engine, tally);
      await dispatch(dispatcher, { tally });
      expect(tally.faults).toBe(0);
      if (tally.customers === 0) break;
    }
    return mailbox.mails.slice(before).map((mail) => mail.subject);
  }

  const http = async (): Promise<number> => (await nginx.fetchSite(SITE)).http;

  it("is told on the due date, reminded on the third day and warned on the fourth, while the site stays up", async () => {
    expect(await live("2026-11-03T09:00")).toHaveLength(1);
    expect(await live("2026-11-05T12:00")).toEqual([]);
    const [reminder] = await live("2026-11-06T09:00");
    expect(reminder).toContain("1042");
    expect(mailbox.mails.at(-1)?.text).toContain("R$ 29,90");
    // The fourth day past due is a Saturday: people may be told, nothing is suspended.
    expect(await live("2026-11-07T09:00")).toHaveLength(1);
    const warning = mailbox.mails.at(-1);
    expect(warning?.text).toContain("segunda-feira, 9 de novembro");
    expect(warning?.text).toContain("12.345.678/0001-90");
    expect(await http()).toBe(200);
  });

  it("is suspended on Monday, since the fifth day is a Sunday, to a calm page with the provider's contact", async () => {
    expect(await live("2026-11-08T09:00")).toEqual([]);
    expect(await http()).toBe(200);
    const subjects = await live("2026-11-09T09:00");
    expect(subjects).toHaveLength(1);
    const page = await nginx.fetchSite(SITE);
    expect([402, 503]).toContain(page.http);
    expect(page.body).not.toContain("Padaria Central");
  });

  it("gets time on trust: the site is back, and the protocol is in the mail", async () => {
    world.clock.set(at("2026-11-10T10:00"));
    const promise = await grantPromise(world.engine, {
      customer: "C1",
      until: parseDay("2026-11-12"),
      reason: "recebe na quinta-feira",
      askedBy: "staff",
      owner: "ana",
      override: "primeira vez; cliente desde 2025",
    });
    const [granted] = await live("2026-11-10T10:00");
    expect(granted).toBeDefined();
    expect(mailbox.mails.at(-1)?.text).toContain(promise.protocol);
    expect(await http()).toBe(200);
  });

  it("is reminded the day before the deadline, breaks the promise, and is suspended again without a second ladder", async () => {
    expect(await live("2026-11-11T09:00")).toHaveLength(1);
    expect(await live("2026-11-12T17:59")).toEqual([]);
    const subjects = await live("2026-11-12T18:00");
    // One that the promise ended, one that the service is down; no reminder, no warning.
    expect(subjects).toHaveLength(2);
    expect(await http()).not.toBe(200);
    const notices = await world.rows<{ step: string }>("SELECT step FROM notice WHERE invoice_id IS NOT NULL ORDER BY step");
    expect(notices.map((notice) => notice.step)).toEqual(["due", "reminder", "warning"]);
  });

  it("sends a proof and is back while the bank is asked; the bank knows nothing of it, and the site is down again, calmly told", async () => {
    world.clock.set(at("2026-11-13T09:00"));
    const releaseUntil = at("2026-11-13T18:00");
    const { claimId } = await openClaim(world.engine, { customer: "C1", invoice: "1042", releaseUntil, by: "portal" });
    expect(await live("2026-11-13T09:00")).toEqual(["Recebemos o comprovante da fatura 1042"]);
    expect(mailbox.mails.at(-1)?.text).toContain("até sexta-feira, 13 de novembro, às 18h, enquanto o banco confirma o pagamento");
    expect(await http()).toBe(200);
    world.clock.set(at("2026-11-13T11:00"));
    await decideClaim(world.engine, { claimId, end: "contradicted", reason: "nada no extrato do dia", by: "ana" });
    const subjects = await live("2026-11-13T11:00");
    expect(subjects).toContain("Não encontramos o pagamento da fatura 1042");
    expect(subjects).toHaveLength(2);
    expect(await http()).not.toBe(200);
  });

  it("pays at night and is back at once, and is told", async () => {
    world.clock.set(at("2026-11-14T03:12"));
    const receipt = {
      customerId: customer.id,
      source: "staff",
      externalId: "pix-1",
      amount: 2990,
      currency: "BRL",
      paidOn: parseDay("2026-11-14"),
      invoiceRef: "1042",
      reason: "Pix visto no extrato",
      actor: "ana",
    };
    expect((await recordReceipts(world.engine, [receipt])).booked).toBe(1);
    const subjects = await live("2026-11-14T03:12");
    expect(subjects).toHaveLength(1);
    expect(await http()).toBe(200);
    // The same receipt again changes nothing.
    expect(await recordReceipts(world.engine, [receipt])).toMatchObject({ booked: 0, known: 1 });
    expect(await live("2026-12-01T09:00")).toEqual([]);
  });

  it("left every message in the server's mailbox once, each with the answer kept as evidence", async () => {
    const ids = mailbox.mails.map((mail) => mail.headers.get("message-id"));
    expect(new Set(ids).size).toBe(ids.length);
    const accepted = await world.rows<{ n: number }>("SELECT count(*) AS n FROM evidence WHERE kind = 'message.accepted'");
    expect(accepted[0]?.n).toBe(mailbox.mails.length);
    const open = await world.rows<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE state = 'open'");
    expect(open[0]?.n).toBe(0);
  });
});
