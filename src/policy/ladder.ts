// Where an invoice stands on its ladder, which rung is next, and whether its time has come.
import { DAY_MS, type Instant } from "../kernel/time.ts";
import { sayClosed, type Ladder, type Policy, type Step } from "./compile.ts";
import { longest, type Cover } from "./cover.ts";
import type { Attention, Because, StepAct, Wait } from "./decision.ts";
import type { Channel, CustomerFacts, InvoiceFacts, ServiceFacts } from "./facts.ts";

/** What one step of one invoice came to so far. */
type Progress =
  | { kind: "none" }
  | { kind: "pending" }
  | { kind: "done"; at: Instant }
  /** A channel gave up and another one is left. */
  | { kind: "next_channel"; channel: Channel }
  | { kind: "failed"; at: Instant };

/** The rung whose time has come, and how it is climbed. */
export type Rung = { step: Step; channel: Channel | null; because: readonly Because[] };

export interface Position {
  /** What to do now; at most one rung of an invoice at a time. */
  rung: Rung | null;
  wait: Wait | null;
  attention: Attention | null;
}

/** An invoice with everything the walk needs to know. */
export interface Walk {
  facts: CustomerFacts;
  policy: Policy;
  now: Instant;
  invoice: InvoiceFacts;
  ladder: Ladder;
  covers: readonly Cover[];
  /** The services that this invoice may suspend. */
  targets: readonly ServiceFacts[];
}

/** When a step's day and time of day come, from the effective due date (or the day of issue). */
export function scheduledAt(policy: Policy, invoice: Pick<InvoiceFacts, "dueOn" | "issuedOn">, step: Step): Instant {
  const base = step.day === "issued" ? invoice.issuedOn : policy.calendar.effectiveDue(invoice.dueOn) + step.day;
  return policy.zone.at(base, step.minute);
}

/** Steps up to the due date inform; when the next step's time has come they have nothing left to say. Later ones never lapse. */
function informs(step: Step): boolean {
  return step.act === "notify" && (step.day === "issued" || step.day <= 0);
}

/** The last time a channel accepted a warning about the invoice. */
export function warnedAt(facts: CustomerFacts, invoiceId: number): Instant | null {
  let at: Instant | null = null;
  for (const notice of facts.notices)
    if (notice.invoiceId === invoiceId && notice.warning && notice.state === "accepted" && notice.endedAt !== null)
      at = Math.max(at ?? notice.endedAt, notice.endedAt);
  return at;
}

/** When the harm that a step does was announced: the server's answer to the warning, or to the announcement of the end. Null: never accepted. */
function announcedAt({ facts, invoice, ladder }: Walk, harm: Step): Instant | null {
  if (harm.act === "suspend") return warnedAt(facts, invoice.id);
  const names = new Set(ladder.steps.filter((step) => step.act === "warn_termination").map((step) => step.name));
  const accepted = facts.notices.filter((n) => n.invoiceId === invoice.id && names.has(n.step) && n.state === "accepted");
  return accepted.reduce<Instant | null>((at, { endedAt }) => (endedAt === null ? at : Math.max(at ?? endedAt, endedAt)), null);
}

const isHarm = (step: Step): boolean => step.act === "suspend" || step.act === "terminate";

/**
 * A warning about the invoice was tried and nobody accepted it, or it came back after it had been accepted (RFC 3464): what rests on it alone
 * stands on nothing. A suspension that began without any warning of ours, as one taken over from another system, is not meant.
 */
export function warningCameBack(facts: Pick<CustomerFacts, "notices">, invoiceId: number): boolean {
  let back = false;
  for (const notice of facts.notices) {
    if (notice.invoiceId !== invoiceId || !notice.warning) continue;
    if (notice.state === "accepted") return false;
    back ||= notice.state === "undeliverable";
  }
  return back;
}

const NONE: Progress = { kind: "none" };

function messageProgress(walk: Walk, step: Step): Progress {
  if (walk.facts.notices.length === 0) return NONE;
  const mine = walk.facts.notices.filter((n) => n.invoiceId === walk.invoice.id && n.step === step.name && n.state !== "superseded");
  // Whatever the order of the channels says today: what one channel accepted is said, and is not said again by another.
  const accepted = mine.find((n) => n.state === "accepted");
  if (accepted) return { kind: "done", at: accepted.decidedAt };
  if (mine.some((n) => n.state === "pending")) return { kind: "pending" };
  const last = mine.at(-1);
  if (last === undefined) return NONE;
  const tried = new Set(mine.map((n) => n.channel));
  const channel = step.channels.find((c) => walk.facts.addresses[c] !== undefined && !tried.has(c));
  return channel === undefined ? { kind: "failed", at: last.endedAt ?? last.decidedAt } : { kind: "next_channel", channel };
}

