// Numbers for the monitoring: what the motor did, what waits and since when, and how long requests take. No personal data.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Engine } from "../engine/engine.ts";
import type { Tally } from "../engine/evaluate.ts";
import { unseenMoney } from "../engine/unseen-money.ts";
import { readVitals } from "../engine/vitals.ts";

export interface Metrics {
  /** Everything, in the text format. */
  text(): Promise<string>;
  contentType: string;
  /** Adds what a run of the motor did in this process. */
  count(tally: Tally): void;
  observe(request: { method: string; route: string; code: number }, seconds: number): void;
}

/** From a read by key to a bundle of years. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function makeMetrics(engine: Engine): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name: `regua_${name}_total`, help, labelNames, registers });
  const customers = counter("customers_decided", "Customers decided by this process.");
  const messages = counter("messages_decided", "Messages put into the outbox by this process.");
  const notices = counter("notices_decided", "Notices decided by this process, by step.", ["step"]);
  const holds = counter("overdue_holds_placed", "Overdue holds placed by this process.");
  const faults = counter("faults", "Customers that this process could not decide and set aside.");
  const http = new Histogram({
    name: "regua_http_request_seconds",
    help: "Time to answer a request, by route.",
    labelNames: ["method", "route", "code"],
    buckets: BUCKETS,
    registers,
  });
  const look = gauges(engine, registry);
  return {
    text: async () => {
      await look();
      return registry.metrics();
    },
    contentType: registry.contentType,
    count: (tally) => {
      customers.inc(tally.customers);
      messages.inc(tally.messages);
      holds.inc(tally.holds);
      faults.inc(tally.faults);
      for (const [step, n] of Object.entries(tally.notices)) notices.inc({ step }, n);
    },
    observe: ({ method, route, code }, seconds) => http.observe({ method, route, code: String(code) }, seconds),
  };
}

/** Read from the database when they are asked for; the same in every process. */
function gauges(engine: Engine, registry: Registry): () => Promise<void> {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge({ name: `regua_${name}`, help, labelNames, registers });
  const open = gauge("outbox_open", "Outbox rows not done, by kind.", ["kind"]);
  const age = gauge("outbox_oldest_seconds", "How long the oldest outbox row that could be done has waited, by kind.", ["kind"]);
  const due = gauge("customers_due", "Customers whose time has come and who wait to be decided.");
  const breaker = gauge("breaker_tripped", "1 while suspensions wait for a person.");
  const unseen = gauge("receipts_unseen", "Receipts declared as paid a week ago or longer, and seen in no account.");
  const waiting = gauge("money_waiting", "Payments that wait for their owner.");
  return async () => {
    const vitals = await readVitals(engine);
    for (const kind of ["message", "access", "terminate"] as const) {
      const load = vitals.outbox.find((each) => each.kind === kind);
      open.set({ kind }, load?.open ?? 0);
      age.set({ kind }, Math.max(0, vitals.now - (load?.oldestAt ?? vitals.now)) / 1000);
    }
    due.set(vitals.due);
    breaker.set(vitals.breakerTrippedAt === null ? 0 : 1);
    const money = await unseenMoney(engine);
    unseen.set(money.declared.count);
    waiting.set(money.waiting.count);
  };
}
