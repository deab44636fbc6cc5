// What docs/PROMISE.md says of one decision about a small world. Written from that page and from what the world is, never from how decide() works.
import type { Because, Decision } from "../decision.ts";
import type { CustomerFacts, ServiceFacts } from "../facts.ts";
import { ACCESS, concerns, GAP_MS, holdId, serviceOf, STANDINGS, targetsOf, type SmallWorld, type Standing } from "./small-worlds.ts";

/** What the promise knows of one invoice of a world. */
interface Debt {
  i: number;
  standing: Standing;
  overdue: boolean;
  /** No suspension may start because of it, and nothing may be threatened. */
  protected: boolean;
  /** Access comes back where it was down because of it. */
  released: boolean;
  /** A mail server accepted the warning at least the gap ago. */
  warned: boolean;
}

/** A promise is not broken while every invoice left may yet be explained by money on its way or a proof under review. */
function promiseStands({ promise, invoices, clearing, claim }: SmallWorld): boolean {
  if (promise === null || promise.time === "runs") return promise !== null;
  const left = invoices.flatMap((name, i) => (concerns(promise.about, i) && !("settled" in STANDINGS[name]) ? [i] : []));
  const doubtful = (i: number): boolean =>
    (clearing?.about === i && clearing.time === "runs") || (claim?.about === i && claim.time !== "over");
  return left.every(doubtful);
}

function debtsOf(world: SmallWorld): Debt[] {
  return world.invoices.map((name, i): Debt => {
    const standing: Standing = STANDINGS[name];
    const promised = promiseStands(world) && world.promise !== null && concerns(world.promise.about, i);
    const held = world.hold?.effect === "collection" && world.hold.time === "runs" && concerns(world.hold.about, i);
    const clearing = world.clearing?.time === "runs" && world.clearing.about === i;
    const claim = world.claim?.about === i ? world.claim.time : "over";
    const released = promised || held || clearing || claim === "releases" || standing.small === true;
    return {
      i,
      standing,
      overdue: !standing.settled && standing.pastDue > 0,
      protected: released || claim !== "over",
      released,
      warned: standing.done.some((done) => done.step === "warning" && done.state === "accepted" && done.agoMs >= GAP_MS),
    };
  });
}

/** Another cause than money keeps the service down. */
function heldOtherwise({ hold }: SmallWorld, service: number): boolean {
  return hold?.effect === "access" && hold.time === "runs" && (hold.about === "all" || serviceOf(hold.about) === service);
}

/** Our own suspension stands: what another party took down is none of ours, unless we had asked for the same. */
function stands(service: ServiceFacts | undefined): boolean {
  return service?.actual === "suspended" && (service.suspendedByUs || service.desired === "suspended");
}

/** A suspension begins: the panel is asked for one that does not stand. */
function starts(facts: CustomerFacts, decision: Decision, id: number): boolean {
  const asked = decision.access.some((intent) => intent.serviceId === id && intent.desired === "suspended");
  return asked && !stands(facts.services.find((service) => service.id === id));
}

/** A suspension that stands is kept; one that does not may start only where it may. */
function staysDown(world: SmallWorld, service: number, { standing, overdue, released, protected: covered }: Debt): boolean {
  if (standing.heldMs === undefined || !overdue || released) return false;
  const seen: Partial<ServiceFacts> = service === 1 ? ACCESS[world.access] : ACCESS.up;
  return (seen.suspendedByUs === true && seen.actual === "suspended") || (!covered && world.moment !== "saturday");
}

/** Everything in which a decision breaks the promise, each begun with the invariant's name. */
export function breaches(world: SmallWorld, facts: CustomerFacts, decision: Decision): string[] {
  const debts = debtsOf(world);
  const found: string[] = [];
  for (const service of facts.services) judgeService(world, facts, decision, service.id, debts, found);
  for (const debt of debts) judgeDebt(world, facts, decision, debt, found);
  judgeOtherHold(world, decision, found);
  judgeEnds(world, decision, found);
  judgeWords(facts, decision, found);
  return found;
}

