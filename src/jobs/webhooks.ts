// Hands events to other systems: taken under a lease, sent with no transaction open, and how each ended recorded. Each endpoint in its own time.
import { recordDelivery, forgetDeliveries } from "../engine/record-delivery.ts";
import { secretsOf, type WebhookDesk } from "../engine/webhooks.ts";
import { deadline, every } from "../kernel/clock.ts";
import { HOUR_MS, type Instant } from "../kernel/time.ts";
import type { WebhookAnswer } from "../ports/webhook-sender.ts";
import { inTransaction } from "../store/retry.ts";
import { releaseDeliveries, takeDeliveries, type TakenDelivery } from "../store/webhook-deliveries.ts";
import { listEndpoints, readEndpoint, type EndpointRow } from "../store/webhook-endpoints.ts";
import type { MotorLog } from "./motor.ts";

/** What a receiver has to answer; Standard Webhooks 1.0.0 recommends 15 to 30 s. */
export const WEBHOOK_CALL_MS = 15_000;

const BATCH = 20;
/** Calls to one endpoint at the same time. */
const LANES = 4;
/** Each is given its whole deadline within the lease, and one deadline is left over. */
export const WEBHOOK_LEASE_MS = (BATCH / LANES + 1) * WEBHOOK_CALL_MS;
const AT_ONCE_MAX = 5_000;
const LOOK_MS = 2_000;

export interface Courier extends WebhookDesk {
  newToken: () => string;
  log: MotorLog;
}

export interface Delivered {
  accepted: number;
  failed: number;
}

/** Sends what may go now, to every endpoint. */
export async function deliverWebhooks(courier: Courier, stopping: () => boolean = () => false): Promise<Delivered> {
  const endpoints = await listEndpoints(courier.engine.db);
  const all = await Promise.all(endpoints.map(async (endpoint) => deliverTo(courier, endpoint, stopping)));
  return { accepted: sum(all.map((each) => each.accepted)), failed: sum(all.map((each) => each.failed)) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

async function deliverTo(courier: Courier, first: EndpointRow, stopping: () => boolean): Promise<Delivered> {
  const { engine } = courier;
  const told: Delivered = { accepted: 0, failed: 0 };
  for (let endpoint: EndpointRow | null = first; endpoint; endpoint = await readEndpoint(engine.db, first.name)) {
    const now = engine.motorClock.now();
    const done = told.accepted + told.failed;
    if (stopping() || done >= AT_ONCE_MAX || endpoint.state !== "on" || (endpoint.restingUntil ?? now) > now) break;
    const secrets = secretsOf(courier.vault, endpoint, now);
    if (secrets === null) {
      // Another process may have the key; the doctor tells whom it concerns.
      courier.log.error({ webhook: endpoint.name }, "the secret of a webhook does not open under this machine's key");
      break;
    }
    const before = told.failed;
    if (!(await aBatch(courier, endpoint, secrets, told, stopping)) || told.failed > before) break;
  }
  return told;
}

/** One that failed lately is asked with one event; after a failure nothing more of the batch goes. False: there was nothing. */
async function aBatch(
  courier: Courier,
  endpoint: EndpointRow,
  secrets: readonly string[],
  told: Delivered,
  stopping: () => boolean,
): Promise<boolean> {
  const { engine, newToken } = courier;
  const now = engine.motorClock.now();
  const token = newToken();
  const limit = endpoint.failingSince === null ? BATCH : 1;
  const ask = { endpoint: endpoint.name, token, now, until: now + WEBHOOK_LEASE_MS, limit };
  const taken = await inTransaction(engine.db, (trx) => takeDeliveries(trx, ask));
  if (taken.length === 0) return false;
  const before = told.failed;
  const left = [...taken];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next && told.failed === before && !stopping(); next = left.shift()) {
      const answer = await handOver(courier, endpoint, next, secrets, ask.until);
      if (answer === null) return;
      await recordDelivery(engine, token, { endpoint, delivery: next }, answer);
      told[answer.outcome === "done" ? "accepted" : "failed"] += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, taken.length) }, lane));
  await releaseDeliveries(engine.db, endpoint.name, token);
  return true;
}

/** Null: the lease no longer covers a call, and another may have the event. */
async function handOver(
  { engine, sender, log }: Courier,
  { name, url }: EndpointRow,
  { eventId, body }: TakenDelivery,
  secrets: readonly string[],
  until: Instant,
): Promise<WebhookAnswer | null> {
  const now = engine.motorClock.now();
  if (until - now < WEBHOOK_CALL_MS) return null;
  const call = { url, id: eventId, timestamp: Math.floor(now / 1000), body, secrets };
  try {
    return await sender.send(call, { signal: deadline(WEBHOOK_CALL_MS) });
  } catch (error) {
    log.error({ err: error, webhook: name }, "webhook");
    return { outcome: "unknown", code: null, words: error instanceof Error ? error.message : String(error), gone: false, waitMs: null };
  }
}

/** Looks every other second; an endpoint that is slow to answer holds up no other. */
export function startWebhooks(courier: Courier): { stop(): Promise<void> } {
  const { engine, log } = courier;
  const busy = new Map<string, Promise<void>>();
  let stopped = false;
  let forgotten: Instant | null = null;
  const begin = (endpoint: EndpointRow): void => {
    const work = deliverTo(courier, endpoint, () => stopped)
      .then(() => undefined)
      .catch((error: unknown) => log.error({ err: error, webhook: endpoint.name }, "webhooks"))
      .finally(() => busy.delete(endpoint.name));
    busy.set(endpoint.name, work);
  };
  const look = every(LOOK_MS, async () => {
    try {
      const endpoints = await listEndpoints(engine.db);
      for (const endpoint of endpoints) if (!busy.has(endpoint.name)) begin(endpoint);
      const now = engine.motorClock.now();
      if (forgotten !== null && now - forgotten < HOUR_MS) return;
      forgotten = now;
      await forgetDeliveries(engine);
    } catch (error) {
      log.error({ err: error }, "webhooks");
    }
  });
  return {
    stop: async () => {
      stopped = true;
      await look.stop();
      await Promise.all(busy.values());
    },
  };
}
