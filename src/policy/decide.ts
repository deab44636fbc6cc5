// The rules, put together: facts and a policy in, one explained decision out. Pure and total.
//
// The live run, rehearse, explain, replay and the simulator all call this same function.
import type { Instant } from "../kernel/time.ts";
import { decideAccess } from "./access.ts";
import { claimNews } from "./claim-news.ts";
import { ladderFor, type Policy } from "./compile.ts";
import { coversOf, holdRuns, type Cover } from "./cover.ts";
import type { Attention, Decision, HoldIntent, LiftIntent, MessageIntent, StepAct, TerminationIntent, Wait } from "./decision.ts";
import type { CustomerFacts, HoldFacts, InvoiceFacts, PromiseFacts, ServiceFacts } from "./facts.ts";
import { hasProposal, nextAbove, nextHardening, quietUntil, walkLadder, warningCameBack, type Walk } from "./ladder.ts";
import { accessMessage, ladderMessages, noticeKey, promiseMessage, type DueNotice } from "./messages.ts";
import { judgeClaims, judgePromises, promiseReminder } from "./promises.ts";

/** Decides what happens to one customer at an instant. Calling it again with the same input gives the same answer. */
export function decide(facts: CustomerFacts, policy: Policy, now: Instant): Decision {
  const promises = judgePromises(facts, now);
  const claims = judgeClaims(facts, now);
  const covers = new Map<number, readonly Cover[]>();
  for (const invoice of facts.invoices)
    covers.set(invoice.id, coversOf({ ...facts, claims: claims.running }, promises.running, policy, invoice, now));
  const withdraw = withdrawals(facts, policy, covers, now);
  const current: CustomerFacts = {
    ...facts,
    claims: claims.running,
    terminations: facts.terminations.filter((termination) => !withdraw.includes(termination.id)),
  };

  const lift = liftsOf(current, covers, now);
  const lifted = new Set(lift.map((intent) => intent.holdId));
  // A suspension that ends because its warning came back leaves its ladder at that warning.
  const standing = current.holds.filter((hold) => !lifted.has(hold.id) || !restsOnNothing(current, hold));
  const ladder = climbLadders(standing.length === current.holds.length ? current : { ...current, holds: standing }, policy, now, covers);
  const access = decideAccess({ facts: current, policy, now, covers, placed: ladder.place, lifted });
  const news = claimNews(
    { facts: current, policy, now, ahead: ladder.ahead },
    facts.claims.filter((claim) => !claims.running.includes(claim)),
  );
  const messages = [
    ...ladderMessages(current, policy, now, ladder.notices),
    ...accessMessages(current, policy, now, ladder.ahead),
    ...promiseMessages(current, policy, now, promises.running, promises.ended),
    ...news.messages,
  ];
  const waits = [
    ...ladder.waits,
    ...access.waits,
    ...promises.waits,
    ...reminderWaits(current, policy, now, promises.running),
    ...news.waits,
  ];
  for (const hold of current.holds)
    if (hold.until !== null && now < hold.until)
      waits.push({
        invoice: null,
        service: null,
        step: null,
        until: hold.until,
        because: { rule: "hold_expired", hold: hold.kind, until: hold.until },
      });
  for (const claim of claims.running) {
    const release = claim.releaseUntil !== null && now < claim.releaseUntil ? claim.releaseUntil : claim.reviewUntil;
    const until = Math.min(release, claim.reviewUntil);
    waits.push({ invoice: null, service: null, step: null, until, because: { rule: "claim_under_review", until } });
  }
  return {
    policyVersion: policy.version,
    at: now,
    messages,
    place: ladder.place,
    lift,
    access: access.intents,
    levels: access.levels,
    promises: promises.ended,
    claims: claims.ended,
    claimsTold: news.told,
    terminations: { propose: ladder.propose, withdraw },
    attention: [...ladder.attention, ...access.attention],
    waits,
    nextCheckAt: soonest(waits, now),
  };
}

