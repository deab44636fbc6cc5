// A clamd on loopback that speaks its protocol, finds the EICAR test text, and misbehaves on request.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The text that every scanner finds and that harms nobody, written apart so that no scanner finds this file. */
export const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE", "!$H+H*"].join("");

export interface ClamdOptions {
  /** Bytes of a stream, as `StreamMaxLength`. Default 25 MB. */
  streamMax?: number;
  /** Instead of answering: the connection dies at once, before an answer, or nothing ever comes. */
  misbehaves?: "cut" | "cut_after" | "stall";
  /** Answers this to everything. */
  says?: string;
  /** A socket file instead of a port. */
  socketFile?: boolean;
}

export class FakeClamd {
  readonly address: { path: string } | { host: string; port: number };
  /** Streams scanned to their end. */
  readonly scanned: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #folder: string | null;

  private constructor(server: Server, address: FakeClamd["address"], folder: string | null) {
    this.#server = server;
    this.address = address;
    this.#folder = folder;
  }

  static async start(options: ClamdOptions = {}): Promise<FakeClamd> {
    const folder = options.socketFile === true ? mkdtempSync(join(tmpdir(), "regua-clamd-")) : null;
    const server = createServer();
    const path = folder === null ? null : join(folder, "clamd.sock");
    await new Promise<void>((resolve) => (path === null ? server.listen(0, "127.0.0.1", resolve) : server.listen(path, resolve)));
    const address = path === null ? { host: "127.0.0.1", port: (server.address() as AddressInfo).port } : { path };
    const clamd = new FakeClamd(server, address, folder);
    server.on("connection", (socket) => clamd.#serve(socket, options));
    return clamd;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(socket: Socket, { streamMax = 25_000_000, misbehaves, says }: ClamdOptions): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // Clients that go away in the middle are what these tests are about.
    socket.on("error", () => undefined);
    if (misbehaves === "cut") return void socket.destroy();
    let held = Buffer.alloc(0);
    const answer = (line: string): void => {
      if (misbehaves === "stall") return;
      if (misbehaves === "cut_after") socket.destroy();
      else socket.end(`${says ?? line}\0`);
    };
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      const zero = held.indexOf(0);
      if (zero < 0) return;
      const command = held.toString("latin1", 0, zero);
      if (command === "zVERSION") return answer("ClamAV 1.4.2/27650/Sun Nov 22 09:00:00 2026");
      if (command !== "zINSTREAM") return answer("UNKNOWN COMMAND");
      const stream = streamIn(held.subarray(zero + 1));
      if (stream.bytes.length > streamMax) return answer("INSTREAM size limit exceeded. ERROR");
      if (!stream.ended) return;
      this.scanned.push(stream.bytes);
      answer(stream.bytes.includes(EICAR) ? "stream: Eicar-Test-Signature FOUND" : "stream: OK");
    });
  }
}

/** The pieces, each after its length; one of none ends the stream. */
function streamIn(held: Buffer): { bytes: Buffer; ended: boolean } {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + 4 <= held.length) {
    const length = held.readUInt32BE(at);
    if (length === 0) return { bytes: Buffer.concat(pieces), ended: true };
    pieces.push(held.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { bytes: Buffer.concat(pieces), ended: false };
}
