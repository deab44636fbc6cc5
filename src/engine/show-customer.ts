// One customer on one page: what is owed with its fees, the access of each service and why, what was said, promised and paid, what comes.
import { ReguaError } from "../kernel/errors.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import { decide } from "../policy/decide.ts";
import type { Because, StepAct } from "../policy/decision.ts";
import type { CustomerFacts, InvoiceFacts } from "../policy/facts.ts";
import type { TimelineLine } from "../policy/timeline.ts";
import { feesPaid } from "../store/allocations.ts";
import { viewCustomer, type CustomerView, type ServiceView } from "../store/views.ts";
import type { Engine } from "./engine.ts";
import { feeDue } from "./fees.ts";
import { withCase } from "./one-case.ts";
import { outlook, standing, type Coming } from "./outlook.ts";
import type { Setting } from "./setting.ts";
import type { Who } from "./who.ts";

/** An open invoice, and what it would cost today. */
export interface InvoiceShown {
  ref: string;
  service: string | null;
  issuedOn: Day;
  dueOn: Day;
  /** After moving to the next banking day. */
  effectiveDueOn: Day;
  daysPastDue: number;
  amountCents: Cents;
  openCents: Cents;
  currency: Currency;
  /** Fine, interest and total if it is paid today; the fees are what the policy asks for. */
  fineCents: Cents;
  interestCents: Cents;
  totalTodayCents: Cents;
  clearingUntilAt: Instant | null;
  step: string | null;
  stepAt: Instant | null;
  /** What the ladder waits for; null when a step is due now. */
  wait: { step: string | null; untilAt: Instant | null; because: Because } | null;
}

export interface ServiceShown extends ServiceView {
  /** Why its access is to be what it is; empty for a service that is linked to no panel. */
  because: readonly Because[];
}

export interface CustomerShown extends Omit<CustomerView, "services"> {
  services: ServiceShown[];
  invoices: InvoiceShown[];
  owedCents: Cents;
  currency: Currency;
  attention: { kind: string; because: readonly Because[] }[];
  /** What comes if nobody pays, soonest first. */
  coming: Coming[];
}

export interface Shown {
  customer: CustomerShown;
  /** The story of the invoice that is open longest, as the ruler draws it; null when nothing is open. */
  story: { invoice: string; lines: TimelineLine[] } | null;
  setting: Setting;
  now: Instant;
}

/** Lists that grow show this many, so that a page stays a page; the whole story is the evidence. */
const RECENT = 15;
const COMING_MAX = 5;
const AHEAD_DAYS = 120;

/** @throws ReguaError `customer_unknown` */
export async function showCustomer(engine: Engine, who: Who, options: { recent?: number } = {}): Promise<Shown> {
  return withCase(engine, who, async ({ trx, found: { facts }, setting, now }) => {
    const view = await viewCustomer(trx, facts.id, options.recent ?? RECENT);
    if (!view) throw new ReguaError("customer_unknown", { value: facts.ref });
    const { policy } = setting;
    const decision = decide(facts, policy, now);
    const coming = outlook(facts, policy, now, policy.zone.startOf(policy.zone.dayOf(now) + AHEAD_DAYS));
    const levels = new Map(decision.levels.map((level) => [level.serviceId, level.because]));
    const [oldest] = facts.invoices;
    const fees = await feesPaid(trx, facts.id);
    return {
      customer: {
        ...view,
        services: view.services.map((service) => ({ ...service, because: levels.get(service.id) ?? [] })),
        invoices: facts.invoices.map((invoice) => ({
          ...shownInvoice(facts, invoice, fees.get(invoice.id) ?? 0, setting, now),
          wait: waitOf(decision.waits.find((wait) => wait.invoice === invoice.ref && wait.step !== null)),
        })),
        owedCents: facts.invoices.reduce((sum, invoice) => sum + invoice.open, 0),
        currency: oldest?.currency ?? setting.currency,
        attention: decision.attention.map(({ kind, because }) => ({ kind, because })),
        coming: coming.slice(0, COMING_MAX),
      },
      story: oldest ? { invoice: oldest.ref, lines: storyOf(facts, oldest, setting, now, [...proposed(view, oldest), ...coming]) } : null,
      setting,
      now,
    };
  });
}

