// The oracle's own instruments, each shown what it must notice and what it must let pass.
import { describe, expect, it } from "vitest";
import { ManualClock } from "../src/kernel/clock.ts";
import { DAY_MS, MINUTE_MS, parseDay, parseInstant, Zone } from "../src/kernel/time.ts";
import { Known } from "./known.ts";
import { Hours } from "./oracle-calendar.ts";
import { Oracle } from "./oracle.ts";
import { replay } from "./oracle-replay.ts";
import { strangerIn } from "./oracle-strangers.ts";
import { World } from "./world.ts";

const zone = new Zone("America/Sao_Paulo");
const at = (text: string): number => parseInstant(`${text}:00-03:00`);
const DUE = parseDay("2026-11-03");

/** One service, an invoice due on 3 November 2026, and its account down by our hand. */
function stage(now: string): { clock: ManualClock; known: Known; world: World; oracle: Oracle } {
  const clock = new ManualClock(at(now));
  const known = new Known(zone);
  const world = new World(clock, true);
  known.customers.set("C1", 1);
  known.owners.set("C1S1", "C1");
  known.accounts.set("C1S1", "c1s1");
  known.invoices.set("C1S1F1", {
    ref: "C1S1F1",
    customer: "C1",
    service: "C1S1",
    dueOn: DUE,
    amount: 2990,
    open: 2990,
    settledAt: null,
  });
  world.open("c1s1");
  return { clock, known, world, oracle: new Oracle(known, world) };
}

const alarms = (oracle: Oracle): string[] => oracle.violations.map((v) => v.invariant);

describe("money as the oracle reckons it", () => {
  it("goes back out of credit first, comes back as when it came, and what never stayed pays nothing", () => {
    const { known } = stage("2026-11-10T10:00");
    const invoice = known.invoices.get("C1S1F1");
    known.receipt("r", "C1", "C1S1F1", 3000);
    expect(invoice?.settledAt).not.toBeNull();
    known.returned("r", 3000);
    expect([invoice?.open, invoice?.settledAt, known.applied.get("r")?.credit]).toEqual([2990, null, 0]);
    known.reinstated("r", 3000);
    expect([invoice?.open, known.applied.get("r")?.credit]).toEqual([0, 10]);
    known.returned("r", 1010);
    expect([invoice?.open, known.applied.get("r")?.credit]).toEqual([1000, 0]);
    known.receipt("gone", "C1", "C1S1F1", 1000, 1000);
    expect([invoice?.open, known.applied.get("gone")?.parts]).toEqual([1000, []]);
  });

  it("ends a claim with the debt: opened again, it is protected no more", () => {
    const { known, clock } = stage("2026-11-10T10:00");
    known.protections.push({ kind: "claim", customer: "C1", invoices: ["C1S1F1"], until: clock.now() + DAY_MS, ended: false });
    expect(known.debts("C1S1", clock.now()).free).toEqual([]);
    known.receipt("r", "C1", "C1S1F1", 2990);
    known.returned("r", 2990);
    expect(known.debts("C1S1", clock.now()).free).toHaveLength(1);
  });
});

describe("at the act", () => {
  it("a suspension for a debt that is known to be paid is S1, for one that is protected S9, of an account nobody read S14", () => {
    const paid = stage("2026-11-10T10:00");
    paid.known.receipt("r", "C1", "C1S1F1", 2990);
    paid.oracle.suspends("c1s1", { access: "active" });
    expect(alarms(paid.oracle)).toEqual(["S1"]);
    const held = stage("2026-11-10T10:00");
    held.known.protections.push({ kind: "hold", customer: "C1", invoices: null, until: at("2026-11-11T00:00"), ended: false });
    held.oracle.suspends("c1s1", { access: "active" });
    expect(alarms(held.oracle)).toEqual(["S9"]);
    const blind = stage("2026-11-10T10:00");
    blind.oracle.suspends("c1s1", null);
    expect(alarms(blind.oracle)).toEqual(["S14"]);
  });

  it("a suspension on a holiday, on its eve, at a weekend, on a Friday afternoon or before nine is S6; for abuse it may come at any hour", () => {
    for (const time of ["2026-11-20T10:00", "2026-11-19T10:00", "2026-11-14T10:00", "2026-11-13T12:00", "2026-11-10T08:59"]) {
      const { oracle } = stage(time);
      oracle.suspends("c1s1", { access: "active" });
      expect(alarms(oracle), time).toEqual(["S6"]);
    }
    const { oracle, known } = stage("2026-11-20T10:00");
    known.downs.push({ customer: "C1", service: null, until: null, ended: false });
    oracle.suspends("c1s1", { access: "active" });
    expect(alarms(oracle)).toEqual([]);
  });

  it("an end needs two persons under one proposal, and its distance from a sign of life", () => {
    const { oracle, known, clock } = stage("2027-01-12T10:00");
    known.sign("C1S1", 1, "ana");
    known.sign("C1S1", 2, "bruno");
    oracle.terminates("c1s1");
    expect(alarms(oracle)).toEqual(["S11"]);
    known.sign("C1S1", 2, "ana");
    known.life.set("C1", clock.now() - 14 * DAY_MS);
    oracle.terminates("c1s1");
    expect(alarms(oracle)).toEqual(["S11", "S11"]);
    clock.set(clock.now() + 2 * DAY_MS);
    oracle.terminates("c1s1");
    expect(alarms(oracle)).toHaveLength(2);
  });

  it("what stands for abuse is not lifted, an account tied to nothing is not touched, and a letter names nobody else", () => {
    const { oracle, known } = stage("2026-11-10T10:00");
    known.downs.push({ customer: "C1", service: "C1S1", until: null, ended: false });
    oracle.releases("c1s1");
    oracle.reads("somebody-elses");
    oracle.sends({ messageId: "<a@b>", to: "c1@cliente.example", subject: "Lembrete", text: "C2S1F1", html: "", repeat: false });
    expect(alarms(oracle)).toEqual(["S12", "S12", "S13"]);
  });
});

