// A customer asks for a backup: to be had with an active account, or, by policy, as a minimum download some days into a suspension.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { DAY_MS, formatDay, type Day, type Instant } from "../kernel/time.ts";
import type { CustomerFacts, ServiceFacts } from "../policy/facts.ts";
import { backupRequests, endBackupRequest as endRequest, insertBackupRequest, type BackupRow } from "../store/portal-matters.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { withCase } from "./one-case.ts";
import type { Setting } from "./setting.ts";
import { whoIs, type Who } from "./who.ts";
import { backupRuleIn } from "../words/inserts.ts";

/** The answer to a wish for a backup, before it is asked. */
export type BackupOffer =
  | { granted: true; kind: "full" | "minimum" }
  /** `from`: the day from which the minimum download is to be had; null where the policy grants none. */
  | { granted: false; rule: "suspended" | "asked_already" | "terminated"; from: Day | null };

export interface BackupShown {
  service: string;
  name: string;
  offer: BackupOffer;
}

const RECENT = 10;

/** Each service with its answer, and the requests so far. Nothing is written. @throws ReguaError `customer_unknown` */
export async function backupOffers(engine: Engine, who: Who): Promise<{ services: BackupShown[]; requests: BackupRow[] }> {
  return withCase(engine, who, async ({ trx, found: { facts }, setting, now }) => {
    const requests = await backupRequests(trx, facts.id, RECENT);
    const waiting = new Set(requests.filter((request) => request.state === "asked").map((request) => request.service));
    const services = facts.services.map((service) => ({
      service: service.ref,
      name: service.name,
      offer: waiting.has(service.ref)
        ? ({ granted: false, rule: "asked_already", from: null } as const)
        : weigh(facts, service, setting, now),
    }));
    return { services, requests };
  });
}

/**
 * Takes the request; staff or their tools carry it out. A refusal is written into the evidence too, with its day.
 * @throws ReguaError `backup_refused`, `backup_waits`, `service_unknown`, `customer_unknown`
 */
export async function requestBackup(
  engine: Engine,
  ask: { customer: Who; service: string; by: string },
): Promise<{ id: Id; kind: "full" | "minimum" }> {
  const customerId = await whoIs(engine.db, ask.customer);
  const answer = await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const service = facts.services.find((each) => each.ref === ask.service);
    if (!service) throw new ReguaError("service_unknown", { value: ask.service });
    const offer = weigh(facts, service, unit.setting, unit.now);
    if (!offer.granted) {
      const from = offer.from === null ? null : formatDay(offer.from);
      unit.record(customerId, "backup.refused", ask.by, { service: service.ref, rule: offer.rule, from });
      return offer;
    }
    const id = (await engine.ids.take(1)).next();
    const { kind } = offer;
    const added = await insertBackupRequest(unit.trx, { customerId, id, serviceId: service.id, kind, askedAt: unit.now, by: ask.by });
    if (!added) throw new ReguaError("backup_waits", { value: service.ref });
    unit.record(customerId, "backup.asked", ask.by, { request: id, service: service.ref, backup: kind });
    return { id, kind };
  });
  if ("granted" in answer) throw new ReguaError("backup_refused", { value: ask.service, rule: backupRuleIn(answer.rule) });
  return answer;
}

/** Staff delivered it, or took it back; `note` is shown to the customer. @throws ReguaError `backup_unknown`, `customer_unknown` */
export async function endBackup(
  engine: Engine,
  end: { customer: Who; id: Id; state: "delivered" | "withdrawn"; note: string | null; by: string },
): Promise<void> {
  const customerId = await whoIs(engine.db, end.customer);
  await changeCustomer(engine, customerId, async (unit) => {
    const { id, state, note, by } = end;
    const service = await endRequest(unit.trx, { customerId, id, state, at: unit.now, by, note });
    if (service === null) throw new ReguaError("backup_unknown", { value: id });
    unit.record(customerId, `backup.${state}`, by, { request: id, service, note });
  });
}

/** What is suspended for another cause than a payment is no matter of a payment: there too the minimum is to be had by its day. */
function weigh(facts: CustomerFacts, service: ServiceFacts, setting: Setting, now: Instant): BackupOffer {
  if (service.actual === "absent") return { granted: false, rule: "terminated", from: null };
  const down = service.desired === "suspended" || service.actual === "suspended";
  if (!down) return { granted: true, kind: "full" };
  const after = setting.policy.doc.backup?.minimum_after_days;
  const since = downSince(facts, service, now);
  const from = after === undefined ? null : setting.zone.dayOf(since) + after;
  return from !== null && setting.zone.dayOf(now) >= from
    ? { granted: true, kind: "minimum" }
    : { granted: false, rule: "suspended", from };
}

/** The oldest hold that keeps it down; one without a hold was taken down by another party, since we do not know when. */
function downSince(facts: CustomerFacts, service: ServiceFacts, now: Instant): Instant {
  const holds = facts.holds.filter(({ serviceId, effect }) => effect === "access" && (serviceId === service.id || serviceId === null));
  return holds.reduce((first, hold) => Math.min(first, hold.placedAt), holds.length === 0 ? now : now + DAY_MS);
}
