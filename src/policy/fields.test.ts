// Every field of the policy changes something: a decision, what is refused, or a named room that reads it. A field without a proof fails here.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fieldTable, policyFields } from "../../test/support/policy-fields.ts";
import { aCustomer, anOpenInvoice, aService, plain, ZONE, type PolicyChange } from "../../test/support/timeline.ts";
import { parseDay, type Instant } from "../kernel/time.ts";
import { checkPolicy } from "./check.ts";
import { compilePolicy, policyVersion } from "./compile.ts";
import { decide } from "./decide.ts";
import type { CustomerFacts, NoticeFact } from "./facts.ts";
import { noticeKey } from "./messages.ts";

/** Monday; nothing of note before day 32, which is Christmas. */
const DUE = parseDay("2026-11-23");
const at = (day: number, time = 0): Instant => ZONE.at(DUE + day, time);
const owing = (change: Partial<CustomerFacts> = {}): CustomerFacts =>
  aCustomer({ invoices: [anOpenInvoice("I1", { dueOn: DUE })], ...change });

function said(step: string, decidedAt: Instant, change: Partial<NoticeFact> = {}): NoticeFact {
  const key = noticeKey.step(101, step, change.channel ?? "email");
  return {
    key,
    invoiceId: 101,
    step,
    channel: "email",
    warning: step === "warning",
    state: "accepted",
    decidedAt,
    endedAt: decidedAt,
    outboxId: 1,
    ...change,
  };
}

/** Reminded on day 3, warned on day 4: the suspension is next. */
const warned = (change: Partial<CustomerFacts> = {}): CustomerFacts =>
  owing({ notices: [said("reminder", at(3)), said("warning", at(4))], ...change });
/** Suspended since day 5. */
const down = (change: Partial<CustomerFacts> = {}): CustomerFacts =>
  warned({
    services: [aService("S1", { desired: "suspended", actual: "suspended", suspendedByUs: true, accessSeq: 1, announce: true })],
    holds: [{ id: 9, kind: "overdue", effect: "access", serviceId: 1, invoiceId: 101, reason: "I1", placedAt: at(5), until: null }],
    ...change,
  });

const promise = { id: 5, protocol: "P5", kind: "release" as const, invoiceIds: [101], grantedAt: at(6), until: at(9, 18 * 60) };
const end = [
  ...plain().ladder,
  { step: "termination-warning", day: 30, at: "00:00", do: "warn_termination" },
  { step: "terminate", day: 45, at: "00:00", do: "terminate" },
];
const doomed = down({ notices: [...warned().notices, said("termination-warning", at(30))], lastSignOfLifeAt: at(40) });
const oneStep = (change: Record<string, unknown>): PolicyChange => ({
  ladder: [{ step: "reminder", day: 3, at: "00:00", do: "notify", ...change }],
});
const segment = (when: Record<string, unknown>): PolicyChange => ({
  segments: [{ segment: "some", when, ladder: [{ step: "early", day: 1, at: "00:00", do: "notify" }] }],
});

type Proof =
  /** Decided with one policy and with the other, the same facts at the same time come to something else. */
  | { decides: readonly [PolicyChange, PolicyChange]; facts: CustomerFacts; now: Instant }
  /** `checkPolicy` finds something else. */
  | { checks: readonly [PolicyChange, PolicyChange] }
  /** The version's name changes. */
  | { names: readonly [PolicyChange, PolicyChange] }
  /** The file that reads it, under the name it has there. */
  | { read: string; as?: string };

const merit = (as?: string): Proof => ({ read: "src/policy/merit.ts", ...(as === undefined ? {} : { as }) });
const eligibility = (as?: string): Proof => ({ read: "src/policy/eligibility.ts", ...(as === undefined ? {} : { as }) });
const breaker: Proof = { read: "src/engine/breaker.ts" };

