// A name server on loopback that knows a few TXT records, and is silent or out of order on request.
import { createSocket, type Socket } from "node:dgram";

/** `down`: answers SERVFAIL; `silent`: nothing. */
export type NameAnswer = readonly (readonly string[])[] | "down" | "silent";

const TXT = 16;
const CODE = { none: 0, down: 2, unknown: 3 };

export class FakeDns {
  /** `127.0.0.1:port`. */
  readonly server: string;
  readonly asked: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.server = `127.0.0.1:${socket.address().port}`;
  }

  static async start(records: Readonly<Record<string, NameAnswer>>): Promise<FakeDns> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => void socket.bind(0, "127.0.0.1", resolve));
    const dns = new FakeDns(socket);
    socket.on("message", (question, from) => {
      const { name, end } = nameIn(question);
      dns.asked.push(name);
      const answer = records[name];
      if (answer === "silent") return;
      socket.send(reply(question.subarray(0, end), answer), from.port, from.address);
    });
    return dns;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

function nameIn(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 5 };
}

/** The question again, and its answers; each string of a record after its length. */
function reply(question: Buffer, answer: NameAnswer | undefined): Buffer {
  const records = typeof answer === "object" ? answer : [];
  const header = Buffer.from(question.subarray(0, 12));
  const code = answer === "down" ? CODE.down : answer === undefined ? CODE.unknown : CODE.none;
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  header.fill(0, 8, 12);
  const answers = records.map((strings) => {
    const data = Buffer.concat(strings.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")])));
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(TXT, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, question.subarray(12), ...answers]);
}
