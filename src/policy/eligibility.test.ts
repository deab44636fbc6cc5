// Who gets more time: each reason for and against, the deadlines, the weekend trick, staff's own decisions, and the laws of all of it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, formatDay, HOUR_MS, parseDay, parseInstant, Zone, type Day, type Instant } from "../kernel/time.ts";
import { compilePolicy, type Policy } from "./compile.ts";
import { promiseOffer } from "./eligibility.ts";
import type { PastPromise, PaymentHistory } from "./history.ts";
import type { Granted, OfferRequest, Refusal } from "./offer.ts";
import { policySchema } from "./schema.ts";

const zone = new Zone("America/Sao_Paulo");

function aPolicy(promises: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Policy {
  return compilePolicy(
    policySchema.parse({ policy: "test", ladder: [{ step: "suspend", day: 5, do: "suspend" }], promises, ...rest }),
    zone,
  );
}

/** Tuesday, 24 November 2026, ten in the morning in São Paulo. */
const TUESDAY = parseInstant("2026-11-24T13:00:00Z");
const at = (text: string): Instant => parseInstant(`${text}:00-03:00`);

function aHistory(change: Partial<Omit<PaymentHistory, "matter">> & { matter?: Partial<PaymentHistory["matter"]> } = {}): PaymentHistory {
  const { matter, ...past } = change;
  return {
    since: parseDay("2025-01-10"),
    barred: null,
    paid: [{ dueOn: parseDay("2026-10-10"), paidOn: parseDay("2026-10-09") }],
    promises: [],
    cancellations: [],
    contradictedAt: [],
    ...past,
    matter: {
      open: [{ id: 1, ref: "1042", dueOn: parseDay("2026-11-10"), open: 2990 }],
      suspended: true,
      otherHold: null,
      monthPrice: 2990,
      ...matter,
    },
  };
}

function aPromise(change: Partial<PastPromise> & { granted?: string } = {}): PastPromise {
  const { granted, ...rest } = change;
  const grantedAt = granted === undefined ? at("2026-06-10T10:00") : at(granted);
  const until = grantedAt + 3 * DAY_MS;
  return { protocol: "P-1", kind: "release", state: "broken", grantedAt, until, endedAt: until, overWeekend: false, ...rest };
}

const ask = (change: Partial<OfferRequest> = {}): OfferRequest => ({ requestedUntil: null, now: TUESDAY, by: "customer", ...change });

function grantedBy(history: PaymentHistory, policy = aPolicy(), request = ask()): Granted {
  const offer = promiseOffer(history, policy, request);
  if (!offer.granted) throw new Error(`refused: ${offer.reasons.map((reason) => reason.rule).join(", ")}`);
  return offer;
}

function refusedBy(history: PaymentHistory, policy = aPolicy(), request = ask()): readonly Refusal[] {
  const offer = promiseOffer(history, policy, request);
  if (offer.granted) throw new Error(`granted until ${zone.format(offer.until)}`);
  return offer.reasons;
}

const rules = (reasons: readonly { rule: string }[]): string[] => reasons.map((reason) => reason.rule);

describe("a customer with a good record", () => {
  it("is released for the longest the policy allows, with the reasons and the conditions", () => {
    const offer = grantedBy(aHistory());
    // Five days lead to Sunday; Friday at 18:00 is closed to suspensions, so the deadline is Thursday.
    expect(zone.format(offer.until)).toBe("2026-11-26T18:00:00.000-03:00");
    expect(offer).toMatchObject({ kind: "release", owed: 2990, invoices: ["1042"], overridden: [] });
    expect(rules(offer.reasons)).toEqual(["tenure", "paid_on_time"]);
    expect(offer.conditions).toEqual([
      { condition: "pay_by", until: offer.until, cents: 2990, invoices: ["1042"] },
      { condition: "access_ends", until: offer.until },
      { condition: "lowers_next", days: 2 },
      { condition: "released_days_charged", days: 2, cents: 199 },
    ]);
  });

  it("has the suspension postponed when the service is still up", () => {
    const offer = grantedBy(aHistory({ matter: { suspended: false } }));
    expect(offer.kind).toBe("postponement");
    expect(offer.conditions.map((condition) => condition.condition)).toEqual(["pay_by", "ladder_continues", "lowers_next"]);
  });

  it("is told that the late fee counts on, and that another hold stays", () => {
    const policy = aPolicy({}, { late_fee: { fine_percent: 2, interest_percent_month: 0.5 } });
    const offer = grantedBy(aHistory({ matter: { suspended: false, otherHold: "abuse" } }), policy);
    expect(offer.conditions).toContainEqual({ condition: "late_fee_counts", finePercent: "2", interestPercentMonth: "0.5" });
    expect(offer.conditions).toContainEqual({ condition: "other_hold_stays", hold: "abuse" });
  });

  it("has every invoice covered that falls due before the deadline, and none after it", () => {
    const open = ["2026-11-10", "2026-11-26", "2026-11-27"].map((day, i) => ({ id: i, ref: `${i}`, dueOn: parseDay(day), open: 100 }));
    expect(grantedBy(aHistory({ matter: { open } })).invoices).toEqual(["0", "1"]);
  });
});

describe("the deadline", () => {
  const until = (asked: string | null, now = TUESDAY, policy = aPolicy()): string =>
    zone.format(grantedBy(aHistory(), policy, ask({ now, requestedUntil: asked === null ? null : parseDay(asked) })).until).slice(0, 16);

  it("is the day asked for when that is possible", () => {
    expect(until("2026-11-25")).toBe("2026-11-25T18:00");
  });

  it("moves to the next possible day when the one asked for is closed", () => {
    expect(until("2026-11-28", TUESDAY, aPolicy({ max_days: 7 }))).toBe("2026-11-30T18:00");
  });

  it("is never later than the longest promise, and the answer says that it was shortened", () => {
    expect(until("2026-12-24")).toBe("2026-11-26T18:00");
    const offer = grantedBy(aHistory(), aPolicy(), ask({ requestedUntil: parseDay("2026-12-24") }));
    expect(offer.reasons).toContainEqual({ rule: "shortened_max", limit: 5, day: parseDay("2026-12-24"), wouldChange: null });
  });

  it("keeps away from a holiday and its eve", () => {
    // Christmas is a Friday: Thursday is its eve and Monday the first possible day.
    expect(until(null, at("2026-12-23T19:00"))).toBe("2026-12-28T18:00");
  });

  it("is refused when the days allowed hold no moment for it, with the day from which there is one", () => {
    const reasons = refusedBy(aHistory(), aPolicy({ max_days: 2 }), ask({ now: at("2026-11-27T19:00") }));
    const day = parseDay("2026-11-30");
    expect(reasons).toEqual([{ rule: "no_deadline", limit: 2, day, wouldChange: { what: "ask_from", day: day - 2 } }]);
  });

  it("is refused for good when the calendar is never open at the policy's time", () => {
    const evenings = ["monday", "tuesday", "wednesday", "thursday", "friday"].map((weekday) => ({ weekday, from: "17:00" }));
    const policy = aPolicy({}, { never_suspend_on: evenings });
    expect(refusedBy(aHistory(), policy)).toEqual([{ rule: "no_deadline", limit: 5, wouldChange: { what: "staff" } }]);
  });

  it("is shortened by each broken promise", () => {
    const policy = aPolicy({ max_broken: 3, max_days: 8 });
    const untilWith = (count: number): string => {
      const offer = grantedBy(aHistory({ promises: Array.from({ length: count }, () => aPromise()) }), policy);
      return zone.format(offer.until).slice(0, 10);
    };
    expect([0, 1, 2, 3].map(untilWith)).toEqual(["2026-12-02", "2026-11-30", "2026-11-26", "2026-11-26"]);
  });
});

describe("a refusal names the reason, its numbers and what would change it", () => {
  const day = parseDay;
  it.each<[string, Parameters<typeof aHistory>[0], Record<string, unknown>, Refusal[]]>([
    ["promises switched off", {}, { enabled: false }, [{ rule: "disabled", wouldChange: { what: "pay" } }]],
    ["a bar by staff", { barred: "Combinado por telefone" }, {}, [{ rule: "barred", wouldChange: { what: "staff" } }]],
    [
      "a request to end a service",
      { cancellations: [{ service: "site-1", askedAt: at("2026-11-20T09:00"), open: true }] },
      {},
      [{ rule: "cancellation_open", detail: "site-1", wouldChange: { what: "withdraw_cancellation" } }],
    ],
    [
      "a contradicted proof",
      { contradictedAt: [at("2026-03-02T09:00")] },
      {},
      [{ rule: "proof_contradicted", count: 1, day: day("2026-03-02"), wouldChange: { what: "ask_from", day: day("2027-03-02") } }],
    ],
    [
      "too few invoices paid on time",
      {},
      { min_paid_on_time: 3 },
      [{ rule: "few_paid_on_time", count: 1, limit: 3, wouldChange: { what: "pay_on_time", count: 2 } }],
    ],
    [
      "too many broken promises, until enough are forgotten",
      { promises: [aPromise({ granted: "2026-01-05T10:00" }), aPromise({ granted: "2026-06-10T10:00", protocol: "P-2" })] },
      {},
      [
        {
          rule: "promises_broken",
          count: 2,
          limit: 1,
          day: day("2026-06-13"),
          promise: "P-2",
          wouldChange: { what: "ask_from", day: day("2027-01-08") },
        },
      ],
    ],
    [
      "no days left",
      { promises: [aPromise()] },
      { broken_costs_days: 5 },
      [{ rule: "no_days_left", count: 1, limit: 5, wouldChange: { what: "ask_from", day: day("2027-06-13") } }],
    ],
    [
      "a promise too recent",
      { promises: [aPromise({ granted: "2026-11-04T10:00", state: "kept" })] },
      {},
      [{ rule: "too_soon", days: 25, day: day("2026-11-04"), promise: "P-1", wouldChange: { what: "ask_from", day: day("2026-11-29") } }],
    ],
    [
      "more than the limit",
      {},
      { max_amount: "20.00" },
      [{ rule: "amount_above", cents: 2990, limitCents: 2000, wouldChange: { what: "pay_part", cents: 990 } }],
    ],
    ["nothing open", { matter: { open: [] } }, {}, [{ rule: "nothing_due", wouldChange: { what: "none_needed" } }]],
    [
      "nothing due before the deadline",
      { matter: { open: [{ id: 1, ref: "1", dueOn: day("2026-12-10"), open: 100 }] } },
      {},
      [{ rule: "nothing_due", day: day("2026-12-10"), wouldChange: { what: "ask_from", day: day("2026-12-05") } }],
    ],
  ])("%s", (_what, history, terms, reasons) => {
    expect(refusedBy(aHistory(history), aPolicy(terms))).toEqual(reasons);
  });

  it("and gives all of them, not only the first", () => {
    const history = aHistory({
      barred: "x",
      paid: [],
      contradictedAt: [at("2026-03-02T09:00")],
      cancellations: [{ service: "s", askedAt: at("2026-11-20T09:00"), open: true }],
      promises: [aPromise(), aPromise({ granted: "2026-11-20T10:00", state: "running", endedAt: null })],
    });
    expect(rules(refusedBy(history, aPolicy({ max_broken: 0, max_amount: "1.00" })))).toEqual([
      "barred",
      "cancellation_open",
      "proof_contradicted",
      "few_paid_on_time",
      "promise_running",
      "promises_broken",
      "too_soon",
      "amount_above",
    ]);
  });
});

describe("what counts", () => {
  it("a due date without banks may be met on the next banking day", () => {
    const paid = [{ dueOn: parseDay("2026-10-10"), paidOn: parseDay("2026-10-13") }];
    // Saturday the 10th; Monday the 12th is a holiday.
    expect(rules(grantedBy(aHistory({ paid })).reasons)).toContain("paid_on_time");
    const late = [{ dueOn: parseDay("2026-10-10"), paidOn: parseDay("2026-10-14") }];
    expect(rules(refusedBy(aHistory({ paid: late })))).toEqual(["few_paid_on_time"]);
    expect(rules(refusedBy(aHistory({ paid: [{ dueOn: parseDay("2026-10-10"), paidOn: null }] })))).toEqual(["few_paid_on_time"]);
  });

  it("broken promises and contradicted proofs are forgotten after the memory", () => {
    const old = { promises: [aPromise({ granted: "2025-11-21T10:00" })], contradictedAt: [at("2025-11-24T09:00")] };
    expect(rules(grantedBy(aHistory(old), aPolicy({ max_broken: 0 })).reasons)).toEqual(["tenure", "paid_on_time"]);
  });

  it("the amount is measured up to the longest promise: one shortened by a broken promise does not slip under the limit", () => {
    const open = ["2026-11-10", "2026-12-03"].map((dueOn, id) => ({ id, ref: `${id}`, dueOn: parseDay(dueOn), open: 2000 }));
    const policy = aPolicy({ max_days: 9, max_amount: "30.00" });
    for (const promises of [[], [aPromise()]])
      expect(rules(refusedBy(aHistory({ promises, matter: { open } }), policy))).toEqual(["amount_above"]);
  });

  it("a cancelled promise is as if never given", () => {
    const promises = [aPromise({ granted: "2026-11-20T10:00", state: "cancelled", kind: "courtesy" })];
    expect(grantedBy(aHistory({ promises })).granted).toBe(true);
    expect(grantedBy(aHistory({ promises, since: parseDay("2026-11-10"), paid: [] })).kind).toBe("courtesy");
  });
});

describe("a new customer", () => {
  const fresh = { since: parseDay("2026-11-10"), paid: [] };

  it("has the courtesy of five days, once", () => {
    const offer = grantedBy(aHistory(fresh));
    expect(offer.kind).toBe("courtesy");
    expect(rules(offer.reasons)).toEqual(["courtesy"]);
    const promises = [aPromise({ granted: "2026-11-12T10:00", kind: "courtesy", state: "kept" })];
    const again = refusedBy(aHistory({ ...fresh, promises }));
    expect(rules(again)).toEqual(["too_new", "courtesy_used", "few_paid_on_time", "too_soon"]);
    expect(again[0]?.wouldChange).toEqual({ what: "ask_from", day: parseDay("2026-12-10") });
  });

  it("has none where the policy gives none", () => {
    expect(rules(refusedBy(aHistory(fresh), aPolicy({ courtesy_days: 0 })))).toEqual(["too_new", "few_paid_on_time"]);
  });
});

describe("the weekend trick", () => {
  const before = aPromise({ granted: "2026-08-06T10:00", overWeekend: true, protocol: "P-W" });
  const thursday = at("2026-11-26T10:00");
  const friday = at("2026-11-27T10:00");

  it.each([
    ["on Thursday", thursday],
    ["on Friday", friday],
    ["on Saturday", at("2026-11-28T10:00")],
    ["on a Tuesday, the eve of a holiday", at("2027-04-20T10:00")],
  ])("is refused to who did it before and asks %s, with its cost and the next ordinary day", (_when, now) => {
    const [reason, ...others] = refusedBy(aHistory({ promises: [before] }), aPolicy({ max_days: 9 }), ask({ now })).filter(
      (each) => each.rule === "weekend_pattern",
    );
    // The day after the holiday in April is a Thursday, which is near the weekend again.
    const from = parseDay(now > at("2027-01-01T00:00") ? "2027-04-26" : "2026-11-30");
    const days = from - zone.dayOf(now);
    expect(reason).toEqual({
      rule: "weekend_pattern",
      count: 1,
      days,
      cents: Math.round((2990 * days) / 30),
      wouldChange: { what: "ask_from", day: from },
    });
    expect(others).toEqual([]);
  });

  it("is none on a Tuesday, for a deadline before the weekend, or for a promise over a weekend that was kept", () => {
    expect(grantedBy(aHistory({ promises: [before] })).granted).toBe(true);
    const short = ask({ now: thursday, requestedUntil: parseDay("2026-11-26") });
    expect(zone.format(grantedBy(aHistory({ promises: [before] }), aPolicy(), short).until)).toContain("2026-11-26T18:00");
    expect(grantedBy(aHistory({ promises: [{ ...before, state: "kept" }] }), aPolicy(), ask({ now: thursday })).granted).toBe(true);
  });

  it("is not given over a weekend on any other day either: asked on Wednesday, time ends on Thursday, and the reason says so", () => {
    const wednesday = ask({ now: at("2026-11-25T10:00") });
    const policy = aPolicy({ broken_costs_days: 0 });
    const shortened = grantedBy(aHistory({ promises: [before] }), policy, wednesday);
    expect(zone.format(shortened.until)).toContain("2026-11-26T18:00");
    expect(rules(shortened.reasons)).toContain("shortened_weekend");
    const whole = grantedBy(aHistory({ promises: [{ ...before, state: "kept" }] }), policy, wednesday);
    expect(zone.format(whole.until)).toContain("2026-11-30T18:00");
  });

  it("is forgotten after the memory", () => {
    const policy = aPolicy({ memory_days: 112 });
    expect(rules(refusedBy(aHistory({ promises: [before] }), aPolicy({ memory_days: 113 }), ask({ now: thursday })))).toEqual([
      "weekend_pattern",
    ]);
    expect(grantedBy(aHistory({ promises: [before] }), policy, ask({ now: thursday })).granted).toBe(true);
  });

  it("is also a kept or cancelled release after which the customer asked to leave", () => {
    const left = (askedAt: string) =>
      aHistory({
        promises: [{ ...before, state: "kept" }],
        cancellations: [{ service: "s", askedAt: at(askedAt), open: false }],
      });
    expect(rules(refusedBy(left("2026-08-11T09:00"), aPolicy(), ask({ now: thursday })))).toEqual(["weekend_pattern"]);
    expect(grantedBy(left("2026-09-20T09:00"), aPolicy(), ask({ now: thursday })).granted).toBe(true);
  });

  it("is granted and charged where the policy says so, and free where it allows", () => {
    const charged = grantedBy(aHistory({ promises: [before] }), aPolicy({ weekend: "charge", max_days: 7 }), ask({ now: thursday }));
    expect(zone.format(charged.until)).toContain("2026-12-01");
    expect(charged.conditions).toContainEqual({ condition: "weekend_charged", days: 5, cents: 498 });
    expect(charged.conditions.map((c) => c.condition)).not.toContain("released_days_charged");
    expect(rules(charged.reasons)).toContain("weekend_charged");
    const free = grantedBy(aHistory({ promises: [before] }), aPolicy({ weekend: "allow", max_days: 7 }), ask({ now: thursday }));
    expect(free.conditions.map((c) => c.condition)).not.toContain("weekend_charged");
  });
});

describe("staff", () => {
  const barred = aHistory({ barred: "Três promessas quebradas", paid: [] });

  it("is held to the rules without a written reason, and may set them aside with one", () => {
    expect(rules(refusedBy(barred, aPolicy(), ask({ by: "staff" })))).toEqual(["barred", "few_paid_on_time"]);
    const offer = grantedBy(barred, aPolicy(), ask({ by: "staff", override: "Cliente internado, falei com a esposa" }));
    expect(rules(offer.overridden)).toEqual(["barred", "few_paid_on_time"]);
  });

  it("the customer cannot set aside what staff can", () => {
    expect(rules(refusedBy(barred, aPolicy(), ask({ override: "please" })))).toContain("barred");
  });

  it("asks for an exact day: beyond the rules it needs a reason, beyond sixty days there is none", () => {
    const until = (day: Day, override: string | null = null): OfferRequest => ask({ by: "staff", requestedUntil: day, override });
    const today = zone.dayOf(TUESDAY);
    expect(refusedBy(aHistory(), aPolicy(), until(today + 20))).toEqual([
      { rule: "beyond_max", days: 20, limit: 5, wouldChange: { what: "ask_until", day: parseDay("2026-11-26") } },
    ]);
    const offer = grantedBy(aHistory(), aPolicy(), until(today + 20, "Obra no prédio"));
    expect(rules(offer.overridden)).toEqual(["beyond_max"]);
    expect(formatDay(zone.dayOf(offer.until))).toBe("2026-12-14");
    expect(rules(refusedBy(aHistory(), aPolicy(), until(today + 61, "Obra no prédio")))).toEqual(["beyond_ceiling"]);
  });

  it("cannot promise where nothing is open, or a second time at once", () => {
    const request = ask({ by: "staff", override: "por favor" });
    expect(rules(refusedBy(aHistory({ matter: { open: [] } }), aPolicy(), request))).toEqual(["nothing_due"]);
    const promises = [aPromise({ state: "running", endedAt: null, granted: "2026-11-23T10:00" })];
    expect(rules(refusedBy(aHistory({ promises }), aPolicy(), request))).toEqual(["promise_running"]);
  });
});

const anyPolicy = fc
  .record({
    promises: fc.record({
      enabled: fc.boolean(),
      max_days: fc.integer({ min: 0, max: 20 }),
      deadline_at: fc.constantFrom("18:00", "09:00", "12:00", "00:00", "23:59"),
      min_tenure_days: fc.integer({ min: 0, max: 60 }),
      min_paid_on_time: fc.integer({ min: 0, max: 4 }),
      max_broken: fc.integer({ min: 0, max: 4 }),
      memory_days: fc.constantFrom(0, 30, 365),
      broken_costs_days: fc.integer({ min: 0, max: 6 }),
      wait_days: fc.integer({ min: 0, max: 40 }),
      max_amount: fc.constantFrom("10.00", "100.00", "5000.00"),
      courtesy_days: fc.integer({ min: 0, max: 10 }),
      weekend: fc.constantFrom("refuse", "charge", "allow"),
    }),
    never_suspend_on: fc.constantFrom(["friday_afternoon", "weekend", "holiday", "eve"], [], ["weekend"]),
  })
  .map(({ promises, ...rest }) => aPolicy(promises, rest));

const moment = fc.integer({ min: 0, max: 400 * 24 * 60 }).map((minutes) => at("2026-01-01T00:00") + minutes * 60_000);

/** Promises as days before now; only those that ended. */
const pastPromise = fc.record({
  ago: fc.integer({ min: 6, max: 400 }),
  state: fc.constantFrom("kept" as const, "broken" as const, "broken" as const),
  kind: fc.constantFrom("release" as const, "postponement" as const),
  overWeekend: fc.boolean(),
});
type Seed = { ago: number; state: "kept" | "broken"; kind: "release" | "postponement"; overWeekend: boolean };

const promiseFrom = (now: Instant, seed: Seed): PastPromise => {
  const grantedAt = now - seed.ago * DAY_MS;
  return { protocol: `P-${seed.ago}`, ...seed, grantedAt, until: grantedAt + 5 * DAY_MS, endedAt: grantedAt + 5 * DAY_MS };
};

const scene = fc
  .record({
    policy: anyPolicy,
    now: moment,
    tenure: fc.integer({ min: 0, max: 400 }),
    onTime: fc.integer({ min: 0, max: 5 }),
    promises: fc.array(pastPromise, { maxLength: 5 }),
    open: fc.array(fc.record({ due: fc.integer({ min: -40, max: 15 }), open: fc.integer({ min: 1, max: 20_000 }) }), { maxLength: 4 }),
    asked: fc.option(fc.integer({ min: 0, max: 70 })),
    by: fc.constantFrom("customer" as const, "customer" as const, "staff" as const),
    override: fc.option(fc.constant("written reason")),
    suspended: fc.boolean(),
  })
  .map(({ policy, now, tenure, onTime, promises, open, asked, by, override, suspended }) => {
    const today = zone.dayOf(now);
    const history = (seeds: readonly Seed[], paid: number): PaymentHistory =>
      aHistory({
        since: today - tenure,
        paid: Array.from({ length: paid }, (_, i) => ({ dueOn: today - 30 * (i + 2), paidOn: today - 30 * (i + 2) })),
        promises: [...seeds].sort((a, b) => b.ago - a.ago).map((seed) => promiseFrom(now, seed)),
        matter: { suspended, open: open.map((invoice, id) => ({ id, ref: `${id}`, dueOn: today + invoice.due, open: invoice.open })) },
      });
    const request: OfferRequest = { now, by, override, requestedUntil: asked === null ? null : today + asked };
    return { policy, request, promises, onTime, history };
  });

/** How much time an offer gives; a refusal gives none. */
const timeOf = (history: PaymentHistory, policy: Policy, request: OfferRequest): number => {
  const offer = promiseOffer(history, policy, request);
  return offer.granted ? offer.until - request.now : 0;
};

describe("for any customer, policy and moment", () => {
  it("a deadline lies ahead, on a banking day, at the policy's time, open to suspensions, and within the limit", () => {
    let granted = 0;
    fc.assert(
      fc.property(scene, ({ policy, request, promises, onTime, history }) => {
        const offer = promiseOffer(history(promises, onTime), policy, request);
        if (!offer.granted) return;
        granted += 1;
        const day = zone.dayOf(offer.until);
        expect(offer.until).toBeGreaterThan(request.now);
        expect(policy.calendar.isBankingDay(day)).toBe(true);
        expect(policy.calendar.suspendOpenAt(offer.until)).toBeNull();
        expect(offer.until).toBe(zone.at(day, policy.promiseDeadlineMinute));
        const free = request.by === "staff" && request.override !== null;
        expect(day - zone.dayOf(request.now)).toBeLessThanOrEqual(free ? 60 : policy.doc.promises.max_days);
        expect(offer.invoices.length).toBeGreaterThan(0);
        if (!free) expect(offer.overridden).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(granted).toBeGreaterThan(100);
  });

  it("a refusal always says what would change each of its reasons", () => {
    fc.assert(
      fc.property(scene, ({ policy, request, promises, onTime, history }) => {
        const offer = promiseOffer(history(promises, onTime), policy, request);
        if (offer.granted) return;
        expect(offer.reasons.length).toBeGreaterThan(0);
        for (const { wouldChange } of offer.reasons) {
          expect(wouldChange.what).toBeTruthy();
          if (wouldChange.what === "ask_from") expect(wouldChange.day).toBeGreaterThan(zone.dayOf(request.now));
          if (wouldChange.what === "pay_part") expect(wouldChange.cents).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("one more promise kept, or invoice paid on time, never turns a grant into a refusal nor shortens it", () => {
    const more = fc.record({ kept: fc.integer({ min: 401, max: 800 }), flip: fc.nat() });
    fc.assert(
      fc.property(scene, more, ({ policy, request, promises, onTime, history }, { kept, flip }) => {
        const now = timeOf(history(promises, onTime), policy, request);
        expect(timeOf(history(promises, onTime + 1), policy, request)).toBeGreaterThanOrEqual(now);
        const older: Seed = { ago: kept, state: "kept", kind: "release", overWeekend: true };
        expect(timeOf(history([...promises, older], onTime), policy, request)).toBeGreaterThanOrEqual(now);
        const flipped = promises.map((seed, i): Seed => (i === flip % promises.length ? { ...seed, state: "kept" } : seed));
        expect(timeOf(history(flipped, onTime), policy, request)).toBeGreaterThanOrEqual(now);
      }),
      { numRuns: 1000 },
    );
  });

  it("one more broken promise never lengthens the next, and never turns a refusal into a grant", () => {
    fc.assert(
      fc.property(
        scene,
        fc.integer({ min: 6, max: 400 }),
        fc.boolean(),
        ({ policy, request, promises, onTime, history }, ago, overWeekend) => {
          const worse: Seed = { ago, state: "broken", kind: "release", overWeekend };
          const now = timeOf(history(promises, onTime), policy, request);
          expect(timeOf(history([...promises, worse], onTime), policy, request)).toBeLessThanOrEqual(now);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("waiting until the day an answer names removes that reason", () => {
    fc.assert(
      fc.property(scene, ({ policy, request, promises, onTime, history }) => {
        const past = history(promises, onTime);
        const offer = promiseOffer(past, policy, { ...request, requestedUntil: null });
        if (offer.granted) return;
        for (const { rule, wouldChange } of offer.reasons) {
          // The weekend's answer names a day for a new request; the other days are checked for their own reason alone.
          if (wouldChange.what !== "ask_from" || wouldChange.day === undefined || rule === "no_deadline" || rule === "nothing_due")
            continue;
          const later = promiseOffer(past, policy, { ...request, requestedUntil: null, now: zone.startOf(wouldChange.day) + HOUR_MS });
          if (!later.granted) expect(rules(later.reasons)).not.toContain(rule);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
