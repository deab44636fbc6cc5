// The measurement of payments: from a webhook that comes in to the panel call that it causes, beside a bare route that only keeps a row.
import pino from "pino";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { openGateway } from "../src/adapters/gateways/open.ts";
import { makeMetrics } from "../src/api/metrics.ts";
import { buildApi } from "../src/api/server.ts";
import { startMoney } from "../src/jobs/money.ts";
import { JOBS } from "../src/jobs/motor.ts";
import { assert } from "../src/kernel/assert.ts";
import { systemClock, wait } from "../src/kernel/clock.ts";
import { MINUTE_MS } from "../src/kernel/time.ts";
import { OUR_MARK } from "../src/ports/control-panel.ts";
import { openBare } from "./bare.ts";
import { accountOf, buildDebtors, checkPaid } from "./debtors.ts";
import { openPlace, type Place, type Start } from "./place.ts";
import { clockMs, startSender, type Answered, type Sender } from "./sending.ts";

export interface PaymentsOptions extends Start {
  /** Webhooks a second. */
  rate: number;
  seconds: number;
  /** As the configuration has them by default. */
  connections: number;
  parallel: number;
  newToken: () => string;
  onProgress: (done: number, doing: string) => void;
}

/** Milliseconds. */
export interface Spread {
  p50: number;
  p99: number;
  max: number;
}

export interface PaymentsMeasured {
  rate: number;
  seconds: number;
  payments: number;
  /** The bare route's answer. */
  bare: Spread;
  /** Our answer to the webhook. */
  answer: Spread;
  /** From the webhook to the call that lets the account up again. */
  called: Spread;
  /** Times the bare route's answer, by the same percentile. */
  ratio: { answer: Pick<Spread, "p50" | "p99">; called: Pick<Spread, "p50" | "p99"> };
  /** Journeys to the database a payment, all told; statements that travel together are one. */
  statements: number;
  /** The server's folder lies in memory, where fsync costs nothing. */
  inMemory: boolean;
}

export const PAYMENT_PARTS = 5;

/** All services must be up this long after the last webhook; a run that takes longer has fallen behind for good. */
const LATEST_MS = 2 * MINUTE_MS;

export async function measurePayments(options: PaymentsOptions): Promise<PaymentsMeasured> {
  let done = 0;
  const part = (doing: string): void => options.onProgress(done++, doing);
  part("starting a database server");
  const place = await openPlace(options, { clock: systemClock, connections: options.connections });
  const sender = await startSender();
  try {
    const payments = options.rate * options.seconds;
    part("the bare route");
    const bare = await runBare(place, sender, options, payments);
    part(`building ${payments.toLocaleString("en")} customers`);
    await buildDebtors(place.owner, payments, systemClock.now());
    await place.checkpoint();
    part("payments");
    const ours = await runOurs(place, sender, options, payments);
    part("checking");
    await checkPaid(place.owner, payments);
    const { rate, seconds } = options;
    const spreads = { bare: spread(bare.due, bare.answered), answer: spread(ours.due, ours.answered) };
    const called = spread(ours.due, ours.called);
    const times = (of: Spread) => ({ p50: of.p50 / spreads.bare.p50, p99: of.p99 / spreads.bare.p99 });
    return {
      rate,
      seconds,
      payments,
      ...spreads,
      called,
      ratio: { answer: times(spreads.answer), called: times(called) },
      statements: ours.statements / payments,
      inMemory: place.inMemory,
    };
  } finally {
    await sender.close();
    await place.close();
  }
}

async function runBare(place: Place, sender: Sender, { rate, connections }: PaymentsOptions, count: number): Promise<Answered> {
  const now = systemClock.now();
  const bare = await openBare(place.url, place.owner, { secret: SECRET, now, connections });
  try {
    await place.checkpoint();
    const told = await sender.send({ url: bare.url, secret: SECRET, count, rate, now });
    assert(told.refused === 0, `the bare route refused ${told.refused} webhooks`);
    return told;
  } finally {
    await bare.close();
  }
}

