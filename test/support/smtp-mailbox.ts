// A real SMTP server on loopback that keeps what it is given, and misbehaves on request.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import type { TestCertificate } from "./certificate.ts";

/** A message as it came over the wire, and decoded. */
export interface ReceivedMail {
  envelopeFrom: string;
  to: readonly string[];
  /** Header names in small letters; encoded words decoded, folded lines joined. The first value where one repeats. */
  headers: ReadonlyMap<string, string>;
  subject: string;
  /** The plain-text part, decoded, lines ending with `\n`. */
  text: string;
  html: string;
  raw: string;
  /** Over TLS. */
  secure: boolean;
  /** Who signed in; null: nobody. */
  user: string | null;
}

/** What the server does with one recipient instead of accepting. `cut`: the connection dies; `hold`: no answer until released. */
export type Misbehaviour =
  { at: "rcpt" | "content"; reply: number; text?: string } | { at: "rcpt" | "content"; cut: true } | { at: "content"; hold: true };

export interface MailboxOptions {
  /** Offers STARTTLS, or speaks TLS from the first byte with `implicit`. */
  tls?: TestCertificate & { implicit?: boolean };
  /** Takes no mail without this sign-in. */
  login?: { user: string; password: string };
  /** Without it every command waits for its answer, as old servers want it. Default true. */
  pipelining?: boolean;
  /** Refuses every sender (MAIL FROM) with this. */
  refuseSender?: { reply: number; text: string };
}

export class SmtpMailbox {
  /** All messages accepted, in order of arrival. */
  readonly mails: ReceivedMail[] = [];
  /** Messages whose whole content arrived, whatever was answered. */
  arrived = 0;
  readonly host = "127.0.0.1";
  readonly #server: SMTPServer;
  readonly #scripts = new Map<string, { act: Misbehaviour; times: number }>();
  readonly #held = new Set<() => void>();
  readonly #watchers = new Set<() => void>();

  private constructor(options: MailboxOptions) {
    this.#server = new SMTPServer(serverOptions(options, this));
    // Cut connections and refused handshakes are what these tests are about.
    this.#server.on("error", () => undefined);
  }

