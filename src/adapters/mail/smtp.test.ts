// The SMTP mailer against a real server that accepts, refuses, stalls and dies at every stage of the talk.
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../../../test/support/certificate.ts";
import { SmtpMailbox, type MailboxOptions } from "../../../test/support/smtp-mailbox.ts";
import { mailerConformance } from "../../ports/conformance/mailer.ts";
import type { OutgoingMail } from "../../ports/mailer.ts";
import { SmtpMailer, type SmtpOptions } from "./smtp.ts";

const PASSWORD = "s3nha-muito-secreta";
const LOGIN = { user: "regua", password: PASSWORD };
const FROM = { name: "Servidor Bom · Finanças", address: "financeiro@servidorbom.example" };
const TO = "cliente@padaria.example";

function aMail(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: "<notice-1@regua.example>",
    to: TO,
    subject: "Lembrete: fatura 1042 de R$ 29,90 venceu em 23/11/2026, segunda-feira, na véspera da véspera de feriado",
    text: "Olá, Padaria.\n\nSua fatura de R$ 29,90 venceu.\n.\n- um ponto só na linha acima\n",
    html: "<p>Olá</p>",
    repeat: false,
    ...change,
  };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function aMailbox(options: MailboxOptions = {}): Promise<SmtpMailbox> {
  const mailbox = await SmtpMailbox.start(options);
  closers.push(() => mailbox.close());
  return mailbox;
}

function aMailer(port: number, options: Partial<SmtpOptions> = {}): SmtpMailer {
  const mailer = new SmtpMailer({ host: "127.0.0.1", port, secure: "none", from: FROM, ...options });
  closers.push(() => mailer.close());
  return mailer;
}

/** No test waits for it; it ends a run that hangs. */
const patient = () => ({ signal: AbortSignal.timeout(20_000) });

const certificate = makeCertificate();

mailerConformance("SMTP with STARTTLS and sign-in", async () => {
  const mailbox = await SmtpMailbox.start({ tls: certificate, login: LOGIN });
  const addresses = { accepts: TO, refuses: "gone@padaria.example", defers: "later@padaria.example", loses: "lost@padaria.example" };
  mailbox.script(addresses.refuses, { at: "rcpt", reply: 550, text: "5.1.1 no such mailbox" });
  mailbox.script(addresses.defers, { at: "rcpt", reply: 451, text: "4.7.1 greylisted" }, 1);
  mailbox.script(addresses.loses, { at: "content", cut: true });
  const mailer = new SmtpMailer({ host: "127.0.0.1", port: mailbox.port, secure: "starttls", ca: certificate.cert, from: FROM, ...LOGIN });
  return { mailer, ...addresses, secrets: [PASSWORD], close: () => mailbox.close() };
});

