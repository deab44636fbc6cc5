// Takes work from the outbox: leases rows, has each one judged again, and lets the breaker speak before any suspension.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { recordStarts } from "../store/breaker.ts";
import { wakeCustomers } from "../store/customers.ts";
import type { Trx } from "../store/database.ts";
import { insertSent, type SentMail } from "../store/mail-in.ts";
import { inTransaction } from "../store/retry.ts";
import { readCasesOf, takeCustomers } from "../store/facts.ts";
import {
  claimable,
  dropCalls,
  endAttempts,
  endNotices,
  leaseRows,
  leaseServices,
  releaseServices,
  unknownBefore,
  type AttemptEnd,
  type OutboxRow,
} from "../store/outbox.ts";
import { allowSuspensions, BLOCKED_DELAY_MS } from "./breaker.ts";
import { changeCustomers } from "./change.ts";
import type { Engine, Wake } from "./engine.ts";
import type { Tally } from "./evaluate.ts";
import { LANDED_BY_MS } from "./landing.ts";
import type { Setting } from "./setting.ts";
import { sift, type AccessTask, type Sifted, type Task } from "./sift.ts";

export interface Claimed {
  tasks: Task[];
  /** What they were judged by; null where nothing was found to judge. */
  setting: Setting | null;
  /** Rows that left the queue or became tasks; zero means that nothing is left to do now. */
  moved: number;
}

export interface ClaimOptions {
  /** Names the claim; nobody else may use it. */
  token: string;
  limit: number;
  leaseMs: number;
  range?: Wake | undefined;
  tally?: Tally | undefined;
}

/** Claim: lock, read again, decide again. What is no longer right is superseded, and its customer decided anew at once. */
export async function claimTasks(engine: Engine, options: ClaimOptions): Promise<Claimed> {
  const now = engine.clock.now();
  const motorNow = engine.motorClock.now();
  const candidates = await claimable(engine.db, { now, motorNow, limit: options.limit, range: options.range });
  if (candidates.length === 0) return { tasks: [], setting: null, moved: 0 };
  const setting = await engine.settings.load(engine.db, now);
  const lease = { token: options.token, until: motorNow + options.leaseMs, now, motorNow };
  const sifted = await inTransaction(engine.db, async (trx) => {
    // A payment that commits now is either seen below or finds this claim done: calls are decided under the customer's lock.
    await takeCustomers(trx, [...new Set(candidates.filter((c) => c.kind !== "message").map((c) => c.customerId))]);
    const leased = await leaseRows(trx, candidates, lease);
    const before = await unknownBefore(trx, leased);
    const rows = leased.map((row) => ({ ...row, unknowns: row.unknowns + (before.get(row.id) ?? 0) }));
    const services = await leaseServices(trx, callsOf(rows), { ...lease, landedBy: now + LANDED_BY_MS });
    const cases = await readCasesOf(trx, [...new Set(rows.map((row) => row.customerId))], setting.channels);
    const judged = sift(rows, services, cases, setting, now);
    const blocked = await stopAtBreaker(trx, judged.tasks, setting, now);
    const tasks = judged.tasks.filter((task) => !blocked.includes(task.row));
    // Before they leave: a bounce may be faster than the record of what became of them.
    await insertSent(trx, mailsAmong(tasks));
    await giveBack(trx, options.token, judged, blocked, now);
    const called = new Set(tasks.map((task) => (task.kind === "message" ? null : task.service.serviceId)));
    await releaseServices(
      trx,
      options.token,
      services.filter((service) => !called.has(service.serviceId)),
    );
    return { ...judged, tasks, blocked };
  });
  const again = [...new Set(sifted.superseded.map((row) => row.customerId))].sort((a, b) => a - b);
  if (again.length > 0) await changeCustomers(engine, again, () => Promise.resolve(), options.tally ? { tally: options.tally } : {});
  return { tasks: sifted.tasks, setting, moved: sifted.tasks.length + sifted.superseded.length + sifted.blocked.length };
}

/** By these numbers, bounces, complaints and replies find their notice. */
function mailsAmong(tasks: readonly Task[]): SentMail[] {
  const mails = new Map<string, SentMail>();
  for (const task of tasks)
    if (task.kind === "message" && task.payload.channel === "email") {
      const { messageId } = task.payload;
      mails.set(messageId, { messageId, customerId: task.row.customerId, outboxId: task.row.id, mailId: null });
    }
  return [...mails.values()];
}

function callsOf(rows: readonly OutboxRow[]): { customerId: Id; serviceId: Id; outboxId: Id }[] {
  const calls = new Map<Id, { customerId: Id; serviceId: Id; outboxId: Id }>();
  for (const { customerId, serviceId, id } of rows) if (serviceId !== null) calls.set(serviceId, { customerId, serviceId, outboxId: id });
  return [...calls.values()];
}

/** Suspensions beyond what the breaker allows wait for a person. */
async function stopAtBreaker(trx: Trx, tasks: readonly Task[], setting: Setting, now: Instant): Promise<OutboxRow[]> {
  const starting = tasks.filter(
    (task): task is AccessTask => task.kind === "access" && task.desired === "suspended" && task.service.confirmed !== "suspended",
  );
  if (starting.length === 0) return [];
  const allowed = await allowSuspensions(trx, setting, now, starting.length);
  await recordStarts(
    trx,
    starting.slice(0, allowed).map((task) => task.service),
    now,
  );
  return starting.slice(allowed).map((task) => task.row);
}

/** Ends what will not be done under this claim, so that no lease stands without a worker behind it. */
async function giveBack(trx: Trx, token: string, judged: Sifted, blocked: readonly OutboxRow[], now: Instant): Promise<void> {
  const { superseded, busy } = judged;
  await endAttempts(trx, token, [
    ...superseded.map((row) => end(row, "superseded", now, "no longer right when its turn came")),
    ...busy.map((row) => end(row, "open", now, "waits for the call in flight for this service")),
    ...blocked.map((row) => ({ ...end(row, "open", now, "the breaker waits for a person"), notBefore: now + BLOCKED_DELAY_MS })),
  ]);
  if (superseded.length === 0) return;
  const messages = superseded.filter((row) => row.kind === "message");
  await endNotices(
    trx,
    messages.map((row) => ({ customerId: row.customerId, outboxId: row.id, state: "superseded", at: now })),
  );
  await dropCalls(trx, callsOf(superseded));
  // Whoever dies before deciding them anew leaves them to the next sweep.
  await wakeCustomers(trx, [...new Set(superseded.map((row) => row.customerId))], now);
}

function end(row: OutboxRow, state: AttemptEnd["state"], now: Instant, answer: string): AttemptEnd {
  return { customerId: row.customerId, id: row.id, state, unknown: false, tried: false, notBefore: now, answer, endedAt: now };
}
