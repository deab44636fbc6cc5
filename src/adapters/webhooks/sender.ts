// Webhooks as HTTP requests after Standard Webhooks 1.0.0: signed, to an address that is judged as it is connected to, no redirect followed.
import { createHmac } from "node:crypto";
import { lookup } from "node:dns/promises";
import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { alike, inEach, type InEach } from "../../kernel/errors.ts";
import { done, type CallContext } from "../../ports/outcome.ts";
import type { Vetted, WebhookAnswer, WebhookCall, WebhookSender } from "../../ports/webhook-sender.ts";
import { withinReach, type Reach } from "./reach.ts";

/** Where a name leads, as the system's resolver says. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

export interface WebhookSenderOptions {
  reach: Reach;
  resolve?: Resolve;
  /** An authority of one's own, as PEM; without it the usual ones are believed. */
  ca?: string;
}

const URL_MAX = 500;
/** An answer is a code. A line of what came with it is shown to whoever looks for a fault; nothing more is read. */
const READ_BYTES = 2_048;
const SHOWN = 200;
/** Longer than this nobody is waited for. */
const WAIT_MAX_MS = 86_400_000;

/** The address is out of reach: nothing was sent. */
class OutOfReach extends Error {
  override name = "OutOfReach";
  readonly problem: InEach;

  constructor(problem: InEach) {
    super(problem.en);
    this.problem = problem;
  }
}

export class HttpWebhookSender implements WebhookSender {
  readonly #reach: Reach;
  readonly #resolve: Resolve;
  readonly #ca: string | undefined;

  constructor({ reach, resolve, ca }: WebhookSenderOptions) {
    this.#reach = reach;
    this.#resolve = resolve ?? ((host) => lookup(host, { all: true, verbatim: true }));
    this.#ca = ca;
  }

