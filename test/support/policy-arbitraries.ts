// Random policies and random facts for the laws of the rules: well formed, and otherwise as odd as they come.
import fc from "fast-check";
import { HOUR_MS, parseDay, type Instant } from "../../src/kernel/time.ts";
import { CHANNELS, type Channel, type CustomerFacts, type HoldFacts, type InvoiceFacts, type NoticeFact } from "../../src/policy/facts.ts";
import { noticeKey } from "../../src/policy/messages.ts";
import { policySchema, type PolicyDoc } from "../../src/policy/schema.ts";
import { aCustomer, anOpenInvoice, aService, ZONE } from "./timeline.ts";

/** The day around which everything happens. */
export const DAY0 = parseDay("2026-11-23");
export const START: Instant = ZONE.startOf(DAY0);

const hour = fc.integer({ min: 0, max: 23 }).map((h) => `${String(h).padStart(2, "0")}:00`);
const channels = fc.shuffledSubarray([...CHANNELS], { minLength: 1 });
const gap = fc.option(fc.integer({ min: 0, max: 72 }), { nil: undefined });

/** A ladder in its right order: what informs, what reminds, a warning, a suspension, perhaps the end. */
const soundLadder = fc
  .record({
    informs: fc.subarray(["issued", "before", "due"]),
    reminders: fc.integer({ min: 0, max: 2 }),
    between: fc.boolean(),
    end: fc.boolean(),
    steps: fc.array(fc.record({ apart: fc.integer({ min: 0, max: 4 }), at: hour, gap, channels }), { minLength: 10, maxLength: 10 }),
  })
  .map(({ informs, reminders, between, end, steps }) => {
    const acts: { step: string; do: string; day?: number | "issued"; min?: number }[] = [];
    if (informs.includes("issued")) acts.push({ step: "issued", do: "notify", day: "issued" });
    if (informs.includes("before")) acts.push({ step: "before-due", do: "notify", day: -3 });
    if (informs.includes("due")) acts.push({ step: "due", do: "notify", day: 0 });
    for (let i = 0; i < reminders; i += 1) acts.push({ step: `reminder-${i}`, do: "notify" });
    acts.push({ step: "warning", do: "warn" });
    if (between) acts.push({ step: "between", do: "notify" });
    acts.push({ step: "suspend", do: "suspend" });
    if (end) acts.push({ step: "termination-warning", do: "warn_termination" }, { step: "terminate", do: "terminate" });
    let day = 0;
    return acts.map((act, i) => {
      const random = steps[i] ?? { apart: 1, at: "09:00", gap: undefined, channels: ["email" as const] };
      // A later day for each step keeps the order of the times, whatever the hours are.
      day += 1 + random.apart;
      return { step: act.step, do: act.do, day: act.day ?? day, at: random.at, gap_hours: random.gap, channels: random.channels };
    });
  });

/** Any ladder the schema takes, in any order, with any names. */
const anyLadder = fc.array(
  fc.record({
    step: fc.constantFrom("a", "b", "c", "warning", "suspend"),
    day: fc.oneof(fc.constant("issued" as const), fc.integer({ min: -30, max: 60 })),
    at: hour,
    do: fc.constantFrom("notify", "warn", "suspend", "warn_termination", "terminate"),
    channels,
    gap_hours: gap,
  }),
  { minLength: 1, maxLength: 8 },
);

const closed = fc.array(
  fc.oneof(
    fc.constantFrom("friday_afternoon", "weekend", "holiday", "eve"),
    fc.record({
      weekday: fc.constantFrom("monday", "wednesday", "sunday"),
      from: fc.constantFrom("00:00", "10:00"),
      to: fc.constantFrom("12:00", "24:00"),
    }),
  ),
  { maxLength: 4 },
);

function policyOf(ladder: fc.Arbitrary<unknown[]>): fc.Arbitrary<PolicyDoc> {
  return fc
    .record({
      calendar: fc.record({ holidays: fc.constantFrom("BR", "none"), weekend: fc.constantFrom(["saturday", "sunday"], [], ["friday"]) }),
      never_suspend_on: closed,
      quiet_hours: fc.constantFrom("none", { from: "20:00", to: "08:00" }, { from: "12:00", to: "14:00" }),
      scope: fc.constantFrom("service", "account"),
      gap_hours: fc.integer({ min: 0, max: 48 }),
      small_remainder: fc.constantFrom("0.00", "5.00"),
      ladder,
      announce: fc.record({ suspended: fc.boolean(), reactivated: fc.boolean(), promise_ends: fc.boolean() }),
      promises: fc.record({ remind: fc.boolean() }),
      termination: fc.record({ distance_days: fc.integer({ min: 0, max: 20 }) }),
    })
    .map((doc) => policySchema.parse(JSON.parse(JSON.stringify({ policy: "random", regime: "general", ...doc }))));
}