/** Whether a decision changes or tells anything; attention is compared with what a person already sees. */
export function isQuiet(decision: Decision, facts: CustomerFacts): boolean {
  return (
    decision.messages.length === 0 &&
    decision.place.length === 0 &&
    decision.lift.length === 0 &&
    decision.access.length === 0 &&
    decision.promises.length === 0 &&
    decision.claims.length === 0 &&
    decision.claimsTold.length === 0 &&
    decision.terminations.propose.length === 0 &&
    decision.terminations.withdraw.length === 0 &&
    decision.attention.length === facts.attention.length &&
    decision.attention.every((item) => facts.attention.includes(item.key))
  );
}

interface Climbed {
  notices: DueNotice[];
  place: HoldIntent[];
  propose: TerminationIntent[];
  attention: Attention[];
  waits: Wait[];
  /** What each unpaid invoice leads to next, and when. */
  ahead: { invoiceId: number; targets: readonly ServiceFacts[]; act: StepAct; at: Instant }[];
}

function climbLadders(facts: CustomerFacts, policy: Policy, now: Instant, covers: ReadonlyMap<number, readonly Cover[]>): Climbed {
  const climbed: Climbed = { notices: [], place: [], propose: [], attention: [], waits: [], ahead: [] };
  for (const invoice of facts.invoices) {
    const targets = targetsOf(facts, policy, invoice);
    const plan = facts.services.find((service) => service.id === invoice.serviceId)?.plan ?? null;
    const ladder = ladderFor(policy, facts, plan, invoice.dueOn);
    const walk: Walk = { facts, policy, now, invoice, ladder, covers: covers.get(invoice.id) ?? [], targets };
    const position = walkLadder(walk);
    if (position.wait) climbed.waits.push(position.wait);
    const { step, until } = position.wait ?? { step: null, until: null };
    const act = ladder.steps.find((each) => each.name === step)?.act;
    if (act !== undefined && act !== "notify" && until !== null) climbed.ahead.push({ invoiceId: invoice.id, targets, act, at: until });
    if (position.attention) climbed.attention.push(position.attention);
    if (position.rung) take(walk, position.rung, climbed);
  }
  return climbed;
}

function take(walk: Walk, rung: NonNullable<ReturnType<typeof walkLadder>["rung"]>, climbed: Climbed): void {
  const { facts, invoice, targets } = walk;
  const { step, because, channel } = rung;
  if (channel !== null) {
    climbed.notices.push({ invoice, step, channel, because, next: nextHardening(walk, step) });
    return;
  }
  for (const service of targets) {
    if (!service.linked) continue;
    const about = { serviceId: service.id, serviceRef: service.ref, invoiceId: invoice.id, invoiceRef: invoice.ref };
    if (step.act === "terminate") {
      const proposed = hasProposal(facts, service.id) || climbed.propose.some((p) => p.serviceId === service.id);
      if (!proposed) climbed.propose.push({ ...about, because });
    } else if (!facts.holds.some((h) => h.kind === "overdue" && h.invoiceId === invoice.id && h.serviceId === service.id))
      climbed.place.push({ ...about, step: step.name, because });
  }
  // A hold ends nowhere outside, so nobody would call us back: the next rung's time is set here.
  const above = nextAbove(walk, step);
  if (above)
    climbed.waits.push({
      invoice: invoice.ref,
      service: null,
      step: above.step.name,
      until: Math.max(above.at, walk.now + 1),
      because: { rule: "step_not_yet", invoice: invoice.ref, until: above.at },
    });
}

/** The services an unpaid invoice may suspend: the one it bills, or all of them where the policy's scope is the account. */
function targetsOf(facts: CustomerFacts, policy: Policy, invoice: InvoiceFacts): ServiceFacts[] {
  if (policy.doc.scope === "account") return facts.services.filter((service) => service.linked);
  return facts.services.filter((service) => service.id === invoice.serviceId);
}