  async vet(url: string, { signal }: CallContext): Promise<Vetted> {
    const problem = problemOf(url, this.#reach);
    if (problem !== null) return { outcome: "refused", problem };
    const { hostname } = new URL(url);
    try {
      const [first] = await inTime(this.#addressesOf(bare(hostname)), signal);
      return done({ address: first?.address ?? "" });
    } catch (error) {
      if (error instanceof OutOfReach) return { outcome: "refused", problem: error.problem };
      const late = inEach("no answer before the deadline", "nenhuma resposta dentro do prazo");
      const said = signal.aborted ? late : alike(wordsOf(error));
      return { outcome: "unknown", problem: inEach(`${hostname}: ${said.en}`, `${hostname}: ${said["pt-BR"]}`) };
    }
  }

  async send(call: WebhookCall, { signal }: CallContext): Promise<WebhookAnswer> {
    const problem = problemOf(call.url, this.#reach);
    if (problem !== null) return notSent(problem.en);
    if (signal.aborted) return notSent("no time was left");
    const host = bare(new URL(call.url).hostname);
    if (isIP(host) !== 0 && !withinReach(host, this.#reach)) return notSent(outOfReach(host, host, this.#reach).en);
    const sent = { connected: false };
    try {
      return await this.#exchange(call, signal, sent);
    } catch (error) {
      if (error instanceof OutOfReach) return notSent(error.message);
      if (!sent.connected) return notSent(signal.aborted ? "no connection before the deadline" : wordsOf(error));
      return {
        outcome: "unknown",
        code: null,
        words: signal.aborted ? "no answer before the deadline" : wordsOf(error),
        gone: false,
        waitMs: null,
      };
    }
  }

  /** @throws OutOfReach when one of them is: a name that leads to both is not to be trusted with the other */
  async #addressesOf(host: string): Promise<readonly { address: string; family: number }[]> {
    const found = isIP(host) === 0 ? await this.#resolve(host) : [{ address: host, family: isIP(host) }];
    const bad = found.find(({ address }) => !withinReach(address, this.#reach));
    if (bad) throw new OutOfReach(outOfReach(host, bad.address, this.#reach));
    return found;
  }

  #exchange(call: WebhookCall, signal: AbortSignal, sent: { connected: boolean }): Promise<WebhookAnswer> {
    const url = new URL(call.url);
    const secure = url.protocol === "https:";
    // What is judged here is what the socket connects to: asked once, and not again between the judging and the connecting.
    const judged: LookupFunction = (host, options, back) => {
      this.#addressesOf(host).then(
        (found) => {
          const [first] = found;
          if (options.all) back(null, [...found]);
          else back(null, first?.address ?? "", first?.family ?? 4);
        },
        (error: unknown) => back(error as NodeJS.ErrnoException, "", 0),
      );
    };
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method: "POST",
        signal,
        agent: false,
        lookup: judged,
        ...(secure && this.#ca !== undefined ? { ca: this.#ca } : {}),
        headers: { ...headersOf(call), "content-length": Buffer.byteLength(call.body) },
      });
      noteConnection(outgoing, secure, sent);
      const broken = (error: Error): void => reject(error);
      outgoing.on("error", broken);
      outgoing.once("response", (incoming) => {
        // The code decides from here on, whatever breaks while the rest is read.
        outgoing.off("error", broken).on("error", () => undefined);
        void read(incoming).then(resolve, reject);
      });
      outgoing.end(call.body);
    });
  }
}

function headersOf({ id, timestamp, body, secrets }: WebhookCall): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "regua-webhooks",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`).join(" "),
  };
}

/** HMAC-SHA256 under the bytes that the secret writes in base64 after its prefix. */
function sign(secret: string, text: string): string {
  return createHmac("sha256", Buffer.from(secret.replace(/^whsec_/u, ""), "base64"))
    .update(text)
    .digest("base64");
}

/** Why an address cannot be used, whatever its name leads to; null: its form is good. */
function problemOf(text: string, reach: Reach): InEach | null {
  if (text.length > URL_MAX) return inEach(`it is longer than ${URL_MAX} characters`, `tem mais de ${URL_MAX} caracteres`);
  if (!URL.canParse(text)) return inEach("it is not a web address", "não é um endereço da web");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && reach === "loopback"))
    return reach === "loopback"
      ? inEach("it begins neither with https:// nor with http://", "não começa com https:// nem com http://")
      : inEach("it does not begin with https://", "não começa com https://");
  if (url.username !== "" || url.password !== "") return inEach("it carries a name or a password", "traz um nome ou uma senha");
  if (url.hash !== "") return inEach("it has a part after #", "tem uma parte depois de #");
  const host = bare(url.hostname);
  // Names are judged by what they say: asking a name server would leave this machine already.
  return reach === "public" || isIP(host) !== 0 || /^(.+\.)?localhost$/u.test(host) ? null : outOfReach(host, host, reach);
}

function outOfReach(host: string, address: string, reach: Reach): InEach {
  const where = host === address ? alike(host) : inEach(`${host} leads to ${address}, which`, `${host} leva a ${address}, que`);
  return reach === "loopback"
    ? inEach(
        `${where.en} is not this machine; in the sandbox nothing leaves it`,
        `${where["pt-BR"]} não é esta máquina; no ensaio nada sai dela`,
      )
    : inEach(`${where.en} is not an address of the public internet`, `${where["pt-BR"]} não é um endereço da internet pública`);
}

/** Without the brackets of IPv6. */
const bare = (host: string): string => host.replace(/^\[|\]$/gu, "");

function noteConnection(outgoing: ClientRequest, secure: boolean, sent: { connected: boolean }): void {
  outgoing.once("socket", (socket) =>
    socket.once(secure ? "secureConnect" : "connect", () => {
      sent.connected = true;
    }),
  );
}

async function read(incoming: IncomingMessage): Promise<WebhookAnswer> {
  const code = incoming.statusCode ?? 0;
  const text = await beginning(incoming);
  const accepted = code >= 200 && code < 300;
  const moved = code >= 300 && code < 400 ? "a redirect, which is not followed; give the address it leads to" : text;
  return {
    outcome: accepted ? "done" : "refused",
    code,
    words: `${code}${moved === "" ? "" : ` ${moved}`}`,
    gone: code === 410,
    waitMs: waitOf(incoming.headers["retry-after"]),
  };
}

/** The code has come, so nothing that happens to the rest changes the outcome. */
async function beginning(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= READ_BYTES) break;
    }
  } catch {
    // Cut off, or the deadline: what there is counts.
  }
  incoming.destroy();
  return Buffer.concat(chunks).toString("utf8").slice(0, READ_BYTES).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim().slice(0, SHOWN); // prettier-ignore
}

/** Seconds only: of a date one would have to know whose clock it goes by. */
function waitOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,9}$/u.test(header) ? Math.min(Number(header) * 1000, WAIT_MAX_MS) : null;
}

const notSent = (words: string): WebhookAnswer => ({ outcome: "refused", code: null, words, gone: false, waitMs: null });

function wordsOf(error: unknown): string {
  // Several addresses were tried: each has its own error, and the whole has no message.
  if (error instanceof AggregateError) return (error.errors as unknown[]).map(wordsOf).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}

function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error("no answer before the deadline"));
    if (signal.aborted) return late();
    signal.addEventListener("abort", late, { once: true });
    work.then(resolve, reject);
  });
}
