// What comes next for a customer if nobody pays and every message and panel answers at once; and how far its ladder has come. Pure.
import type { Cents } from "../kernel/money.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import { ladderFor, type Ladder, type Policy } from "../policy/compile.ts";
import type { Because, Decision, Template } from "../policy/decision.ts";
import type { Channel, CustomerFacts, InvoiceFacts } from "../policy/facts.ts";
import { applyDecision, project, type Projection } from "../policy/project.ts";

/** Something that happens to a customer: told, taken down, given back, or put before a person. */
export interface Coming {
  at: Instant;
  kind: "message" | "suspension" | "release" | "promise" | "claim" | "termination" | "person";
  /** The steps a message carries; the step behind a suspension or a termination. */
  steps: string[];
  template: Template | null;
  channel: Channel | null;
  to: string | null;
  /** What it is about, in the provider's numbers. */
  invoices: string[];
  service: string | null;
  /** For a promise: `kept` or `broken`; for a matter of a person: its kind. */
  detail: string | null;
  because: Because[];
}

/** No more days than this are looked ahead for what comes next: past the last rung of any preset. */
const AHEAD_MS = 400 * DAY_MS;

/** Everything that comes from one instant to another (both included), in order. */
export function outlook(facts: CustomerFacts, policy: Policy, from: Instant, to: Instant): Coming[] {
  return comingsOf(project(answered(facts, from), policy, from, to));
}

/** What a projection tells, in order. */
export function comingsOf({ decisions }: Projection): Coming[] {
  return decisions.flatMap(({ decision, before, quiet }) => (quiet ? [] : comingFrom(decision, before)));
}

/** The first that comes; null when nothing will by itself. */
export function nextComing(facts: CustomerFacts, policy: Policy, now: Instant): Coming | null {
  // Near first: the whole horizon costs a hundred times the first week.
  for (const ahead of [7 * DAY_MS, 40 * DAY_MS, AHEAD_MS]) {
    const [first] = outlook(facts, policy, now, now + ahead);
    if (first) return first;
  }
  return null;
}

/**
 * The facts with what is on its way taken as answered: a message that waits in the outbox is accepted, a panel that was asked obeys.
 * The projection takes new messages and calls so; those already decided it leaves as they are.
 */
function answered(facts: CustomerFacts, now: Instant): CustomerFacts {
  const notices = facts.notices.map((notice) =>
    notice.state === "pending" ? { ...notice, state: "accepted" as const, endedAt: now } : notice,
  );
  const calls = facts.services.filter((service) => service.callOpen);
  if (calls.length === 0) return { ...facts, notices };
  const asked: Decision = {
    ...NOTHING,
    at: now,
    access: calls.map(({ id, ref, desired, announce }) => ({
      serviceId: id,
      serviceRef: ref,
      desired,
      cause: null,
      announce,
      because: [],
    })),
  };
  return { ...applyDecision({ ...facts, notices }, asked), attention: facts.attention };
}

const NOTHING: Omit<Decision, "at"> = {
  policyVersion: "",
  messages: [],
  place: [],
  lift: [],
  access: [],
  levels: [],
  promises: [],
  claims: [],
  claimsTold: [],
  terminations: { propose: [], withdraw: [] },
  attention: [],
  waits: [],
  nextCheckAt: null,
};

/** What a decision changes and tells, given the facts it was made from. */
function comingFrom(decision: Decision, facts: CustomerFacts): Coming[] {
  const { at } = decision;
  const base = { at, steps: [], template: null, channel: null, to: null, invoices: [], service: null, detail: null };
  const coming: Coming[] = [];
  for (const { template, channel, to, notices, content } of decision.messages)
    coming.push({
      ...base,
      kind: "message",
      template,
      channel,
      to,
      steps: unique(notices.map((notice) => notice.step)),
      invoices: unique(
        notices.some((n) => n.invoiceRef !== null)
          ? notices.flatMap((n) => n.invoiceRef ?? [])
          : content.invoices.map((invoice) => invoice.ref),
      ),
      service: facts.services.find((service) => service.id === notices[0]?.serviceId)?.ref ?? null,
      because: notices.flatMap((notice) => notice.because),
    });
  coming.push(...accessComing(decision, facts, base));
  for (const { protocol, end, because } of decision.promises)
    coming.push({ ...base, kind: "promise", detail: end, because: because.map((each) => ({ promise: protocol, ...each })) });
  for (const { end, because } of decision.claims) coming.push({ ...base, kind: "claim", detail: end, because: [...because] });
  for (const { serviceRef, invoiceRef, because } of decision.terminations.propose)
    coming.push({ ...base, kind: "termination", service: serviceRef, invoices: [invoiceRef], because: [...because] });
  for (const { key, kind, because } of decision.attention)
    if (!facts.attention.includes(key))
      coming.push({
        ...base,
        kind: "person",
        detail: kind,
        invoices: unique(because.flatMap((b) => b.invoice ?? [])),
        because: [...because],
      });
  return coming;
}

/** A service that is down already, or is not ours to change, neither goes down nor comes back. */
function accessComing(decision: Decision, facts: CustomerFacts, base: Omit<Coming, "kind" | "because">): Coming[] {
  return decision.access.flatMap(({ serviceId, serviceRef, desired, cause, because }): Coming[] => {
    const service = facts.services.find((each) => each.id === serviceId);
    const down = service?.actual === "suspended" && service.suspendedByUs;
    if (!service || service.actual === "absent" || (service.actual === "suspended" && !service.suspendedByUs)) return [];
    if (desired === "suspended" ? down : service.actual === "active") return [];
    const placed = decision.place.filter((hold) => hold.serviceId === serviceId);
    const invoices = unique([...placed.map((hold) => hold.invoiceRef), ...because.flatMap((b) => b.invoice ?? [])]);
    return [
      {
        ...base,
        kind: desired === "suspended" ? "suspension" : "release",
        service: serviceRef,
        steps: unique(placed.map((hold) => hold.step)),
        invoices,
        detail: cause,
        because: [...placed.flatMap((hold) => hold.because), ...because],
      },
    ];
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Where an invoice stands. */
export interface Standing {
  ladder: Ladder;
  /** The highest rung climbed; null below the first. */
  reached: string | null;
  reachedAt: Instant | null;
  daysPastDue: number;
  owedCents: Cents;
}

/** How far the invoice has come on its ladder: the highest step that was told, or that holds a service. */
export function standing(facts: CustomerFacts, policy: Policy, invoice: InvoiceFacts, now: Instant): Standing {
  const plan = facts.services.find((service) => service.id === invoice.serviceId)?.plan ?? null;
  const ladder = ladderFor(policy, facts, plan, invoice.dueOn);
  let [reached, reachedAt]: [string | null, Instant | null] = [null, null];
  for (const step of ladder.steps) {
    const at = reachedOn(facts, invoice, step.name, step.act);
    if (at !== null) [reached, reachedAt] = [step.name, at];
  }
  const daysPastDue = policy.zone.dayOf(now) - policy.calendar.effectiveDue(invoice.dueOn);
  return { ladder, reached, reachedAt, daysPastDue, owedCents: invoice.open };
}

function reachedOn(facts: CustomerFacts, invoice: InvoiceFacts, step: string, act: string): Instant | null {
  if (act === "suspend") return facts.holds.find((hold) => hold.kind === "overdue" && hold.invoiceId === invoice.id)?.placedAt ?? null;
  const notice = facts.notices.find((each) => each.invoiceId === invoice.id && each.step === step && each.state !== "superseded");
  return notice?.decidedAt ?? null;
}
