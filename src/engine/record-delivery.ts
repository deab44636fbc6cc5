// How an attempt to hand an event over ended: when it is tried again, when it is given up, and when its endpoint is let be.
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { WebhookAnswer } from "../ports/webhook-sender.ts";
import { inTransaction } from "../store/retry.ts";
import { endDelivery, purgeDeliveries, type DeliveryEnd, type TakenDelivery } from "../store/webhook-deliveries.ts";
import { noteAttempt, stopEndpoint, type EndpointRow } from "../store/webhook-endpoints.ts";
import type { Engine } from "./engine.ts";

/** Before the second to the tenth attempt: the schedule that Standard Webhooks 1.0.0 gives as its example, 75 hours in all. */
export const WEBHOOK_WAITS_MS: readonly number[] = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  DAY_MS,
];

/** An endpoint that accepted nothing for so long is stopped, and a person is told. */
export const STOP_AFTER_MS = 3 * DAY_MS;

/** A down endpoint with much before it is asked by one event at a time, at most so seldom. */
const REST_MAX_MS = 10 * MINUTE_MS;
const REST_MIN_MS = 5_000;
const REST_ASKED_MAX_MS = HOUR_MS;

const DONE_KEPT_MS = 7 * DAY_MS;
const GIVEN_UP_KEPT_MS = 30 * DAY_MS;

/** So that what failed together does not come back together: up to a tenth more, by the event's own name. */
function spread(waitMs: number, eventId: string): number {
  return waitMs < MINUTE_MS ? waitMs : waitMs + Math.floor((waitMs / 10) * (Number.parseInt(eventId.slice(-4), 16) / 0x10000));
}

/** Whether the attempt was recorded: not when its lease was lost meanwhile. */
export async function recordDelivery(
  engine: Engine,
  token: string,
  about: { endpoint: EndpointRow; delivery: TakenDelivery },
  answer: WebhookAnswer,
): Promise<boolean> {
  const { endpoint, delivery } = about;
  const now = engine.motorClock.now();
  const accepted = answer.outcome === "done";
  const end = { ...endOf(delivery, answer, now), endpoint: endpoint.name };
  return inTransaction(engine.db, async (trx) => {
    if (!(await endDelivery(trx, token, end))) return false;
    const restingUntil = accepted ? null : now + restOf(endpoint.failingSince ?? now, answer, now);
    await noteAttempt(trx, { name: endpoint.name, at: now, event: delivery.event, accepted, answer: answer.words, restingUntil });
    const because = accepted ? null : stopBecause(endpoint, answer, now);
    if (because !== null) await stopEndpoint(trx, endpoint.name, because, now);
    return true;
  });
}

function endOf(delivery: TakenDelivery, answer: WebhookAnswer, now: Instant): Omit<DeliveryEnd, "endpoint"> {
  const { customerId, eventId, attempts } = delivery;
  const base = { customerId, eventId, unknown: answer.outcome === "unknown", answer: answer.words };
  if (answer.outcome === "done") return { ...base, state: "done", notBefore: null, endedAt: now };
  const wait = WEBHOOK_WAITS_MS[attempts];
  if (wait === undefined) return { ...base, state: "given_up", notBefore: null, endedAt: now };
  return { ...base, state: "open", notBefore: now + Math.max(spread(wait, eventId), answer.waitMs ?? 0), endedAt: null };
}

/** As long as it has been failing already, so that the pauses double. What it asks for itself is granted up to an hour. */
function restOf(failingSince: Instant, answer: WebhookAnswer, now: Instant): number {
  const own = Math.min(REST_MAX_MS, Math.max(REST_MIN_MS, now - failingSince));
  return Math.max(own, Math.min(answer.waitMs ?? 0, REST_ASKED_MAX_MS));
}

/** Codes, which the reader's language puts into words. */
function stopBecause(endpoint: EndpointRow, answer: WebhookAnswer, now: Instant): "gone" | "failing" | null {
  if (answer.gone) return "gone";
  return endpoint.failingSince !== null && now - endpoint.failingSince >= STOP_AFTER_MS ? "failing" : null;
}

/** What was handed over is forgotten after a week, what was given up after a month. */
export async function forgetDeliveries(engine: Engine): Promise<void> {
  const now = engine.motorClock.now();
  await purgeDeliveries(engine.db, now - DONE_KEPT_MS, now - GIVEN_UP_KEPT_MS);
}