describe("a message accepted", () => {
  it("arrives as it was written, with its own id, sender, answer address and the mark of a machine", async () => {
    const mailbox = await aMailbox();
    const mailer = aMailer(mailbox.port, { replyTo: "atendimento@servidorbom.example", envelopeFrom: "bounces@servidorbom.example" });
    const outcome = await mailer.send(aMail(), patient());
    expect(outcome).toEqual({ outcome: "done", value: { response: "250 2.0.0 Ok: queued as 1", server: `127.0.0.1:${mailbox.port}` } });
    const [mail] = mailbox.mails;
    expect(mail).toMatchObject({ envelopeFrom: "bounces@servidorbom.example", to: [TO], subject: aMail().subject, text: aMail().text });
    expect(mail?.html).toBe("<p>Olá</p>");
    expect(Object.fromEntries(mail?.headers ?? [])).toMatchObject({
      "message-id": "<notice-1@regua.example>",
      from: "Servidor Bom · Finanças <financeiro@servidorbom.example>",
      to: TO,
      "reply-to": "atendimento@servidorbom.example",
      "auto-submitted": "auto-generated",
    });
    expect(mail?.headers.has("x-regua-repeat")).toBe(false);
    expect(mail?.headers.has("x-mailer")).toBe(false);
  });

  it("sent again carries the same id and says that it is a repeat", async () => {
    const mailbox = await aMailbox();
    await aMailer(mailbox.port).send(aMail({ repeat: true }), patient());
    expect(mailbox.mails[0]?.headers.get("message-id")).toBe("<notice-1@regua.example>");
    expect(mailbox.mails[0]?.headers.get("x-regua-repeat")).toBe("1");
  });

  it.each([
    ["an address with a line break", "a@b.example\r\nRCPT TO:<c@d.example>"],
    ["two addresses", "a@b.example, c@d.example"],
    ["an address in brackets", "<a@b.example>"],
    ["no address", ""],
  ])("is never sent to %s", async (_, to) => {
    const mailbox = await aMailbox();
    expect(await aMailer(mailbox.port).send(aMail({ to }), patient())).toMatchObject({ outcome: "refused", retry: false });
    expect(mailbox.arrived).toBe(0);
  });

  it("cannot be given headers through its subject or its id", async () => {
    const mailbox = await aMailbox();
    const nasty = "x\r\nBcc: victim@example.org\r\n\r\nbody";
    await aMailer(mailbox.port).send(aMail({ subject: nasty, messageId: `<1@regua.example>\r\nBcc: victim@example.org` }), patient());
    expect([...(mailbox.mails[0]?.headers.keys() ?? [])]).not.toContain("bcc");
    expect(mailbox.mails[0]?.to).toEqual([TO]);
  });
});

describe.each([
  ["with pipelining", true],
  ["one command at a time", false],
])("a server %s", (_, pipelining) => {
  it("that refuses the recipient: refused for good, in its own words", async () => {
    const mailbox = await aMailbox({ pipelining });
    mailbox.script(TO, { at: "rcpt", reply: 550, text: "5.1.1 no such mailbox" });
    expect(await aMailer(mailbox.port).send(aMail(), patient())).toEqual({
      outcome: "refused",
      reason: "550 5.1.1 no such mailbox",
      retry: false,
    });
  });

  it("that greylists: refused for now, then accepted", async () => {
    const mailbox = await aMailbox({ pipelining });
    mailbox.script(TO, { at: "rcpt", reply: 451, text: "4.7.1 greylisted" }, 1);
    const mailer = aMailer(mailbox.port);
    expect(await mailer.send(aMail(), patient())).toEqual({ outcome: "refused", reason: "451 4.7.1 greylisted", retry: true });
    expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "done" });
  });

  it.each([
    [554, "5.7.1 content refused", false],
    [452, "4.3.1 mailbox full", true],
    [421, "4.3.2 shutting down", true],
  ])("that answers the content with %i: refused, and another try makes sense or not", async (reply, text, retry) => {
    const mailbox = await aMailbox({ pipelining });
    mailbox.script(TO, { at: "content", reply, text });
    expect(await aMailer(mailbox.port).send(aMail(), patient())).toEqual({ outcome: "refused", reason: `${reply} ${text}`, retry });
  });

  it("that dies at the recipient: refused for now, since nothing was handed over", async () => {
    const mailbox = await aMailbox({ pipelining });
    mailbox.script(TO, { at: "rcpt", cut: true });
    expect(await aMailer(mailbox.port).send(aMail(), patient())).toMatchObject({ outcome: "refused", retry: true });
    expect(mailbox.arrived).toBe(0);
  });

  it("that dies after the content: unknown, and it is not sent a second time by itself", async () => {
    const mailbox = await aMailbox({ pipelining });
    const mailer = aMailer(mailbox.port, { connections: 1 });
    // The first message makes the connection a used one, which the pool would be quicker to replace.
    await mailer.send(aMail({ to: "first@padaria.example" }), patient());
    mailbox.script(TO, { at: "content", cut: true });
    expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "unknown", reason: expect.stringContaining("handed over") });
    expect(await mailer.send(aMail({ to: "last@padaria.example" }), patient())).toMatchObject({ outcome: "done" });
    expect(mailbox.arrived).toBe(3);
  });

  it("that takes the content and does not answer in time: unknown", async () => {
    const mailbox = await aMailbox({ pipelining });
    mailbox.script(TO, { at: "content", hold: true });
    const deadline = new AbortController();
    const sending = aMailer(mailbox.port).send(aMail(), { signal: deadline.signal });
    await mailbox.until((box) => box.arrived === 1);
    deadline.abort();
    expect(await sending).toMatchObject({ outcome: "unknown", reason: expect.stringContaining("no answer in the time allowed") });
  });

  it("that falls silent after the content, with no deadline set: unknown by our own time-out", async () => {
    const mailbox = await aMailbox({ pipelining });
    mailbox.script(TO, { at: "content", hold: true });
    const mailer = aMailer(mailbox.port, { timeouts: { idle: 150 } });
    expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "unknown" });
  });

  it("that dropped the idle connection: the message goes over a new one", async () => {
    const mailbox = await aMailbox({ pipelining });
    const mailer = aMailer(mailbox.port, { connections: 1 });
    await mailer.send(aMail({ to: "first@padaria.example" }), patient());
    mailbox.dropConnections();
    expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "done" });
    expect(mailbox.to(TO)).toHaveLength(1);
  });

  it("that refuses our sender: refused for now, since the customer's address is not at fault", async () => {
    const mailbox = await aMailbox({ pipelining, refuseSender: { reply: 553, text: "5.7.1 sender not allowed" } });
    const outcome = await aMailer(mailbox.port).send(aMail(), patient());
    expect(outcome).toMatchObject({ outcome: "refused", retry: true, reason: expect.stringContaining("check the sender in the settings") });
  });
});