function judgeService(
  world: SmallWorld,
  facts: CustomerFacts,
  decision: Decision,
  id: number,
  debts: readonly Debt[],
  found: string[],
): void {
  const mine = debts.filter((debt) => targetsOf(world.scope, debt.i).includes(id));
  const otherwise = heldOtherwise(world, id);
  const intents = decision.access.filter((intent) => intent.serviceId === id);
  const level = decision.levels.find((each) => each.serviceId === id)?.desired;
  if (starts(facts, decision, id) && !otherwise) {
    const free = mine.filter((debt) => debt.overdue && !debt.protected);
    if (!mine.some((debt) => debt.overdue)) found.push(`S1: S${id} goes down with nothing overdue`);
    else if (free.length === 0) found.push(`S9: S${id} goes down, all its debts are protected`);
    else if (!free.some((debt) => debt.warned)) found.push(`S5: S${id} goes down without a warning accepted in time`);
    const [named] = intents.map((intent) => intent.cause);
    if (free.length > 0 && !free.some((debt) => `I${debt.i}` === named)) found.push(`S9: S${id} goes down in the name of ${String(named)}`);
    if (world.moment === "saturday") found.push(`calendar: S${id} goes down on a Saturday`);
  }
  const down = mine.filter(
    (d) =>
      d.overdue &&
      !d.released &&
      (d.standing.heldMs !== undefined || decision.place.some((p) => p.invoiceId === 100 + d.i && p.serviceId === id)),
  );
  if (level === "suspended" && !otherwise && down.length === 0) found.push(`S2: S${id} should be down, and no debt holds it there`);
  if (level === "active" && mine.some((debt) => staysDown(world, id, debt))) found.push(`L1: S${id} comes up, and a debt holds it down`);
  if (level === "active" && otherwise) found.push(`other cause: S${id} should be up in spite of the hold on its access`);
  if (id !== 1) return;
  const access: Partial<ServiceFacts> = ACCESS[world.access];
  const touched =
    intents.length +
    decision.place.filter((p) => p.serviceId === 1).length +
    decision.terminations.propose.filter((p) => p.serviceId === 1).length;
  if (world.access === "not linked" && touched > 0) found.push("S12: a service that is not linked is touched");
  if (world.access === "down by another" && intents.some((intent) => intent.desired === "active"))
    found.push("S12: another party's suspension is lifted");
  if (access.desired === "active" && !access.suspendedByUs && intents.some((intent) => intent.desired === "active"))
    found.push("S12: a release is asked for where nobody asked for a suspension");
  const told = decision.messages.some((message) => message.template === "suspended" && message.notices.some((n) => n.serviceId === 1));
  if (told && (access.actual !== "suspended" || access.desired !== "suspended"))
    found.push("S14: a suspension is announced that the panel was never seen to carry out, or that is being lifted");
}

function judgeDebt(world: SmallWorld, facts: CustomerFacts, decision: Decision, debt: Debt, found: string[]): void {
  const { i, standing } = debt;
  const about = `I${i}`;
  const notices = decision.messages.flatMap((message) => message.notices).filter((notice) => notice.invoiceId === 100 + i);
  const placed = decision.place.filter((hold) => hold.invoiceId === 100 + i);
  const proposed = decision.terminations.propose.filter((end) => end.invoiceId === 100 + i);
  const holds = targetsOf(world.scope, i).map((service) => holdId(i, service));
  const lifted = holds.filter((id) => decision.lift.some((lift) => lift.holdId === id)).length;
  if (standing.settled) {
    if (notices.length + placed.length + proposed.length > 0) found.push(`S6: something is said or done about ${about}, which is settled`);
    if (standing.heldMs !== undefined && lifted < holds.length) found.push(`S2: ${about} is settled and its hold stands`);
    return;
  }
  if (lifted > 0) found.push(`S6: the hold of ${about} is lifted, and it is not settled`);
  for (const service of targetsOf(world.scope, i))
    judgeHold(world, debt, service, placed.filter((hold) => hold.serviceId === service).length, found);
  for (const notice of notices) judgeNotice(world, debt, notice.step, found);
  if (proposed.length > 0) {
    const announced = standing.done.some((done) => done.step === "end-warning" && done.state === "accepted");
    if (!announced || debt.protected || facts.lastSignOfLifeAt !== null)
      found.push(`S11: the end is proposed because of ${about} without the right to`);
  }
  const bounced = standing.done.some((done) => done.step !== "reminder" && done.state === "undeliverable");
  if (!bounced && decision.attention.some((item) => item.kind === "warning_undeliverable" && item.because.some((b) => b.invoice === about)))
    found.push(`because: a person is told that the warning of ${about} did not arrive, and nobody said so`);
  const explained =
    notices.length + placed.length + proposed.length > 0 ||
    decision.waits.some((wait) => wait.invoice === about) ||
    decision.attention.some((item) => item.because.some((because) => because.invoice === about));
  if (!explained) found.push(`because: nothing is said of ${about}`);
}

function judgeHold(world: SmallWorld, debt: Debt, service: number, placed: number, found: string[]): void {
  const { i, standing } = debt;
  if (placed > 1 || (placed === 1 && standing.heldMs !== undefined)) found.push(`S3: a second suspension of S${service} because of I${i}`);
  const may =
    debt.overdue && !debt.protected && debt.warned && standing.pastDue >= 5 && world.moment !== "saturday" && standing.heldMs === undefined;
  const linked = service !== 1 || world.access !== "not linked";
  if (placed > 0 && !may)
    found.push(`${debt.protected ? "S9" : debt.warned ? "S6" : "S5"}: a suspension of S${service} is placed because of I${i}`);
  if (placed === 0 && may && linked) found.push(`L1: I${i} has passed the ladder, nothing protects it, and S${service} is not held`);
}

