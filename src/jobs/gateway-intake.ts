// Gateways' webhooks taken in: verified, kept once, answered at once, and worked off by reading the payment at the gateway itself.
import type { GatewayOutcome } from "../engine/record-gateway-payment.ts";
import { recordGatewayPayments, type ToldPayment } from "../engine/record-gateway-payments.ts";
import type { Engine } from "../engine/engine.ts";
import { deadline } from "../kernel/clock.ts";
import { sha256 } from "../kernel/hash.ts";
import { HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import type { PaymentGateway, PaymentHint, WebhookDelivery } from "../ports/payment-gateway.ts";
import { countForged, endEvents, insertEvents, putOffEvents, takeEvents, type Event, type EventName } from "../store/gateways.ts";
import { Gathering } from "./gathering.ts";
import type { MotorLog } from "./motor.ts";

export interface IntakeOptions {
  engine: Engine;
  /** By the name that the configuration gives them: it is the source of their receipts. */
  gateways: ReadonlyMap<string, PaymentGateway>;
  log: MotorLog;
  /** Payments in hand at the same time. */
  parallel?: number;
}

/** A reading that takes longer is given up, and done again later. */
const READ_DEADLINE_MS = 30_000;
/** Whoever took an event has this long; then it is taken for lost with its process. */
const TAKEN_MS = 2 * MINUTE_MS;
const FIRST_RETRY_MS = 10_000;
/** About two days of tries; a gateway's own poll has brought the payment in long before. */
const ATTEMPTS_MAX = 60;
/** Of an event id: gateways' own are far shorter, and an index takes no long ones. */
const EVENT_ID_MAX = 200;
const BATCH = 500;
/** Readings in hand, from the question to the gateway to the end of the event. Asaas, the strictest, allows 50 questions at once. */
const PARALLEL = 32;
/** Payments in one transaction: the locks of so many customers are held for its time. */
const BOOKED_TOGETHER = 50;

/** An event as it is worked on: over when all its hints are. */
interface Work {
  gateway: string;
  eventId: string;
  attempts: number;
  left: number;
  failure: string | null;
}

interface Reading {
  gateway: string;
  hint: PaymentHint;
  works: Work[];
}

export type Delivered = "taken" | "forged" | "gateway_unknown";

export class GatewayIntake {
  readonly #options: IntakeOptions;
  /** Readings to come. Events of the same payment that arrive before it is read share one reading. */
  readonly #queue = new Map<string, Reading>();
  readonly #running = new Set<Promise<void>>();
  readonly #forged = new Map<string, number>();
  #counting: Promise<void> | null = null;

  // A burst costs a few transactions and not one for each event, and each waits for one commit of the disk at most before its own.
  readonly #keeping = new Gathering<Event, boolean>(BATCH, (events) => this.#keep(events));
  readonly #booking = new Gathering<ToldPayment, GatewayOutcome | Error>(BOOKED_TOGETHER, (told) =>
    recordGatewayPayments(this.#options.engine, told),
  );
  readonly #ending = new Gathering<EventName, null>(BATCH, async (events) => {
    const { db, motorClock } = this.#options.engine;
    await endEvents(db, events, "read", motorClock.now());
    return events.map(() => null);
  });

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Verifies and keeps a delivery. The answer to it need not wait for more. */
  async deliver(gateway: string, delivery: WebhookDelivery): Promise<Delivered> {
    const { engine, gateways, log } = this.#options;
    const found = gateways.get(gateway);
    if (!found) return "gateway_unknown";
    const now = engine.motorClock.now();
    const verdict = found.verifyWebhook(delivery, now);
    if (verdict.verdict === "forged") {
      log.info({ gateway, reason: verdict.reason }, "webhook refused");
      this.#countForged(gateway);
      return "forged";
    }
    const eventId = verdict.eventId.length > EVENT_ID_MAX ? sha256(verdict.eventId) : clean(verdict.eventId);
    const hints = verdict.hints.map(({ kind, id }) => ({ kind, id: clean(id) }));
    const event = { gateway, eventId, kind: clean(verdict.kind).slice(0, 100), hints };
    if (await this.#keeping.add(event)) this.#enqueue({ ...event, attempts: 0 });
    return "taken";
  }

  /** Works off events that were left over: put off, or lost with a process. */
  async workOff(): Promise<void> {
    const { db, motorClock } = this.#options.engine;
    for (;;) {
      const now = motorClock.now();
      const events = await takeEvents(db, { now, until: now + TAKEN_MS, limit: BATCH });
      for (const event of events) this.#enqueue(event);
      await this.rest();
      if (events.length < BATCH) return;
    }
  }

  /** A payment that could not be brought in waits as an event of our own, and holds up nothing behind it. */
  async putOff(gateway: string, paymentId: string, failure: string): Promise<void> {
    const { db, motorClock } = this.#options.engine;
    const now = motorClock.now();
    const event = { gateway, eventId: `regua:${sha256(`${paymentId} ${now}`)}`, kind: "poll" };
    await insertEvents(db, [{ ...event, hints: [{ kind: "payment", id: clean(paymentId) }] }], now, now + FIRST_RETRY_MS);
    await putOffEvents(db, [event], failure, now + FIRST_RETRY_MS);
  }

  /** Resolves when all that was taken in has been worked on. */
  async rest(): Promise<void> {
    while (this.#running.size > 0 || this.#counting) await Promise.all([...this.#running, this.#counting]);
  }

  /** Answers for each whether it is new. A delivery that came twice at the same moment is new once. */
  async #keep(events: readonly Event[]): Promise<boolean[]> {
    const { db, motorClock } = this.#options.engine;
    const now = motorClock.now();
    const kept = new Set((await insertEvents(db, events, now, now + TAKEN_MS)).map(({ gateway, eventId }) => `${gateway} ${eventId}`));
    return events.map(({ gateway, eventId }) => kept.delete(`${gateway} ${eventId}`));
  }

  #enqueue(event: { gateway: string; eventId: string; attempts: number; hints: readonly PaymentHint[] }): void {
    const { gateway, eventId, attempts, hints } = event;
    const work: Work = { gateway, eventId, attempts, left: hints.length, failure: null };
    for (const hint of hints) {
      const key = `${gateway} ${hint.kind} ${hint.id}`;
      const there = this.#queue.get(key);
      if (there) there.works.push(work);
      else this.#queue.set(key, { gateway, hint, works: [work] });
    }
    this.#pump();
  }

  #pump(): void {
    while (this.#running.size < (this.#options.parallel ?? PARALLEL)) {
      const [next] = this.#queue;
      if (!next) return;
      // From here on a further event of this payment needs a reading of its own: this one may have begun before what it tells of.
      this.#queue.delete(next[0]);
      const run = this.#read(next[1]).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  /** Never throws: what fails is put off. */
  async #read(reading: Reading): Promise<void> {
    const { engine, gateways, log } = this.#options;
    const { gateway, hint, works } = reading;
    let failure: string | null = null;
    try {
      const askedAt = engine.motorClock.now();
      const found = gateways.get(gateway);
      const outcome = await found?.fetchPayments(hint, { signal: deadline(READ_DEADLINE_MS) });
      if (outcome?.outcome === "done")
        for (const payment of outcome.value) {
          const recorded = await this.#booking.add({ gateway, payment, askedAt });
          if (recorded instanceof Error) throw recorded;
        }
      else failure = outcome?.reason ?? "the gateway is not set up any more";
    } catch (error) {
      log.error({ err: error, gateway }, "payment not brought in");
      failure = error instanceof Error ? error.message : String(error);
    }
    const over = works.filter((work) => {
      work.left -= 1;
      work.failure ??= failure;
      return work.left === 0;
    });
    await this.#end(over).catch((error: unknown) => log.error({ err: error, gateway }, "event not ended"));
  }

  async #end(over: readonly Work[]): Promise<void> {
    const { db, motorClock } = this.#options.engine;
    const now = motorClock.now();
    const read = over.filter((work) => work.failure === null);
    await Promise.all(read.map((work) => this.#ending.add(work)));
    for (const work of over) {
      if (work.failure === null) continue;
      if (work.attempts + 1 >= ATTEMPTS_MAX) await endEvents(db, [work], `given up: ${work.failure}`, now);
      else await putOffEvents(db, [work], work.failure, now + retryAfter(work.attempts));
    }
  }

  /** Counted together while one count is being written: a flood of forgeries costs one statement at a time. */
  #countForged(gateway: string): void {
    this.#forged.set(gateway, (this.#forged.get(gateway) ?? 0) + 1);
    this.#goOnCounting();
  }

  // Cleared by what follows the promise and never inside it: a count that failed before its first await would be set down after its own
  // end, and whoever waits for rest would wait for it in vain without letting anything else happen.
  #goOnCounting(): void {
    this.#counting ??= this.#writeForged().finally(() => {
      this.#counting = null;
      if (this.#forged.size > 0) this.#goOnCounting();
    });
  }

  async #writeForged(): Promise<void> {
    const { engine, log } = this.#options;
    while (this.#forged.size > 0) {
      const counts = [...this.#forged];
      this.#forged.clear();
      try {
        const now = engine.clock.now();
        const { zone } = await engine.settings.load(engine.db, now);
        for (const [gateway, count] of counts) await countForged(engine.db, gateway, zone.dayOf(now), count);
      } catch (error) {
        log.error({ err: error }, "forged webhooks not counted");
      }
    }
  }
}

/** Twice as long each time, up to an hour. */
export function retryAfter(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts, 20), HOUR_MS);
}

/** PostgreSQL keeps no NUL in a text. */
function clean(text: string): string {
  return text.replaceAll("\u0000", "").toWellFormed();
}