const SECRET = "segredo-da-medicao-0123456789abcdef";

interface Ours extends Answered {
  called: Float64Array;
  statements: number;
}

/** The program at work, put together as `regua serve` does, with a panel that notes when it is called. */
async function runOurs(place: Place, sender: Sender, options: PaymentsOptions, count: number): Promise<Ours> {
  const { engine, motor } = place;
  const now = systemClock.now();
  const noted = await notingPanel(count);
  const gateway = openGateway(
    { kind: "mercadopago", access_key: "APP_USR-bench", base_url: sender.gateway, webhook_secret: SECRET, webhook_age_hours: 1 },
    { clock: systemClock, folder: "." },
  );
  const log = pino({ level: "info" }, { write: () => undefined });
  // Polls of the gateway are no part of it: the webhook's own way is measured.
  const money = startMoney({ engine, gateways: new Map([["mercadopago", gateway]]), log, polls: false });
  const metrics = makeMetrics(engine);
  const { newToken } = options;
  const api = await buildApi({
    ...{ engine, intake: money.intake, panels: ["sandbox"], mode: "live", metrics, motor: () => "working", version: "0", log, newToken },
  });
  try {
    const address = await api.listen({ host: "127.0.0.1", port: 0 });
    const outside = { mailers: new Map([["email", new SandboxMailer()]]), panels: new Map([["sandbox", noted.panel]]) };
    await motor.work(
      { engine, outside, newToken, parallel: options.parallel },
      { parallel: JOBS, onTally: (tally) => metrics.count(tally) },
    );
    const before = place.statements();
    const told = await sender.send({ url: `${address}/hooks/gateways/mercadopago`, secret: SECRET, count, rate: options.rate, now });
    assert(told.refused === 0, `${told.refused} webhooks were refused`);
    await untilDone(place, count);
    return { ...told, ...noted, statements: place.statements() - before };
  } finally {
    await api.close();
    await money.stop();
    await gateway.close();
  }
}

async function notingPanel(count: number): Promise<{ panel: SandboxPanel; called: Float64Array }> {
  const accounts = new InMemorySandboxAccounts();
  const numbers = new Map<string, number>();
  for (let n = 1; n <= count; n += 1) {
    await accounts.write(accountOf(n), { access: "suspended", by: "us", reason: OUR_MARK });
    numbers.set(accountOf(n), n - 1);
  }
  const called = new Float64Array(count);
  const panel = new SandboxPanel({
    accounts,
    // Asked as each call begins; the account has been read before.
    faults: ({ operation, account }) => {
      const n = operation === "unsuspend" ? numbers.get(account ?? "") : undefined;
      if (n !== undefined && called[n] === 0) called[n] = clockMs();
      return "ok";
    },
  });
  return { panel, called };
}

async function untilDone({ owner }: Place, count: number): Promise<void> {
  const latest = clockMs() + LATEST_MS;
  for (;;) {
    const { rows } = await owner.query<{ up: number; open: number; waiting: number }>(
      `SELECT (SELECT count(*)::int FROM service WHERE actual = 'active') AS up, (SELECT count(*)::int FROM outbox WHERE state = 'open') AS open,
         (SELECT count(*)::int FROM hook_event WHERE state = 'waiting') AS waiting`,
    );
    const [row] = rows;
    if (row && row.up === count && row.open === 0 && row.waiting === 0) return;
    assert(clockMs() < latest, `${row?.up ?? 0} of ${count} services are up two minutes after the last webhook`);
    await wait(200);
  }
}

function spread(from: Float64Array, to: Float64Array): Spread {
  const took = to.map((end, i) => end - (from[i] ?? 0)).sort();
  const at = (share: number): number => took[Math.min(took.length - 1, Math.ceil(share * took.length) - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