/** The day of each step, and the steps that must have been done before it. */
const STEPS: Readonly<Record<string, { day: number; after: readonly string[]; lapses?: number }>> = {
  due: { day: 0, after: [], lapses: 3 },
  reminder: { day: 3, after: [] },
  warning: { day: 4, after: ["reminder"] },
  "end-warning": { day: 30, after: ["reminder", "warning"] },
};

function judgeNotice(world: SmallWorld, debt: Debt, name: string, found: string[]): void {
  const { i, standing } = debt;
  const step = STEPS[name];
  const past = (which: string): boolean =>
    standing.done.some((d) => d.step === which && (d.state === "accepted" || d.state === "undeliverable"));
  if (!step || standing.pastDue < step.day) found.push(`S6: ${name} of I${i} comes before its day`);
  if (step?.lapses !== undefined && standing.pastDue >= step.lapses)
    found.push(`S6: ${name} of I${i} is said when it has nothing left to say`);
  if (step?.after.some((before) => !past(before))) found.push(`S6: ${name} of I${i} comes before the steps below it`);
  if (standing.done.some((done) => done.step === name && done.state !== "superseded")) found.push(`S4: ${name} of I${i} is said again`);
  if (debt.protected && !(standing.small && (name === "reminder" || name === "due")))
    found.push(`S9: ${name} of I${i}, which is protected`);
  if (world.moment === "night") found.push(`calendar: ${name} of I${i} is sent at night`);
}

function judgeOtherHold({ hold }: SmallWorld, decision: Decision, found: string[]): void {
  const lifted = decision.lift.some((lift) => lift.holdId === 600);
  if (hold?.time === "runs" && lifted) found.push(`other cause: the hold for ${hold.kind} is lifted while it runs`);
  if (hold?.time === "over" && !lifted) found.push(`other cause: the hold for ${hold.kind} is over and stays`);
}

/** A promise and a claim end when their time comes, neither before nor after. */
function judgeEnds(world: SmallWorld, decision: Decision, found: string[]): void {
  const { promise, claim, invoices } = world;
  const kept = promise !== null && invoices.every((name, i) => !concerns(promise.about, i) || "settled" in STANDINGS[name]);
  const end = promise === null ? [] : kept ? ["kept"] : promiseStands(world) ? [] : ["broken"];
  if (decision.promises.map((each) => each.end).join() !== end.join()) found.push(`L6: the promise should be ${end[0] ?? "left as it is"}`);
  if (decision.claims.length !== (claim?.time === "over" ? 1 : 0)) found.push("L5: the claim should end when its review does");
}

/** Whatever is decided, and whatever is not, says why; and the next look lies ahead. */
function judgeWords(facts: CustomerFacts, decision: Decision, found: string[]): void {
  const parts: { because: readonly Because[] }[] = [
    ...decision.messages.flatMap((message) => message.notices),
    ...decision.place,
    ...decision.lift,
    ...decision.access,
    ...decision.levels,
    ...decision.promises,
    ...decision.claims,
    ...decision.terminations.propose,
    ...decision.attention,
  ];
  if (parts.some((part) => part.because.length === 0)) found.push("because: a decision without a reason");
  if (decision.messages.some((message) => message.notices.length === 0)) found.push("because: a message about nothing");
  if (decision.nextCheckAt !== null && decision.nextCheckAt <= decision.at) found.push("because: the next look lies in the past");
  if (facts.services.filter((service) => service.linked).length !== decision.levels.length) found.push("because: a service has no level");
}

/** Everything harsh in a decision as bits, so that two worlds can be compared. */
export const HARSH = { starts: 0b11, levels: 0b1100, holds: 0b111_0000, ends: 0b1_1000_0000, warnings: 0b1110_0000_0000 } as const;

export function harshness(facts: CustomerFacts, decision: Decision): number {
  let bits = 0;
  for (const { id } of facts.services) if (starts(facts, decision, id)) bits |= 1 << (id - 1);
  for (const level of decision.levels) if (level.desired === "suspended") bits |= 1 << (1 + level.serviceId);
  for (const hold of decision.place) bits |= 1 << (4 + hold.invoiceId - 100);
  for (const end of decision.terminations.propose) bits |= 1 << (6 + end.serviceId);
  for (const { notices } of decision.messages)
    for (const notice of notices) if (/warning$/u.test(notice.step) && notice.invoiceId !== null) bits |= 1 << (9 + notice.invoiceId - 100);
  return bits;
}