export const soundPolicy = policyOf(soundLadder);
export const anyPolicy = policyOf(anyLadder);

/** An instant on the hour, some days before or after the start. */
export function hourAround(before: number, after: number): fc.Arbitrary<Instant> {
  return fc.integer({ min: -before * 24, max: after * 24 }).map((hours) => START + hours * HOUR_MS);
}

const services = fc
  .array(
    fc.record({
      linked: fc.boolean(),
      actual: fc.constantFrom("active", "suspended", "absent", "unknown"),
      desired: fc.constantFrom("active", "suspended"),
      ours: fc.boolean(),
      seq: fc.nat(2),
      announce: fc.boolean(),
      callOpen: fc.boolean(),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((list) =>
    list.map((s, i) =>
      aService(`S${i + 1}`, {
        linked: s.linked,
        actual: s.actual,
        desired: s.desired,
        suspendedByUs: s.actual !== "active" && s.ours,
        accessSeq: s.seq,
        announce: s.announce,
        callOpen: s.callOpen,
      }),
    ),
  );

/** A fresh customer: open invoices, nothing done yet, services up. */
export const freshCustomer: fc.Arbitrary<CustomerFacts> = fc
  .record({
    services: fc.integer({ min: 1, max: 3 }),
    linked: fc.array(fc.constantFrom(true, true, true, false), { minLength: 3, maxLength: 3 }),
    due: fc.array(
      fc.record({
        due: fc.integer({ min: -40, max: 20 }),
        issued: fc.integer({ min: 0, max: 20 }),
        service: fc.nat(3),
        open: fc.integer({ min: 1, max: 9000 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    addresses: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Channel[]>([...CHANNELS]) },
      { weight: 1, arbitrary: fc.subarray([...CHANNELS]) },
    ),
  })
  .map(({ services: count, linked, due, addresses }) =>
    aCustomer({
      addresses: Object.fromEntries(addresses.map((channel) => [channel, `${channel}-address`])),
      services: Array.from({ length: count }, (_, i) => aService(`S${i + 1}`, { linked: linked[i] ?? true })),
      invoices: due.map((d, i) =>
        anOpenInvoice(`I${i + 1}`, {
          dueOn: DAY0 + d.due,
          issuedOn: DAY0 + d.due - d.issued,
          serviceId: d.service === 0 ? null : Math.min(d.service, count),
          amount: 9000,
          open: d.open,
        }),
      ),
    }),
  );

interface Raw {
  holds: { kind: HoldFacts["kind"]; collection: boolean; service: number; invoice: number; until: Instant | null; at: Instant }[];
  notices: { invoice: number; step: string; channel: NoticeFact["channel"]; warning: boolean; state: NoticeFact["state"]; at: Instant }[];
}

/** Any customer: holds of all kinds, promises, claims, notices in every state, panels that say anything. */
export const anyCustomer: fc.Arbitrary<CustomerFacts> = fc
  .record({
    base: freshCustomer,
    services,
    clearing: fc.array(fc.option(hourAround(5, 20)), { minLength: 3, maxLength: 3 }),
    holds: fc.array(
      fc.record({
        kind: fc.constantFrom("overdue", "dispute", "manual", "legal", "abuse"),
        collection: fc.boolean(),
        service: fc.nat(3),
        invoice: fc.nat(3),
        until: fc.option(hourAround(5, 20)),
        at: hourAround(30, 0),
      }),
      { maxLength: 4 },
    ),
    promises: fc.array(
      fc.record({ invoices: fc.subarray([101, 102, 103], { minLength: 1 }), at: hourAround(10, 0), until: hourAround(2, 10) }),
      { maxLength: 2 },
    ),
    claims: fc.array(
      fc.record({
        invoice: fc.nat(2),
        release: fc.option(hourAround(2, 5)),
        review: hourAround(2, 10),
        announce: fc.boolean(),
        scheduled: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    ended: fc.array(fc.record({ invoice: fc.nat(2), end: fc.constantFrom("confirmed", "contradicted", "refused", "expired") }), {
      maxLength: 2,
    }),
    terminations: fc.array(fc.record({ service: fc.nat(2), invoice: fc.nat(2), approved: fc.boolean() }), { maxLength: 1 }),
    notices: fc.array(
      fc.record({
        invoice: fc.nat(2),
        step: fc.constantFrom("issued", "due", "reminder-0", "reminder-1", "warning", "between", "termination-warning", "a", "b", "c"),
        channel: fc.constantFrom(...CHANNELS),
        warning: fc.boolean(),
        state: fc.constantFrom("pending", "accepted", "undeliverable", "superseded"),
        at: hourAround(20, 0),
      }),
      { maxLength: 6 },
    ),
    life: fc.option(hourAround(40, 0)),
  })
  .map(({ base, services: list, clearing, promises, claims, ended, terminations, life, ...raw }) => {
    const invoices = base.invoices.map((invoice, i) => ({
      ...invoice,
      serviceId: invoice.serviceId === null ? null : Math.min(invoice.serviceId, list.length),
      clearingUntil: clearing[i] ?? null,
    }));
    return {
      ...base,
      services: list,
      invoices,
      lastSignOfLifeAt: life,
      holds: holdsOf(raw, list.length),
      promises: promises.map((p, i) => ({
        id: i + 1,
        protocol: `P${i + 1}`,
        kind: "release" as const,
        invoiceIds: p.invoices,
        grantedAt: p.at,
        until: p.until,
      })),
      claims: claims.map((c, i) => ({
        id: i + 1,
        invoiceId: 101 + c.invoice,
        receivedAt: START,
        releaseUntil: c.release,
        reviewUntil: c.review,
        announce: c.announce,
        scheduled: c.scheduled,
      })),
      endedClaims: ended.map((c, i) => ({
        id: i + 11,
        invoiceId: 101 + c.invoice,
        invoiceRef: `I${c.invoice + 1}`,
        receivedAt: START,
        end: c.end,
      })),
      terminations: terminations.map((t, i) => ({ id: i + 1, serviceId: t.service + 1, invoiceId: 101 + t.invoice, approved: t.approved })),
      notices: noticesOf(raw),
    };
  });

/** Of overdue holds at most one stands for a service and an invoice, as in the database. */
function holdsOf(raw: Raw, services: number): HoldFacts[] {
  const holds = raw.holds.map((hold, i): HoldFacts => {
    const overdue = hold.kind === "overdue";
    const serviceId = hold.service === 0 && !overdue ? null : Math.min(Math.max(1, hold.service), services);
    const invoiceId = hold.invoice === 0 && !overdue ? null : 100 + Math.max(1, hold.invoice);
    return {
      id: 500 + i,
      kind: hold.kind,
      effect: hold.collection && !overdue ? "collection" : "access",
      serviceId,
      invoiceId,
      reason: `I${hold.invoice}`,
      placedAt: hold.at,
      until: overdue ? null : hold.until,
    };
  });
  return holds.filter(
    (hold, i) =>
      hold.kind !== "overdue" ||
      !holds.slice(0, i).some((o) => o.kind === "overdue" && o.serviceId === hold.serviceId && o.invoiceId === hold.invoiceId),
  );
}

/** One notice for each invoice, step and channel, as in the database. */
function noticesOf(raw: Raw): NoticeFact[] {
  const byKey = new Map<string, NoticeFact>();
  for (const [i, n] of raw.notices.entries()) {
    const key = noticeKey.step(101 + n.invoice, n.step, n.channel);
    byKey.set(key, {
      key,
      invoiceId: 101 + n.invoice,
      step: n.step,
      channel: n.channel,
      warning: n.step === "warning" || n.warning,
      state: n.state,
      decidedAt: n.at,
      endedAt: n.state === "pending" ? null : n.at,
      outboxId: 900 + i,
    });
  }
  return [...byKey.values()];
}

/** Something that makes matters better for the customer. */
export interface Relief {
  name: string;
  apply: (facts: CustomerFacts, invoice: InvoiceFacts, until: Instant) => CustomerFacts;
}

const change = (facts: CustomerFacts, invoice: InvoiceFacts, to: Partial<InvoiceFacts>): CustomerFacts => ({
  ...facts,
  invoices: facts.invoices.map((each) => (each.id === invoice.id ? { ...each, ...to } : each)),
});

export const RELIEFS: readonly Relief[] = [
  { name: "part of it is paid", apply: (facts, invoice) => change(facts, invoice, { open: Math.max(1, Math.floor(invoice.open / 2)) }) },
  {
    name: "all of it is paid",
    apply: (facts, invoice) => ({ ...facts, invoices: facts.invoices.filter((each) => each.id !== invoice.id) }),
  },
  {
    name: "it is clearing",
    apply: (facts, invoice, until) => change(facts, invoice, { clearingUntil: Math.max(until, invoice.clearingUntil ?? 0) }),
  },
  {
    name: "a promise runs",
    apply: (facts, invoice, until) => ({
      ...facts,
      promises: [...facts.promises, { id: 77, protocol: "P77", kind: "release", invoiceIds: [invoice.id], grantedAt: START, until }],
    }),
  },
  {
    name: "it is disputed",
    apply: (facts, invoice, until) => ({
      ...facts,
      holds: [
        ...facts.holds,
        { id: 777, kind: "dispute", effect: "collection", serviceId: null, invoiceId: invoice.id, reason: "", placedAt: START, until },
      ],
    }),
  },
  {
    name: "a claim is under review",
    apply: (facts, invoice, until) => ({
      ...facts,
      claims: [...facts.claims, { id: 77, invoiceId: invoice.id, receivedAt: START, releaseUntil: null, reviewUntil: until }],
    }),
  },
];
