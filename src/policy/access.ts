// What access a service should have now, and why: a level computed from holds, never an event.
import type { Instant } from "../kernel/time.ts";
import { sayClosed, type Policy } from "./compile.ts";
import { holdRuns, type Cover } from "./cover.ts";
import type { AccessIntent, AccessLevel, Attention, Because, HoldIntent, Wait } from "./decision.ts";
import type { CustomerFacts, HoldFacts, ServiceFacts } from "./facts.ts";

export interface AccessScene {
  facts: CustomerFacts;
  policy: Policy;
  now: Instant;
  /** Protections by open invoice; an invoice that is not a key is settled. */
  covers: ReadonlyMap<number, readonly Cover[]>;
  placed: readonly HoldIntent[];
  lifted: ReadonlySet<number>;
}

export interface AccessResult {
  levels: AccessLevel[];
  intents: AccessIntent[];
  waits: Wait[];
  attention: Attention[];
}

interface Level {
  desired: "active" | "suspended";
  cause: string | null;
  announce: boolean;
  because: Because[];
  wait: Wait | null;
}

/** An overdue hold that stands or is placed now. */
interface Overdue {
  invoiceId: number;
  invoiceRef: string;
  covers: readonly Cover[];
}

export function decideAccess(scene: AccessScene): AccessResult {
  const result: AccessResult = { levels: [], intents: [], waits: [], attention: [] };
  for (const service of scene.facts.services) {
    if (!service.linked) continue;
    const level = levelOf(scene, service);
    result.levels.push({ serviceId: service.id, desired: level.desired, cause: level.cause, because: level.because });
    if (level.wait) result.waits.push(level.wait);
    const strange = strangeness(service, level);
    if (strange) {
      result.attention.push(strange);
      // Nothing of ours can be done on the panel; the level is still recorded when it changes.
      if (level.desired === service.desired) continue;
    }
    const differs =
      level.desired !== service.desired ||
      (!service.callOpen && (level.desired === "suspended" ? service.actual === "active" : needsRelease(service)));
    if (!differs) continue;
    result.intents.push({
      serviceId: service.id,
      serviceRef: service.ref,
      desired: level.desired,
      cause: level.cause,
      // Where the panel is there already nothing changes, and there is nothing to tell.
      announce: level.announce && service.actual !== level.desired,
      because: level.because,
    });
  }
  return result;
}

/** Down by our own act, or perhaps so: an answer was lost after we asked. */
function needsRelease(service: ServiceFacts): boolean {
  return service.suspendedByUs && (service.actual === "suspended" || service.actual === "unknown");
}

function levelOf(scene: AccessScene, service: ServiceFacts): Level {
  const { facts, now, lifted } = scene;
  const holds = facts.holds.filter(
    (h) => h.effect === "access" && !lifted.has(h.id) && holdRuns(h, now) && (h.serviceId === null || h.serviceId === service.id),
  );
  const other = holds.find((h) => h.kind !== "overdue");
  if (other) {
    const because: Because = { rule: "other_hold", service: service.ref, hold: other.kind };
    return { desired: "suspended", cause: other.kind, announce: false, because: [because], wait: untilWait(service, other) };
  }
  const overdue = overdueHolds(scene, service, holds);
  if (overdue.length === 0)
    return { desired: "active", cause: null, announce: true, because: [{ rule: "no_hold", service: service.ref }], wait: null };
  const effective = overdue.filter((o) => !o.covers.some((cover) => cover.releases));
  const free = effective.filter((o) => o.covers.length === 0);
  // A debt under review takes nothing down, and is not named as what does where another one stands free.
  const cause = free[0] ?? effective[0];
  if (cause === undefined) return covered(service, overdue);
  const because: Because[] = [{ rule: "overdue_hold", service: service.ref, invoice: cause.invoiceRef }];
  const down: Level = { desired: "suspended", cause: cause.invoiceRef, announce: true, because, wait: null };
  if (keeps(service)) return down;
  // Until the first protection of any debt ends, also of one that gives access back: its end may come before the review of a claim's.
  if (free.length === 0) return covered(service, overdue);
  return closedUntil(scene, service, cause) ?? down;
}

