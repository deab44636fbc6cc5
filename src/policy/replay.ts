// A customer's own past, played again under a policy: invoices, money, promises, proofs and holds as they were; the ladder is decide()'s.
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { DAY_MS, type Day, type Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { Channel, ClaimFacts, CustomerFacts, HoldFacts, InvoiceFacts, PromiseFacts, ServiceFacts } from "./facts.ts";
import { project, type Happening, type Projection } from "./project.ts";

/** What happened to one customer, apart from what the ladder itself did. */
export interface Past {
  /** Without services, invoices, holds, promises, claims and notices: those come as they came. */
  customer: CustomerFacts;
  services: readonly { fact: ServiceFacts; endedAt: Instant | null; cancelled: { askedAt: Instant; on: Day | null } | null }[];
  /** `fact.open` is the whole amount. `endedAt`: voided or written off. */
  invoices: readonly { fact: InvoiceFacts; knownAt: Instant; endedAt: Instant | null }[];
  /** Principal, as it was booked; less than nothing: it went back. */
  money: readonly PastMoney[];
  /** Those people placed; what the ladder placed is played again. */
  holds: readonly { fact: HoldFacts; liftedAt: Instant | null }[];
  /** `cancelledAt`: by a person; kept and broken follow from the money. */
  promises: readonly { fact: PromiseFacts; cancelledAt: Instant | null }[];
  /** `endedAt`: by the bank's word or a person's; time ends the others. */
  claims: readonly {
    fact: ClaimFacts;
    invoiceRef: string;
    end: "confirmed" | "contradicted" | "refused" | null;
    endedAt: Instant | null;
  }[];
  /** Channels on which the last message did not arrive. */
  undeliverable: readonly Channel[];
}

export interface PastMoney {
  at: Instant;
  invoiceId: Id;
  cents: Cents;
}

/** Plays a past to its end. It begins with the first invoice, so that a ladder half climbed at the window's beginning is climbed again. */
export function replay(past: Past, policy: Policy, to: Instant): Projection {
  const happens = happeningsOf(past);
  const from = happens.reduce((first, { at }) => Math.min(first, at), to);
  const start: CustomerFacts = {
    ...past.customer,
    services: past.services.map(({ fact }) => fact),
    lastSignOfLifeAt: null,
  };
  return project(start, policy, from, to, {
    happens,
    delivery: ({ channel }) => (past.undeliverable.includes(channel) ? "undeliverable" : "accepted"),
  });
}

function happeningsOf(past: Past): Happening[] {
  const happens: Happening[] = [];
  const add = (at: Instant | null, change: Happening["change"]): void => {
    if (at !== null) happens.push({ at, change });
  };
  for (const { fact, knownAt, endedAt } of past.invoices) {
    add(knownAt, (facts) => ({ ...facts, invoices: inOrder([...facts.invoices, fact]) }));
    moneyOf(past, fact, knownAt, add);
    add(endedAt, (facts) => ({ ...facts, invoices: facts.invoices.filter(({ id }) => id !== fact.id) }));
  }
  for (const { fact, endedAt, cancelled } of past.services) {
    add(cancelled?.askedAt ?? null, (facts) => ({
      ...facts,
      services: facts.services.map((each) => (each.id === fact.id ? { ...each, cancelOn: cancelled?.on ?? null } : each)),
    }));
    add(endedAt, (facts) => ({ ...facts, services: facts.services.filter(({ id }) => id !== fact.id) }));
  }
  for (const { fact, liftedAt } of past.holds) {
    add(fact.placedAt, (facts) => ({ ...facts, holds: [...facts.holds, fact] }));
    add(liftedAt, (facts) => ({ ...facts, holds: facts.holds.filter(({ id }) => id !== fact.id) }));
  }
  for (const { fact, cancelledAt } of past.promises) {
    add(fact.grantedAt, (facts) => ({ ...facts, promises: [...facts.promises, fact], lastSignOfLifeAt: fact.grantedAt }));
    add(cancelledAt, (facts) => ({ ...facts, promises: facts.promises.filter(({ id }) => id !== fact.id) }));
  }
  for (const claim of past.claims) claimOf(claim, add);
  return happens;
}

type Add = (at: Instant | null, change: Happening["change"]) => void;

/** Each movement leaves the invoice owing so much; settled, it is gone from the facts, and money that went back brings it back. */
function moneyOf(past: Past, invoice: InvoiceFacts, knownAt: Instant, add: Add): void {
  let open = invoice.amount;
  const moved = past.money.filter(({ invoiceId }) => invoiceId === invoice.id).sort((a, b) => a.at - b.at);
  for (const { at, cents } of moved) {
    const settled = open <= 0;
    open -= cents;
    const owed = Math.min(invoice.amount, Math.max(0, open));
    const when = Math.max(at, knownAt);
    add(when, (facts) => {
      const others = facts.invoices.filter(({ id }) => id !== invoice.id);
      const was = facts.invoices.find(({ id }) => id === invoice.id) ?? invoice;
      const now = { ...was, open: owed, ...(settled ? { reopenedAt: when } : {}) };
      const lastSignOfLifeAt = cents > 0 ? when : facts.lastSignOfLifeAt;
      return { ...facts, invoices: owed === 0 ? others : inOrder([...others, now]), lastSignOfLifeAt };
    });
  }
}

function claimOf({ fact, invoiceRef, end, endedAt }: Past["claims"][number], add: Add): void {
  add(fact.receivedAt, (facts) => ({ ...facts, claims: [...facts.claims, fact], lastSignOfLifeAt: fact.receivedAt }));
  if (end === null) return;
  add(endedAt, (facts) => {
    if (!facts.claims.some(({ id }) => id === fact.id)) return facts;
    const { id, invoiceId, receivedAt } = fact;
    const ended = fact.announce ? [{ id, invoiceId, invoiceRef, receivedAt, end }] : [];
    return { ...facts, claims: facts.claims.filter((each) => each.id !== id), endedClaims: [...facts.endedClaims, ...ended] };
  });
}

/** As the store reads them. */
function inOrder(invoices: InvoiceFacts[]): InvoiceFacts[] {
  return invoices.sort((a, b) => a.dueOn - b.dueOn || a.id - b.id);
}

/** Who paid so soon after a step is taken to have answered it: three days, the time a boleto takes to be cleared. */
const ANSWER_MS = 3 * DAY_MS;

/**
 * The money of a past as it would come if people answered the ladder: what was paid within three days of a step under one policy comes as
 * long after the same step of the other. What was paid before any step, or long after, comes when it came.
 */
export function answering(past: Past, under: Projection, policy: Policy, to: Instant): PastMoney[] {
  const told = stepsOf(under);
  const answered = past.money.map((money) => (money.cents > 0 ? lastStep(told, money) : null));
  if (answered.every((step) => step === null)) return [...past.money];
  const unpaid = replay({ ...past, money: past.money.filter((_, i) => answered[i] === null) }, policy, to);
  const coming = stepsOf(unpaid);
  return past.money.map((money, i) => {
    const step = answered[i];
    const same = step && coming.find(({ invoiceId, name }) => invoiceId === money.invoiceId && name === step.name);
    return step && same ? { ...money, at: same.at + (money.at - step.at) } : money;
  });
}

interface StepTaken {
  at: Instant;
  invoiceId: Id;
  name: string;
}

function stepsOf({ decisions }: Projection): StepTaken[] {
  return decisions.flatMap(({ at, decision }) => [
    ...decision.messages.flatMap(({ notices }) =>
      notices.flatMap((n) => (n.invoiceId === null ? [] : [{ at, invoiceId: n.invoiceId, name: n.step }])),
    ),
    ...decision.place.map(({ invoiceId, step }) => ({ at, invoiceId, name: step })),
  ]);
}

function lastStep(taken: readonly StepTaken[], { at, invoiceId }: PastMoney): StepTaken | null {
  return taken.findLast((step) => step.invoiceId === invoiceId && step.at <= at && at - step.at <= ANSWER_MS) ?? null;
}
