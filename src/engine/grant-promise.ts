// More time on trust: offered, or granted with its conditions, protocol number and evidence; access follows in the same transaction.
import { assert } from "../kernel/assert.ts";
import { ReguaError } from "../kernel/errors.ts";
import { canonicalJson, sha256, type Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { civil, formatDay, formatInstant, type Day, type Instant } from "../kernel/time.ts";
import { spansWeekend } from "../policy/deadline.ts";
import { promiseOffer } from "../policy/eligibility.ts";
import type { CustomerFacts, PromiseKind } from "../policy/facts.ts";
import { matterOf, type Past } from "../policy/history.ts";
import type { Condition, Granted, Offer, Reason, Refusal } from "../policy/offer.ts";
import type { Db } from "../store/database.ts";
import { customersById, readCases } from "../store/facts.ts";
import { readHistory } from "../store/history.ts";
import { insertPromise } from "../store/promises.ts";
import { markSignOfLife } from "../store/receipts.ts";
import { rulesIn, sayCondition, sayReason, type Tongue } from "../words/promise.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";
import { required, whoIs, type Who } from "./who.ts";

export interface OfferAsk {
  customer: Who;
  /** The day until which time is asked for; absent: as long as may be. */
  until?: Day;
  /** By the provider's numbers; absent: all that are open and due by the deadline. */
  invoices?: readonly string[];
  by?: "customer" | "staff";
  override?: string;
}

export interface PromiseAsk {
  customer: Who;
  until?: Day;
  invoices?: readonly string[];
  /** Why more time is needed, in words. */
  reason: string;
  askedBy: "customer" | "staff";
  /** Who answers for it: a person, or the part of the program that granted it. */
  owner: string;
  /** The conditions were shown and accepted. A customer's own request is not granted without it. */
  acceptedConditions?: boolean;
  /** Staff's written reason to set the rules aside; the owner answers for it. */
  override?: string;
  /** Goes into the evidence beside it. */
  more?: Readonly<Record<string, Json>>;
}

/** An offer, with what is needed to put it into words. */
export interface PromiseShown {
  offer: Offer;
  /** A service is down, or would be, because of the invoices. */
  suspended: boolean;
  tongue: Tongue;
}

export interface PromiseMade {
  protocol: string;
  kind: PromiseKind;
  until: Instant;
  invoices: readonly string[];
  conditions: readonly Condition[];
  reasons: readonly Reason[];
  /** The rules that staff set aside. */
  overridden: readonly Refusal[];
}

/**
 * What would be granted now. Writes nothing.
 * @throws ReguaError `customer_unknown`, `invoice_unknown`
 */
export async function offerPromise(engine: Engine, ask: OfferAsk): Promise<PromiseShown> {
  const now = engine.clock.now();
  const customerId = await whoIs(engine.db, ask.customer);
  const setting = await engine.settings.load(engine.db, now);
  const [found] = await readCases(engine.db, await customersById(engine.db, [customerId]), setting.channels);
  if (!found) throw new ReguaError("customer_unknown", { value: ask.customer });
  const { offer, suspended } = await weigh(engine.db, found.facts, setting, now, ask);
  return { offer, suspended, tongue: tongueOf(found.facts, setting, now) };
}

/**
 * Grants more time. A refusal is written into the customer's evidence too: the answer can be shown later, with its reasons.
 * @throws ReguaError `promise_refused` with the reasons, `conditions_not_accepted`, `words_missing`, `customer_unknown`, `invoice_unknown`
 */
export async function grantPromise(engine: Engine, ask: PromiseAsk): Promise<PromiseMade> {
  const reason = required("reason", ask.reason);
  const owner = required("owner", ask.owner);
  if (ask.override !== undefined) required("override", ask.override);
  const customerId = await whoIs(engine.db, ask.customer);
  const answer = await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const by = ask.override === undefined ? ask.askedBy : "staff";
    const { offer, past } = await weigh(unit.trx, facts, unit.setting, unit.now, { ...ask, by });
    if (!offer.granted) {
      const tongue = tongueOf(facts, unit.setting, unit.now);
      unit.record(facts.id, "promise.refused", owner, refusalEvidence(ask, offer.reasons, past, tongue));
      return { refused: offer.reasons, tongue };
    }
    if (ask.askedBy === "customer" && ask.acceptedConditions !== true) throw new ReguaError("conditions_not_accepted");
    return make(engine, unit, facts, past, offer, { ...ask, reason, owner });
  });
  if ("refused" in answer)
    throw new ReguaError("promise_refused", { rules: rulesIn(answer.refused, answer.tongue), reasons: answer.refused });
  return answer;
}

interface Weighed {
  offer: Offer;
  suspended: boolean;
  past: Past;
}

