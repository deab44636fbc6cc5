// The door of a protocol fake of a panel: HTTPS on loopback, answers lost, delayed or refused on demand.
import { X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { wait } from "../../../src/kernel/clock.ts";
import type { CallContext } from "../../../src/ports/outcome.ts";
import type { ControlPanel, AccountState } from "../../../src/ports/control-panel.ts";
import type { PanelWorld } from "../../../src/ports/conformance/control-panel.ts";
import { makeCertificate } from "../certificate.ts";

export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The body's pairs, where it is a web form. */
  form: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeAnswer {
  code?: number;
  /** Beside the code, as some panels do. */
  words?: string;
  type?: string;
  text: string;
  headers?: Record<string, string>;
}

export const REASON = { text: "Régua: fatura 1042 vencida" };

/** Plenty for a call on a slow machine. */
export const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

export const json = (value: unknown, code = 200): FakeAnswer => ({ code, type: "application/json", text: JSON.stringify(value) });

/** A certificate costs a tenth of a second: one for all fakes of a test file. */
let certificate: ReturnType<typeof makeCertificate> | null = null;

const opened: FakePanel[] = [];

/** Ends every fake that was started; for `afterEach`. */
export async function closeFakePanels(): Promise<void> {
  for (const fake of opened.splice(0)) await fake.close();
}

/** What every fake panel shares; the panel's own protocol is its subclass's. */
export abstract class FakePanel {
  /** How often accounts were really changed, by whomever. */
  changes = 0;
  /** `METHOD path?query body`, as they came in. */
  readonly calls: string[] = [];
  /** From now on every act is refused, in words that contain the secrets. */
  refusing = false;
  /** From now on nothing is answered. */
  stalled = false;
  /** The next act is done, and its answer never arrives. */
  loses = false;
  /** How long each act takes, and how many were ever under way at once. */
  slowMs = 0;
  mostActsAtOnce = 0;
  #acts = 0;
  /** Done before the next request like this is worked: somebody else's hand. */
  hand: { on: (request: FakeRequest) => boolean; act: () => void } | null = null;
  /** Answers requests like this with that, instead of working. */
  instead: { on: (request: FakeRequest) => boolean; answer: FakeAnswer } | null = null;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();
  readonly #certificate = (certificate ??= makeCertificate());

  abstract readonly secrets: readonly string[];
  abstract answer(request: FakeRequest): FakeAnswer;
  /** Whether a request changes an account. */
  abstract isAct(request: FakeRequest): boolean;
  abstract add(name: string): void;
  abstract truth(name: string): AccountState["access"];
  abstract suspendByHand(name: string): void;

  async start(): Promise<this> {
    const server = createServer(this.#certificate, (incoming, outgoing) => void this.#serve(incoming, outgoing));
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    this.#server = server;
    opened.push(this);
    return this;
  }

  /** Where it is, with its self-signed certificate pinned. */
  get address(): { host: string; port: number; fingerprint: string } {
    const { port } = this.#server?.address() as AddressInfo;
    return { host: "127.0.0.1", port, fingerprint: new X509Certificate(this.#certificate.cert).fingerprint256 };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.#server?.close(() => resolve()));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const url = new URL(incoming.url ?? "/", "https://panel.test");
    const { method = "GET", headers } = incoming;
    const request: FakeRequest = { method, path: url.pathname, query: url.searchParams, form: new URLSearchParams(body), headers, body };
    this.calls.push(`${method} ${url.pathname}${decodeURIComponent(url.search)} ${body}`.trim());
    if (this.stalled) return;
    const { hand } = this;
    if (hand?.on(request)) {
      this.hand = null;
      hand.act();
    }
    const acts = this.isAct(request);
    if (acts) {
      this.mostActsAtOnce = Math.max(this.mostActsAtOnce, (this.#acts += 1));
      if (this.slowMs > 0) await wait(this.slowMs);
      this.#acts -= 1;
    }
    const answer = this.instead?.on(request) ? this.instead.answer : this.answer(request);
    if (this.loses && acts) {
      this.loses = false;
      return void incoming.socket.destroy();
    }
    outgoing.writeHead(answer.code ?? 200, answer.words, { "content-type": answer.type ?? "text/html", ...answer.headers });
    outgoing.end(answer.text);
  }
}

/** A fake and the adapter before it, as the conformance suite wants them. */
export function worldOf(fake: FakePanel, panel: ControlPanel): PanelWorld {
  const set = (act: () => void) => () => Promise.resolve(act());
  return {
    panel,
    addAccount: (name) => Promise.resolve(fake.add(name)),
    truth: (name) => Promise.resolve(fake.truth(name)),
    changes: () => Promise.resolve(fake.changes),
    suspendByOther: (name) => Promise.resolve(fake.suspendByHand(name)),
    loseNextAnswer: set(() => (fake.loses = true)),
    stall: set(() => (fake.stalled = true)),
    refuseActs: set(() => (fake.refusing = true)),
    secrets: fake.secrets,
    close: () => Promise.resolve(),
  };
}