describe("before the message", () => {
  it("nobody listens: refused for now", async () => {
    const mailer = aMailer(await aFreePort());
    const outcome = await mailer.send(aMail(), patient());
    expect(outcome).toMatchObject({ outcome: "refused", retry: true, reason: expect.stringContaining("could not be reached") });
    expect(await mailer.test(patient())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("a name that does not exist: refused for now, and the reason says which setting", async () => {
    const mailer = aMailer(25, { host: "smtp.invalid" });
    expect(await mailer.send(aMail(), patient())).toMatchObject({
      outcome: "refused",
      retry: true,
      reason: expect.stringContaining("check the host"),
    });
  });

  it("a server that accepts the connection and says nothing: refused for now", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      await new Promise((resolve) => silent.close(resolve));
    });
    const port = (silent.address() as { port: number }).port;
    const mailer = aMailer(port, { timeouts: { connect: 150 } });
    expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("a server that hangs up before its greeting: refused for now, after a few tries", async () => {
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      await new Promise((resolve) => rude.close(resolve));
    });
    const mailer = aMailer((rude.address() as { port: number }).port);
    expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("a server that turns everybody away: refused for now, since it is not about this message", async () => {
    const closed = createServer((socket) => socket.end("554 5.3.2 no service here\r\n"));
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      await new Promise((resolve) => closed.close(resolve));
    });
    const mailer = aMailer((closed.address() as { port: number }).port);
    expect(await mailer.send(aMail(), patient())).toMatchObject({
      outcome: "refused",
      retry: true,
      reason: expect.stringContaining("554"),
    });
  });

  it("a deadline that passes while all connections are busy: refused for now, nothing handed over", async () => {
    const mailbox = await aMailbox();
    mailbox.script("slow@padaria.example", { at: "content", hold: true });
    const mailer = aMailer(mailbox.port, { connections: 1 });
    const slow = mailer.send(aMail({ to: "slow@padaria.example" }), patient());
    await mailbox.until((box) => box.arrived === 1);
    const deadline = new AbortController();
    const waiting = mailer.send(aMail(), { signal: deadline.signal });
    deadline.abort();
    expect(await waiting).toMatchObject({ outcome: "refused", retry: true });
    mailbox.release();
    expect(await slow).toMatchObject({ outcome: "done" });
  });
});

