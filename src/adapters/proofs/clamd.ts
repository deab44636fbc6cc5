// ClamAV over the protocol of its daemon (INSTREAM): the file goes over a socket, one line comes back.
import { createConnection, type Socket } from "node:net";
import { done, refused, unknown, type CallContext, type Outcome } from "../../ports/outcome.ts";
import type { ScanVerdict, VirusScan } from "../../ports/virus-scan.ts";

/** A socket file, as `LocalSocket` of clamd.conf, or `TCPSocket` and `TCPAddr`. Neither has a password: keep it on this machine. */
export type ClamdAddress = { path: string } | { host: string; port: number };

/** clamd takes at most `StreamMaxLength` in all (25 MB by default); pieces may have any length. */
const PIECE = 65_536;
/** The longest line it says is a path and the name of a find. */
const ANSWER_MAX = 4_096;

type Talk = { end: "answer"; line: string } | { end: "unreachable" | "lost" | "deadline"; why: string };

export class ClamdScan implements VirusScan {
  readonly #address: ClamdAddress;

  constructor(address: ClamdAddress) {
    this.#address = address;
  }

  async scan(bytes: Uint8Array, context: CallContext): Promise<Outcome<ScanVerdict>> {
    const talk = await this.#ask("INSTREAM", bytes, context);
    if (talk.end === "unreachable") return refused(talk.why, true);
    if (talk.end !== "answer") return unknown(talk.why);
    const { line } = talk;
    if (line === "stream: OK") return done({ verdict: "clean" });
    const name = /^stream: (.{1,200}) FOUND$/u.exec(line)?.[1];
    if (name !== undefined) return done({ verdict: "found", name });
    if (/size limit exceeded/iu.test(line)) return refused(`clamd takes no file of ${bytes.length} bytes (StreamMaxLength)`);
    return line.endsWith("ERROR") ? refused(`clamd: ${line}`, true) : unknown(`clamd said something else: ${line.slice(0, 200)}`);
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    const talk = await this.#ask("VERSION", null, context);
    if (talk.end === "unreachable") return refused(talk.why, true);
    if (talk.end !== "answer") return unknown(talk.why);
    return talk.line.startsWith("ClamAV ") ? done({ detail: talk.line }) : refused(`it is no clamd: ${talk.line.slice(0, 200)}`);
  }

  /** One command, one answer, one connection. With the leading `z` both end with a zero byte. */
  async #ask(command: string, bytes: Uint8Array | null, { signal }: CallContext): Promise<Talk> {
    if (signal.aborted) return { end: "unreachable", why: "given up before clamd was asked" };
    const socket = createConnection(this.#address);
    const stop = (): void => void socket.destroy();
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await talkOver(socket, command, bytes, signal);
    } finally {
      signal.removeEventListener("abort", stop);
      socket.destroy();
    }
  }
}

async function talkOver(socket: Socket, command: string, bytes: Uint8Array | null, signal: AbortSignal): Promise<Talk> {
  let [answer, connected, problem] = ["", false, ""];
  const ended = new Promise<void>((resolve) => {
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      connected = true;
      send(socket, command, bytes);
    });
    socket.on("data", (chunk: string) => {
      answer += chunk;
      if (answer.includes("\0") || answer.length > ANSWER_MAX) resolve();
    });
    // It answers "size limit exceeded" and closes while the file is still going out: the error comes after the answer.
    socket.on("error", (error) => (problem = error.message));
    socket.on("close", () => resolve());
  });
  await ended;
  const end = answer.indexOf("\0");
  if (end >= 0) return { end: "answer", line: answer.slice(0, end).trim() };
  if (signal.aborted) return { end: connected ? "deadline" : "unreachable", why: "clamd gave no answer in the time allowed" };
  if (!connected) return { end: "unreachable", why: `clamd is out of reach (${problem})` };
  return { end: "lost", why: `the connection to clamd was lost${problem === "" ? "" : ` (${problem})`}` };
}

function send(socket: Socket, command: string, bytes: Uint8Array | null): void {
  socket.write(`z${command}\0`);
  if (bytes === null) return;
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    socket.write(length(piece.length));
    socket.write(piece);
  }
  socket.write(length(0));
}

function length(count: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(count);
  return four;
}
