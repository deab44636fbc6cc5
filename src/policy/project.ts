// The future under stated assumptions: decisions applied to facts in memory, one after the other. Every rule is decide()'s.
//
// Rehearse, the timeline of a policy and the replay of a changed one are this function with other facts.
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { expired } from "./claim-news.ts";
import type { Policy } from "./compile.ts";
import { decide, isQuiet } from "./decide.ts";
import type { AccessIntent, Decision, MessageIntent } from "./decision.ts";
import type { CustomerFacts, NoticeFact, NoticeState, ServiceFacts } from "./facts.ts";

/** What the outside does. Left out: servers accept at once, panels obey at once, nobody pays, no termination is approved. */
export interface Assume {
  receipts?: readonly AssumedReceipt[];
  /** What else becomes known on the way: invoices, promises and holds of a past that is played again. */
  happens?: readonly Happening[];
  /** What the channel makes of a message. */
  delivery?: (message: MessageIntent) => Exclude<NoticeState, "superseded">;
  /** `waits`: the panel was asked and has not answered. */
  panel?: (intent: AccessIntent) => "obeys" | "waits";
}

/** Money that is assumed to arrive. */
export interface AssumedReceipt {
  at: Instant;
  invoiceId: Id;
  amount: Cents;
}

/** A change of the facts from outside, at its time. */
export interface Happening {
  at: Instant;
  change: (facts: CustomerFacts) => CustomerFacts;
}

export interface ProjectedDecision {
  at: Instant;
  decision: Decision;
  /** The facts it was made from. */
  before: CustomerFacts;
  /** It changes and tells nothing; its waits say why. */
  quiet: boolean;
}

export interface Projection {
  decisions: ProjectedDecision[];
  /** As they would be at the end. */
  facts: CustomerFacts;
}

/** Instants looked at in one projection: years of one customer take a few hundred. */
const INSTANTS_MAX = 20_000;
/** Rounds at one instant, until nothing follows from what was just done: a gapless ladder takes one for each step. */
const ROUNDS_MAX = 500;

/** What would happen to a customer from one instant to another (both included). */
export function project(facts: CustomerFacts, policy: Policy, from: Instant, to: Instant, assume: Assume = {}): Projection {
  const receipts = (assume.receipts ?? []).map((each): Happening => ({ at: each.at, change: (before) => receive(before, each) }));
  const happens = [...(assume.happens ?? []), ...receipts].filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
  const decisions: ProjectedDecision[] = [];
  let now = from;
  let current = facts;
  let happened = 0;
  for (let instants = 0; now <= to; instants += 1) {
    assert(instants < INSTANTS_MAX, "a projection that does not end");
    for (let next = happens[happened]; next && next.at <= now; next = happens[happened]) {
      current = next.change(current);
      happened += 1;
    }
    const settled = settle(current, policy, now, assume);
    decisions.push(...settled.decisions);
    current = settled.facts;
    const wake = Math.min(settled.nextCheckAt ?? Number.POSITIVE_INFINITY, happens[happened]?.at ?? Number.POSITIVE_INFINITY);
    if (wake === Number.POSITIVE_INFINITY) break;
    assert(wake > now, "the next look lies in the past");
    now = wake;
  }
  return { decisions, facts: current };
}

/** Decides and applies at one instant until nothing more follows. The last decision is always a quiet one. */
function settle(
  facts: CustomerFacts,
  policy: Policy,
  now: Instant,
  assume: Assume,
): { decisions: ProjectedDecision[]; facts: CustomerFacts; nextCheckAt: Instant | null } {
  const decisions: ProjectedDecision[] = [];
  let current = facts;
  for (let round = 0; ; round += 1) {
    assert(round < ROUNDS_MAX, "decisions at one instant that do not end");
    const decision = decide(current, policy, now);
    const quiet = isQuiet(decision, current);
    decisions.push({ at: now, decision, before: current, quiet });
    if (quiet) return { decisions, facts: current, nextCheckAt: decision.nextCheckAt };
    current = applyDecision(current, decision, assume);
  }
}

