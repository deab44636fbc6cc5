// The unit of work for named customers: take them, change facts, decide again, write everything in one transaction.
import { ReguaError } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { assert } from "../kernel/assert.ts";
import { decide } from "../policy/decide.ts";
import type { CustomerChange } from "../store/change-rows.ts";
import { writeTaken } from "../store/changes.ts";
import type { Trx } from "../store/database.ts";
import { inTransaction } from "../store/retry.ts";
import { readCases, readCasesOf, type Case, type CustomerRow } from "../store/facts.ts";
import { takeWithSetting } from "../store/setting.ts";
import type { Setting } from "./setting.ts";
import type { Engine } from "./engine.ts";
import { count, wakeFor, type Tally } from "./evaluate.ts";
import { Journal, stampOf } from "./journal.ts";
import { idsNeeded, planChange } from "./plan.ts";

/** What a use case changes facts with. */
export interface Unit {
  trx: Trx;
  now: Instant;
  setting: Setting;
  /** The customers taken, by id. */
  customers: ReadonlyMap<Id, CustomerRow>;
  /** The facts before the change; read when asked for. */
  cases(): Promise<readonly Case[]>;
  /** Adds to a customer's evidence. */
  record(customerId: Id, kind: string, actor: string, body: Json): void;
}

const NOBODY: ReadonlySet<Id> = new Set();

/**
 * Runs `work` with the customers taken, then decides them anew and writes state, outbox and evidence with it. All or nothing.
 * `work` may run again after a deadlock; it must keep nothing outside the transaction.
 */
export async function changeCustomers<T>(
  engine: Engine,
  customerIds: readonly Id[],
  work: (unit: Unit) => Promise<T>,
  options: { tally?: Tally } = {},
): Promise<T> {
  const changes: CustomerChange[] = [];
  const result = await inTransaction(engine.db, async (trx) => {
    changes.length = 0;
    const before = engine.clock.now();
    const { taken, setting: row } = await takeWithSetting(trx, customerIds, before);
    // Read under the lock, so that a customer's evidence never runs backwards.
    const now = engine.clock.now();
    const setting = await engine.settings.since(trx, row, before, now);
    const stamp = stampOf(now, setting.zone);
    const journals = new Map(taken.map((row) => [row.id, new Journal(row.ref, { seq: row.evidence_seq, hash: row.evidence_hash }, stamp)]));
    const value = await work({
      trx,
      now,
      setting,
      customers: new Map(taken.map((row) => [row.id, row])),
      cases: () => readCases(trx, taken, setting.channels),
      record: (customerId, kind, actor, body) => {
        const journal = journals.get(customerId);
        assert(journal, "evidence for a customer that was not taken");
        journal.add(kind, actor, body);
      },
    });
    const cases = await readCasesOf(
      trx,
      taken.map((row) => row.id),
      setting.channels,
    );
    const decisions = cases.map((found) => decide(found.facts, setting.policy, now));
    const block = await engine.ids.take(decisions.reduce((sum, decision) => sum + idsNeeded(decision), 0));
    for (const [i, found] of cases.entries()) {
      const decision = decisions[i];
      const journal = journals.get(found.facts.id);
      assert(decision && journal, "a customer without its decision");
      changes.push(planChange(found, decision, setting, block, journal));
    }
    await writeTaken(trx, changes);
    await wakeFor(engine, trx, changes, NOBODY);
    return value;
  });
  if (options.tally) for (const change of changes) count(options.tally, change);
  return result;
}

/** The same for one customer. */
export async function changeCustomer<T>(engine: Engine, customerId: Id, work: (unit: Unit, found: Case) => Promise<T>): Promise<T> {
  return changeCustomers(engine, [customerId], async (unit) => {
    const [found] = await unit.cases();
    if (!found) throw new ReguaError("customer_unknown", { value: customerId });
    return work(unit, found);
  });
}
