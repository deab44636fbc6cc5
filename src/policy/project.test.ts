// The future under assumptions: the same decisions the live run would take, carried out in memory.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshCustomer, soundPolicy, START } from "../../test/support/policy-arbitraries.ts";
import { aCustomer, anOpenInvoice, aService, plain, ZONE } from "../../test/support/timeline.ts";
import { ReguaError } from "../kernel/errors.ts";
import { DAY_MS, parseDay, type Instant } from "../kernel/time.ts";
import { compilePolicy } from "./compile.ts";
import { decide } from "./decide.ts";
import { applyDecision, project, type Assume, type Projection } from "./project.ts";

const DUE = parseDay("2026-11-23");
const at = (day: number): Instant => ZONE.startOf(DUE + day);
const policy = compilePolicy(plain(), ZONE);
const owing = aCustomer({ invoices: [anOpenInvoice("I1", { dueOn: DUE })] });

function told({ decisions }: Projection): string[] {
  return decisions.flatMap(({ at: when, decision }) =>
    [
      ...decision.messages.flatMap((message) => message.notices.map((notice) => notice.step)),
      ...decision.access.map((intent) => intent.desired),
    ].map((what) => `${ZONE.dayOf(when) - DUE} ${what}`),
  );
}

const run = (assume: Assume = {}, to = 30): Projection => project(owing, policy, at(0), at(to), assume);

describe("project", () => {
  it("climbs the ladder to its end when nobody pays", () => {
    const projection = run();
    expect(told(projection)).toEqual(["3 reminder", "4 warning", "5 suspended", "5 suspended"]);
    expect(projection.facts.services[0]).toMatchObject({ actual: "suspended", suspendedByUs: true, accessSeq: 1 });
  });

  it("ends each instant with a quiet decision, whose waits say why nothing more happens", () => {
    const { decisions } = run({}, 4);
    expect(decisions.map((each) => each.quiet)).toEqual([true, false, true, false, true]);
    expect(decisions[0]?.decision.waits[0]).toMatchObject({ step: "reminder", until: at(3) });
  });

  it("stops at the last instant asked for, that one included", () => {
    expect(told(run({}, 3))).toEqual(["3 reminder"]);
    expect(told(project(owing, policy, at(0), at(3) - 1))).toEqual([]);
  });

  it("takes the money it is told of, in parts and in any order, and gives the service back", () => {
    const receipts = [
      { at: at(9), invoiceId: 101, amount: 2000 },
      { at: at(7), invoiceId: 101, amount: 990 },
    ];
    expect(told(run({ receipts }))).toEqual(["3 reminder", "4 warning", "5 suspended", "5 suspended", "9 active", "9 reactivated"]);
    expect(told(run({ receipts: [{ at: at(-5), invoiceId: 101, amount: 2990 }] }))).toHaveLength(4);
    expect(run({ receipts }).facts).toMatchObject({ invoices: [], holds: [], lastSignOfLifeAt: at(9) });
  });

  it("suspends nobody where the warning is assumed to bounce or not to be answered", () => {
    for (const state of ["undeliverable", "pending"] as const)
      expect(told(run({ delivery: (message) => (message.template === "warning" ? state : "accepted") }))).toEqual([
        "3 reminder",
        "4 warning",
      ]);
  });

  it("leaves a panel that does not answer with an open call", () => {
    expect(run({ panel: () => "waits" }).facts.services[0]).toMatchObject({ desired: "suspended", actual: "active", callOpen: true });
  });

  it("approves no termination", () => {
    const end = [
      ...plain().ladder,
      { step: "end-warning", day: 30, at: "00:00", do: "warn_termination" },
      { step: "terminate", day: 45, at: "00:00", do: "terminate" },
    ];
    const two = { ...owing, invoices: [...owing.invoices, anOpenInvoice("I2", { dueOn: DUE + 5 })] };
    const { facts, decisions } = project(two, compilePolicy(plain({ ladder: end }), ZONE), at(0), at(300));
    expect(decisions.at(-1)?.decision.waits.map(({ invoice, because }) => `${invoice} ${because.rule}`)).toEqual([
      "I1 second_person",
      "I2 second_person",
    ]);
    expect(facts.terminations).toEqual([expect.objectContaining({ serviceId: 1, invoiceId: 101, approved: false })]);
  });

  it("does not change what it was given, and gives the same again", () => {
    const before = structuredClone(owing);
    expect(run()).toEqual(run());
    expect(owing).toEqual(before);
  });

  it("ends for any customer and any sound policy", () => {
    fc.assert(
      fc.property(freshCustomer, soundPolicy, (facts, doc) => {
        let compiled;
        try {
          compiled = compilePolicy(doc, ZONE);
        } catch (error) {
          fc.pre(!(error instanceof ReguaError));
          throw error;
        }
        const { decisions } = project(facts, compiled, START, START + 900 * DAY_MS);
        expect(decisions.at(-1)?.quiet).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("applyDecision", () => {
  it("gives new rows negative ids that no row has", () => {
    const { facts } = run();
    const ids = [...facts.holds.map((hold) => hold.id), ...new Set(facts.notices.map((notice) => notice.outboxId))];
    expect(ids.every((id) => id < 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("leaves what another party suspended suspended, and an absent account absent", () => {
    for (const [actual, ours] of [
      ["suspended", false],
      ["absent", false],
    ] as const) {
      const services = [aService("S1", { actual, suspendedByUs: ours, desired: "suspended" })];
      const facts = aCustomer({ services });
      const after = applyDecision(facts, decide(facts, policy, at(0)));
      expect(after.services[0]).toMatchObject({ desired: "active", actual, suspendedByUs: false, accessSeq: 0 });
    }
  });

  it("writes a superseded notice anew instead of twice", () => {
    const first = run({}, 3).facts;
    const superseded = { ...first, notices: first.notices.map((notice) => ({ ...notice, state: "superseded" as const })) };
    const again = applyDecision(superseded, decide(superseded, policy, at(3)));
    expect(again.notices).toEqual([expect.objectContaining({ step: "reminder", state: "accepted", decidedAt: at(3) })]);
  });
});
