// A gateway's HTTP door on loopback, for protocol fakes: routes answered by a function, answers lost, delayed or refused on demand.
import { createServer as createHttpServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";

export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeAnswer {
  code: number;
  /** Sent as JSON. */
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

export class FakeServer {
  readonly origin: string;
  /** `GET /payments?…`, as they came in. */
  readonly calls: string[] = [];
  /** The next act (anything but GET) on a path like this is done, and its answer never leaves. */
  loses: RegExp | null = null;
  /** From now on nothing is answered. */
  stalled = false;
  /** From now on every call is answered with this. */
  instead: FakeAnswer | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(handle: (request: FakeRequest) => FakeAnswer, tls?: ServerOptions): Promise<FakeServer> {
    const fake: { server: FakeServer | null } = { server: null };
    const listener: RequestListener = (incoming, outgoing) => void fake.server?.serve(incoming, outgoing, handle);
    const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    fake.server = new FakeServer(server, `${tls ? "https" : "http"}://127.0.0.1:${port}`);
    const { sockets } = fake.server;
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    return fake.server;
  }

  get sockets(): Set<Socket> {
    return this.#sockets;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse, handle: (request: FakeRequest) => FakeAnswer): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? "/", this.origin);
    const { method = "GET", headers } = incoming;
    this.calls.push(`${method} ${url.pathname}${url.search}`);
    if (this.stalled) return;
    const request = { method, path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(chunks).toString("utf8") };
    const answer = this.instead ?? handle(request);
    if (method !== "GET" && this.loses?.test(url.pathname)) {
      this.loses = null;
      return void incoming.socket.destroy();
    }
    const { code, body, type = "application/json", headers: extra } = answer;
    outgoing.writeHead(code, { "content-type": type, ...extra });
    outgoing.end(body === undefined ? "" : JSON.stringify(body));
  }
}
