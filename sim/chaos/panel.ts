// A control panel over HTTPS (HestiaCP's protocol) that refuses, dawdles, and now and then does the work without ever saying so.
import { X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { wait } from "../../src/kernel/clock.ts";
import { ACCESS_KEY, makeCertificate, SECRET_KEY } from "../../test/support/fake-hestia.ts";
import { FakeHestiaState, HTTP_OF, type CommandAnswer } from "../../test/support/fake-hestia-state.ts";
import type { Random } from "../random.ts";
import type { Mark, Tape } from "./tape.ts";
import { SECOND_MS } from "./times.ts";
import { Weather } from "./weather.ts";

const FAULTS = {
  refused: 0.15,
  cut_before: 0.1,
  cut_after: 0.25,
  silent_before: 0.05,
  silent_after: 0.12,
  slow: 0.3,
} as const;
export type PanelFault = keyof typeof FAULTS;

/** The panel's own answer to a load that is too high (func/main.sh). */
const BUSY: CommandAnswer = { exit: 14, text: "Error: LoadAverage 40 is above threshold" };
const STRANGER: CommandAnswer = { exit: 9, text: "Error: Invalid secret key" };
/** Shorter than the program's deadline of thirty seconds: what is asked is done before anybody else may take the call over. */
const SLOW_MS = [SECOND_MS, 20 * SECOND_MS] as const;

export interface PanelCall extends Mark {
  /** Whose door it came through: one for each process. */
  door: number;
  command: string;
  account: string;
  fault: PanelFault | null;
  /** When the answer left; null: none did. */
  answered: Mark | null;
  /** The account went up or down by it. */
  changed: boolean;
}

export interface PanelWatch {
  /** Before the work is done, and when it is done and not answered. */
  moment(door: number, stage: "before" | "after"): void;
  /** A request arrived; its work is not done. */
  arrives(call: PanelCall): void;
  /** Its work is done, and its answer about to leave, or lost. */
  ended(call: PanelCall): void;
}

export class Panel {
  readonly calls: PanelCall[] = [];
  readonly state = new FakeHestiaState();
  readonly weather: Weather<PanelFault>;
  readonly fingerprint: string;
  readonly accessKey = ACCESS_KEY;
  readonly secretKey = SECRET_KEY;
  readonly #certificate: { key: string; cert: string };
  readonly #tape: Tape;
  readonly #watch: PanelWatch;
  readonly #sockets = new Set<Socket>();
  readonly #doors = new Set<Server>();

  private constructor(certificate: { key: string; cert: string }, tape: Tape, random: Random, watch: PanelWatch) {
    this.#certificate = certificate;
    this.fingerprint = new X509Certificate(certificate.cert).fingerprint256;
    this.#tape = tape;
    this.#watch = watch;
    this.weather = new Weather(FAULTS, random);
  }

  static async start(tape: Tape, random: Random, watch: PanelWatch): Promise<Panel> {
    return new Panel(await makeCertificate(), tape, random, watch);
  }

  /** Opens a port of its own for one process. */
  async door(door: number): Promise<number> {
    const server = createServer(this.#certificate, (incoming, outgoing) => void this.#serve(door, incoming, outgoing));
    this.#doors.add(server);
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    // A process killed within the handshake.
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  isDown(account: string): boolean {
    return this.state.users.get(account)?.suspended === true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([...this.#doors].map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))));
  }

  async #serve(door: number, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const form = await formOf(incoming);
    if (form === null) return;
    const args = Array.from({ length: 9 }, (_, index) => form.get(`arg${index + 1}`)).filter((arg) => arg !== null);
    const { weather } = this;
    const call: PanelCall = {
      ...this.#tape.mark(),
      door,
      command: form.get("cmd") ?? "",
      account: args[0] ?? "",
      fault: weather.strike(),
      answered: null,
      changed: false,
    };
    this.calls.push(call);
    this.#watch.arrives(call);
    this.#watch.moment(door, "before");
    if (call.fault === "cut_before") return void incoming.socket.destroy();
    if (call.fault === "silent_before") return;
    if (call.fault === "slow") await wait(this.#tape.real(weather.between(...SLOW_MS)));
    const known = form.get("access_key") === ACCESS_KEY && form.get("secret_key") === SECRET_KEY;
    const answer = !known ? STRANGER : call.fault === "refused" ? BUSY : this.#work(call, args);
    const lost = call.fault === "cut_after" || call.fault === "silent_after";
    if (!lost) call.answered = this.#tape.mark();
    this.#watch.ended(call);
    this.#watch.moment(door, "after");
    if (call.fault === "cut_after") return void incoming.socket.destroy();
    if (lost) return;
    outgoing.setHeader("Hestia-Exit-Code", String(answer.exit));
    outgoing.setHeader("Connection", "close");
    outgoing.writeHead(answer.exit === 0 ? (answer.text === "" ? 204 : 200) : (HTTP_OF[answer.exit] ?? 400)).end(answer.text);
  }

  #work(call: PanelCall, args: readonly string[]): CommandAnswer {
    const { changes } = this.state;
    const answer = this.state.run(call.command, args);
    call.changed = this.state.changes > changes;
    if (call.changed) this.#tape.say(`panel ${call.command} ${call.account} (process ${call.door}, ${call.fault ?? "answered"})`);
    return answer;
  }
}

/** The form of a request; null: its sender died in the middle of it. */
async function formOf(incoming: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}
