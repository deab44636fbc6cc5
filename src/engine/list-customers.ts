// Customers in a list: who, what is owed since when, where on the ladder, and what comes next.
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { Policy } from "../policy/compile.ts";
import { decide } from "../policy/decide.ts";
import type { Rule } from "../policy/decision.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { inOneMoment } from "../store/evidence.ts";
import { customersById, readCases } from "../store/facts.ts";
import { findCustomers } from "../store/views.ts";
import type { Engine } from "./engine.ts";
import { nextComing, standing, type Coming } from "./outlook.ts";
import type { Setting } from "./setting.ts";

export interface CustomerListed {
  ref: string;
  name: string;
  owedCents: Cents;
  currency: Currency;
  openInvoices: number;
  /** Of the invoice that is open longest; null when nothing is open. */
  dueOn: Day | null;
  /** Days past its effective due date; negative before it. */
  daysPastDue: number | null;
  /** The highest rung that invoice has climbed. */
  step: string | null;
  stepAt: Instant | null;
  servicesDown: number;
  next: Coming | null;
  /** What the oldest invoice waits for without a date: a person, or an answer. */
  waitsFor: Rule | null;
  /** Matters that wait for a person. */
  attention: string[];
}

export interface CustomerList {
  customers: CustomerListed[];
  /** Without the limit. */
  total: number;
}

export interface ListOptions {
  search?: string;
  /** Only who is past due. */
  late?: boolean;
  suspended?: boolean;
  limit: number;
}

/** Who owes longest comes first. Nothing is written. */
export async function listCustomers(engine: Engine, options: ListOptions): Promise<CustomerList & { setting: Setting; now: Instant }> {
  return inOneMoment(engine.db, async (trx) => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(trx, now);
    const { ids, total } = await findCustomers(trx, {
      text: options.search?.trim() || null,
      dueThrough: options.late === true ? lastDayPastDue(setting.policy, now) : null,
      suspended: options.suspended === true,
      limit: options.limit,
    });
    const cases = new Map(
      (await readCases(trx, await customersById(trx, ids), setting.channels)).map(({ facts }) => [facts.id, facts] as const),
    );
    const customers = ids.flatMap((id) => {
      const facts = cases.get(id);
      return facts ? [listed(facts, setting, now)] : [];
    });
    return { customers, total, setting, now };
  });
}

/** The last due date whose effective one lies before today: a weekend's due dates are not late on Monday. */
export function lastDayPastDue(policy: Policy, now: Instant): Day {
  const today = policy.zone.dayOf(now);
  let day = today - 1;
  while (policy.calendar.effectiveDue(day) >= today) day -= 1;
  return day;
}

export function listed(facts: CustomerFacts, { policy, currency }: Setting, now: Instant): CustomerListed {
  const [oldest] = facts.invoices;
  const decision = decide(facts, policy, now);
  const stands = oldest ? standing(facts, policy, oldest, now) : null;
  return {
    ref: facts.ref,
    name: facts.name,
    owedCents: facts.invoices.reduce((sum, invoice) => sum + invoice.open, 0),
    currency: oldest?.currency ?? currency,
    openInvoices: facts.invoices.length,
    dueOn: oldest?.dueOn ?? null,
    daysPastDue: stands?.daysPastDue ?? null,
    step: stands?.reached ?? null,
    stepAt: stands?.reachedAt ?? null,
    servicesDown: facts.services.filter((service) => service.actual === "suspended").length,
    next: nextComing(facts, policy, now),
    waitsFor: decision.waits.find((wait) => wait.until === null && wait.invoice === oldest?.ref)?.because.rule ?? null,
    attention: decision.attention.map((item) => item.kind),
  };
}
