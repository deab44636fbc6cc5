// A small world as the facts that decide() takes, the policy of all small worlds, and the instant at which they are looked at.
import { DAY_MS, parseDay, Zone, type Instant } from "../../kernel/time.ts";
import { compilePolicy, type Policy } from "../compile.ts";
import type { ClaimFacts, CustomerFacts, HoldFacts, InvoiceFacts, NoticeFact, PromiseFacts, ServiceFacts } from "../facts.ts";
import { policySchema } from "../schema.ts";
import {
  ACCESS,
  concerns,
  holdId,
  MOMENTS,
  serviceOf,
  STANDINGS,
  targetsOf,
  type ClaimChoice,
  type ClearingChoice,
  type Done,
  type HoldChoice,
  type Moment,
  type PromiseChoice,
  type Scope,
  type SmallWorld,
  type Standing,
  type Time,
} from "./small-worlds.ts";

const zone = new Zone("America/Sao_Paulo");

/** A note on the due date; reminder, warning and suspension on the third, fourth and fifth day at nine; no suspension on Saturdays, no message at night; no due date moves. */
const policyOf = (scope: Scope): Policy =>
  compilePolicy(
    policySchema.parse({
      policy: "small-worlds",
      scope,
      regime: "general",
      calendar: { holidays: "none", weekend: [] },
      never_suspend_on: [{ weekday: "saturday", from: "00:00", to: "24:00" }],
      quiet_hours: { from: "20:00", to: "08:00" },
      small_remainder: "1.00",
      ladder: [
        { step: "due", day: 0, at: "09:00", do: "notify" },
        { step: "reminder", day: 3, at: "09:00", do: "notify" },
        { step: "warning", day: 4, at: "09:00", do: "warn" },
        { step: "suspend", day: 5, at: "09:00", do: "suspend" },
        { step: "end-warning", day: 30, at: "09:00", do: "warn_termination", gap_hours: 480 },
        { step: "end", day: 45, at: "09:00", do: "terminate", gap_hours: 360 },
      ],
    }),
    zone,
  );

export const POLICIES: Readonly<Record<Scope, Policy>> = { service: policyOf("service"), account: policyOf("account") };

const instantOf = (moment: Moment): Instant => zone.at(parseDay(MOMENTS[moment][0]), MOMENTS[moment][1]);

const INSTANTS = new Map((Object.keys(MOMENTS) as Moment[]).map((moment) => [moment, instantOf(moment)]));
const TODAYS = new Map((Object.keys(MOMENTS) as Moment[]).map((moment) => [moment, parseDay(MOMENTS[moment][0])]));

/** The facts of a world, made anew at each call, and the instant at which they are looked at. */
export function factsOf(world: SmallWorld): { facts: CustomerFacts; now: Instant } {
  const now = INSTANTS.get(world.moment) ?? 0;
  const today = TODAYS.get(world.moment) ?? 0;
  const standings = world.invoices.map((name): Standing => STANDINGS[name]);
  const end = (time: Time): Instant => (time === "runs" ? now + 1 : now);
  const facts: CustomerFacts = {
    id: 1,
    ref: "77",
    name: "Padaria Central",
    lang: "pt-BR",
    since: today - 1000,
    tags: [],
    addresses: { email: "padaria@example.com" },
    lastSignOfLifeAt: standings.some((standing) => standing.life) ? now - DAY_MS : null,
    services: [
      serviceFacts(1, ACCESS[world.access]),
      ...(standings.length > 2 || world.scope === "account" ? [serviceFacts(2, ACCESS.up)] : []),
    ],
    invoices: standings.flatMap((standing, i) => (standing.settled ? [] : [invoiceFacts(standing, i, today, world.clearing, end)])),
    holds: [...standings.flatMap((standing, i) => overdueHolds(world.scope, standing, i, now)), ...otherHold(world.hold, now, end)],
    promises: world.promise === null ? [] : [promiseFacts(world.promise, standings.length, now, end)],
    claims: world.claim === null ? [] : [claimFacts(world.claim, now)],
    endedClaims: [],
    terminations: [],
    notices: standings.flatMap((standing, i) => (standing.settled ? [] : standing.done.map((done) => noticeFacts(done, i, now)))),
    attention: [],
  };
  return { facts, now };
}

function serviceFacts(id: 1 | 2, change: Partial<ServiceFacts>): ServiceFacts {
  return {
    id,
    ref: `S${id}`,
    name: `Hospedagem ${id}`,
    plan: null,
    linked: true,
    desired: "active",
    actual: "active",
    suspendedByUs: false,
    accessSeq: 0,
    announce: false,
    callOpen: false,
    cancelOn: null,
    ...change,
  };
}

function invoiceFacts(
  standing: Standing,
  i: number,
  today: number,
  clearing: ClearingChoice | null,
  end: (time: Time) => Instant,
): InvoiceFacts {
  const dueOn = today - standing.pastDue;
  return {
    id: 100 + i,
    ref: `I${i}`,
    serviceId: serviceOf(i),
    issuedOn: dueOn - 10,
    dueOn,
    amount: 2990,
    open: standing.small ? 100 : 2990,
    currency: "BRL",
    clearingUntil: clearing?.about === i ? end(clearing.time) : null,
  };
}

function overdueHolds(scope: Scope, { heldMs }: Standing, i: number, now: Instant): HoldFacts[] {
  if (heldMs === undefined) return [];
  const about = { kind: "overdue", effect: "access", invoiceId: 100 + i, reason: `I${i}`, placedAt: now - heldMs, until: null } as const;
  return targetsOf(scope, i).map((serviceId) => ({ id: holdId(i, serviceId), serviceId, ...about }));
}

function otherHold(hold: HoldChoice | null, now: Instant, end: (time: Time) => Instant): HoldFacts[] {
  if (hold === null) return [];
  const invoiceId = hold.effect === "collection" && hold.about !== "all" ? 100 + hold.about : null;
  const serviceId = hold.effect === "access" && hold.about !== "all" ? serviceOf(hold.about) : null;
  // What runs has no end of its own where the law gives none.
  const until = hold.time === "runs" && (hold.kind === "abuse" || hold.kind === "legal") ? null : end(hold.time);
  const { kind, effect } = hold;
  return [{ id: 600, kind, effect, serviceId, invoiceId, reason: "as it is", placedAt: now - DAY_MS, until }];
}

function promiseFacts(promise: PromiseChoice, invoices: number, now: Instant, end: (time: Time) => Instant): PromiseFacts {
  const all = Array.from({ length: invoices }, (_, i) => i);
  const invoiceIds = all.filter((i) => concerns(promise.about, i)).map((i) => 100 + i);
  return { id: 1, protocol: "P1", kind: "postponement", invoiceIds, grantedAt: now - DAY_MS, until: end(promise.time) };
}

function claimFacts({ about, time }: ClaimChoice, now: Instant): ClaimFacts {
  const releaseUntil = time === "releases" ? now + 1 : time === "release over" ? now : null;
  const reviewUntil = time === "over" ? now : now + DAY_MS;
  return { id: 1, invoiceId: 100 + about, receivedAt: now - DAY_MS, releaseUntil, reviewUntil };
}

function noticeFacts({ step, state, agoMs, decidedMs = agoMs }: Done, i: number, now: Instant): NoticeFact {
  return {
    key: `I:${100 + i}:${step}:email`,
    invoiceId: 100 + i,
    step,
    channel: "email",
    warning: step === "warning",
    state,
    decidedAt: now - decidedMs,
    endedAt: state === "pending" ? null : now - agoMs,
    outboxId: 900 + i,
  };
}
