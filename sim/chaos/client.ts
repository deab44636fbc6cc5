// Another system that uses the service API: it repeats each request under its Idempotency-Key until it is answered, whoever answers.
import { request } from "node:http";
import { wait } from "../../src/kernel/clock.ts";
import type { Random } from "../random.ts";

export interface Answer {
  code: number;
  body: Record<string, unknown>;
}

/** Said once and for all; the answer was lost, and the work is known to be done; or not to be had before the end. */
export type Told = { kind: "answered"; answer: Answer } | { kind: "done, answer lost" };

const PATIENCE_MS = 8_000;

export class Client {
  readonly #addresses: () => string[];
  readonly #key: string;
  readonly #random: Random;
  repeated = 0;

  constructor(addresses: () => string[], key: string, random: Random) {
    this.#addresses = addresses;
    this.#key = key;
    this.#random = random;
  }

  /** Sends a request until it has an answer that stands. */
  async ask(method: "GET" | "POST", path: string, once: string, body?: unknown): Promise<Told> {
    for (let tries = 0; ; tries += 1) {
      if (tries > 0) {
        this.repeated += 1;
        await wait(this.#random.between(50, 500));
      }
      const addresses = this.#addresses();
      if (addresses.length === 0) continue;
      const answer = await this.#send(method, `${this.#random.pick(addresses)}/v1${path}`, once, body).catch(() => null);
      if (answer === null || answer.code >= 500 || answer.code === 429) continue;
      if (answer.body.code === "idempotency_in_flight") continue;
      if (answer.body.code === "idempotency_answer_lost") return { kind: "done, answer lost" };
      return { kind: "answered", answer };
    }
  }

  #send(method: string, url: string, once: string, body: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${this.#key}`,
        "idempotency-key": once,
        ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
      };
      const outgoing = request(url, { method, headers, timeout: PATIENCE_MS }, (incoming) => {
        let received = "";
        incoming.setEncoding("utf8").on("data", (part: string) => (received += part));
        incoming.on("error", reject);
        incoming.on("end", () => {
          try {
            resolve({ code: incoming.statusCode ?? 0, body: JSON.parse(received === "" ? "{}" : received) as Record<string, unknown> });
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
        incoming.on("close", () => reject(new Error("cut off")));
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("no answer")));
      outgoing.on("error", reject);
      outgoing.end(text);
    });
  }
}
