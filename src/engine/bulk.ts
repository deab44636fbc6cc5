// One act on many customers: each in a unit of work of its own by the rules of the single act, so that one refused never stops the others.
import { ReguaError } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Day, Instant } from "../kernel/time.ts";
import { holdRuns } from "../policy/cover.ts";
import type { CustomerFacts, HoldFacts } from "../policy/facts.ts";
import { insertBulkAct, insertBulkHold } from "../store/bulk.ts";
import { findRefs } from "../store/customers.ts";
import type { Db } from "../store/database.ts";
import { customersById } from "../store/facts.ts";
import { RequestTakenOver } from "../store/idempotency.ts";
import { isAway } from "../store/trouble.ts";
import { holdKindIn } from "../words/inserts.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { grantPromise } from "./grant-promise.ts";
import { placeIn } from "./place-hold.ts";
import { liftIn } from "./release-hold.ts";
import { required } from "./who.ts";

/** As many as a person looks through before doing it. On a machine busy with much else 200 took 21 s: a third of what a request may take. */
export const BULK_MAX = 200;

/** Legal orders and abuse are matters of one customer. */
type BulkHoldKind = Extract<HoldFacts["kind"], "dispute" | "manual">;

export type BulkAct =
  /** Stops the ladder of the whole account through that day, in the provider's time zone. */
  | { act: "hold"; kind: BulkHoldKind; until: Day }
  /** Lifts every hold on collection of that kind. */
  | { act: "lift"; kind: BulkHoldKind }
  /** More time on trust, as staff grant it; until absent: as long as may be. */
  | { act: "time"; until?: Day };

export interface BulkAsk {
  /** By the provider's numbers. */
  customers: readonly string[];
  act: BulkAct;
  reason: string;
  by: string;
}

/** How it ended for one customer. */
export interface BulkRow {
  ref: string;
  name: string;
  /** Null: done. */
  refused: ReguaError | null;
  /** A defect behind the refusal, for the log. */
  fault: unknown;
  /** What was given ends then. */
  until: Instant | null;
}

export interface BulkDone {
  id: Id;
  rows: BulkRow[];
}

/**
 * Carries the act out. What is committed for one customer stays, whatever comes to the others; each evidence names the person, the reason and
 * the number of customers asked for.
 * @throws ReguaError `bulk_too_many`, `words_missing`
 */
export async function actOnMany(engine: Engine, asked: BulkAsk): Promise<BulkDone> {
  const ask = { ...asked, by: required("by", asked.by), reason: required("reason", asked.reason) };
  const refs = fewEnough(ask.customers);
  const id = (await engine.ids.take(1)).next();
  const row = { id, act: ask.act.act, customers: refs.length, reason: ask.reason, at: engine.clock.now(), by: ask.by };
  await insertBulkAct(engine.db, row);
  return { id, rows: await eachOf(await named(engine.db, refs), (customerId) => actOnOne(engine, customerId, ask, row)) };
}

/** Each once. @throws ReguaError `bulk_too_many` */
export function fewEnough(customers: readonly string[]): string[] {
  const refs = [...new Set(customers)];
  if (refs.length > BULK_MAX) throw new ReguaError("bulk_too_many", { count: refs.length, max: BULK_MAX });
  return refs;
}

export interface Named {
  ref: string;
  name: string;
  /** Null: nobody has this number. */
  customerId: Id | null;
}

export async function named(db: Db, refs: readonly string[]): Promise<Named[]> {
  const ids = await findRefs(db, "customer", refs);
  const names = new Map((await customersById(db, [...ids.values()])).map((row) => [row.id, row.name]));
  return refs.map((ref) => {
    const customerId = ids.get(ref) ?? null;
    return { ref, name: names.get(customerId ?? 0) ?? ref, customerId };
  });
}

/** One after another: two of them never wait for each other's rows, and the database serves others in between. */
export async function eachOf(list: readonly Named[], work: (customerId: Id) => Promise<{ until: Instant | null }>): Promise<BulkRow[]> {
  const rows: BulkRow[] = [];
  for (const { ref, name, customerId } of list) {
    const base = { ref, name, fault: null, until: null };
    try {
      if (customerId === null) throw new ReguaError("customer_unknown", { value: ref });
      rows.push({ ...base, refused: null, ...(await work(customerId)) });
    } catch (error) {
      // Whoever took the request over carries it on.
      if (error instanceof RequestTakenOver) throw error;
      if (error instanceof ReguaError) rows.push({ ...base, refused: error });
      else rows.push({ ...base, refused: new ReguaError(isAway(error) ? "busy" : "bulk_row_failed"), fault: error });
    }
  }
  return rows;
}

/** The act on one customer. `of`: the act that it is part of; null where it is only tried. */
export async function actOnOne(
  engine: Engine,
  customerId: Id,
  { act, reason, by }: Pick<BulkAsk, "act" | "reason" | "by">,
  of: { id: Id; customers: number } | null,
): Promise<{ until: Instant | null }> {
  const more: Readonly<Record<string, Json>> = of === null ? {} : { together: { act: of.id, customers: of.customers } };
  if (act.act === "time") {
    const days = act.until === undefined ? {} : { until: act.until };
    return grantPromise(engine, { customer: customerId, ...days, reason, askedBy: "staff", owner: by, more });
  }
  return changeCustomer(engine, customerId, async (unit, { facts }) => {
    if (act.act === "lift") {
      for (const hold of toLift(facts, act.kind, unit.now)) await liftIn(unit, facts, { holdId: hold.id, by, reason }, more);
      return { until: null };
    }
    refuseIdle(facts, unit.now);
    const until = unit.setting.zone.startOf(act.until + 1);
    const request = { kind: act.kind, effect: "collection" as const, until, reason, by };
    const holdId = await placeIn(engine, unit, facts, request, more);
    const before = unit.customers.get(facts.id)?.evidence_seq ?? 0;
    if (of !== null) await insertBulkHold(unit.trx, { customerId: facts.id, actId: of.id, holdId, entry: before + 1 });
    return { until };
  });
}

/** A hold that would change nothing is not placed: it would only have to be found and lifted one day. */
function refuseIdle(facts: CustomerFacts, now: Instant): void {
  if (facts.invoices.length === 0) throw new ReguaError("bulk_nothing_open");
  const stands = facts.holds.find(
    (hold) => hold.effect === "collection" && hold.serviceId === null && hold.invoiceId === null && holdRuns(hold, now),
  );
  if (stands) throw new ReguaError("bulk_hold_stands", { kind: holdKindIn(stands.kind) });
}

/** @throws ReguaError `bulk_no_hold` */
function toLift(facts: CustomerFacts, kind: BulkHoldKind, now: Instant): HoldFacts[] {
  const holds = facts.holds.filter((hold) => hold.kind === kind && hold.effect === "collection" && holdRuns(hold, now));
  if (holds.length === 0) throw new ReguaError("bulk_no_hold", { kind: holdKindIn(kind) });
  return holds;
}