function waitOf(wait: { step: string | null; until: Instant | null; because: Because } | undefined): InvoiceShown["wait"] {
  return wait ? { step: wait.step, untilAt: wait.until, because: wait.because } : null;
}

function shownInvoice(
  facts: CustomerFacts,
  invoice: InvoiceFacts,
  feePaid: Cents,
  { policy }: Setting,
  now: Instant,
): Omit<InvoiceShown, "wait"> {
  const { reached, reachedAt, daysPastDue } = standing(facts, policy, invoice, now);
  const effectiveDueOn = policy.calendar.effectiveDue(invoice.dueOn);
  const fee = feeDue(policy, { open: invoice.open, dueOn: invoice.dueOn, feePaid }, policy.zone.dayOf(now));
  return {
    ref: invoice.ref,
    service: facts.services.find((service) => service.id === invoice.serviceId)?.ref ?? null,
    issuedOn: invoice.issuedOn,
    dueOn: invoice.dueOn,
    effectiveDueOn,
    daysPastDue,
    amountCents: invoice.amount,
    openCents: invoice.open,
    currency: invoice.currency,
    fineCents: fee.fine,
    interestCents: fee.interest,
    totalTodayCents: fee.total,
    clearingUntilAt: invoice.clearingUntil,
    step: reached,
    stepAt: reachedAt,
  };
}

/** A proposal of the past reads as what comes does. */
function proposed(view: CustomerView, invoice: InvoiceFacts): Coming[] {
  return view.proposals
    .filter((proposal) => proposal.invoice === invoice.ref)
    .map(({ proposedAt, service }) => ({
      at: proposedAt,
      kind: "termination",
      steps: [],
      template: null,
      channel: null,
      to: null,
      invoices: [invoice.ref],
      service,
      detail: null,
      because: [],
    }));
}

/** What happened to an invoice so far, and what comes if it stays unpaid. */
function storyOf(
  facts: CustomerFacts,
  invoice: InvoiceFacts,
  { policy }: Setting,
  now: Instant,
  coming: readonly Coming[],
): TimelineLine[] {
  const { zone, calendar } = policy;
  const due = calendar.effectiveDue(invoice.dueOn);
  const acts = new Map<string, StepAct>(standing(facts, policy, invoice, now).ladder.steps.map((step) => [step.name, step.act]));
  const line = (kind: TimelineLine["kind"], at: Instant, rest: Partial<TimelineLine> = {}): TimelineLine => {
    const day = zone.dayOf(at);
    return { kind, at, day, offset: day - due, step: null, act: null, channel: null, because: null, holiday: null, ...rest };
  };
  const lines = [line("issued", zone.startOf(invoice.issuedOn)), line("due", zone.startOf(invoice.dueOn))];
  if (due !== invoice.dueOn) lines.push(line("due_moved", zone.startOf(due), { holiday: calendar.holidayOn(invoice.dueOn) }));
  for (const { invoiceId, step, channel, state, decidedAt } of facts.notices)
    if (invoiceId === invoice.id && state !== "superseded")
      lines.push(line("message", decidedAt, { step, act: acts.get(step) ?? null, channel }));
  for (const hold of facts.holds)
    if (hold.kind === "overdue" && hold.invoiceId === invoice.id) lines.push(line("suspended", hold.placedAt, { act: "suspend" }));
  for (const each of coming) {
    if (!each.invoices.includes(invoice.ref)) continue;
    const step = each.steps.find((name) => acts.has(name));
    const because = each.because[0] ?? null;
    if (each.kind === "message" && step !== undefined)
      lines.push(line("message", each.at, { step, act: acts.get(step) ?? null, channel: each.channel, because }));
    else if (each.kind === "suspension") lines.push(line("suspended", each.at, { step: step ?? null, act: "suspend", because }));
    else if (each.kind === "termination") lines.push(line("termination_proposed", each.at, { act: "terminate", because }));
    else if (each.kind === "person") lines.push(line("person", each.at, { because }));
  }
  // Where one invoice takes several services down, the story tells it once.
  const told = new Map(lines.map((each) => [`${each.kind} ${each.at} ${each.kind === "suspended" ? "" : each.step}`, each] as const));
  return [...told.values()].sort((a, b) => a.at - b.at);
}
