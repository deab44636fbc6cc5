// A mailbox over IMAP: read by unique numbers, marked as seen, and waited on with IDLE. One connection, opened when it is needed.
import type { ImapFlow, ImapFlowOptions } from "imapflow";
import type { FetchedMail, MailboxPlace, MailPage, MailSource } from "../../ports/mail-source.ts";
import { MAIL_LIMITS } from "../../ports/mail-reader.ts";
import { done, refused, unknown, type CallContext, type Outcome, type Refused, type Unknown } from "../../ports/outcome.ts";

export interface ImapOptions {
  host: string;
  port: number;
  /** `tls` from the first byte (993), `starttls` required (143), `none` for a server on this machine or a private network. */
  secure: "tls" | "starttls" | "none";
  user: string;
  password: string;
  /** Default INBOX. */
  folder?: string;
  /** PEM of the authority behind the server's certificate, where it is not a public one. */
  ca?: string;
}

/** At the first sight of a mailbox older mail than this is left alone: it was somebody's before. */
const FIRST_LOOK_MS = 3 * 86_400_000;
const SETUP_MS = 20_000;
/** Servers and routers close a connection that is silent for half an hour (RFC 2177). */
const IDLE_MS = 5 * 60_000;

export class ImapSource implements MailSource {
  readonly #options: ImapOptions;
  readonly #now: () => number;
  #client: ImapFlow | null = null;

  /** `now`: the machine's clock, for the first look at a mailbox. */
  constructor(options: ImapOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  fetch(after: MailboxPlace | null, most: number, context: CallContext): Promise<Outcome<MailPage>> {
    return this.#with(context, async (client) => {
      const box = client.mailbox;
      if (!box) return refused("no folder is open", true);
      const validity = Number(box.uidValidity);
      const known = after?.validity === validity ? after.uid : null;
      // Taken before the search: what comes meanwhile has a higher number.
      const before = Number(box.uidNext) - 1;
      const uids = await numbersAfter(client, known, this.#now() - FIRST_LOOK_MS);
      const mails: FetchedMail[] = [];
      const wanted = uids.slice(0, most);
      if (wanted.length > 0)
        // One octet more than is read tells that it was cut.
        for await (const mail of client.fetch(
          wanted.join(","),
          { uid: true, size: true, source: { maxLength: MAIL_LIMITS.bytes + 1 } },
          { uid: true },
        ))
          if (mail.source) mails.push({ uid: mail.uid, raw: new Uint8Array(mail.source), size: mail.size ?? mail.source.length });
      const more = uids.length > wanted.length;
      const last = wanted.at(-1) ?? 0;
      const through = more ? last : Math.max(last, known ?? before);
      return done({ validity, mails: mails.sort((a, b) => a.uid - b.uid), through, more });
    });
  }

  settle(uids: readonly number[], context: CallContext): Promise<Outcome<null>> {
    return this.#with(context, async (client) => {
      if (uids.length > 0) await client.messageFlagsAdd(uids.join(","), ["\\Seen"], { uid: true });
      return done(null);
    });
  }

  async watch(signal: AbortSignal): Promise<boolean> {
    const client = this.#client;
    if (!client?.usable || signal.aborted) return false;
    const news = Promise.withResolvers<void>();
    const wake = (): void => news.resolve();
    client.on("exists", wake);
    client.on("close", wake);
    signal.addEventListener("abort", wake, { once: true });
    // It resolves when another command ends it; whatever it says, a look costs little.
    const idle = client.idle().then(wake, wake);
    try {
      await news.promise;
      if (client.usable) await client.noop().catch(() => undefined);
      await idle;
      return client.usable;
    } finally {
      client.off("exists", wake);
      client.off("close", wake);
      signal.removeEventListener("abort", wake);
    }
  }

  test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    return this.#with(context, (client) => {
      const { host, port, folder = "INBOX" } = this.#options;
      const count = client.mailbox ? client.mailbox.exists : 0;
      const idle = client.capabilities.has("IDLE") ? "with IDLE" : "without IDLE: looked at every few minutes";
      return Promise.resolve(done({ detail: `${host}:${port}, folder ${folder}, ${count} messages, ${idle}` }));
    });
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (!client) return;
    if (client.usable) await client.logout().catch(() => undefined);
    client.close();
  }

  async #with<T>({ signal }: CallContext, work: (client: ImapFlow) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    // A quarter of a second to load: only who reads a mailbox pays for it. Before the race, which closes what it began.
    const { ImapFlow: Client } = await import("imapflow");
    const { promise, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(new Error("no answer in the time allowed"));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([promise, this.#connected(Client).then(work)]);
    } catch (error) {
      const client = this.#client;
      this.#client = null;
      client?.close();
      return this.#judge(error);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  async #connected(Client: typeof ImapFlow): Promise<ImapFlow> {
    if (this.#client?.usable) return this.#client;
    const client = new Client(optionsOf(this.#options));
    // A connection lost between two calls is opened anew by the next; without a listener it would end the program.
    client.on("error", () => undefined);
    this.#client = client;
    await client.connect();
    await client.mailboxOpen(this.#options.folder ?? "INBOX");
    return client;
  }

  #judge(error: unknown): Refused | Unknown {
    const { host, port, password } = this.#options;
    const { authenticationFailed, responseText, message } = error as {
      authenticationFailed?: boolean;
      responseText?: string;
      message?: string;
    };
    const said = [message, responseText].filter((words): words is string => typeof words === "string" && words !== "").join(": ");
    const words = said
      .replaceAll(password, "•••")
      .replace(/[\p{Cc}\s]+/gu, " ")
      .slice(0, 300);
    if (authenticationFailed === true)
      return { ...refused(`${host} did not accept the sign-in (${words}): check the user name and the password`, true), credentials: true };
    return unknown(`${host}:${port} (${words === "" ? "no answer" : words})`);
  }
}

/** In order. Without a place: what came within the last days. */
async function numbersAfter(client: ImapFlow, uid: number | null, since: number): Promise<number[]> {
  const query = uid === null ? { since: new Date(since) } : { uid: `${uid + 1}:*` };
  const found = await client.search(query, { uid: true });
  // `n:*` names the last message even where its number is below n (RFC 3501, 6.4.8).
  return (found === false || found === undefined ? [] : found).filter((each) => uid === null || each > uid).sort((a, b) => a - b);
}

function optionsOf({ host, port, secure, user, password, ca }: ImapOptions): ImapFlowOptions {
  return {
    host,
    port,
    secure: secure === "tls",
    doSTARTTLS: secure === "starttls",
    auth: { user, pass: password },
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    // What it logs holds what was sent to the server.
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: IDLE_MS,
    connectionTimeout: SETUP_MS,
    greetingTimeout: SETUP_MS,
    socketTimeout: 2 * IDLE_MS,
  };
}
