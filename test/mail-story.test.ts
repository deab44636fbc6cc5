// Mail lived through with real servers: what leaves goes through SMTP, what comes back is read from a Dovecot, and the portal confirms.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import pino from "pino";
import { HttpChannel } from "../src/adapters/channels/http-channel.ts";
import { ImapSource } from "../src/adapters/mail/imap.ts";
import { MimeMailReader } from "../src/adapters/mail/read-mail.ts";
import { SmtpMailer } from "../src/adapters/mail/smtp.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { storedKeys } from "../src/adapters/proofs/dkim-keys.ts";
import { conversations } from "../src/engine/conversations.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { startMail, type MailIn } from "../src/jobs/mail-in.ts";
import { wait } from "../src/kernel/clock.ts";
import { HOUR_MS } from "../src/kernel/time.ts";
import { pix } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { noDovecot, startDovecot, type Dovecot } from "./support/dovecot.ts";
import {
  addCustomer,
  addInvoice,
  addService,
  at,
  desired,
  evaluate,
  evidence,
  makeEngine,
  type Row,
  type World,
} from "./support/engine.ts";
import { FakeServer } from "./support/fake-server.ts";
import { makeMailDesk, type TestDesk } from "./support/mail-desk.ts";
import { deliveryReport, letter, signingKey, signingKeys, signingSelector } from "./support/mails.ts";
import { makePortal, type Portal } from "./support/portal.ts";
import { SmtpMailbox, type ReceivedMail } from "./support/smtp-mailbox.ts";

const PASSWORD = "senha-da-caixa-de-respostas";
const FROM = "cobranca@hospedagem.example";
const STORM = 1_000;
/** Customers that the storm's machines answer for. */
const STORMED = 4;