describe("a wrong password", () => {
  it("is refused for now, says so, and stays out of every reason, even when the server repeats it", async () => {
    const mailbox = await aMailbox({ login: { user: "regua", password: "another" } });
    const mailer = aMailer(mailbox.port, LOGIN);
    for (const outcome of [await mailer.send(aMail(), patient()), await mailer.test(patient())]) {
      expect(outcome).toMatchObject({ outcome: "refused", retry: true, reason: expect.stringContaining("did not accept the sign-in") });
      expect(JSON.stringify(outcome)).not.toContain(PASSWORD);
      expect(JSON.stringify(outcome)).toContain("•••");
    }
  });

  it("and a sign-in that was forgotten is not held against the recipient", async () => {
    const mailbox = await aMailbox({ login: LOGIN });
    const outcome = await aMailer(mailbox.port).send(aMail(), patient());
    expect(outcome).toMatchObject({ outcome: "refused", retry: true, reason: expect.stringContaining("sign-in") });
  });

  it("and a server that offers no sign-in is not used without one", async () => {
    const mailbox = await aMailbox();
    const outcome = await aMailer(mailbox.port, LOGIN).send(aMail(), patient());
    expect(outcome).toMatchObject({ outcome: "refused", retry: true });
    expect(mailbox.arrived).toBe(0);
  });
});

describe("TLS", () => {
  it("by STARTTLS and from the first byte: the message and the password go encrypted", async () => {
    for (const implicit of [false, true]) {
      const mailbox = await aMailbox({ tls: { ...certificate, implicit }, login: LOGIN });
      const mailer = aMailer(mailbox.port, { secure: implicit ? "tls" : "starttls", ca: certificate.cert, ...LOGIN });
      expect(await mailer.test(patient())).toMatchObject({
        outcome: "done",
        value: { detail: expect.stringContaining("over TLS, signed in as regua") },
      });
      expect(await mailer.send(aMail(), patient())).toMatchObject({ outcome: "done" });
      expect(mailbox.mails[0]).toMatchObject({ secure: true, user: "regua" });
    }
  });

  it.each([
    ["that nobody vouches for", makeCertificate(), undefined],
    ["made for another name", makeCertificate({ dns: "other.example" }), "itself"],
  ])("with a certificate %s: refused for now, with what to do", async (_, bad, ca) => {
    const mailbox = await aMailbox({ tls: bad });
    const mailer = aMailer(mailbox.port, { secure: "starttls", ...(ca === undefined ? {} : { ca: bad.cert }) });
    for (const outcome of [await mailer.send(aMail(), patient()), await mailer.test(patient())])
      expect(outcome).toMatchObject({
        outcome: "refused",
        retry: true,
        reason: expect.stringMatching(/certificate .* is not to be trusted .*authority/u),
      });
    expect(mailbox.arrived).toBe(0);
  });

  it("is not given up when the server does not offer it: refused for now, nothing said in the clear", async () => {
    const mailbox = await aMailbox({ login: LOGIN });
    const outcome = await aMailer(mailbox.port, { secure: "starttls", ...LOGIN }).send(aMail(), patient());
    expect(outcome).toMatchObject({ outcome: "refused", retry: true, reason: expect.stringContaining("must offer TLS") });
    expect(mailbox.arrived).toBe(0);
  });
});

describe("closing", () => {
  it("lets the message under way end first", async () => {
    const mailbox = await aMailbox();
    mailbox.script(TO, { at: "content", hold: true });
    const mailer = aMailer(mailbox.port);
    const sending = mailer.send(aMail(), patient());
    await mailbox.until((box) => box.arrived === 1);
    const closing = mailer.close();
    mailbox.release();
    expect(await sending).toMatchObject({ outcome: "done" });
    await closing;
  });
});

/** A port that was free a moment ago. */
async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
