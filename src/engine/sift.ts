// Whether rows taken from the outbox are still right: the rules are asked again with the facts of this moment.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { decide } from "../policy/decide.ts";
import type { Decision } from "../policy/decision.ts";
import { stillRight } from "../policy/recheck.ts";
import type { Case } from "../store/facts.ts";
import type { OutboxRow, TakenService } from "../store/outbox.ts";
import type { AccessPayload, MessagePayload } from "./plan.ts";
import type { Setting } from "./setting.ts";

export interface MessageTask {
  kind: "message";
  row: OutboxRow;
  payload: MessagePayload;
}

export interface AccessTask {
  kind: "access";
  row: OutboxRow;
  service: TakenService;
  desired: "active" | "suspended";
  /** The invoice or hold behind a suspension. */
  cause: string | null;
  judged: Judged;
}

export interface TerminateTask {
  kind: "terminate";
  row: OutboxRow;
  service: TakenService;
  judged: Judged;
}

/** What a task was judged by: until either changes it is still right. */
interface Judged {
  /** The customer's. */
  version: number;
  at: Instant;
}

export type Task = MessageTask | AccessTask | TerminateTask;

export interface Sifted {
  tasks: Task[];
  /** No longer right: never done, and their customers are decided anew. */
  superseded: OutboxRow[];
  /** Their service has a call in flight: they wait for its end. */
  busy: OutboxRow[];
}

export function sift(
  rows: readonly OutboxRow[],
  services: readonly TakenService[],
  cases: readonly Case[],
  setting: Setting,
  now: Instant,
): Sifted {
  const found = new Map(cases.map((each) => [each.facts.id, each]));
  const free = new Map(services.map((service) => [service.serviceId, service]));
  const decisions = new Map<Id, Decision>();
  const decideOnce = (customer: Case): Decision => {
    let decision = decisions.get(customer.facts.id);
    if (!decision) {
      decision = decide(customer.facts, setting.policy, now);
      decisions.set(customer.facts.id, decision);
    }
    return decision;
  };
  const sifted: Sifted = { tasks: [], superseded: [], busy: [] };
  for (const row of rows) {
    const customer = found.get(row.customerId);
    const verdict = !customer
      ? "superseded"
      : row.kind === "message"
        ? judgeMessage(row, customer, setting, now)
        : judgeCall(row, customer, decideOnce, free, now);
    if (verdict === "superseded") sifted.superseded.push(row);
    else if (verdict === "busy") sifted.busy.push(row);
    else sifted.tasks.push(verdict);
  }
  return sifted;
}

function judgeMessage(row: OutboxRow, customer: Case, setting: Setting, now: Instant): MessageTask | "superseded" {
  const payload = JSON.parse(row.payload) as MessagePayload;
  const message = { outboxId: row.id, template: payload.template, keys: payload.keys, invoices: payload.invoices };
  return stillRight(customer.facts, setting.policy, now, message) ? { kind: "message", row, payload } : "superseded";
}

function judgeCall(
  row: OutboxRow,
  customer: Case,
  decideOnce: (customer: Case) => Decision,
  free: Map<Id, TakenService>,
  now: Instant,
): AccessTask | TerminateTask | "superseded" | "busy" {
  if (!customer.facts.services.some((service) => service.id === row.serviceId && service.linked)) return "superseded";
  const service = free.get(row.serviceId ?? 0);
  if (!service) return "busy";
  const decision = decideOnce(customer);
  const judged: Judged = { version: customer.version, at: now };
  if (row.kind === "terminate") {
    if (!mayEnd(customer, decision, row.serviceId)) return "superseded";
    free.delete(service.serviceId);
    return { kind: "terminate", row, service, judged };
  }
  const { desired } = JSON.parse(row.payload) as AccessPayload;
  const level = decision.levels.find((each) => each.serviceId === row.serviceId);
  if (level?.desired !== desired) return "superseded";
  // One call at a time: a second row of the same service in this claim waits for its own turn.
  free.delete(service.serviceId);
  return { kind: "access", row, service, desired, cause: level.cause, judged };
}

/** Whether two persons approved that a service ends, and the rules do not take it back. */
export function mayEnd(customer: Case, decision: Decision, serviceId: Id | null): boolean {
  const approved = customer.facts.terminations.find((t) => t.serviceId === serviceId && t.approved);
  return approved !== undefined && !decision.terminations.withdraw.includes(approved.id);
}
