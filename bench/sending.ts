// The measurement's end of the thread that sends.
import { Worker } from "node:worker_threads";

/** Webhooks to send: payments numbered from 1, `rate` a second. */
export interface Order {
  url: string;
  secret: string;
  count: number;
  rate: number;
  /** What the gateway's clock says. */
  now: number;
}

/** By payment, milliseconds of {@link clockMs}. */
export interface Answered {
  /** When it was to be sent by the schedule. */
  due: Float64Array;
  /** When its answer was complete. */
  answered: Float64Array;
  /** Answers other than 200. */
  refused: number;
}

export interface Sender {
  /** Where the gateway answers. */
  gateway: string;
  send(order: Order): Promise<Answered>;
  close(): Promise<void>;
}

/** One clock for all threads of the machine, which only moves forward. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export async function startSender(): Promise<Sender> {
  const worker = new Worker(new URL("./sender.ts", import.meta.url));
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  const { port } = await next<{ port: number }>();
  return {
    gateway: `http://127.0.0.1:${port}`,
    send: (order) => {
      const told = next<Answered>();
      worker.postMessage(order);
      return told;
    },
    close: async () => void (await worker.terminate()),
  };
}
