// Gateways polled since a cursor, so that no webhook is needed: one process at a time for each gateway, wherever it runs.
import { recordGatewayPayment } from "../engine/record-gateway-payment.ts";
import { deadline } from "../kernel/clock.ts";
import { DAY_MS, MINUTE_MS } from "../kernel/time.ts";
import type { PaymentGateway, PollPage } from "../ports/payment-gateway.ts";
import { unknown, type Outcome } from "../ports/outcome.ts";
import { movePoll, takePoll, type Cursor } from "../store/gateways.ts";
import { retryAfter, type GatewayIntake, type IntakeOptions } from "./gateway-intake.ts";

/** Asaas, the strictest, allows 25,000 calls in twelve hours: a poll of a few calls every two minutes is a tenth of it. */
const EVERY_MS = 2 * MINUTE_MS;
/** A poll whose process died is taken over after this; each page renews it. */
const TAKEN_MS = 3 * MINUTE_MS;
const PAGE_DEADLINE_MS = 60_000;
/** What was paid up to a week before a gateway was set up here is looked at too. */
const FIRST_LOOK_BACK_MS = 7 * DAY_MS;

export interface PollOptions extends IntakeOptions {
  intake: GatewayIntake;
  /** True once the program is asked to stop: the page in hand is finished. */
  stopping?: () => boolean;
}

/** Polls every gateway whose time has come. A gateway that fails holds up no other. Answers how many payments were told. */
export async function pollGateways(options: PollOptions): Promise<number> {
  const told = await Promise.all([...options.gateways].map(([name, gateway]) => pollOne(options, name, gateway)));
  return told.reduce((sum, each) => sum + each, 0);
}

async function pollOne(options: PollOptions, name: string, gateway: PaymentGateway): Promise<number> {
  const { engine, log } = options;
  const begun = engine.motorClock.now();
  const since = begun - FIRST_LOOK_BACK_MS;
  const taken = await takePoll(engine.db, name, { now: begun, until: begun + TAKEN_MS, since });
  if (!taken) return 0;
  let told = 0;
  let at: Cursor = taken;
  for (;;) {
    const now = engine.motorClock.now();
    const page = await pageOf(gateway, at, now);
    if (page.outcome !== "done") {
      const failures = at.failures + 1;
      log.error({ gateway: name, reason: page.reason, failures }, "poll failed");
      await movePoll(engine.db, name, { cursor: null, now, notBefore: now + retryAfter(failures), failures, answer: page.reason });
      return told;
    }
    const { payments, cursor, more } = page.value;
    for (const payment of payments)
      try {
        await recordGatewayPayment(engine, name, payment, now);
      } catch (error) {
        log.error({ err: error, gateway: name }, "payment not brought in");
        await options.intake.putOff(name, payment.paymentId, error instanceof Error ? error.message : String(error));
      }
    told += payments.length;
    const goesOn = more && !options.stopping?.();
    const notBefore = goesOn ? engine.motorClock.now() + TAKEN_MS : more ? now : now + EVERY_MS;
    // Only now: a cursor ahead of its payments would lose them.
    await movePoll(engine.db, name, { cursor, now, notBefore, failures: 0, answer: null });
    if (!goesOn) return told;
    at = { ...at, cursor, failures: 0 };
  }
}

async function pageOf(gateway: PaymentGateway, { cursor, since }: Cursor, now: number): Promise<Outcome<PollPage>> {
  try {
    return await gateway.poll({ cursor, since, now }, { signal: deadline(PAGE_DEADLINE_MS) });
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
