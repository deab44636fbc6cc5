// "Test now" of the console's settings: mail to a real SMTP server, a letter to oneself and to nobody else, mailboxes, and WHMCS.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SmtpMailer } from "../src/adapters/mail/smtp.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import type { MailSource } from "../src/ports/mail-source.ts";
import { done, refused } from "../src/ports/outcome.ts";
import { ROLES } from "../src/store/staff.ts";
import { makeCertificate } from "./support/certificate.ts";
import { openSite, type Person, type Site } from "./support/console.ts";
import { SmtpMailbox } from "./support/smtp-mailbox.ts";

const LOGIN = { user: "regua", password: "uma senha do provedor" };
const certificate = makeCertificate();

let mailbox: SmtpMailbox;
let mailer: SmtpMailer;
let wrong: SmtpMailer;
let open: Site;
let owner: Person;
let believed = false;
let closed = 0;

/** A mailbox of which only the test and the end are asked. */
const source = (): MailSource => ({
  fetch: () => Promise.reject(new Error("nothing is read in a test")),
  settle: () => Promise.reject(new Error("nothing is settled in a test")),
  watch: () => Promise.resolve(false),
  test: () => Promise.resolve(done({ detail: "INBOX, 12 messages" })),
  close: () => Promise.resolve(void (closed += 1)),
});

function aMailer(login: typeof LOGIN): SmtpMailer {
  const from = { name: "Hospedagem Exemplo", address: "cobranca@hospedagem.example" };
  return new SmtpMailer({ host: mailbox.host, port: mailbox.port, secure: "starttls", ca: certificate.cert, from, ...login });
}

beforeAll(async () => {
  mailbox = await SmtpMailbox.start({ tls: certificate, login: LOGIN });
  mailer = aMailer(LOGIN);
  wrong = aMailer({ ...LOGIN, password: "outra" });
  open = await openSite({
    outside: { mailers: new Map([["email", mailer] as const, ["sms", wrong] as const]), panels: new Map() },
    mailboxes: new Map([["respostas", source]]),
    whmcs: {
      detail: "cobranca.example",
      test: () => {
        if (!believed) throw new ReguaError("panel_certificate_unknown", { value: "whmcs", fingerprint: "ab12" });
        return Promise.resolve(refused("Authentication Failed", false));
      },
    },
  });
  owner = await open.site.person("owner");
});

afterAll(async () => {
  await open.close();
  await mailer.close();
  await wrong.close();
  await mailbox.close();
});

const tryPart = (kind: string, name: string, person = owner) => person.ask("POST", "/admin/settings/test", { body: { kind, name } });

describe("test now", () => {
  it("lists every part that can be tried", async () => {
    const { parts } = (await owner.ask("GET", "/admin/settings")).body as { parts: unknown[] };
    expect(parts).toContainEqual({ kind: "mailbox", name: "respostas", detail: "respostas" });
    expect(parts).toContainEqual({ kind: "whmcs", name: "whmcs", detail: "cobranca.example" });
  });

  it("signs in at the mail server over STARTTLS, and sends nothing", async () => {
    const { body } = await tryPart("mail", "email");
    expect(body).toMatchObject({ outcome: "done", detail: expect.stringMatching(/over TLS, signed in as regua$/u) as string });
    expect(mailbox.arrived).toBe(0);
  });

  it("says what the server answers to a wrong password, without the password", async () => {
    const { body, text } = await tryPart("mail", "sms");
    expect(body).toMatchObject({ outcome: "refused" });
    expect(text).not.toContain("outra");
  });

  it("opens a mailbox on a connection of its own, and closes it", async () => {
    expect((await tryPart("mailbox", "respostas")).body).toMatchObject({ outcome: "done", detail: "INBOX, 12 messages" });
    expect(closed).toBe(1);
    expect((await tryPart("mailbox", "outra")).body).toMatchObject({ outcome: "refused" });
  });

  it("tries WHMCS: what it answers is shown, and what a person must do first is refused with its cure", async () => {
    const first = await tryPart("whmcs", "whmcs");
    expect([first.code, first.body.code]).toEqual([422, "panel_certificate_unknown"]);
    expect(first.body.cure).toMatch(/^Compare estes dígitos/u);
    believed = true;
    expect((await tryPart("whmcs", "whmcs")).body).toMatchObject({ outcome: "refused", detail: "Authentication Failed" });
    expect((await tryPart("whmcs", "outro")).body).toMatchObject({ outcome: "refused", detail: "whmcs outro is not set up" });
  });

  it("is the owner's, the letter too", async () => {
    for (const role of ROLES.filter((each) => each !== "owner")) {
      const person = await open.site.person(role);
      expect((await tryPart("mail", "email", person)).code).toBe(403);
      expect((await person.ask("POST", "/admin/settings/letter")).code).toBe(403);
    }
    expect(mailbox.arrived).toBe(0);
  });
});

describe("the letter", () => {
  it("goes to the address of who asks, in their language, and says what the server answered", async () => {
    const { body } = await owner.ask("POST", "/admin/settings/letter");
    expect(body).toMatchObject({ outcome: "done", detail: expect.stringMatching(/: 250 /u) as string });
    const english = await owner.ask("POST", "/admin/settings/letter", { headers: { "accept-language": "en" } });
    expect(english.body).toMatchObject({ outcome: "done" });
    expect(mailbox.mails.map(({ to }) => to)).toEqual([[owner.email], [owner.email]]);
    expect(mailbox.mails.map(({ subject }) => subject)).toEqual(["Teste de e-mail da Régua", "Régua's mail, tested"]);
    expect(mailbox.mails[0]?.text).toContain("os avisos aos clientes saem pelo mesmo caminho");
    expect(mailbox.mails[0]).toMatchObject({ secure: true, user: "regua" });
  });

  it("leaves a few times a minute at most", async () => {
    const codes: number[] = [];
    for (let i = 0; i < 6; i += 1) codes.push((await owner.ask("POST", "/admin/settings/letter")).code);
    expect(codes).toContain(429);
    expect(mailbox.mails.length).toBeLessThanOrEqual(5);
  });

  it("is not a customer's notice: the outbox and the evidence know nothing of it", async () => {
    expect(await open.world.rows("SELECT 1 FROM outbox")).toEqual([]);
    expect(await open.world.rows("SELECT 1 FROM evidence WHERE kind LIKE 'notice%'")).toEqual([]);
  });
});