function liftsOf(facts: CustomerFacts, covers: ReadonlyMap<number, unknown>, now: Instant): LiftIntent[] {
  const lifts: LiftIntent[] = [];
  for (const hold of facts.holds) {
    if (hold.kind === "overdue" && hold.invoiceId !== null && !covers.has(hold.invoiceId))
      lifts.push({ holdId: hold.id, serviceId: hold.serviceId, because: [{ rule: "settled", hold: hold.kind, invoice: hold.reason }] });
    else if (restsOnNothing(facts, hold))
      lifts.push({
        holdId: hold.id,
        serviceId: hold.serviceId,
        because: [{ rule: "warning_not_accepted", hold: hold.kind, invoice: hold.reason }],
      });
    else if (hold.until !== null && !holdRuns(hold, now))
      lifts.push({ holdId: hold.id, serviceId: hold.serviceId, because: [{ rule: "hold_expired", hold: hold.kind, until: hold.until }] });
  }
  return lifts;
}

/** Nobody is down without a warning that was accepted: also not when that turns out afterwards. */
function restsOnNothing(facts: CustomerFacts, hold: HoldFacts): boolean {
  return hold.kind === "overdue" && hold.invoiceId !== null && warningCameBack(facts, hold.invoiceId);
}

/** A proposal to terminate is taken back when its invoice is settled or protected, its service is gone, or the customer showed life. */
function withdrawals(facts: CustomerFacts, policy: Policy, covers: ReadonlyMap<number, readonly Cover[]>, now: Instant): number[] {
  const alive = now < quietUntil(facts, policy);
  return facts.terminations
    .filter((t) => alive || (covers.get(t.invoiceId)?.length ?? 1) > 0 || !facts.services.some((s) => s.id === t.serviceId && s.linked))
    .map((t) => t.id);
}

function accessMessages(facts: CustomerFacts, policy: Policy, now: Instant, ahead: Climbed["ahead"]): MessageIntent[] {
  return facts.services
    .map((service) => {
      const [next = null] = ahead.filter((a) => a.targets.some((target) => target.id === service.id)).sort((a, b) => a.at - b.at);
      return accessMessage(facts, policy, now, service, next && { act: next.act, at: next.at });
    })
    .filter((message) => message !== null);
}

function promiseMessages(
  facts: CustomerFacts,
  policy: Policy,
  now: Instant,
  running: readonly PromiseFacts[],
  ended: Decision["promises"],
): MessageIntent[] {
  const messages: (MessageIntent | null)[] = [];
  for (const promise of running) {
    messages.push(promiseMessage(facts, policy, now, promise, "promise_granted"));
    if (promiseReminder(policy, promise, now)?.due) messages.push(promiseMessage(facts, policy, now, promise, "promise_due"));
  }
  if (policy.doc.announce.promise_ends)
    for (const end of ended) {
      const promise = facts.promises.find((p) => p.id === end.promiseId);
      if (promise) messages.push(promiseMessage(facts, policy, now, promise, `promise_${end.end}`));
    }
  return messages.filter((message) => message !== null);
}

function reminderWaits(facts: CustomerFacts, policy: Policy, now: Instant, running: readonly PromiseFacts[]): Wait[] {
  const waits: Wait[] = [];
  for (const promise of running) {
    const reminder = promiseReminder(policy, promise, now);
    if (!reminder || reminder.due) continue;
    if (facts.notices.some((n) => n.key.startsWith(noticeKey.promise(promise.id, "promise_due", "email").replace(/email$/u, "")))) continue;
    const because = { rule: "promise_due", promise: promise.protocol, until: reminder.at } as const;
    waits.push({ invoice: null, service: null, step: "promise-due", until: reminder.at, because });
  }
  return waits;
}

function soonest(waits: readonly Wait[], now: Instant): Instant | null {
  let at: Instant | null = null;
  for (const wait of waits) if (wait.until !== null && wait.until > now && (at === null || wait.until < at)) at = wait.until;
  return at;
}
