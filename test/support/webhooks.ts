// A receiver of webhooks on loopback that checks signatures as a stranger would, and a desk that sends to it.
import { createHmac } from "node:crypto";
import { HttpWebhookSender } from "../../src/adapters/webhooks/sender.ts";
import type { Vault } from "../../src/engine/webhooks.ts";
import type { Courier } from "../../src/jobs/webhooks.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { CHANCE_TO_SEAL, masterKey, seal, unseal } from "../../src/kernel/seal.ts";
import type { World } from "./engine.ts";
import { FakeServer, type FakeAnswer, type FakeRequest } from "./fake-server.ts";

export interface Heard {
  id: string;
  type: string;
  at: number;
  timestamp: string;
  data: Record<string, unknown>;
  request: FakeRequest;
}

export interface Receiver {
  server: FakeServer;
  url: string;
  /** Events whose signature was right, as they came in; repeats too. */
  heard: Heard[];
  /** Requests whose signature fits none of the secrets. */
  forged: number;
  /** What a receiver knows. */
  secrets: string[];
  answer: (request: FakeRequest) => FakeAnswer;
  types(): string[];
}

export async function aReceiver(): Promise<Receiver> {
  const receiver = {
    heard: [] as Heard[],
    forged: 0,
    secrets: [] as string[],
    answer: (): FakeAnswer => ({ code: 204 }),
  } as unknown as Receiver;
  receiver.server = await FakeServer.start((request) => {
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures } = request.headers as Record<string, string>;
    const right = receiver.secrets.some((secret) => {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const own = createHmac("sha256", key).update(`${id}.${at}.${request.body}`).digest("base64");
      return (signatures ?? "").split(" ").includes(`v1,${own}`);
    });
    if (!right) receiver.forged += 1;
    else {
      const { type, timestamp, data } = JSON.parse(request.body) as Pick<Heard, "type" | "timestamp" | "data">;
      receiver.heard.push({ id: id ?? "", type, at: Number(at), timestamp, data, request });
    }
    return receiver.answer(request);
  });
  receiver.url = `${receiver.server.origin}/regua`;
  receiver.types = () => receiver.heard.map(({ type }) => type);
  return receiver;
}

/** Seals under a key of the test's own. */
export function aVault(name = "key of this test"): Vault {
  const key = masterKey(Buffer.from(sha256(name), "hex"));
  let used = 0;
  const chance = (): Uint8Array =>
    Buffer.concat([1, 2].map((part) => Buffer.from(sha256(`${name} ${part} ${(used += 1)}`), "hex"))).subarray(0, CHANCE_TO_SEAL);
  return { seal: (place, text) => seal(text, place, key, chance()), open: (place, sealed) => unseal(sealed, place, [key]) };
}

let tokens = 0;

export function aCourier(world: World, change: Partial<Courier> = {}): Courier {
  return {
    engine: world.engine,
    sender: new HttpWebhookSender({ reach: "loopback" }),
    vault: aVault(),
    newToken: () => `courier-${(tokens += 1)}`,
    log: { info: () => undefined, error: () => undefined },
    ...change,
  };
}

/** 32 bytes, another each time. */
export const newSecret = (): string => Buffer.from(sha256(`secret ${(tokens += 1)}`), "hex").toString("base64url");
