// Sends mail through an SMTP server, and tells a refusal from an answer that was lost.
import type { Readable } from "node:stream";
import nodemailer from "nodemailer";
import DKIM from "nodemailer/lib/dkim";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { done, refused, type CallContext, type Outcome } from "../../ports/outcome.ts";
import type { Acceptance, Mailer, OutgoingMail } from "../../ports/mailer.ts";
import { judgeFailure, lastLine, type SmtpError } from "./smtp-failure.ts";

/** From whom a message is, where answers go, and where bounces go. */
export interface Sender {
  from: { name: string; address: string };
  replyTo?: string | undefined;
  /** Without it bounces go to the sender. */
  envelopeFrom?: string | undefined;
}

/** Signs the mail of one domain (RFC 6376). */
export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM. Kept in a file, and nowhere else. */
  privateKey: string;
}

export interface SmtpOptions {
  host: string;
  port: number;
  /** `tls` from the first byte (465), `starttls` required (587), `none` for a relay on this machine or a private network. */
  secure: "tls" | "starttls" | "none";
  user?: string;
  password?: string;
  from: { name: string; address: string };
  replyTo?: string;
  /** Where bounces go; without it, to the sender. */
  envelopeFrom?: string;
  /** Others to send as, by name; what names none of them is from the one above. */
  senders?: Readonly<Record<string, Sender>>;
  /** The one of a sender's own domain signs. */
  dkim?: readonly DkimKey[];
  /** PEM of the authority behind the server's certificate, where it is not a public one. Certificates are always verified. */
  ca?: string;
  /** Connections at once; default 4. */
  connections?: number;
  /** Milliseconds. `connect`: until the server's greeting, default 15,000; `idle`: without a byte while one is awaited, default 60,000. */
  timeouts?: { connect?: number; idle?: number };
}