describe.skipIf(noDovecot !== null)(
  `mail, lived through${noDovecot === null ? "" : ` (skipped: ${noDovecot})`}`,
  { timeout: 120_000 },
  () => {
    let data: TestDatabase;
    let world: World;
    let dovecot: Dovecot;
    let smtp: SmtpMailbox;
    let sms: FakeServer;
    let mailer: SmtpMailer;
    let channel: HttpChannel;
    let desk: TestDesk;
    let portal: Portal;
    let mail: MailIn;
    let tokens = 0;
    const accounts = new InMemorySandboxAccounts();
    const newToken = (): string => `story-${(tokens += 1)}`;

    beforeAll(async () => {
      data = await freshDatabase();
      world = await makeEngine(data.url, {
        now: at("2026-11-16T10:00"),
        settings: {
          portal: "https://clientes.example/portal",
          channels: ["sms"],
          senders: [{ name: "avisos", tags: [], purposes: ["warnings"] }],
        },
        policyDoc: {
          never_suspend_on: [],
          ladder: [
            { step: "reminder", day: 3, do: "notify" },
            { step: "warning", day: 4, do: "warn", channels: ["email", "sms"] },
            { step: "suspend", day: 5, do: "suspend" },
          ],
        },
      });
      dovecot = await startDovecot(PASSWORD);
      smtp = await SmtpMailbox.start();
      // A service that knows none of the numbers: every message is refused for good.
      sms = await FakeServer.start(() => ({ code: 422, body: { error: "unknown number" } }));
      mailer = new SmtpMailer({
        host: smtp.host,
        port: smtp.port,
        secure: "none",
        from: { name: "Hospedagem", address: FROM },
        envelopeFrom: "devolucoes@hospedagem.example",
        senders: { avisos: { from: { name: "Hospedagem, avisos", address: "avisos@hospedagem.example" }, replyTo: FROM } },
        dkim: [{ domain: "hospedagem.example", selector: signingSelector, privateKey: signingKey }],
      });
      channel = new HttpChannel({
        name: "sms",
        url: `${sms.origin}/send`,
        headers: {},
        format: "json",
        body: { to: "{to}", text: "{short}" },
        country: "55",
      });
      desk = makeMailDesk(world);
      portal = await makePortal(world, { mode: "live", url: "https://clientes.example/portal", proofs: desk.desk.proofs });
      const source = new ImapSource({ host: "127.0.0.1", port: dovecot.port, secure: "none", user: dovecot.user, password: PASSWORD }, () =>
        Date.now(),
      );
      const { engine } = world;
      const log = pino({ level: "silent" });
      const postman = { engine, mailer, links: portal.links, newToken };
      mail = startMail({ engine, desk: desk.desk, sources: new Map([["respostas", source]]), postman, newToken, log });
    });

    afterAll(async () => {
      await mail.stop();
      await portal.api.close();
      await mailer.close();
      await channel.close();
      await sms.close();
      await smtp.close();
      await dovecot.stop();
      desk.close();
      await world.close();
      await data.drop();
    });

    async function work(...customers: Row[]): Promise<void> {
      await evaluate(world, ...customers);
      const mailers = new Map<string, SmtpMailer | HttpChannel>([
        ["email", mailer],
        ["sms", channel],
      ]);
      const panels = new Map([["sandbox", new SandboxPanel({ accounts })]]);
      await dispatch({ engine: world.engine, outside: { mailers, panels, links: portal.links }, newToken, parallel: 2 });
    }

    /** Owes an invoice of the 9th of November, and was warned about it. */
    async function aWarned(ref: string): Promise<{ customer: Row; address: string; warning: ReceivedMail }> {
      world.clock.set(Math.max(world.clock.now(), at("2026-11-16T10:00")));
      const customer = await addCustomer(world, { ref });
      await world.rows("UPDATE customer SET phone = '+55 41 99999-0000' WHERE customer_id = $1", [customer.id]);
      const service = await addService(world, customer);
      await accounts.write(`conta${service.id}`, { access: "active" });
      for (const month of ["08", "09", "10"])
        await addInvoice(world, customer, { service, dueOn: `2026-${month}-09`, paidOn: `2026-${month}-08` });
      await addInvoice(world, customer, { service, dueOn: "2026-11-09", ref: `F-${ref}` });
      await work(customer);
      world.clock.set(world.clock.now() + 25 * HOUR_MS);
      await work(customer);
      const address = `${ref.toLowerCase()}@cliente.example`;
      const warning = smtp.mails.findLast((each) => each.to.includes(address));
      if (!warning) throw new Error("no warning left");
      return { customer, address, warning };
    }

    /** Waits for what the loops write; the test's own time limit ends a run that hangs. */
    async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
      for (;;) {
        const found = await look();
        if (found) return found;
        await wait(50);
      }
    }

    const outcomeOf = (customer: Row): Promise<string> =>
      until(
        async () =>
          (await world.rows<{ outcome: string }>("SELECT outcome FROM mail_in WHERE customer_id = $1 AND state = 'done'", [customer.id]))[0]
            ?.outcome,
      );

    it("signs what leaves, from the sender of its purpose, with bounces to their own address", async () => {
      const { warning } = await aWarned("H1");
      expect(warning.headers.get("from")).toContain("avisos@hospedagem.example");
      expect(warning.headers.get("reply-to")).toBe(FROM);
      const read = await new MimeMailReader(storedKeys(signingKeys("hospedagem.example"))).read(Buffer.from(warning.raw), {
        signal: AbortSignal.timeout(20_000),
      });
      expect(read).toMatchObject({ outcome: "done", value: { vouched: "signed" } });
    });

    it("takes a warning that bounces to the next channel, and from there to a person; nobody is suspended on it", async () => {
      const { customer, address, warning } = await aWarned("H2");
      dovecot.deliver(deliveryReport({ messageId: warning.headers.get("message-id") ?? "", to: address, at: world.clock.now() }));
      expect(await outcomeOf(customer)).toBe("failed");
      await work(customer);
      expect(sms.calls).toEqual(["POST /send"]);
      await work(customer);
      const [row] = await world.rows<{ attention: string[] }>("SELECT attention FROM customer WHERE customer_id = $1", [customer.id]);
      expect(row?.attention).toEqual([expect.stringMatching(/^warning_undeliverable:/u)]);
      world.clock.set(world.clock.now() + 48 * HOUR_MS);
      await work(customer);
      expect(Object.values(await desired(world, customer))).toEqual(["active"]);
      const kinds = (await evidence(world, customer)).map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(["message.accepted", "message.bounced", "message.undeliverable"]));
    });

    it("answers a reply that asks for time with a link, and only what is confirmed there is promised", async () => {
      const { customer, address, warning } = await aWarned("H3");
      const answers = warning.headers.get("message-id") ?? "";
      const before = smtp.mails.length;
      dovecot.deliver(
        await letter({ from: address, answers, text: "Consigo pagar só na sexta, me dá mais prazo?", at: world.clock.now() }),
      );
      await smtp.until((box) => box.mails.length > before);
      const answer = smtp.mails[before];
      expect(answer?.to).toEqual([address]);
      expect(answer?.headers.get("auto-submitted")).toBe("auto-generated");
      expect(answer?.headers.get("in-reply-to")).toMatch(/^<letter-/u);
      expect(answer?.text).toMatch(/Hoje é possível combinar até/u);
      const promises = () =>
        world.rows<{ state: string; asked_by: string }>("SELECT state, asked_by FROM promise WHERE customer_id = $1", [customer.id]);
      expect(await promises()).toEqual([]);
      const link = /\/portal\/i\/(\S+)/u.exec(answer?.text ?? "")?.[1] ?? "";
      const visitor = portal.visitor();
      expect((await visitor.get(`/portal/i/${link}`)).code).toBe(303);
      const page = await visitor.get("/portal/time");
      const until_ = /name="until" value="(\d+)"/u.exec(page.text)?.[1] ?? "";
      await visitor.post("/portal/time", { reason: "recebo na sexta", accepted: "yes", until: until_ });
      expect(await promises()).toEqual([{ state: "running", asked_by: "customer" }]);
    });

    it("opens a claim for a proof that comes attached, and says so", async () => {
      const { customer, address, warning } = await aWarned("H4");
      const bytes = await pix({ as: "pdf", rest: "historia4", at: world.clock.now() - HOUR_MS });
      const files = [{ name: "comprovante.pdf", type: "application/pdf", bytes }];
      const answers = warning.headers.get("message-id") ?? "";
      dovecot.deliver(await letter({ from: address, answers, text: "Boa tarde, segue comprovante.", files, at: world.clock.now() }));
      expect(await outcomeOf(customer)).toBe("claim_opened");
      expect(await world.rows("SELECT state FROM claim WHERE customer_id = $1", [customer.id])).toEqual([{ state: "under_review" }]);
      const before = smtp.mails.length;
      await work(customer);
      expect(smtp.mails.slice(before).map((each) => each.to)).toEqual([[address]]);
    });

    it(`answers a storm of ${STORM} automatic replies at most once for each customer in a day`, { timeout: 240_000 }, async () => {
      const stormed: { customer: Row; address: string; warning: ReceivedMail }[] = [];
      for (let i = 0; i < STORMED; i += 1) stormed.push(await aWarned(`T${i}`));
      const before = smtp.mails.length;
      for (let i = 0; i < STORM; i += 1) {
        const { address, warning } = stormed[i % STORMED] as (typeof stormed)[number];
        // Half of the machines say what they are; the others write like somebody who wants something.
        const says = Math.floor(i / STORMED) % 2 === 0;
        dovecot.deliver(
          await letter({
            from: address,
            answers: warning.headers.get("message-id") ?? "",
            subject: says ? "Ausência temporária" : "Re: Aviso",
            text: says ? `Estou fora (${i}).` : `Recebemos sua mensagem ${i}. Como faço para pagar?`,
            headers: says ? { "Auto-Submitted": "auto-replied" } : {},
            at: world.clock.now(),
            signed: false,
          }),
        );
      }
      await until(async () => {
        const [row] = await world.rows<{ done: number }>(
          "SELECT count(*) AS done FROM mail_in WHERE state = 'done' AND customer_id = ANY($1)",
          [stormed.map(({ customer }) => customer.id)],
        );
        return row?.done === STORM;
      });
      await until(async () => (await world.rows("SELECT 1 FROM mail_out WHERE state = 'open' LIMIT 1")).length === 0);
      const answered = smtp.mails.slice(before).map((each) => each.to[0]);
      expect(answered).toHaveLength(STORMED);
      expect(new Set(answered)).toEqual(new Set(stormed.map(({ address }) => address)));
      // What was kept of it is a handful of words, and each customer is one line of those who wait.
      const waiting = await conversations(world.engine, { waiting: true });
      expect(waiting.filter(({ customer }) => customer?.startsWith("T"))).toHaveLength(STORMED);
    });

    it("stands in evidence that verifies", async () => {
      expect((await verifyDatabase(world.engine.db)).findings).toEqual([]);
    });
  },
);
