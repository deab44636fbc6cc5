// How calls to the outside ended becomes fact: outbox, notices, access and evidence, and the customers are decided anew.
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { AccountState } from "../ports/control-panel.ts";
import type { Acceptance } from "../ports/mailer.ts";
import type { Outcome } from "../ports/outcome.ts";
import { endAttempts, endNotices, recordAccess, releaseServices, type AttemptEnd, type SeenAccess } from "../store/outbox.ts";
import { endTermination } from "../store/terminations.ts";
import { changeCustomers, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import type { Tally } from "./evaluate.ts";
import { LANDED_BY_MS, longestWait, mayLand, nextLookFor } from "./landing.ts";
import type { AccessTask, MessageTask, TerminateTask } from "./sift.ts";

/** What a panel call found and left. */
export interface PanelSeen {
  state: AccountState;
  /** The suspension that stands there, if any, is ours. */
  ours: boolean;
}

export type Finished =
  | { task: MessageTask; outcome: Outcome<Acceptance> }
  | { task: AccessTask; outcome: Outcome<PanelSeen> }
  | { task: TerminateTask; outcome: Outcome<PanelSeen> };

/** Waits between attempts: soon at first, since most faults are short; at most an hour. */
const BACKOFF_MS = [MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS];

/** Who paid is up within fifteen minutes of the panel answering again (S2): the wait, and what is left for the call itself. */
const REACTIVATION_MAX_MS = 10 * MINUTE_MS;

/** A message that no server took in this many attempts (about two days) is undeliverable; RFC 5321, 4.5.4.1 asks for days, not hours. */
const MESSAGE_ATTEMPTS_MAX = 54;

export interface Transitions {
  /** Messages that a server accepted. */
  accepted: number;
  suspended: number;
  reactivated: number;
}

/** Records ends of one claim. A worker that lost its lease meanwhile changes nothing: its successor's word counts. */
export async function recordOutcomes(
  engine: Engine,
  token: string,
  finished: readonly Finished[],
  options: { tally?: Tally | undefined } = {},
): Promise<Transitions> {
  const customers = [...new Set(finished.map((f) => f.task.row.customerId))].sort((a, b) => a - b);
  return changeCustomers(engine, customers, (unit) => record(unit, token, finished), options.tally ? { tally: options.tally } : {});
}

async function record(unit: Unit, token: string, finished: readonly Finished[]): Promise<Transitions> {
  const ends = finished.map((f) => endOf(f, unit.now));
  const mine = await endAttempts(unit.trx, token, ends);
  const transitions: Transitions = { accepted: 0, suspended: 0, reactivated: 0 };
  const seen: SeenAccess[] = [];
  const notices: { customerId: Id; outboxId: Id; state: "accepted" | "undeliverable"; at: Instant }[] = [];
  const services: { customerId: Id; serviceId: Id }[] = [];
  const terminated: { customerId: Id; serviceId: Id }[] = [];
  for (const [i, f] of finished.entries()) {
    const end = ends[i];
    if (!end || !mine.has(f.task.row.id)) continue;
    if (isMessage(f)) {
      noteMessage(unit, f, end, notices);
      continue;
    }
    services.push(f.task.service);
    if (f.task.kind === "access") noteAccess(unit, f as Access, end, seen, transitions);
    else noteTermination(unit, f as Termination, end, seen, terminated);
  }
  transitions.accepted = notices.filter(({ state }) => state === "accepted").length;
  await endNotices(unit.trx, notices);
  await recordAccess(unit.trx, seen);
  await endTermination(unit.trx, terminated, unit.now);
  await releaseServices(unit.trx, token, services);
  return transitions;
}

type Access = Extract<Finished, { task: AccessTask }>;
type Termination = Extract<Finished, { task: TerminateTask }>;
type Message = Extract<Finished, { task: MessageTask }>;

function isMessage(f: Finished): f is Message {
  return f.task.kind === "message";
}

function endOf(f: Finished, now: Instant): AttemptEnd {
  const { task } = f;
  const { row } = task;
  const base = { customerId: row.customerId, id: row.id, unknown: f.outcome.outcome === "unknown", endedAt: now, tried: true };
  const longest = task.kind === "access" && task.desired === "active" ? longestWait(task.service, now, REACTIVATION_MAX_MS) : HOUR_MS;
  const later = now + Math.min(BACKOFF_MS[Math.min(row.attempts, BACKOFF_MS.length) - 1] ?? HOUR_MS, longest);
  if (f.outcome.outcome === "done") {
    const again = f.task.kind === "access" ? lookAgain(f as Access, now) : null;
    return { ...base, state: again === null ? "done" : "open", notBefore: again ?? now, answer: answerOf(f) };
  }
  const { reason } = f.outcome;
  const final = f.outcome.outcome === "refused" && !f.outcome.retry;
  // A level is never given up: the panel is asked until it answers. A message is, since a person must know.
  const exhausted = f.task.kind === "message" && row.attempts >= MESSAGE_ATTEMPTS_MAX;
  if ((final && f.task.kind === "message") || exhausted) return { ...base, state: "refused", notBefore: now, answer: reason };
  return { ...base, state: "open", notBefore: final ? now + HOUR_MS : later, answer: reason };
}

/** When a level must be looked at once more although the panel answered; null: it is what it should be, or not ours to change. */
function lookAgain({ task, outcome }: Access, now: Instant): Instant | null {
  if (outcome.outcome !== "done") return null;
  const { desired, row, service } = task;
  const { state } = outcome.value;
  // An account that was moved or restored comes back as it was left, and nobody tells us: asked for less and less often, in the end once a day.
  if (state.access === "absent")
    return desired === "suspended" || service.suspendedByUs ? now + Math.min(DAY_MS, row.attempts * HOUR_MS) : null;
  // It is back: judged anew with what it is now, at once.
  if (desired === "suspended" && state.access === "active") return now;
  return nextLookFor(service, desired, now);
}

function answerOf(f: Finished): string {
  if (f.outcome.outcome !== "done") return f.outcome.reason;
  return isMessage(f) ? f.outcome.value.response : f.outcome.value.state.access;
}

function noteMessage(
  unit: Unit,
  f: Message,
  end: AttemptEnd,
  notices: { customerId: Id; outboxId: Id; state: "accepted" | "undeliverable"; at: Instant }[],
): void {
  const { row, payload } = f.task;
  const body: Record<string, Json> = {
    message_id: payload.messageId,
    channel: payload.channel,
    to: payload.to,
    template: payload.template,
    attempt: row.attempts,
    answer: end.answer,
  };
  if (row.unknowns > 0) body.repeat = true;
  if (f.outcome.outcome === "done") body.server = f.outcome.value.server;
  else if (end.state === "open") body.next_attempt_ms = end.notBefore - unit.now;
  const kind = end.state === "done" ? "accepted" : end.state === "refused" ? "undeliverable" : end.unknown ? "unknown" : "delayed";
  unit.record(row.customerId, `message.${kind}`, `channel:${payload.channel}`, body);
  if (end.state === "done") notices.push({ customerId: row.customerId, outboxId: row.id, state: "accepted", at: unit.now });
  if (end.state === "refused") notices.push({ customerId: row.customerId, outboxId: row.id, state: "undeliverable", at: unit.now });
}

function noteAccess(unit: Unit, f: Access, end: AttemptEnd, seen: SeenAccess[], transitions: Transitions): void {
  const { row, service, desired, cause } = f.task;
  const about = { customerId: row.customerId, serviceId: service.serviceId, outboxId: row.id, at: unit.now };
  const body = { service: service.ref, panel: service.panel, account: service.account, desired, cause, attempt: row.attempts };
  if (f.outcome.outcome !== "done") {
    const maybeOurs = service.suspendedByUs || (desired === "suspended" && f.outcome.outcome === "unknown");
    // A refusal tells nothing new: what was unknown before it still is.
    const actual = f.outcome.outcome === "unknown" || service.actual === "unknown" ? null : service.actual;
    const landingUntil = f.outcome.outcome === "unknown" ? unit.now + LANDED_BY_MS : null;
    seen.push({ ...about, actual, suspendedByUs: maybeOurs, landingUntil, changed: false, ended: false });
    unit.record(row.customerId, `access.${f.outcome.outcome}`, `panel:${service.panel}`, {
      ...body,
      answer: f.outcome.reason,
      next_attempt_ms: end.notBefore - unit.now,
    });
    return;
  }
  const { state, ours } = f.outcome.value;
  const down = state.access === "suspended";
  const changed = state.access === desired && service.confirmed !== state.access && (!down || ours);
  if (changed && down) transitions.suspended += 1;
  if (changed && !down) transitions.reactivated += 1;
  // Whose suspension it is stays known while the account is away, or while a call that was given up may still land.
  const keeps = state.access === "absent" || mayLand(service, unit.now);
  const suspendedByUs = down ? ours : keeps && service.suspendedByUs;
  seen.push({ ...about, actual: state.access, suspendedByUs, landingUntil: null, changed, ended: end.state !== "open" });
  // An account that stays away is asked for again and again, and told of once.
  if (state.access !== "absent" || service.confirmed !== "absent")
    unit.record(row.customerId, `access.${state.access}`, `panel:${service.panel}`, { ...body, ours: down ? ours : null, changed });
}

function noteTermination(
  unit: Unit,
  f: Termination,
  end: AttemptEnd,
  seen: SeenAccess[],
  terminated: { customerId: Id; serviceId: Id }[],
): void {
  const { row, service } = f.task;
  const gone = f.outcome.outcome === "done" && f.outcome.value.state.access === "absent";
  const body = { service: service.ref, panel: service.panel, account: service.account, attempt: row.attempts, answer: end.answer };
  unit.record(row.customerId, gone ? "terminated" : `terminate.${f.outcome.outcome}`, `panel:${service.panel}`, body);
  if (!gone) return;
  const about = { customerId: row.customerId, serviceId: service.serviceId };
  terminated.push(about);
  const rest = { suspendedByUs: false, landingUntil: null, changed: false, ended: true, at: unit.now };
  seen.push({ ...about, ...rest, outboxId: row.id, actual: "absent" });
}