async function weigh(db: Db, facts: CustomerFacts, setting: Setting, now: Instant, ask: Omit<OfferAsk, "customer">): Promise<Weighed> {
  const history = await readHistory(db, facts.id, setting.zone);
  assert(history, "a customer without a past");
  const named = ask.invoices === undefined ? null : new Set(ask.invoices.map((ref) => idOf(facts, ref)));
  const matter = matterOf(facts, setting.policy.doc.scope, history.prices, named, now);
  const offer = promiseOffer({ ...history.past, matter }, setting.policy, {
    requestedUntil: ask.until ?? null,
    now,
    by: ask.by ?? "customer",
    override: ask.override ?? null,
  });
  return { offer, suspended: matter.suspended, past: history.past };
}

function idOf(facts: CustomerFacts, ref: string): Id {
  const invoice = facts.invoices.find((each) => each.ref === ref);
  if (!invoice) throw new ReguaError("invoice_unknown", { value: ref });
  return invoice.id;
}

async function make(engine: Engine, unit: Unit, facts: CustomerFacts, past: Past, offer: Granted, ask: PromiseAsk): Promise<PromiseMade> {
  const { trx, now, setting } = unit;
  const tongue = tongueOf(facts, setting, now);
  const protocol = protocolOf(facts.ref, setting.zone.dayOf(now), new Set(past.promises.map((promise) => promise.protocol)));
  const shown = offer.conditions.map((condition) => ({ ...plain(condition), text: sayCondition(condition, tongue) }));
  const ids = await engine.ids.take(1);
  await insertPromise(trx, {
    id: ids.next(),
    customerId: facts.id,
    protocol,
    kind: offer.kind,
    invoiceIds: offer.invoices.map((ref) => idOf(facts, ref)),
    owed: offer.owed,
    reason: ask.reason,
    askedBy: ask.askedBy,
    owner: ask.owner,
    conditions: canonicalJson(shown),
    grantedAt: now,
    until: offer.until,
    overWeekend: spansWeekend(setting.policy, now, offer.until),
  });
  await markSignOfLife(trx, [facts.id], now);
  unit.record(facts.id, "promise.granted", ask.owner, {
    protocol,
    kind: offer.kind,
    until: formatInstant(offer.until),
    invoices: offer.invoices,
    owed_cents: offer.owed,
    reason: ask.reason,
    asked_by: ask.askedBy,
    owner: ask.owner,
    policy: setting.policy.version,
    because: sayReasons(offer.reasons, tongue),
    conditions: shown,
    conditions_accepted: ask.acceptedConditions === true,
    ...(offer.overridden.length === 0 ? {} : { overridden: sayReasons(offer.overridden, tongue), override: ask.override ?? null }),
    ...ask.more,
  });
  const { kind, until, invoices, conditions, reasons, overridden } = offer;
  return { protocol, kind, until, invoices, conditions, reasons, overridden };
}

function refusalEvidence(ask: PromiseAsk, reasons: readonly Refusal[], past: Past, tongue: Tongue): Json {
  return {
    asked_by: ask.askedBy,
    reason: ask.reason.trim(),
    asked_until: ask.until === undefined ? null : formatDay(ask.until),
    because: sayReasons(reasons, tongue),
    ...(past.barred === null ? {} : { barred: past.barred }),
    ...(ask.override === undefined ? {} : { override: ask.override }),
    ...ask.more,
  };
}

function tongueOf(facts: CustomerFacts, setting: Setting, now: Instant): Tongue {
  return { lang: facts.lang, zone: setting.zone, currency: setting.currency, today: setting.zone.dayOf(now) };
}

/** Reasons as evidence: the numbers, dates readable by people, and the sentence the customer read. */
function sayReasons(reasons: readonly Reason[], tongue: Tongue): Json {
  return reasons.map((reason) => {
    const { day, wouldChange, ...rest } = reason;
    const { day: changeDay, ...change } = wouldChange ?? {};
    return {
      ...rest,
      ...(day === undefined ? {} : { day: formatDay(day) }),
      ...(wouldChange === null ? {} : { would_change: { ...change, ...(changeDay === undefined ? {} : { day: formatDay(changeDay) }) } }),
      text: sayReason(reason, tongue),
    };
  });
}

function plain(condition: Condition): { readonly [key: string]: Json } {
  if (!("until" in condition)) return { ...condition };
  return { ...condition, until: formatInstant(condition.until) };
}

/** No vowels, so that no word comes out, and nothing that is read as something else over the telephone. */
const LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ";

/**
 * `P-20261122-4K7Q`: the day, and four letters from the customer's number and how many promises came before. The same in every run; should
 * the letters fall on a protocol the customer already has, the next ones are taken.
 */
export function protocolOf(customerRef: string, day: Day, taken: ReadonlySet<string>): string {
  const { year, month, day: dayOfMonth } = civil(day);
  const date = `${year}${String(month).padStart(2, "0")}${String(dayOfMonth).padStart(2, "0")}`;
  for (let count = taken.size; ; count += 1) {
    let number = Number.parseInt(sha256(`promise ${customerRef} ${count}`).slice(0, 12), 16);
    let letters = "";
    for (let i = 0; i < 4; i += 1) {
      letters += LETTERS.charAt(number % LETTERS.length);
      number = Math.floor(number / LETTERS.length);
    }
    const protocol = `P-${date}-${letters}`;
    if (!taken.has(protocol)) return protocol;
  }
}