/** Money for one invoice. What is more than it owes is left out: credit is the ledger's. */
function receive(facts: CustomerFacts, receipt: AssumedReceipt): CustomerFacts {
  const invoices = facts.invoices
    .map((invoice) => (invoice.id === receipt.invoiceId ? { ...invoice, open: Math.max(0, invoice.open - receipt.amount) } : invoice))
    .filter((invoice) => invoice.open > 0);
  return { ...facts, invoices, lastSignOfLifeAt: Math.max(facts.lastSignOfLifeAt ?? receipt.at, receipt.at) };
}

/** The facts after a decision was carried out. New rows get negative ids, counted down from the lowest there is. */
export function applyDecision(facts: CustomerFacts, decision: Decision, assume: Assume = {}): CustomerFacts {
  let lowest = Math.min(
    0,
    ...facts.holds.map((h) => h.id),
    ...facts.terminations.map((t) => t.id),
    ...facts.notices.map((n) => n.outboxId),
  );
  const newId = (): Id => (lowest -= 1);
  const sent = decision.messages.flatMap((message) => noticesOf(message, newId(), decision.at, assume));
  const keys = new Set(sent.map((notice) => notice.key));
  const lifted = new Set(decision.lift.map((intent) => intent.holdId));
  const ended = new Set(decision.promises.map((end) => end.promiseId));
  const over = new Set(decision.claims.map((end) => end.claimId));
  const endedByTime = expired(
    facts,
    facts.claims.filter((claim) => over.has(claim.id)),
  );
  return {
    ...facts,
    notices: [...facts.notices.filter((notice) => !keys.has(notice.key)), ...sent],
    holds: [
      ...facts.holds.filter((hold) => !lifted.has(hold.id)),
      ...decision.place.map(({ serviceId, invoiceId, invoiceRef }) => ({
        id: newId(),
        kind: "overdue" as const,
        effect: "access" as const,
        serviceId,
        invoiceId,
        reason: invoiceRef,
        placedAt: decision.at,
        until: null,
      })),
    ],
    services: facts.services.map((service) => {
      const intent = decision.access.find((each) => each.serviceId === service.id);
      return intent ? asked(service, intent, assume) : service;
    }),
    promises: facts.promises.filter((promise) => !ended.has(promise.id)),
    claims: facts.claims.filter((claim) => !over.has(claim.id)),
    endedClaims: [...facts.endedClaims, ...endedByTime].filter((claim) => !decision.claimsTold.includes(claim.id)),
    terminations: [
      ...facts.terminations.filter((termination) => !decision.terminations.withdraw.includes(termination.id)),
      ...decision.terminations.propose.map(({ serviceId, invoiceId }) => ({ id: newId(), serviceId, invoiceId, approved: false })),
    ],
    attention: decision.attention.map((item) => item.key),
  };
}

function noticesOf(message: MessageIntent, outboxId: Id, at: Instant, assume: Assume): NoticeFact[] {
  const state = assume.delivery?.(message) ?? "accepted";
  return message.notices.map((notice) => ({
    key: notice.key,
    invoiceId: notice.invoiceId,
    step: notice.step,
    channel: message.channel,
    warning: notice.warning,
    state,
    decidedAt: at,
    endedAt: state === "pending" ? null : at,
    outboxId,
  }));
}

/** The service after its panel was asked. What another party suspended stays so, and an account that is gone stays gone. */
function asked(service: ServiceFacts, intent: AccessIntent, assume: Assume): ServiceFacts {
  const next = { ...service, desired: intent.desired, announce: intent.announce };
  if ((assume.panel?.(intent) ?? "obeys") === "waits") return { ...next, callOpen: true };
  if (service.actual === "absent" || (service.actual === "suspended" && !service.suspendedByUs)) return { ...next, callOpen: false };
  const changed = service.actual !== intent.desired;
  return {
    ...next,
    callOpen: false,
    actual: intent.desired,
    suspendedByUs: intent.desired === "suspended",
    accessSeq: service.accessSeq + (changed ? 1 : 0),
  };
}