const PROOFS: Readonly<Record<string, Proof>> = {
  policy: { names: [{}, { policy: "other" }] },
  description: { names: [{}, { description: "other" }] },
  regime: { checks: [{}, { regime: "telecom-br" }] },
  "calendar.holidays": {
    decides: [{}, { calendar: { holidays: "BR", weekend: [] } }],
    facts: owing({ invoices: [anOpenInvoice("I1", { dueOn: parseDay("2026-12-25") })] }),
    now: at(35),
  },
  "calendar.weekend": { decides: [{}, { calendar: { holidays: "none", weekend: ["monday"] } }], facts: owing(), now: at(3) },
  never_suspend_on: {
    decides: [
      { calendar: { holidays: "none", weekend: ["saturday"] } },
      { calendar: { holidays: "none", weekend: ["saturday"] }, never_suspend_on: ["weekend"] },
    ],
    facts: warned(),
    now: at(5),
  },
  "never_suspend_on[].weekday": closed({ weekday: "saturday" }, { weekday: "sunday" }),
  "never_suspend_on[].from": closed({ weekday: "saturday" }, { weekday: "saturday", from: "11:00" }),
  "never_suspend_on[].to": closed({ weekday: "saturday" }, { weekday: "saturday", to: "09:00" }),
  quiet_hours: { decides: [{}, { quiet_hours: { from: "20:00", to: "08:00" } }], facts: owing(), now: at(3) },
  "quiet_hours.from": {
    decides: [{ quiet_hours: { from: "08:00", to: "12:00" } }, { quiet_hours: { from: "11:00", to: "12:00" } }],
    facts: owing(),
    now: at(3, 600),
  },
  "quiet_hours.to": {
    decides: [{ quiet_hours: { from: "08:00", to: "12:00" } }, { quiet_hours: { from: "08:00", to: "09:00" } }],
    facts: owing(),
    now: at(3, 600),
  },
  scope: { decides: [{}, { scope: "account" }], facts: warned({ services: [aService("S1"), aService("S2")] }), now: at(5) },
  gap_hours: { decides: [{}, { gap_hours: 48 }], facts: warned(), now: at(5) },
  small_remainder: { decides: [{}, { small_remainder: "50.00" }], facts: warned(), now: at(5) },
  "ladder[].step": { decides: [oneStep({}), oneStep({ step: "other" })], facts: owing(), now: at(3) },
  "ladder[].day": { decides: [oneStep({}), oneStep({ day: 4 })], facts: owing(), now: at(3) },
  "ladder[].at": { decides: [oneStep({}), oneStep({ at: "09:00" })], facts: owing(), now: at(3) },
  "ladder[].do": { decides: [oneStep({}), oneStep({ do: "warn" })], facts: owing(), now: at(3) },
  "ladder[].channels": {
    decides: [oneStep({}), oneStep({ channels: ["sms"] })],
    facts: owing({ addresses: { email: "e", sms: "s" } }),
    now: at(3),
  },
  "ladder[].gap_hours": {
    decides: [{}, { ladder: plain().ladder.map((step) => ({ ...step, gap_hours: 30 })) }],
    facts: warned(),
    now: at(5),
  },
  "segments[].segment": { checks: [{}, { segments: [...both("a"), ...both("a")] }] },
  "segments[].accept_claims": { read: "src/policy/compile.ts" },
  "segments[].when.tags": { decides: [segment({ tags: ["a"] }), segment({ tags: ["b"] })], facts: owing({ tags: ["a"] }), now: at(1) },
  "segments[].when.plans": {
    decides: [segment({ plans: ["a"] }), segment({ plans: ["b"] })],
    facts: owing({ services: [aService("S1", { plan: "a" })] }),
    now: at(1),
  },
  "segments[].when.tenure_days_below": {
    decides: [segment({ tenure_days_below: 30 }), segment({ tenure_days_below: 20 })],
    facts: owing({ since: DUE - 25 }),
    now: at(1),
  },
  "segments[].when.tenure_days_from": {
    decides: [segment({ tenure_days_from: 30 }), segment({ tenure_days_from: 20 })],
    facts: owing({ since: DUE - 25 }),
    now: at(1),
  },
  "announce.suspended": { decides: [{}, announce("suspended")], facts: down(), now: at(5, 1) },
  "announce.reactivated": {
    decides: [{}, announce("reactivated")],
    facts: owing({ services: [aService("S1", { accessSeq: 2, announce: true })] }),
    now: at(1),
  },
  "announce.promise_ends": { decides: [{}, announce("promise_ends")], facts: down({ promises: [promise] }), now: promise.until },
  "announce.claims": {
    decides: [{}, { announce: { claims: false } }],
    facts: owing({ claims: [{ id: 1, invoiceId: 101, receivedAt: at(1), releaseUntil: null, reviewUntil: at(6), announce: true }] }),
    now: at(1),
  },
  "late_fee.fine_percent": eligibility(),
  "late_fee.interest_percent_month": eligibility(),
  "late_fee.legal_basis": {
    checks: [{ late_fee: { fine_percent: 10 } }, { late_fee: { fine_percent: 10, legal_basis: "a contract between companies" } }],
  },
  "late_fee.collect": { read: "src/engine/fees.ts" },
  "receipts.book_matches": { read: "src/engine/import-statement.ts" },
  "receipts.use_credit": { read: "src/engine/save-invoice.ts" },
  "promises.enabled": merit(),
  "promises.max_days": merit(),
  "promises.deadline_at": { read: "src/policy/deadline.ts", as: "promiseDeadlineMinute" },
  "promises.min_tenure_days": merit(),
  "promises.min_paid_on_time": merit(),
  "promises.max_broken": merit(),
  "promises.memory_days": merit(),
  "promises.broken_costs_days": merit(),
  "promises.wait_days": merit(),
  "promises.max_amount": eligibility("promiseMaxAmount"),
  "promises.courtesy_days": merit(),
  "promises.weekend": eligibility("promises.weekend"),
  "promises.charge_released_days": eligibility(),
  "promises.remind": { decides: [{}, { promises: { remind: false } }], facts: down({ promises: [promise] }), now: at(8, 9 * 60) },
  "claims.accept": { read: "src/engine/open-claim.ts", as: "accept" },
  "claims.refuse_tags": { read: "src/engine/open-claim.ts" },
  "claims.release.pix_minutes": { read: "src/policy/clearing.ts" },
  "claims.release.boleto_margin_hours": { read: "src/policy/clearing.ts" },
  "claims.release.unknown_hours": { read: "src/policy/clearing.ts" },
  "claims.neutral": { read: "src/policy/clearing.ts" },
  "claims.scheduled": { read: "src/policy/clearing.ts" },
  "claims.keep_files_days": { read: "src/policy/clearing.ts" },
  "backup.minimum_after_days": { read: "src/engine/request-backup.ts" },
  "termination.distance_days": {
    decides: [{ ladder: end }, { ladder: end, termination: { distance_days: 5 } }],
    facts: doomed,
    now: at(46),
  },
  breaker: { checks: [{}, { breaker: {} }] },
  "breaker.max_per_hour": breaker,
  "breaker.max_percent": breaker,
  "breaker.after_change_percent": breaker,
};