/** A single mailbox: an address with a comma, a line break or brackets would reach somebody else. */
const ONE_ADDRESS = /^[^\s,;:<>()"'\\]{1,64}@[^\s,;:<>()"'\\@]{1,253}$/u;

/** The streams a message was read from, one per connection it was tried on. */
interface Attempt {
  streams: Readable[];
}

export class SmtpMailer implements Mailer {
  readonly #options: SmtpOptions;
  readonly #transport: ReturnType<typeof makeTransport>;
  readonly #attempts = new WeakMap<object, Attempt>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #host: string;
  readonly #secrets: readonly string[];
  readonly #signers: ReadonlyMap<string, DKIM>;

  constructor(options: SmtpOptions) {
    this.#options = options;
    this.#host = `${options.host}:${options.port}`;
    this.#secrets = secretsOf(options);
    this.#signers = new Map(
      (options.dkim ?? []).map(({ domain, selector, privateKey }) => [
        domain.toLowerCase(),
        new DKIM({ domainName: domain, keySelector: selector, privateKey }),
      ]),
    );
    this.#transport = makeTransport(options);
    // A signer reads the whole message before it hands on a byte: it comes first, or what has left could not be told from what was signed.
    this.#transport.use("stream", (mail, next) => {
      const key = this.#keyOf((mail.data.from as Sender["from"]).address);
      if (key) mail.message?.processFunc((stream) => key.sign(stream));
      next();
    });
    // nodemailer's errors do not say whether the message itself began to leave. Its stream does: it is first read when
    // the server has answered DATA with 354, and not before.
    this.#transport.use("stream", (mail, next) => {
      const attempt = this.#attempts.get(mail.data.envelope as object);
      mail.message?.processFunc((stream) => {
        attempt?.streams.push(stream);
        return stream;
      });
      next();
    });
  }

  send(mail: OutgoingMail, context: CallContext): Promise<Outcome<Acceptance>> {
    const sending = this.#send(mail, context);
    this.#running.add(sending);
    return sending.finally(() => this.#running.delete(sending));
  }

  async #send(mail: OutgoingMail, { signal }: CallContext): Promise<Outcome<Acceptance>> {
    if (!ONE_ADDRESS.test(mail.to)) return refused("not sent: the recipient is not one single e-mail address", false);
    const { from, replyTo, envelopeFrom } = this.#options.senders?.[mail.sender ?? ""] ?? this.#options;
    const envelope = { from: envelopeFrom ?? from.address, to: [mail.to] };
    const attempt: Attempt = { streams: [] };
    this.#attempts.set(envelope, attempt);
    try {
      const sent = await this.#transport.sendMail({
        envelope,
        from,
        to: { name: "", address: mail.to },
        ...(replyTo === undefined ? {} : { replyTo }),
        messageId: mail.messageId,
        ...(mail.inReplyTo ? { inReplyTo: mail.inReplyTo, references: mail.inReplyTo } : {}),
        // RFC 3461: a report then names the message, and carries its header alone.
        dsn: { id: mail.messageId.slice(1, -1), return: "headers", notify: ["failure", "delay"], recipient: `rfc822;${mail.to}` },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // RFC 3834: keeps holiday responders and other machines from answering.
        headers: { "Auto-Submitted": "auto-generated", ...(mail.repeat ? { "X-Regua-Repeat": "1" } : {}) },
        xMailer: false,
        signal,
      });
      return done({ response: lastLine(sent.response), server: this.#host });
    } catch (error) {
      const began = attempt.streams.some((stream) => stream.readableDidRead);
      return this.#clean(judgeFailure(error as SmtpError, began, this.#host));
    }
  }

  async test({ signal }: CallContext): Promise<Outcome<{ detail: string }>> {
    const { user } = this.#options;
    const connection = new SMTPConnection(connectionOptions(this.#options));
    const given = Promise.withResolvers<never>();
    const giveUp = (): void => given.reject(Object.assign(new Error("given up"), { code: "EABORT" }));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      await Promise.race([given.promise, signIn(connection, this.#options)]);
      const how = connection.secure ? "over TLS" : "without TLS";
      return done({ detail: `${this.#host} answered ${how}${user === undefined ? "" : `, signed in as ${user}`}` });
    } catch (error) {
      return this.#clean(judgeFailure(error as SmtpError, false, this.#host));
    } finally {
      signal.removeEventListener("abort", giveUp);
      connection.close();
    }
  }

  /** Lets the messages under way end by their own deadlines, and closes the connections. */
  async close(): Promise<void> {
    this.#transport.close();
    await Promise.allSettled(this.#running);
    this.#transport.close();
  }

  #keyOf(address: string): DKIM | null {
    const domain = address.split("@").at(-1)?.toLowerCase();
    return this.#signers.get(domain ?? "") ?? null;
  }

  /** Servers have been seen to repeat what they were sent; a reason goes into the evidence. */
  #clean<T extends { reason: string }>(outcome: T): T {
    let { reason } = outcome;
    for (const secret of this.#secrets) reason = reason.replaceAll(secret, "•••");
    return { ...outcome, reason };
  }
}

function signIn(connection: SMTPConnection, { user, password }: SmtpOptions): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    // Kept for good: a late fault of a connection that is being thrown away tells nothing.
    connection.on("error", reject);
    connection.once("end", () => reject(Object.assign(new Error("connection closed"), { code: "ECONNECTION" })));
    connection.connect((error) => {
      if (error) reject(error);
      else if (user === undefined) resolve();
      else connection.login({ user, pass: password ?? "" }, (refusal) => (refusal ? reject(refusal) : resolve()));
    });
  });
}

function makeTransport(options: SmtpOptions) {
  return nodemailer.createTransport({
    pool: true,
    maxConnections: options.connections ?? 4,
    // Only for a pooled connection that the server had closed while idle: it is requeued before a byte of the message left.
    maxRequeues: 2,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...connectionOptions(options),
    // Without forceAuth a server that offers no sign-in would be used without one, unnoticed.
    ...(options.user === undefined ? {} : { auth: { user: options.user, pass: options.password ?? "" }, forceAuth: true }),
  });
}

function connectionOptions({ host, port, secure, ca, timeouts }: SmtpOptions) {
  return {
    host,
    port,
    secure: secure === "tls",
    requireTLS: secure === "starttls",
    ignoreTLS: secure === "none",
    tls: { minVersion: "TLSv1.2" as const, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeouts?.connect ?? 15_000,
    greetingTimeout: timeouts?.connect ?? 15_000,
    dnsTimeout: timeouts?.connect ?? 15_000,
    socketTimeout: timeouts?.idle ?? 60_000,
  };
}

/** The password and the forms in which it goes over the wire. */
function secretsOf({ user, password }: SmtpOptions): string[] {
  if (password === undefined || password === "") return [];
  const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
  return [base64(`\0${user ?? ""}\0${password}`), base64(password), password];
}
