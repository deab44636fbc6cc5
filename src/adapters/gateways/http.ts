// One HTTP exchange with a gateway: TLS with our certificate where it is asked for, and whether anything was sent at all.
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";

/** A client certificate, as a .p12 file's bytes or as PEM, and an authority of the gateway's own. */
export interface ClientTls {
  pfx?: Buffer;
  passphrase?: string;
  cert?: string;
  key?: string;
  ca?: string;
}

export interface HttpCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Appended to the base address, or a whole address (token servers). */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Text sent as `application/json`. */
  json?: string;
  /** Pairs sent as a web form. */
  form?: readonly (readonly [string, string])[];
}

export interface HttpAnswer {
  code: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** `kept`: nothing left this machine. `lost`: sent, perhaps done, no answer that can be trusted. */
export type Exchanged = { end: "answered"; answer: HttpAnswer } | { end: "kept" | "lost"; words: string };

/** A page of a thousand Pix is about 1 MB. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** Side by side to one gateway; Asaas allows 50 GETs at once. */
const SOCKETS = 8;

/** The other side ended the handshake because of our certificate: it never read the request. */
const HANDSHAKE = /^ERR_SSL_.*ALERT|^EPROTO$/u;

export class GatewayHttp {
  readonly #base: string;
  readonly #tls: ClientTls;
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: SOCKETS });
  readonly #https: HttpsAgent;

  /** @throws Error when the certificate or its password cannot be used */
  constructor(base: string, tls: ClientTls = {}) {
    createSecureContext(tls);
    this.#base = base.replace(/\/+$/u, "");
    this.#tls = tls;
    this.#https = new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS, ...tls });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async send(call: HttpCall, signal: AbortSignal): Promise<Exchanged> {
    if (signal.aborted) return { end: "lost", words: "no time was left" };
    const first = await this.#once(call, signal);
    // A kept connection that the other side closed meanwhile: a read may simply be asked again.
    return first.end === "lost" && first.stale && call.method === "GET" ? this.#once(call, signal) : first;
  }

  async #once(call: HttpCall, signal: AbortSignal): Promise<Exchanged & { stale?: boolean }> {
    const sent = { connected: false, stale: false };
    try {
      const answer = await this.#exchange(call, signal, sent);
      return { end: "answered", answer };
    } catch (error) {
      if (signal.aborted)
        return { end: "lost", words: sent.connected ? "no answer before the deadline" : "no connection before the deadline" };
      const refusedUs = HANDSHAKE.test(codeOf(error));
      return { end: sent.connected && !refusedUs ? "lost" : "kept", words: wordsOf(error), stale: sent.stale };
    }
  }

  #exchange(call: HttpCall, signal: AbortSignal, sent: { connected: boolean; stale: boolean }): Promise<HttpAnswer> {
    const url = this.#address(call);
    const secure = url.protocol === "https:";
    const [body, type] = bodyOf(call);
    const options: RequestOptions = {
      method: call.method,
      signal,
      headers: {
        accept: "application/json",
        "user-agent": "regua",
        ...(body === null ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) }),
        ...call.headers,
      },
      // Acts go on a connection of their own: on a kept one nobody can tell a closed door from a lost answer.
      ...(call.method === "GET" ? { agent: secure ? this.#https : this.#http } : { agent: false, ...(secure ? this.#tls : {}) }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(url, options);
      noteConnection(outgoing, secure, sent);
      outgoing.once("error", (error) => {
        sent.stale = outgoing.reusedSocket && codeOf(error) === "ECONNRESET";
        reject(error);
      });
      outgoing.once("response", (incoming) => collect(incoming, resolve, reject));
      outgoing.end(body ?? undefined);
    });
  }

  #address(call: HttpCall): URL {
    const url = new URL(/^https?:/u.test(call.path) ? call.path : `${this.#base}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (Array.isArray(value)) for (const one of value as readonly string[]) url.searchParams.append(name, one);
      else if (value !== undefined) url.searchParams.append(name, String(value));
    }
    return url;
  }
}

function bodyOf({ json, form }: HttpCall): [string | null, string] {
  if (json !== undefined) return [json, "application/json"];
  if (!form) return [null, ""];
  const pairs = new URLSearchParams();
  for (const [name, value] of form) pairs.append(name, value);
  return [pairs.toString(), "application/x-www-form-urlencoded"];
}

/** Through which a request could go at once. One that waited in line for a free connection is not told that it is a kept one. */
const ready = new WeakSet<Socket>();

function noteConnection(outgoing: ClientRequest, secure: boolean, sent: { connected: boolean }): void {
  outgoing.once("socket", (socket) => {
    if (ready.has(socket)) sent.connected = true;
    else
      socket.once(secure ? "secureConnect" : "connect", () => {
        ready.add(socket);
        sent.connected = true;
      });
  });
}

function collect(incoming: IncomingMessage, resolve: (answer: HttpAnswer) => void, reject: (error: Error) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > BODY_LIMIT) incoming.destroy(new Error("the answer is longer than 16 MB"));
    else chunks.push(chunk);
  });
  incoming.once("error", reject);
  incoming.once("end", () =>
    resolve({ code: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString("utf8") }),
  );
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";

/** An error's own words; an attempt on several addresses has none, only a code. */
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message || codeOf(error) || error.name : "unknown error");