/** On Saturday, day 5, at ten. */
function closed(a: Record<string, string>, b: Record<string, string>): Proof {
  return { decides: [{ never_suspend_on: [a] }, { never_suspend_on: [b] }], facts: warned(), now: at(5, 600) };
}

function announce(key: string): PolicyChange {
  return { announce: { suspended: true, reactivated: true, promise_ends: true, [key]: false } };
}

function both(name: string): unknown[] {
  return [{ segment: name, when: { tags: [name] }, ladder: plain().ladder }];
}

function decided(change: PolicyChange, facts: CustomerFacts, now: Instant): unknown {
  const { policyVersion: _, ...decision } = decide(facts, compilePolicy(plain(change), ZONE), now);
  return decision;
}

describe("every field of the policy", () => {
  it("has a proof here that it changes something, and no proof is left of a field that is gone", () => {
    expect(Object.keys(PROOFS).sort()).toEqual(
      policyFields()
        .map((field) => field.path)
        .sort(),
    );
  });

  it.each(Object.entries(PROOFS))("%s changes something", (path, proof) => {
    if ("decides" in proof) {
      const [a, b] = proof.decides;
      expect(decided(a, proof.facts, proof.now)).not.toEqual(decided(b, proof.facts, proof.now));
    } else if ("checks" in proof) {
      const [a, b] = proof.checks;
      expect(checkPolicy(plain(a))).not.toEqual(checkPolicy(plain(b)));
    } else if ("names" in proof) {
      const [a, b] = proof.names;
      expect(policyVersion(plain(a))).not.toBe(policyVersion(plain(b)));
    } else {
      const name = proof.as ?? path.split(".").at(-1) ?? path;
      expect(readFileSync(new URL(`../../${proof.read}`, import.meta.url), "utf8")).toMatch(new RegExp(`\\b${name}\\b`, "u"));
    }
  });

  it("is explained in the schema, and stands in the reference with its value, default and meaning", () => {
    for (const field of policyFields()) expect(field.meaning, field.path).not.toBe("");
    const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
    expect(page).toContain(fieldTable());
  });
});
