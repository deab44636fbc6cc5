// The story of one unpaid invoice under a policy, with dates: what comes when, and what the calendar moved.
import { assert } from "../kernel/assert.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { HolidayName } from "./calendar/holidays-br.ts";
import { ladderFor, type Policy } from "./compile.ts";
import type { Because, StepAct } from "./decision.ts";
import type { Channel, CustomerFacts } from "./facts.ts";
import { project, type ProjectedDecision } from "./project.ts";

/** The invoice and the customer the story is told of. */
export interface Sample {
  issuedOn: Day;
  dueOn: Day;
  amount: Cents;
  currency: Currency;
  /** For policies with segments. */
  plan?: string;
  tags?: readonly string[];
  /** First day as a customer; left out: ten years before the invoice. */
  since?: Day;
}

export interface TimelineLine {
  kind: "issued" | "due" | "due_moved" | "message" | "suspended" | "termination_proposed" | "moved" | "person";
  at: Instant;
  day: Day;
  /** Days from the effective due date: the place on the ruler. */
  offset: number;
  step: string | null;
  act: StepAct | null;
  channel: Channel | null;
  /** Why: for `moved` what the step waits for, and until when. */
  because: Because | null;
  /** For `due_moved`: the holiday the invoice fell due on; null: a weekend. */
  holiday: HolidayName | null;
}

/** Longer than any gap may be. */
const HORIZON_DAYS = 800;
const SERVICE = 2;
const INVOICE = 3;

/** What happens if the invoice is never paid and nobody speaks, in order. Messages are taken as accepted, terminations as not approved. */
export function policyTimeline(policy: Policy, sample: Sample): TimelineLine[] {
  assert(sample.amount > 0, "an invoice of nothing has no story");
  const { zone, calendar } = policy;
  const due = calendar.effectiveDue(sample.dueOn);
  const line = (kind: TimelineLine["kind"], at: Instant, rest: Partial<TimelineLine> = {}): TimelineLine => {
    const day = zone.dayOf(at);
    return { kind, at, day, offset: day - due, step: null, act: null, channel: null, because: null, holiday: null, ...rest };
  };
  const lines = [line("issued", zone.startOf(sample.issuedOn)), line("due", zone.startOf(sample.dueOn))];
  if (due !== sample.dueOn) lines.push(line("due_moved", zone.startOf(due), { holiday: calendar.holidayOn(sample.dueOn) }));
  const who = sampleCustomer(sample);
  const { steps } = ladderFor(policy, who, sample.plan ?? null, sample.dueOn);
  const lastDay = Math.max(...steps.map((step) => (step.day === "issued" ? 0 : step.day)));
  const from = zone.startOf(Math.min(sample.issuedOn, sample.dueOn));
  const to = zone.startOf(Math.max(due, sample.issuedOn) + Math.max(0, lastDay) + HORIZON_DAYS);
  const acts = new Map(steps.map((step) => [step.name, step.act]));
  const seen = new Set<string>();
  for (const projected of project(who, policy, from, to).decisions) lines.push(...linesOf(projected, line, acts, seen));
  return lines.sort((a, b) => a.at - b.at);
}

type MakeLine = (kind: TimelineLine["kind"], at: Instant, rest?: Partial<TimelineLine>) => TimelineLine;

function linesOf(
  { at, decision }: ProjectedDecision,
  line: MakeLine,
  acts: ReadonlyMap<string, StepAct>,
  seen: Set<string>,
): TimelineLine[] {
  const lines: TimelineLine[] = [];
  for (const message of decision.messages)
    for (const notice of message.notices)
      // What tells of a suspension goes with its line.
      if (notice.invoiceId !== null)
        lines.push(
          line("message", at, {
            step: notice.step,
            act: acts.get(notice.step) ?? null,
            channel: message.channel,
            because: notice.because[0] ?? null,
          }),
        );
  for (const hold of decision.place)
    lines.push(line("suspended", at, { step: hold.step, act: "suspend", because: hold.because[0] ?? null }));
  for (const end of decision.terminations.propose)
    lines.push(line("termination_proposed", at, { step: end.because[0]?.step ?? null, act: "terminate", because: end.because[0] ?? null }));
  for (const { step, because } of decision.waits) {
    if (step === null || !MOVES.has(because.rule) || seen.has(`${step} ${because.rule}`)) continue;
    seen.add(`${step} ${because.rule}`);
    lines.push(line("moved", at, { step, act: acts.get(step) ?? null, because }));
  }
  for (const { key, because } of decision.attention) {
    if (seen.has(key)) continue;
    seen.add(key);
    lines.push(line("person", at, { step: because[0]?.step ?? null, because: because[0] ?? null }));
  }
  return lines;
}

/** Reasons that a step whose time has come is put off. */
const MOVES: ReadonlySet<Because["rule"]> = new Set<Because["rule"]>(["closed_calendar", "quiet_hours", "gap"]);

/** Somebody with one service and one invoice, whom a story is told of. */
export function sampleCustomer(sample: Sample): CustomerFacts {
  const service = {
    id: SERVICE,
    ref: "S1",
    name: "S1",
    plan: sample.plan ?? null,
    linked: true,
    desired: "active",
    actual: "active",
    suspendedByUs: false,
    accessSeq: 0,
    announce: false,
    callOpen: false,
    cancelOn: null,
  } as const;
  const { issuedOn, dueOn, amount, currency } = sample;
  return {
    id: 1,
    ref: "1",
    name: "",
    lang: "pt-BR",
    since: sample.since ?? sample.issuedOn - 3650,
    tags: sample.tags ?? [],
    addresses: { email: "e", whatsapp: "w", sms: "s" },
    lastSignOfLifeAt: null,
    services: [service],
    invoices: [{ id: INVOICE, ref: "1", serviceId: SERVICE, issuedOn, dueOn, amount, open: amount, currency, clearingUntil: null }],
    holds: [],
    promises: [],
    claims: [],
    endedClaims: [],
    terminations: [],
    notices: [],
    attention: [],
  };
}