describe("who paid and waits", () => {
  const down = () => {
    const all = stage("2026-11-10T10:00");
    Object.assign(all.world.accounts.get("c1s1") ?? {}, { access: "suspended", by: "us" });
    all.known.receipt("r", "C1", "C1S1F1", 2990);
    all.oracle.told("C1");
    return all;
  };

  it("is S2 when the panel is first asked after more than five minutes, and not when nobody of the program lived meanwhile", () => {
    const { oracle, clock, world } = down();
    clock.set(clock.now() + 5 * MINUTE_MS);
    oracle.reads("c1s1");
    expect(alarms(oracle)).toEqual([]);
    const late = down();
    late.clock.set(late.clock.now() + 6 * MINUTE_MS);
    late.oracle.reads("c1s1");
    expect(alarms(late.oracle)).toEqual(["S2"]);
    world.absences.push({ from: clock.now(), to: clock.now() + 60 * MINUTE_MS });
    clock.set(clock.now() + 74 * MINUTE_MS);
    oracle.reads("c1s1");
    expect(alarms(oracle)).toEqual([]);
  });

  it("is S2 when the panel is not asked again within fifteen minutes, and at rest", () => {
    const { oracle, clock } = down();
    oracle.reads("c1s1");
    clock.set(clock.now() + 16 * MINUTE_MS);
    oracle.waiting.atRest();
    expect(alarms(oracle)).toEqual(["S2"]);
  });

  it("asked in vain before it was paid, is S2 once neither its row nor the payment has led to the next question in time", () => {
    for (const [paid, asked, alarm] of [
      ["10:10", "10:14", []],
      ["10:10", "10:17", ["S2"]],
      ["11:00", "11:04", []],
      ["11:00", "11:06", ["S2"]],
    ] as const) {
      const all = stage("2026-11-10T10:00");
      Object.assign(all.world.accounts.get("c1s1") ?? {}, { access: "suspended", by: "us" });
      all.oracle.waiting.tries("C1S1");
      all.clock.set(at(`2026-11-10T${paid}`));
      all.known.receipt("r", "C1", "C1S1F1", 2990);
      all.oracle.told("C1");
      all.clock.set(at(`2026-11-10T${asked}`));
      all.oracle.reads("c1s1");
      expect([asked, alarms(all.oracle)]).toEqual([asked, alarm]);
    }
  });

  it("asked about in vain while a claim protected the debt, waits from that question on; while nothing did, from the payment", () => {
    for (const [protectedUntil, alarm] of [
      ["2026-11-11T00:00", []],
      ["2026-11-09T00:00", ["S2"]],
    ] as const) {
      const all = stage("2026-11-10T10:00");
      Object.assign(all.world.accounts.get("c1s1") ?? {}, { access: "suspended", by: "us" });
      all.known.protections.push({ kind: "claim", customer: "C1", invoices: ["C1S1F1"], until: at(protectedUntil), ended: false });
      all.oracle.reads("c1s1");
      all.known.receipt("r", "C1", "C1S1F1", 2990);
      all.oracle.told("C1");
      all.clock.set(at("2026-11-10T10:11"));
      all.oracle.reads("c1s1");
      expect(alarms(all.oracle)).toEqual(alarm);
    }
  });

  it("asked about in vain once a hold had run out and nothing was old enough, waits from that question on", () => {
    const { oracle, clock, known, world } = stage("2026-11-04T10:00");
    Object.assign(world.accounts.get("c1s1") ?? {}, { access: "suspended", by: "us" });
    known.downs.push({ customer: "C1", service: "C1S1", until: clock.now(), ended: false });
    oracle.reads("c1s1");
    known.receipt("r", "C1", "C1S1F1", 2990);
    oracle.told("C1");
    clock.set(at("2026-11-04T10:11"));
    oracle.reads("c1s1");
    expect(alarms(oracle)).toEqual([]);
    clock.set(at("2026-11-04T10:27"));
    oracle.reads("c1s1");
    expect(alarms(oracle)).toEqual(["S2"]);
  });

  it("waits no longer once another debt is old enough, once the account is up, or once it is gone", () => {
    for (const change of [{ access: "active" }, { gone: "missing" }, { by: "other" }]) {
      const { oracle, clock, world } = down();
      Object.assign(world.accounts.get("c1s1") ?? {}, change);
      clock.set(clock.now() + DAY_MS);
      oracle.waiting.atRest();
      expect(alarms(oracle)).toEqual([]);
    }
  });
});

