// Money's own loop in a running installation: events left over, polls whose time has come, credit that the policy lets pay.
import { applyCreditsByPolicy } from "../engine/apply-credit.ts";
import { every } from "../kernel/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import { purgeEvents } from "../store/gateways.ts";
import { workCharges, type Charger } from "./charges.ts";
import { GatewayIntake, type IntakeOptions } from "./gateway-intake.ts";
import { pollGateways } from "./gateway-poll.ts";

const LOOK_MS = 5_000;
/** Longer than any gateway repeats a delivery (Asaas keeps events for 14 days). */
const EVENTS_KEPT_MS = 60 * DAY_MS;

export interface Money {
  /** Takes webhooks in. */
  intake: GatewayIntake;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

export interface MoneyOptions extends IntakeOptions {
  /** False where webhooks alone are wanted, as in a measurement of them. */
  polls?: boolean;
  /** Makes the charges of invoices; absent: none are made here. */
  charger?: Charger | null;
}

export function startMoney(options: MoneyOptions): Money {
  const { engine, gateways, log } = options;
  const intake = new GatewayIntake(options);
  let stopping = false;
  let minute: Instant | null = null;
  let hour: Instant | null = null;
  const look = every(LOOK_MS, async () => {
    try {
      if (gateways.size > 0) {
        await intake.workOff();
        if (options.polls !== false) await pollGateways({ ...options, intake, stopping: () => stopping });
      }
      const now = engine.motorClock.now();
      if (minute === null || now - minute >= MINUTE_MS) {
        minute = now;
        await applyCreditsByPolicy(engine);
        if (options.charger) await workCharges(options.charger, log, () => stopping);
      }
      if (hour === null || now - hour >= HOUR_MS) {
        await purgeEvents(engine.db, now - EVENTS_KEPT_MS);
        hour = now;
      }
    } catch (error) {
      log.error({ err: error }, "money");
    }
  });
  return {
    intake,
    stop: async () => {
      stopping = true;
      await look.stop();
      await intake.rest();
    },
  };
}