function progress(walk: Walk, step: Step): Progress {
  if (step.act === "suspend") {
    let at: Instant | null = null;
    for (const service of walk.targets) {
      const hold = walk.facts.holds.find((h) => h.kind === "overdue" && h.invoiceId === walk.invoice.id && h.serviceId === service.id);
      // A service that came later under the same invoice still has its hold to get.
      if (!hold) return { kind: "none" };
      // The last of them: whoever owns a service that came later has the same gap before what follows.
      at = at === null ? hold.placedAt : Math.max(at, hold.placedAt);
    }
    return at === null ? { kind: "none" } : { kind: "done", at };
  }
  if (step.act === "terminate") {
    return walk.facts.terminations.some((t) => t.invoiceId === walk.invoice.id) ? { kind: "pending" } : { kind: "none" };
  }
  return messageProgress(walk, step);
}

/** Finds the rung to climb next, and the time of the one below it. */
function stand(walk: Walk): { current: number; progress: Progress; below: Instant } {
  const { steps } = walk.ladder;
  let furthest = -1;
  let reached: Progress = NONE;
  let below = Number.NEGATIVE_INFINITY;
  let missing: number | null = null;
  let down: number | null = null;
  for (const step of steps) {
    const p = progress(walk, step);
    if (p.kind === "none") {
      if (step.act === "suspend") missing ??= step.index;
      continue;
    }
    furthest = step.index;
    reached = p;
    if (p.kind === "done" || p.kind === "failed") below = Math.max(below, p.at);
    down = missing;
  }
  if (reached.kind === "pending" || reached.kind === "next_channel") return { current: furthest, progress: reached, below: 0 };
  // The end was announced, and the suspension below it stands no more: money that had lifted it went back, or the service came later. It is
  // placed before anything else, even where nobody could be told of the end.
  if (down !== null && walk.targets.some((service) => service.linked)) return { current: down, progress: NONE, below };
  const top = steps[furthest];
  if (reached.kind === "failed" && top && top.act !== "notify") return { current: furthest, progress: reached, below };
  const current = furthest + 1;
  // A ladder changed under an invoice can leave it above a warning or an announcement it never had: that comes first.
  const harm = steps[current];
  if (harm && isHarm(harm) && announcedAt(walk, harm) === null) {
    const announces = harm.act === "suspend" ? "warn" : "warn_termination";
    const warning = steps.findLast((step) => step.act === announces && step.index < current);
    const came = warning && progress(walk, warning);
    // One that was sent and bounced is not sent a second time: its next channel or a person has it.
    if (warning && came && came.kind !== "done") return { current: warning.index, progress: came, below };
  }
  return { current, progress: NONE, below };
}

/** Says which rung of the invoice is due, or what it waits for. */
export function walkLadder(walk: Walk): Position {
  const { steps } = walk.ladder;
  const issued = walk.policy.zone.startOf(walk.invoice.issuedOn);
  if (walk.now < issued) return stop(walk, steps[0] ?? null, issued, "step_not_yet");
  const standing = stand(walk);
  let { current } = standing;
  // Informing steps whose successor's time has come are left out: "due in three days" is untrue afterwards.
  while (standing.progress.kind === "none") {
    const step = steps[current];
    const next = steps[current + 1];
    if (!step || !informs(step) || !next || walk.now < scheduledAt(walk.policy, walk.invoice, next)) break;
    current += 1;
  }
  const step = steps[current];
  if (!step) return stop(walk, null, null, "ladder_done");
  if (standing.progress.kind === "pending") return stop(walk, step, null, step.act === "terminate" ? "second_person" : "awaiting_delivery");
  if (standing.progress.kind === "failed") return ask(walk, step, "warning_undeliverable", "warning_not_accepted");
  if (standing.progress.kind === "next_channel") return climb(walk, step, standing.progress.channel, Number.NEGATIVE_INFINITY);
  const position = climb(walk, step, channelOf(walk, step), standing.below);
  const next = steps[current + 1];
  if (!position.wait || !next || !informs(step)) return position;
  // Whatever it waits for, it lapses when the next step's time comes, and that one must not be missed.
  const lapses = scheduledAt(walk.policy, walk.invoice, next);
  return { ...position, wait: { ...position.wait, until: Math.min(position.wait.until ?? lapses, lapses) } };
}

function channelOf(walk: Walk, step: Step): Channel | null {
  return step.channels.find((channel) => walk.facts.addresses[channel] !== undefined) ?? null;
}

/** Checks time, gap, protection, and calendar, in this order, for one rung. */
function climb(walk: Walk, step: Step, channel: Channel | null, below: Instant): Position {
  const { policy, now, invoice } = walk;
  const scheduled = scheduledAt(policy, invoice, step);
  let earliest = below + step.gapMs;
  if (isHarm(step)) {
    // From the server's answer and not from the decision: a worker that slept in between would have the customer told a day before the end.
    const announced = announcedAt(walk, step);
    if (announced === null)
      return now < scheduled
        ? stop(walk, step, scheduled, "step_not_yet")
        : ask(walk, step, "warning_undeliverable", "warning_not_accepted");
    // Money that went back opens the invoice where its ladder stood, maybe long ago: no service goes down for it before a fresh gap.
    earliest = Math.max(earliest, announced + step.gapMs, (invoice.reopenedAt ?? 0) + step.gapMs);
  }
  // What comes last is what it waits for: a day that comes within the gap is no day to tell anybody of.
  if (now < scheduled && earliest <= scheduled) return stop(walk, step, scheduled, "step_not_yet");
  if (now < earliest) return stop(walk, step, earliest, "gap");
  const cover = longest(step.act === "notify" ? walk.covers.filter((c) => c.because.rule !== "small_remainder") : walk.covers);
  if (cover) return { rung: null, attention: null, wait: wait(walk, step, cover.until, cover.because) };
  if (isHarm(step)) return act(walk, step);
  // Who cannot be told is put before a person; the rungs above wait for a warning that somebody can receive.
  if (channel === null) return ask(walk, step, "no_channel", "no_channel");
  const speak = policy.calendar.nextSpeakable(now);
  if (speak > now) return stop(walk, step, speak, "quiet_hours");
  return { rung: { step, channel, because: [due(walk, step)] }, wait: null, attention: null };
}