describe("money in the oracle's memory", () => {
  it("goes back out of the credit first, and then opens what was paid last", () => {
    const { known } = stage("2026-11-10T10:00");
    const older = known.invoices.get("C1S1F1");
    known.invoices.set("C1S1F2", { ...(older as NonNullable<typeof older>), ref: "C1S1F2", dueOn: DUE + 30 });
    known.receipt("r", "C1", null, 7000);
    known.returned("r", 2020);
    expect([...known.invoices.values()].map((i) => i.open)).toEqual([0, 1000]);
    expect(known.reopened).toEqual(new Map([["C1S1F2", 1]]));
    known.returned("r", 4980);
    expect([...known.invoices.values()].map((i) => i.open)).toEqual([2990, 2990]);
  });

  it("a promise is over when all that it names is paid, and does not come back with the debt", () => {
    const { known, clock } = stage("2026-11-10T10:00");
    const until = clock.now() + DAY_MS;
    known.protections.push({ kind: "promise", customer: "C1", invoices: ["C1S1F1"], until, ended: false });
    expect(known.debts("C1S1", clock.now()).free).toEqual([]);
    known.receipt("r", "C1", null, 2990);
    known.returned("r", 2990);
    expect(known.debts("C1S1", clock.now()).free).toHaveLength(1);
  });
});

describe("texts and hours", () => {
  it("strangers are found by any of their numbers, and protocols are not taken for them", () => {
    expect(strangerIn("fatura C12S1F3, conta c12s1, Cliente 12, recibo C12R2", "C12")).toBeNull();
    expect(strangerIn("protocolo P-20261122-C3S2", "c12@cliente.example")).toBeNull();
    for (const text of ["C1S1F3", "conta c13s1", "Cliente 1 deve", "c120@cliente.example", "recibo C2R1"])
      expect(strangerIn(text, "C12"), text).not.toBeNull();
  });

  it("the night ends at eight by the wall clock, on the days when the clocks change too", () => {
    const hours = new Hours(new Zone("America/New_York"));
    expect(hours.quiet(parseInstant("2026-03-08T11:59:00Z"))).toBe(true);
    expect(hours.quiet(parseInstant("2026-03-08T12:00:00Z"))).toBe(false);
    expect(hours.quiet(parseInstant("2026-11-01T12:59:00Z"))).toBe(true);
    expect(hours.quiet(parseInstant("2026-11-01T13:00:00Z"))).toBe(false);
    expect(hours.closed(parseInstant("2028-02-29T15:00:00Z"))).toBe("on a holiday");
    expect(hours.closed(parseInstant("2028-03-01T15:00:00Z"))).toBeNull();
  });
});

describe("evidence played again", () => {
  const entry = (kind: string, body: object): string => JSON.stringify({ kind, body });
  const story = [
    entry("service.created", { service: "C1S1" }),
    entry("invoice.issued", { invoice: "C1S1F1", amount_cents: 2990 }),
    entry("decision", { holds: [{ service: "C1S1", invoice: "C1S1F1" }], access: [{ service: "C1S1", desired: "suspended" }] }),
    entry("message.accepted", { message_id: "<a@b>" }),
    entry("receipt", { allocations: [{ invoice: "C1S1F1", amount_cents: 2990 }], credit_cents: 10 }),
    entry("decision", {
      lifted: [{ because: [{ hold: "overdue", invoice: "C1S1F1" }] }],
      access: [{ service: "C1S1", desired: "active" }],
    }),
  ];

  it("gives the state that it led to", () => {
    expect(replay(story)).toMatchObject({ owed: [], credit: ["10"], access: ["C1S1 active"], holds: [], accepted: ["<a@b>"] });
    expect(replay(story.slice(0, 3))).toMatchObject({ owed: ["C1S1F1 2990"], access: ["C1S1 suspended"], holds: ["overdue C1S1F1"] });
  });

  it("gives another state when any one entry is left out", () => {
    const whole = JSON.stringify(replay(story));
    for (const [i] of story.entries()) expect(JSON.stringify(replay(story.toSpliced(i, 1))), `without ${i}`).not.toBe(whole);
  });
});
