// The laws of the rules, on random policies and facts: what must hold whatever is known and whenever it is asked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyCustomer,
  anyPolicy,
  DAY0,
  freshCustomer,
  hourAround,
  RELIEFS,
  soundPolicy,
  START,
} from "../../test/support/policy-arbitraries.ts";
import { ZONE } from "../../test/support/timeline.ts";
import { assert } from "../kernel/assert.ts";
import { ReguaError } from "../kernel/errors.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../kernel/time.ts";
import { compilePolicy, type Policy, type Step } from "./compile.ts";
import { decide, isQuiet } from "./decide.ts";
import type { AccessIntent, Decision, MessageIntent } from "./decision.ts";
import type { CustomerFacts, NoticeState, ServiceFacts } from "./facts.ts";
import { applyDecision, type Assume } from "./project.ts";
import type { PolicyDoc } from "./schema.ts";

/** A policy whose calendar never opens is refused, not decided with. */
function compiled(doc: PolicyDoc): Policy {
  try {
    return compilePolicy(doc, ZONE);
  } catch (error) {
    fc.pre(!(error instanceof ReguaError));
    throw error;
  }
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === "object") {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** The outside answers nothing: messages are on their way, panels are asked. */
const UNANSWERED: Assume = { delivery: () => "pending", panel: () => "waits" };

interface Effect {
  at: Instant;
  text: string;
}

function effectsOf(decision: Decision): string[] {
  return [
    ...decision.messages.flatMap((message) => message.notices.map((notice) => `notice ${notice.key}`)),
    ...decision.place.map((hold) => `hold ${hold.serviceRef} ${hold.invoiceRef}`),
    ...decision.access.map((intent) => `${intent.desired} ${intent.serviceRef}`),
    ...decision.terminations.propose.map((end) => `terminate ${end.serviceRef}`),
    ...decision.promises.map((end) => `${end.end} ${end.protocol}`),
    ...decision.claims.map((end) => `${end.end} ${end.claimId}`),
  ];
}

type Look = { at: Instant; before: CustomerFacts; decision: Decision };

/** Looks at the customer whenever `schedule` says, until `to`; the world answers by `assume`. */
function live(
  facts: CustomerFacts,
  policy: Policy,
  to: Instant,
  schedule: (now: Instant, next: Instant | null) => Instant | null,
  assume: Assume = {},
): { looks: Look[]; facts: CustomerFacts } {
  const looks: Look[] = [];
  let current = facts;
  for (let now: Instant | null = START; now !== null && now <= to;) {
    let decision = decide(current, policy, now);
    for (let round = 0; !isQuiet(decision, current); round += 1) {
      assert(round < 100, "does not come to rest");
      looks.push({ at: now, before: current, decision });
      current = applyDecision(current, decision, assume);
      decision = decide(current, policy, now);
    }
    now = schedule(now, decision.nextCheckAt);
  }
  return { looks, facts: current };
}

const asked = (_now: Instant, next: Instant | null): Instant | null => next;
const hourly = (now: Instant): Instant => now + HOUR_MS;
const story = (looks: readonly Look[]): Effect[] => looks.flatMap(({ at, decision }) => effectsOf(decision).map((text) => ({ at, text })));

describe("decide", () => {
  it("never fails and looks only ahead, for any facts and any policy", () => {
    fc.assert(
      fc.property(anyCustomer, anyPolicy, hourAround(60, 60), (facts, doc, now) => {
        const decision = decide(facts, compiled(doc), now);
        expect(decision.nextCheckAt === null || decision.nextCheckAt > now).toBe(true);
        // Each notice is one edge: its key is new.
        const keys = decision.messages.flatMap((message) => message.notices.map((notice) => notice.key));
        expect(new Set(keys).size).toBe(keys.length);
        for (const notice of facts.notices) if (notice.state !== "superseded") expect(keys).not.toContain(notice.key);
      }),
      { numRuns: 1500 },
    );
  });

  it("changes nothing it was given, and answers the same again", () => {
    fc.assert(
      fc.property(anyCustomer, anyPolicy, hourAround(60, 60), (facts, doc, now) => {
        const policy = compiled(doc);
        freeze(facts);
        expect(decide(facts, policy, now)).toEqual(decide(structuredClone(facts), compilePolicy(doc, ZONE), now));
      }),
      { numRuns: 300 },
    );
  });

  const isHalfDown = ({ holds, services }: CustomerFacts, invoice: number): boolean => {
    const down = holds.filter((hold) => hold.kind === "overdue" && hold.invoiceId === invoice).length;
    return down > 0 && down < services.length;
  };

  const noGap = (doc: Parameters<typeof compiled>[0]): boolean => doc.gap_hours === 0 || doc.ladder.some((step) => step.gap_hours === 0);

  it("has nothing to add once its decision is written", () => {
    fc.assert(
      fc.property(anyCustomer, anyPolicy, hourAround(60, 60), (facts, doc, now) => {
        // Where no gap is wanted, or one service of several went down before the others, the next rung may be due at the same instant, in a
        // decision of its own; that this comes to rest is asked below.
        fc.pre(!noGap(doc) && !facts.invoices.some((invoice) => isHalfDown(facts, invoice.id)));
        const policy = compiled(doc);
        const after = applyDecision(facts, decide(facts, policy, now), UNANSWERED);
        const again = decide(after, policy, now);
        expect(effectsOf(again)).toEqual([]);
        expect(again.lift).toEqual([]);
        expect(again.terminations.withdraw).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it("names the time to look again by itself: nobody looks a second time because something was written", () => {
    fc.assert(
      fc.property(anyCustomer, soundPolicy, hourAround(60, 60), (facts, doc, now) => {
        const policy = compiled(doc);
        const decision = decide(facts, policy, now);
        const next = decide(applyDecision(facts, decision, UNANSWERED), policy, now).nextCheckAt;
        if (next !== null) expect(decision.nextCheckAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(next);
      }),
      { numRuns: 3000 },
    );
  });

  it("comes to rest at one instant when the world answers at once, and repeats no edge", () => {
    fc.assert(
      fc.property(
        anyCustomer,
        soundPolicy,
        hourAround(60, 60),
        fc.infiniteStream(fc.constantFrom<NoticeState>("accepted", "undeliverable", "pending")),
        (facts, doc, now, answers) => {
          const policy = compiled(doc);
          const delivery = () => answers.next().value as "accepted";
          const seen: string[] = [];
          let current = facts;
          for (let round = 0; ; round += 1) {
            expect(round).toBeLessThan(40);
            const decision = decide(current, policy, now);
            if (isQuiet(decision, current)) break;
            seen.push(...effectsOf(decision).filter((effect) => effect.startsWith("notice") || effect.startsWith("hold")));
            current = applyDecision(current, decision, { delivery });
          }
          expect(new Set(seen).size).toBe(seen.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("the time of looking", () => {
  it("every hour gives what looking only when asked gives, to the minute", () => {
    fc.assert(
      fc.property(freshCustomer, soundPolicy, (facts, doc) => {
        const policy = compiled(doc);
        const to = START + 60 * DAY_MS;
        const lazy = live(facts, policy, to, asked);
        const eager = live(facts, policy, to, hourly);
        expect(story(eager.looks)).toEqual(story(lazy.looks));
        expect(eager.facts).toEqual(lazy.facts);
      }),
      { numRuns: 60 },
    );
  });

  it("every hour gives the same with promises, holds and claims that end by themselves", () => {
    fc.assert(
      fc.property(anyCustomer, soundPolicy, (facts, doc) => {
        const policy = compiled(doc);
        const to = START + 40 * DAY_MS;
        // Panels that answer: a call that stays open, or whose answer was lost, is judged anew when it is made, not here.
        const heard = (s: ServiceFacts): ServiceFacts => ({ ...s, callOpen: false, actual: s.actual === "unknown" ? s.desired : s.actual });
        const answering = { ...facts, services: facts.services.map(heard) };
        expect(story(live(answering, policy, to, hourly).looks)).toEqual(story(live(answering, policy, to, asked).looks));
      }),
      { numRuns: 60 },
    );
  });

  it("late and at random delays rungs, and neither skips nor reorders one that reminds, warns or harms", () => {
    fc.assert(
      fc.property(freshCustomer, soundPolicy, fc.infiniteStream(fc.integer({ min: 1, max: 100 })), (facts, doc, pauses) => {
        const policy = compiled(doc);
        const to = START + 400 * DAY_MS;
        // On time again at the end: a rung whose hours are few (one evening hour of three days a week) may be missed by every random look.
        const onTime = START + 300 * DAY_MS;
        const late = (now: Instant): Instant => now + Number(pauses.next().value) * HOUR_MS;
        const random = live(facts, policy, to, (now, next) => (now < onTime ? late(now) : asked(now, next)));
        const lazy = live(facts, policy, to, asked);
        for (const { ref, id } of facts.invoices) expect(rungs(policy, random.looks, ref, id)).toEqual(rungs(policy, lazy.looks, ref, id));
        expect(ended(random.looks)).toEqual(ended(lazy.looks));
        expect([...random.facts.attention].sort()).toEqual([...lazy.facts.attention].sort());
      }),
      { numRuns: 60 },
    );
  });
});

/** The rungs of one invoice in the order they were climbed; those that only inform up to the due date may lapse. */
function rungs(policy: Policy, looks: readonly Look[], ref: string, id: number): string[] {
  const informs = new Set(
    stepsOf(policy)
      .filter((step) => step.act === "notify" && (step.day === "issued" || step.day <= 0))
      .map((step) => step.name),
  );
  return looks.flatMap(({ decision }) => [
    ...decision.messages.flatMap((m) =>
      m.notices.filter((n) => n.invoiceId === id && !informs.has(n.step)).map((n) => `${n.step} by ${m.channel}`),
    ),
    ...decision.place.filter((hold) => hold.invoiceRef === ref).map((hold) => `suspend ${hold.serviceRef}`),
  ]);
}

/** A service is proposed for termination once, for whichever of its invoices came first. */
function ended(looks: readonly Look[]): string[] {
  return looks.flatMap(({ decision }) => decision.terminations.propose.map((end) => end.serviceRef)).sort();
}

function stepsOf(policy: Policy): readonly Step[] {
  return policy.ladders[0]?.steps ?? [];
}

describe("relief", () => {
  const harm = (decision: Decision): string[] => [
    ...decision.messages.flatMap((m: MessageIntent) =>
      m.notices.filter((n) => n.warning || n.step === "termination-warning").map((n) => n.key),
    ),
    ...decision.place.map((hold) => `hold ${hold.serviceRef} ${hold.invoiceRef}`),
    ...decision.access.filter((a: AccessIntent) => a.desired === "suspended").map((a) => `suspend ${a.serviceRef}`),
    ...decision.terminations.propose.map((end) => `terminate ${end.serviceRef}`),
  ];

  it("never adds a warning, a hold, a suspension or a proposal to terminate", () => {
    fc.assert(
      fc.property(
        anyCustomer,
        soundPolicy,
        hourAround(30, 30),
        fc.nat(2),
        fc.constantFrom(...RELIEFS),
        fc.integer({ min: 1, max: 200 }),
        (facts, doc, now, which, relief, hours) => {
          const invoice = facts.invoices[which % facts.invoices.length];
          assert(invoice, "a customer with invoices");
          const policy = compiled(doc);
          // A proposal that stands for one invoice may pass to another that is as far: the service is no worse off.
          const standing = facts.terminations.map((end) => `terminate S${end.serviceId}`);
          const without = [...harm(decide(facts, policy, now)), ...standing];
          const relieved = harm(decide(relief.apply(facts, invoice, now + hours * HOUR_MS), policy, now));
          expect(
            relieved.filter((each) => !without.includes(each)),
            relief.name,
          ).toEqual([]);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

/** What would have to be true for a rung to be climbed, read from the history alone. */
function checkRungs(policy: Policy, look: Look): void {
  const { at, before, decision } = look;
  const climbed = [
    ...decision.messages.flatMap((m) =>
      m.notices.filter((n) => n.invoiceId !== null).map((n) => ({ invoiceId: n.invoiceId, step: n.step })),
    ),
    ...decision.place.map((hold) => ({ invoiceId: hold.invoiceId, step: hold.step })),
    ...decision.terminations.propose.map((end) => ({ invoiceId: end.invoiceId, step: "terminate" })),
  ];
  for (const { invoiceId, step: name } of climbed) {
    const steps = stepsOf(policy);
    const step = steps.find((each) => each.name === name);
    assert(step, "a step of the ladder");
    for (const below of steps.slice(0, step.index)) {
      if (below.act === "notify" && (below.day === "issued" || below.day <= 0)) continue;
      const notices = before.notices.filter((n) => n.invoiceId === invoiceId && n.step === below.name);
      const hold = before.holds.find((h) => h.kind === "overdue" && h.invoiceId === invoiceId);
      expect(
        below.act === "suspend" ? hold !== undefined : notices.some((n) => n.state !== "pending"),
        `${name} without ${below.name}`,
      ).toBe(true);
      if (below.act === "warn" || below.act === "warn_termination") expect(notices.some((n) => n.state === "accepted")).toBe(true);
      const done = below.act === "suspend" ? hold?.placedAt : Math.max(...notices.map((n) => n.decidedAt));
      // The next channel of the same step is no new rung, and is not kept waiting.
      const repeated = before.notices.some((n) => n.invoiceId === invoiceId && n.step === name);
      if (below.index === step.index - 1 && !repeated) expect(at - (done ?? 0)).toBeGreaterThanOrEqual(step.gapMs);
    }
  }
}

function checkSuspensions(policy: Policy, { at, before, decision }: Look): void {
  const gapMs = stepsOf(policy).find((step) => step.act === "suspend")?.gapMs ?? 0;
  for (const hold of decision.place) {
    const warned = before.notices
      .filter((n) => n.invoiceId === hold.invoiceId && n.warning && n.state === "accepted")
      .map((n) => n.endedAt ?? 0);
    expect(warned.length).toBeGreaterThan(0);
    expect(at - Math.max(...warned)).toBeGreaterThanOrEqual(gapMs);
    expect(policy.calendar.suspendOpenAt(at)).toBeNull();
  }
  for (const intent of decision.access) {
    const service = before.services.find((each) => each.id === intent.serviceId);
    if (intent.desired === "active" || !service) continue;
    expect(service.linked).toBe(true);
    const invoice = before.invoices.find((each) => each.ref === intent.cause);
    if (!invoice) {
      expect(before.holds.some((h) => h.kind === intent.cause && h.kind !== "overdue")).toBe(true);
      continue;
    }
    // Down already, and by our own act or wish: kept, not started.
    if (service.actual === "suspended" && (service.suspendedByUs || service.desired === "suspended")) continue;
    expect(policy.calendar.suspendOpenAt(at)).toBeNull();
    const held = new Set([
      ...before.holds.filter((h) => h.kind === "overdue" && h.serviceId === service.id).map((h) => h.invoiceId),
      ...decision.place.filter((h) => h.serviceId === service.id).map((h) => h.invoiceId),
    ]);
    expect(before.invoices.some((each) => held.has(each.id) && !sheltered(before, policy, each.id, at))).toBe(true);
  }
}

/** The oracle's own reading of “settled, promised, disputed, clearing or under review”. */
function sheltered(facts: CustomerFacts, policy: Policy, invoiceId: number, at: Instant): boolean {
  const invoice = facts.invoices.find((each) => each.id === invoiceId);
  if (!invoice || invoice.open <= policy.smallRemainder || (invoice.clearingUntil ?? 0) > at) return true;
  if (facts.promises.some((p) => p.invoiceIds.includes(invoiceId) && p.until > at)) return true;
  if (facts.claims.some((c) => c.invoiceId === invoiceId && c.reviewUntil > at)) return true;
  return facts.holds.some(
    (h) =>
      h.effect === "collection" &&
      (h.until ?? Number.POSITIVE_INFINITY) > at &&
      (h.invoiceId ?? invoiceId) === invoiceId &&
      (h.serviceId ?? invoice.serviceId) === invoice.serviceId,
  );
}

describe("harm", () => {
  const answers = fc.infiniteStream(fc.constantFrom("accepted", "accepted", "accepted", "undeliverable", "pending"));

  it("no rung without the ones below it and its gap, no suspension without an accepted warning, none in closed time", () => {
    let suspensions = 0;
    fc.assert(
      fc.property(freshCustomer, soundPolicy, answers, (facts, doc, stream) => {
        const policy = compiled(doc);
        const delivery = () => stream.next().value as "accepted";
        for (const look of live(facts, policy, START + 200 * DAY_MS, asked, { delivery }).looks) {
          checkRungs(policy, look);
          checkSuspensions(policy, look);
          suspensions += look.decision.place.length;
        }
      }),
      { numRuns: 500 },
    );
    expect(suspensions, "the stories must reach suspensions").toBeGreaterThan(100);
  });

  it("no suspension starts for what is settled, promised, disputed, clearing or under review, from any facts", () => {
    let suspensions = 0;
    fc.assert(
      fc.property(anyCustomer, soundPolicy, hourAround(30, 60), (facts, doc, now) => {
        const policy = compiled(doc);
        const look = { at: now, before: facts, decision: decide(facts, policy, now) };
        checkSuspensions(policy, look);
        suspensions += look.decision.access.filter((intent) => intent.desired === "suspended").length;
      }),
      { numRuns: 3000 },
    );
    expect(suspensions, "the facts must reach suspensions").toBeGreaterThan(100);
  });

  it("is done in order of due dates that lie in the past", () => {
    fc.assert(
      fc.property(freshCustomer, soundPolicy, (facts, doc) => {
        const policy = compiled(doc);
        for (const { at, decision } of live(facts, policy, START + 100 * DAY_MS, asked).looks)
          for (const hold of decision.place) {
            const invoice = facts.invoices.find((each) => each.id === hold.invoiceId);
            expect(ZONE.dayOf(at)).toBeGreaterThan(policy.calendar.effectiveDue(invoice?.dueOn ?? DAY0));
          }
      }),
      { numRuns: 200 },
    );
  });
});