export function hasProposal(facts: Pick<CustomerFacts, "terminations">, serviceId: number): boolean {
  return facts.terminations.some((termination) => termination.serviceId === serviceId);
}

/** No service is terminated before: the policy's distance from money, a promise or a claim. */
export function quietUntil(facts: Pick<CustomerFacts, "lastSignOfLifeAt">, policy: Policy): Instant {
  return (facts.lastSignOfLifeAt ?? Number.NEGATIVE_INFINITY) + policy.doc.termination.distance_days * DAY_MS;
}

function act(walk: Walk, step: Step): Position {
  const { policy, now, facts } = walk;
  // The service was ended: the debt stays, and there is nothing left to suspend.
  if (walk.targets.length === 0 && walk.invoice.serviceId !== null) return stop(walk, null, null, "ladder_done");
  if (walk.targets.length === 0) return ask(walk, step, "no_service", "no_service");
  if (!walk.targets.some((service) => service.linked)) return ask(walk, step, "service_not_linked", "service_not_linked");
  if (step.act === "terminate") {
    // One proposal a service, whichever of its invoices came first; the rungs of the others below this one are climbed all the same.
    if (walk.targets.every((service) => !service.linked || hasProposal(facts, service.id))) return stop(walk, step, null, "second_person");
    const quiet = quietUntil(facts, policy);
    if (now < quiet) return stop(walk, step, quiet, "sign_of_life");
  } else {
    const open = policy.calendar.nextSuspendOpen(now);
    if (open > now) {
      const closed = policy.calendar.suspendOpenAt(now);
      return stop(walk, step, open, "closed_calendar", closed ? sayClosed(closed) : undefined);
    }
  }
  const because = [due(walk, step)];
  const announced = announcedAt(walk, step);
  if (announced !== null) because.push({ rule: "gap", invoice: walk.invoice.ref, step: step.name, at: announced });
  return { rung: { step, channel: null, because }, wait: null, attention: null };
}

/** The first rung above one that is climbed now, and when it may come. Above a suspension placed once more the next ones may be behind it. */
export function nextAbove(walk: Walk, after: Step): { step: Step; at: Instant } | null {
  const step = walk.ladder.steps.find((each) => each.index > after.index && progress(walk, each).kind === "none");
  return step ? { step, at: Math.max(scheduledAt(walk.policy, walk.invoice, step), walk.now + step.gapMs) } : null;
}

/** When the step after this one comes if nothing changes and this one is done now; for the text of a message. */
export function nextHardening(
  walk: Pick<Walk, "policy" | "now" | "invoice" | "ladder">,
  after: Step,
): { act: StepAct; at: Instant } | null {
  const { policy, now, invoice, ladder } = walk;
  const next = ladder.steps[after.index + 1];
  if (!next) return null;
  const at = Math.max(scheduledAt(policy, invoice, next), now + next.gapMs);
  return { act: next.act, at: next.act === "suspend" ? policy.calendar.nextSuspendOpen(at) : at };
}

function due(walk: Walk, step: Step): Because {
  return {
    rule: "step_due",
    invoice: walk.invoice.ref,
    step: step.name,
    days: walk.policy.zone.dayOf(walk.now) - walk.policy.calendar.effectiveDue(walk.invoice.dueOn),
    cents: walk.invoice.open,
    at: scheduledAt(walk.policy, walk.invoice, step),
  };
}

function wait(walk: Walk, step: Step | null, until: Instant | null, because: Because): Wait {
  return { invoice: walk.invoice.ref, service: null, step: step?.name ?? null, until, because };
}

function stop(walk: Walk, step: Step | null, until: Instant | null, rule: Because["rule"], detail?: string): Position {
  const because: Because = {
    rule,
    invoice: walk.invoice.ref,
    ...(step ? { step: step.name } : {}),
    ...(until === null ? {} : { until }),
    ...(detail === undefined ? {} : { detail }),
  };
  return { rung: null, wait: wait(walk, step, until, because), attention: null };
}

function ask(walk: Walk, step: Step, kind: Attention["kind"], rule: Because["rule"]): Position {
  const because: Because = { rule, invoice: walk.invoice.ref, step: step.name };
  return {
    rung: null,
    wait: wait(walk, step, null, because),
    attention: { key: `${kind}:I:${walk.invoice.id}:${step.name}`, kind, because: [because] },
  };
}
