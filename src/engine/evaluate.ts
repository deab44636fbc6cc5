// Decides a batch of customers and writes what follows: facts read in sets, one transaction, stale ones decided again.
import { letOthersIn } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { decide } from "../policy/decide.ts";
import type { Decision } from "../policy/decision.ts";
import type { CustomerChange } from "../store/change-rows.ts";
import { writeChanges } from "../store/changes.ts";
import type { Trx } from "../store/database.ts";
import { inTransaction } from "../store/retry.ts";
import { customersById, readCases, type Case, type CustomerRow } from "../store/facts.ts";
import type { Setting } from "./setting.ts";
import { markFault } from "../store/customers.ts";
import { isAway } from "../store/trouble.ts";
import type { Engine, Wake } from "./engine.ts";
import { Journal, stampOf } from "./journal.ts";
import { idsNeeded, planChange } from "./plan.ts";

/** What a run did, to be counted and shown. */
export interface Tally {
  customers: number;
  messages: number;
  notices: Record<string, number>;
  holds: number;
  /** Customers set aside because deciding or writing them failed; a person is told. */
  faults: number;
}

export function emptyTally(): Tally {
  return { customers: 0, messages: 0, notices: {}, holds: 0, faults: 0 };
}

/** A customer changed by somebody else is decided again at most this often in one run; then the next sweep has it. */
const MAX_ROUNDS = 5;

/** An hour until a customer that could not be decided is tried again: a defect must not spin. */
const FAULT_DELAY_MS = 3_600_000;

/** Evaluates the customers given. A failing batch is halved until the one that fails stands alone; the others are written. */
export async function evaluateCustomers(
  engine: Engine,
  setting: Setting,
  customers: readonly CustomerRow[],
  now: Instant,
  tally: Tally,
): Promise<void> {
  let rows = customers;
  for (let round = 0; rows.length > 0 && round < MAX_ROUNDS; round += 1) {
    const stale = await evaluateOrHalve(engine, setting, rows, now, tally);
    rows = stale.length === 0 ? [] : await customersById(engine.db, stale);
  }
}

async function evaluateOrHalve(engine: Engine, setting: Setting, rows: readonly CustomerRow[], now: Instant, tally: Tally): Promise<Id[]> {
  try {
    return await evaluateOnce(engine, setting, rows, now, tally);
  } catch (error) {
    // Nobody's own defect: the next sweep has them all again.
    if (isAway(error)) throw error;
    const [only] = rows;
    if (only && rows.length === 1) {
      await markFault(engine.db, only.id, error instanceof Error ? error.message : String(error), now + FAULT_DELAY_MS);
      tally.faults += 1;
      return [];
    }
    const half = Math.ceil(rows.length / 2);
    const first = await evaluateOrHalve(engine, setting, rows.slice(0, half), now, tally);
    return [...first, ...(await evaluateOrHalve(engine, setting, rows.slice(half), now, tally))];
  }
}

async function evaluateOnce(engine: Engine, setting: Setting, rows: readonly CustomerRow[], now: Instant, tally: Tally): Promise<Id[]> {
  const cases = await readCases(engine.db, rows, setting.channels);
  const changes = await planCases(engine, setting, cases, now);
  const stale = await inTransaction(engine.db, async (trx) => {
    const lost = await writeChanges(trx, changes);
    await wakeFor(engine, trx, changes, lost);
    return lost;
  });
  for (const change of changes) if (!stale.has(change.customerId)) count(tally, change);
  return [...stale];
}

/** Customers whose decisions are in memory at once. Kept for a whole batch they outlive two scavenges, and are copied each time. */
const SLICE = 100;

async function planCases(engine: Engine, setting: Setting, cases: readonly Case[], now: Instant): Promise<CustomerChange[]> {
  const stamp = stampOf(now, setting.zone);
  const changes: CustomerChange[] = [];
  for (let from = 0; from < cases.length; from += SLICE) {
    const some = cases.slice(from, from + SLICE);
    const decisions: Decision[] = some.map((found) => decide(found.facts, setting.policy, now));
    const ids = await engine.ids.take(decisions.reduce((sum, decision) => sum + idsNeeded(decision), 0));
    for (const [i, found] of some.entries()) {
      const journal = new Journal(found.facts.ref, found.evidence, stamp);
      changes.push(planChange(found, decisions[i] as Decision, setting, ids, journal));
    }
    // The other batches' answers: while this one is decided, the database would wait for them.
    await letOthersIn();
  }
  return changes;
}

/** One wake-up for all outbox rows of the transaction, and one before it for those that let somebody up again. */
export async function wakeFor(engine: Engine, trx: Trx, changes: readonly CustomerChange[], without: ReadonlySet<Id>): Promise<void> {
  if (engine.wake === null) return;
  const urgent: Id[] = [];
  const others: Id[] = [];
  for (const change of changes) {
    if (without.has(change.customerId)) continue;
    const releases = new Set(change.access.flatMap(({ desired, outboxId }) => (desired === "active" ? [outboxId] : [])));
    for (const { id } of change.outbox) (releases.has(id) ? urgent : others).push(id);
  }
  if (urgent.length > 0) await engine.wake(trx, { ...rangeOf(urgent), urgent: true });
  if (others.length > 0) await engine.wake(trx, rangeOf(others));
}

function rangeOf(ids: readonly Id[]): Wake {
  return { from: ids.reduce((least, id) => Math.min(least, id)), to: ids.reduce((most, id) => Math.max(most, id)) };
}

/** Adds what was written for one customer. */
export function count(tally: Tally, change: CustomerChange): void {
  tally.customers += 1;
  tally.holds += change.holds.length;
  for (const row of change.outbox) if (row.kind === "message") tally.messages += 1;
  for (const notice of change.notices) tally.notices[notice.step] = (tally.notices[notice.step] ?? 0) + 1;
}
