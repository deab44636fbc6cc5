// A real SMTP server that refuses, cuts connections before and after it took a message, and keeps a record of every message it took.
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { wait } from "../../src/kernel/clock.ts";
import type { Random } from "../random.ts";
import type { Mark, Tape } from "./tape.ts";
import { SECOND_MS } from "./times.ts";
import { Weather } from "./weather.ts";

const FAULTS = {
  recipient_4xx: 0.12,
  recipient_5xx: 0.03,
  recipient_cut: 0.05,
  content_4xx: 0.08,
  content_5xx: 0.02,
  cut_before: 0.1,
  cut_after: 0.25,
  silent_after: 0.05,
  slow: 0.3,
} as const;
export type MailFault = keyof typeof FAULTS;

const AT_RECIPIENT: ReadonlySet<string> = new Set<MailFault>(["recipient_4xx", "recipient_5xx", "recipient_cut"]);
const SLOW_MS = [SECOND_MS, 20 * SECOND_MS] as const;

/** One attempt to hand a message over, from its sender's MAIL FROM to the end. */
export interface Delivery {
  door: number;
  to: string;
  begun: Mark;
  ended: Mark;
  /** Empty where it ended before the content came. */
  messageId: string;
  /** The message said that it may be a repeat. */
  repeat: boolean;
  /** The server took it, whatever its sender heard. */
  accepted: boolean;
  fault: MailFault | null;
  /** What was answered last; null: the sender heard nothing. */
  reply: string | null;
}

export interface MailWatch {
  /** Before a message is taken, and when it is taken and not answered. */
  moment(door: number, stage: "before" | "after"): void;
}

interface Transaction {
  begun: Mark;
  fault: MailFault | null;
}

export class MailServer {
  readonly deliveries: Delivery[] = [];
  readonly weather: Weather<MailFault>;
  readonly #tape: Tape;
  readonly #watch: MailWatch;
  readonly #doors = new Set<SMTPServer>();
  #replies = 0;

  constructor(tape: Tape, random: Random, watch: MailWatch) {
    this.#tape = tape;
    this.#watch = watch;
    this.weather = new Weather(FAULTS, random);
  }

  /** Opens a port of its own for one process. */
  async door(door: number): Promise<number> {
    const open = new Map<string, Transaction>();
    const server: SMTPServer = new SMTPServer({
      logger: false,
      disabledCommands: ["STARTTLS", "AUTH"],
      authOptional: true,
      disableReverseLookup: true,
      onMailFrom: (_address, session, callback) => {
        open.set(session.id, { begun: this.#tape.mark(), fault: this.weather.strike() });
        callback();
      },
      onRcptTo: ({ address }, session, callback) => {
        const deal = open.get(session.id);
        if (!deal || !AT_RECIPIENT.has(deal.fault ?? "")) return callback();
        const delivery = this.#ended(door, deal, { to: address, messageId: "", repeat: false, accepted: false });
        if (deal.fault === "recipient_cut") cut(server, session);
        else callback(this.#refusal(delivery, deal.fault === "recipient_5xx" ? 550 : 451));
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const deal = open.get(session.id) ?? { begun: this.#tape.mark(), fault: null };
          void this.#take(server, door, deal, session, Buffer.concat(chunks).toString("latin1"), callback);
        });
      },
    });
    // Connections of processes that were killed.
    server.on("error", () => undefined);
    server.listen(0, "127.0.0.1");
    await new Promise<void>((resolve) => void server.server.once("listening", resolve));
    this.#doors.add(server);
    return (server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const server of this.#doors) {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const connection of server.connections) connection._socket.destroy();
      await closed;
    }
  }

  async #take(
    server: SMTPServer,
    door: number,
    deal: Transaction,
    session: SMTPServerSession,
    raw: string,
    callback: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    const { fault } = deal;
    const head = raw.slice(0, raw.indexOf("\r\n\r\n"));
    const to = session.envelope.rcptTo[0]?.address ?? "";
    const message = { to, messageId: /^message-id: *(\S+)/imu.exec(head)?.[1] ?? "", repeat: /^x-regua-repeat: *1/imu.test(head) };
    this.#watch.moment(door, "before");
    if (fault === "slow") await wait(this.#tape.real(this.weather.between(...SLOW_MS)));
    const accepted = fault === null || fault === "slow" || fault === "cut_after" || fault === "silent_after";
    const delivery = this.#ended(door, deal, { ...message, accepted });
    this.#watch.moment(door, "after");
    if (fault === "silent_after") return;
    if (fault === "cut_before" || fault === "cut_after") cut(server, session);
    else if (accepted) {
      delivery.reply = `250 2.0.0 Ok: queued as ${(this.#replies += 1)}`;
      callback(null, delivery.reply.slice(4));
    } else callback(this.#refusal(delivery, fault === "content_5xx" ? 554 : 452));
  }

  #ended(door: number, deal: Transaction, rest: Pick<Delivery, "to" | "messageId" | "repeat" | "accepted">): Delivery {
    const delivery: Delivery = { door, ...deal, ...rest, ended: this.#tape.mark(), reply: null };
    this.deliveries.push(delivery);
    return delivery;
  }

  /** Each refusal has a number, so that the answer the program keeps can be found again here. */
  #refusal(delivery: Delivery, code: number): Error {
    const text = `${code < 500 ? "try again later" : "not taken"} (${(this.#replies += 1)})`;
    delivery.reply = `${code} ${text}`;
    return Object.assign(new Error(text), { responseCode: code });
  }
}

function cut(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) if (connection.id === session.id) connection._socket.destroy();
}