  static async start(options: MailboxOptions = {}): Promise<SmtpMailbox> {
    const mailbox = new SmtpMailbox(options);
    mailbox.#server.listen(0, mailbox.host);
    await once(mailbox.#server.server, "listening");
    return mailbox;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** Makes the server misbehave for a recipient: for the next `times` attempts, or always. */
  script(recipient: string, act: Misbehaviour, times = Number.POSITIVE_INFINITY): void {
    this.#scripts.set(recipient, { act, times });
  }

  /** Answers the messages held so far with success. */
  release(): void {
    for (const answer of this.#held) answer();
    this.#held.clear();
  }

  /** Waits until the condition holds; looked at after every message. */
  async until(condition: (mailbox: SmtpMailbox) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  /** The messages to one address. */
  to(address: string): ReceivedMail[] {
    return this.mails.filter((mail) => mail.to.includes(address));
  }

  async close(): Promise<void> {
    this.release();
    const closed = new Promise<void>((resolve) => this.#server.close(resolve));
    // The server would wait half a minute for clients that keep their connections, as pools do.
    this.dropConnections();
    await closed;
  }

  /** Ends every connection that is open now, as a server does after its idle time. */
  dropConnections(): void {
    for (const connection of this.#server.connections) connection._socket.destroy();
  }

  /** @internal What to do for this recipient at this stage; counted. */
  take(recipient: string, at: Misbehaviour["at"]): Misbehaviour | null {
    const script = this.#scripts.get(recipient);
    if (script?.act.at !== at || script.times <= 0) return null;
    script.times -= 1;
    return script.act;
  }

  /** @internal */
  hold(answer: () => void): void {
    this.#held.add(answer);
  }

  /** @internal */
  cut(session: SMTPServerSession): void {
    for (const connection of this.#server.connections) if (connection.id === session.id) connection._socket.destroy();
  }

  /** @internal */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}

function serverOptions(options: MailboxOptions, box: SmtpMailbox): SMTPServerOptions {
  return {
    logger: false,
    secure: options.tls?.implicit ?? false,
    ...(options.tls ? { cert: options.tls.cert, key: options.tls.key } : {}),
    disabledCommands: [...(options.tls ? [] : ["STARTTLS"]), ...(options.login ? [] : ["AUTH"])],
    authOptional: options.login === undefined,
    allowInsecureAuth: true,
    hidePIPELINING: options.pipelining === false,
    disableReverseLookup: true,
    onAuth: (auth, _session, callback) => {
      if (auth.username === options.login?.user && auth.password === options.login?.password) callback(null, { user: auth.username });
      // A careless server that repeats the password in its answer.
      else callback(reply(535, `5.7.8 Wrong password ${auth.password ?? ""}`));
    },
    onMailFrom: (_address, _session, callback) =>
      callback(options.refuseSender ? reply(options.refuseSender.reply, options.refuseSender.text) : null),
    onRcptTo: (address, session, callback) => {
      const act = box.take(address.address, "rcpt");
      if (act && "cut" in act) box.cut(session);
      else callback(act && "reply" in act ? reply(act.reply, act.text) : null);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const mail = readMail(Buffer.concat(chunks).toString("latin1"), session);
        const [act] = mail.to.map((to) => box.take(to, "content")).filter((found) => found !== null);
        const accept = (): void => {
          box.mails.push(mail);
          callback(null, `2.0.0 Ok: queued as ${box.mails.length}`);
          box.changed();
        };
        box.arrived += 1;
        if (act && "cut" in act) box.cut(session);
        else if (act && "hold" in act) box.hold(accept);
        else if (act && "reply" in act) callback(reply(act.reply, act.text));
        else return accept();
        box.changed();
      });
    },
  };
}

function reply(code: number, text = "not now"): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function readMail(raw: string, session: SMTPServerSession): ReceivedMail {
  const top = readPart(raw);
  const leaves = leavesOf(top);
  const body = (type: string): string => leaves.find((leaf) => leaf.type === type)?.body ?? "";
  return {
    envelopeFrom: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
    to: session.envelope.rcptTo.map((recipient) => recipient.address),
    headers: top.headers,
    subject: top.headers.get("subject") ?? "",
    text: body("text/plain"),
    html: body("text/html"),
    raw: Buffer.from(raw, "latin1").toString("utf8"),
    secure: session.secure,
    user: typeof session.user === "string" ? session.user : null,
  };
}

interface Part {
  headers: Map<string, string>;
  type: string;
  body: string;
  parts: Part[];
}

/** Reads one MIME entity; `raw` holds one byte per character. */
function readPart(raw: string): Part {
  const end = raw.indexOf("\r\n\r\n");
  const head = end < 0 ? raw : raw.slice(0, end);
  const body = end < 0 ? "" : raw.slice(end + 4);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r\n[ \t]+/gu, " ").split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, decodeWords(line.slice(colon + 1).trim()));
  }
  const contentType = headers.get("content-type") ?? "text/plain";
  const boundary = /boundary="?([^";]+)"?/iu.exec(contentType)?.[1];
  const parts =
    boundary === undefined
      ? []
      : body
          .split(`--${boundary}`)
          .slice(1, -1)
          .map((part) => readPart(part.replace(/^\r\n/u, "").replace(/\r\n$/u, "")));
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  return { headers, type, body: decodeBody(body, headers.get("content-transfer-encoding") ?? "7bit"), parts };
}

const leavesOf = (part: Part): Part[] => (part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf));

function decodeBody(body: string, encoding: string): string {
  const bytes =
    encoding.toLowerCase() === "base64"
      ? Buffer.from(body, "base64")
      : encoding.toLowerCase() === "quoted-printable"
        ? unquote(body.replace(/[ \t]+\r\n/gu, "\r\n").replace(/=\r\n/gu, ""))
        : Buffer.from(body, "latin1");
  return bytes.toString("utf8").replaceAll("\r\n", "\n");
}

function unquote(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

/** Encoded words of RFC 2047, in UTF-8; a character may be split between two of them, so neighbours are joined as bytes. */
function decodeWords(value: string): string {
  const word = "=\\?utf-8\\?([bq])\\?([^?]*)\\?=";
  return value.replace(new RegExp(`${word}(?:\\s+${word})*`, "giu"), (run) =>
    Buffer.concat(
      [...run.matchAll(new RegExp(word, "giu"))].map(([, encoding = "", text = ""]) =>
        encoding.toLowerCase() === "b" ? Buffer.from(text, "base64") : unquote(text.replaceAll("_", " ")),
      ),
    ).toString("utf8"),
  );
}