/**
 * Whether the suspension stands already, so that none would start now. What another party suspended is not ours to keep, unless we asked for the
 * same; an account that is gone stays as it is recorded, instead of going up and down with the calendar.
 */
function keeps(service: ServiceFacts): boolean {
  if (service.actual === "suspended") return service.suspendedByUs || service.desired === "suspended";
  return service.actual === "absent" && service.desired === "suspended";
}

/** Why no suspension starts now, in time that the calendar closes. */
function closedUntil(scene: AccessScene, service: ServiceFacts, { invoiceRef }: Overdue): Level | null {
  const open = scene.policy.calendar.nextSuspendOpen(scene.now);
  if (open <= scene.now) return null;
  const closure = scene.policy.calendar.suspendOpenAt(scene.now);
  const because: Because = {
    rule: "closed_calendar",
    service: service.ref,
    until: open,
    ...(closure ? { detail: sayClosed(closure) } : {}),
  };
  const wait: Wait = { invoice: invoiceRef, service: service.ref, step: null, until: open, because };
  return { desired: "active", cause: null, announce: false, because: [because], wait };
}

/** Every debt behind the holds is protected: access is given until the first protection ends. */
function covered(service: ServiceFacts, overdue: readonly Overdue[]): Level {
  const covers = overdue.flatMap((o) => o.covers);
  const until = covers.reduce<Instant | null>(
    (soonest, c) => (c.until !== null && (soonest === null || c.until < soonest) ? c.until : soonest),
    null,
  );
  const because: Because[] = covers.map((c) => ({ ...c.because, service: service.ref }));
  const [reason] = because;
  const wait: Wait | null =
    (reason && {
      invoice: overdue[0]?.invoiceRef ?? null,
      service: service.ref,
      step: null,
      until,
      because: reason,
    }) ||
    null;
  // A promise and a claim have messages of their own; money that came, or is on its way, is answered here.
  const announce = covers.length > 0 && covers.every((c) => c.because.rule === "small_remainder" || c.because.rule === "clearing");
  return { desired: "active", cause: null, announce, because, wait };
}

function overdueHolds(scene: AccessScene, service: ServiceFacts, holds: readonly HoldFacts[]): Overdue[] {
  const found: Overdue[] = [];
  for (const hold of holds) {
    if (hold.invoiceId === null) continue;
    const covers = scene.covers.get(hold.invoiceId);
    const invoice = scene.facts.invoices.find((i) => i.id === hold.invoiceId);
    if (covers && invoice) found.push({ invoiceId: invoice.id, invoiceRef: invoice.ref, covers });
  }
  for (const hold of scene.placed)
    if (hold.serviceId === service.id) found.push({ invoiceId: hold.invoiceId, invoiceRef: hold.invoiceRef, covers: [] });
  return found;
}

function untilWait(service: ServiceFacts, hold: HoldFacts): Wait | null {
  if (hold.until === null) return null;
  const because: Because = { rule: "other_hold", service: service.ref, hold: hold.kind, until: hold.until };
  return { invoice: null, service: service.ref, step: null, until: hold.until, because };
}

/** The panel says something that is not ours to change. */
function strangeness(service: ServiceFacts, level: Level): Attention | null {
  if (service.actual === "absent" && (level.desired === "suspended" || service.desired === "suspended"))
    return {
      key: `account_absent:S:${service.id}`,
      kind: "account_absent",
      because: [{ rule: "account_absent", service: service.ref }],
    };
  if (service.actual === "suspended" && !service.suspendedByUs && level.desired === "active")
    return {
      key: `suspended_by_other:S:${service.id}`,
      kind: "suspended_by_other",
      because: [{ rule: "suspended_by_other", service: service.ref }],
    };
  return null;
}
