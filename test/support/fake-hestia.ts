// A HestiaCP that speaks the real one's protocol, quirks included, over TLS on loopback.
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BILLING, FakeHestiaState, HTTP_OF } from "./fake-hestia-state.ts";
import type { CommandAnswer } from "./fake-hestia-state.ts";

/** The sandbox key of every fake: of the real lengths, 20 and 40 characters. */
export const ACCESS_KEY = "AKIDFAKEFAKEFAKEFAKE";
export const SECRET_KEY = "sEcReTsEcReTsEcReTsEcReTsEcReTsEcReT0042";

/** What is done to the answer of a command: kept back for ever, or the connection dropped before or after the work. */
type Disturbance = "stall" | "drop_before" | "drop_after";

export interface FakeHestia {
  readonly port: number;
  /** PEM of the self-signed certificate, and its SHA-256. */
  readonly certificate: string;
  readonly fingerprint: string;
  readonly state: FakeHestiaState;
  /** Commands as they came in, with their arguments. */
  readonly calls: string[];
  /** Lines that the real panel writes to auth.log; its fail2ban counts five. */
  failedLogins: number;
  /** `billing`: the permission profile of that name; `all`: an administrator's key without a profile. */
  permissions: "all" | "billing";
  secretKey: string;
  /** Disturbs the next call of one of these commands; no commands: every call from now on. */
  disturb(how: Disturbance, ...commands: string[]): void;
  /** Runs just before a command does its work: somebody else's hand. */
  before(command: string, hand: () => void): void;
  /** Answers a command with this instead of working; null ends it. */
  answerInstead(command: string, answer: CommandAnswer | null): void;
  close(): Promise<void>;
}

const run = promisify(execFile);

/** A key and a self-signed certificate for 127.0.0.1, made now and thrown away. */
export async function makeCertificate(): Promise<{ key: string; cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), "regua-cert-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=panel.example.test", "-addext", "subjectAltName=IP:127.0.0.1"];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    await run("openssl", ["req", ...kind, "-keyout", key, "-out", cert, ...subject]);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function startFakeHestia(): Promise<FakeHestia> {
  const { key, cert } = await makeCertificate();
  const state = new FakeHestiaState();
  let disturbances: { how: Disturbance; commands: readonly string[] }[] = [];
  const hands = new Map<string, () => void>();
  const instead = new Map<string, CommandAnswer>();
  const sockets = new Set<Socket>();
  const server: Server = createServer({ key, cert }, (incoming, outgoing) => void handle(incoming, outgoing));
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));

  const fake: FakeHestia = {
    port: (server.address() as AddressInfo).port,
    certificate: cert,
    fingerprint: new X509Certificate(cert).fingerprint256,
    state,
    calls: [],
    failedLogins: 0,
    permissions: "all",
    secretKey: SECRET_KEY,
    disturb: (how, ...commands) => void disturbances.push({ how, commands }),
    before: (command, hand) => void hands.set(command, hand),
    answerInstead: (command, answer) => void (answer ? instead.set(command, answer) : instead.delete(command)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
    const command = form.get("cmd") ?? "";
    const args = Array.from({ length: 13 }, (_, index) => form.get(`arg${index + 1}`)).filter((arg) => arg !== null);
    fake.calls.push([command, ...args].join(" "));
    const disturbance = disturbances.find(({ commands }) => commands.length === 0 || commands.includes(command));
    if (disturbance?.commands.length) disturbances = disturbances.filter((one) => one !== disturbance);
    const how = disturbance?.how;
    if (how === "stall") return;
    if (how === "drop_before") return void incoming.socket.destroy();
    const answer = instead.get(command) ?? authorise(form, command) ?? work(command, args);
    if (how === "drop_after") return void incoming.socket.destroy();
    write(outgoing, answer, form.get("returncode") === "yes");
  }

  function work(command: string, args: string[]): CommandAnswer {
    const hand = hands.get(command);
    hands.delete(command);
    hand?.();
    return state.run(command, args);
  }

  /** v-check-access-key: every failure is a line in auth.log, and exit 9 or 10. */
  function authorise(form: URLSearchParams, command: string): CommandAnswer | null {
    const id = form.get("access_key") ?? "";
    const refuse = (exit: number, text: string): CommandAnswer => {
      fake.failedLogins += 1;
      return { exit, text: `Error: ${text}` };
    };
    if (id !== ACCESS_KEY) return refuse(9, `key ${id} doesn't exist`);
    if (form.get("secret_key") !== fake.secretKey) return refuse(9, `Invalid secret key for key ${id}`);
    if (!state.knows(command)) return refuse(10, `Command ${command} not found`);
    if (fake.permissions === "billing" && !BILLING.has(command))
      return refuse(10, `Key ${id} don't have permission to run the command ${command}`);
    return null;
  }

  return fake;
}

function write(outgoing: ServerResponse, { exit, text }: CommandAnswer, returnCode: boolean): void {
  outgoing.setHeader("Hestia-Exit-Code", String(exit));
  outgoing.setHeader("Connection", "close");
  outgoing.setHeader("Content-Type", text.startsWith("{") ? "application/json; charset=utf-8" : "text/html; charset=UTF-8");
  if (returnCode) outgoing.writeHead(200).end(String(exit));
  else if (exit === 0) outgoing.writeHead(text === "" ? 204 : 200).end(text);
  else outgoing.writeHead(HTTP_OF[exit] ?? 400).end(text);
}
