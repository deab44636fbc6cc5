// Customers and their habits: who pays when, who promises, disputes, claims, pays twice or never.
import { cancelPromise } from "../src/engine/cancel-promise.ts";
import { endClaim } from "../src/engine/end-claim.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { openClaim } from "../src/engine/open-claim.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { releaseHold } from "../src/engine/release-hold.ts";
import { createCustomer } from "../src/engine/save-customer.ts";
import { createInvoice } from "../src/engine/save-invoice.ts";
import { createService } from "../src/engine/save-service.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import type { Id } from "../src/kernel/ids.ts";
import { DAY_MS, HOUR_MS, type Day, type Instant } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import type { Protection } from "./known.ts";
import { PANEL } from "./ports.ts";
import { stream, type Random } from "./random.ts";

const HABITS = [
  "on_time",
  "on_time",
  "late",
  "boundary",
  "partial",
  "double",
  "keeper",
  "breaker",
  "weekend",
  "disputer",
  "claimer",
  "never",
  "moody",
] as const;
type Habit = (typeof HABITS)[number];

export interface Plan {
  services: number;
  /** No invoice falls due after this day. */
  lastDue: Day;
  /** No exception runs past this. */
  calmAt: Instant;
}

interface Person {
  ref: string;
  habit: Habit;
  random: Random;
}

/** Makes the customers and their services, and lets each month's invoices be issued. */
export async function settle(history: History, plan: Plan): Promise<void> {
  const random = stream(history.seed, "people");
  const first = history.zone.dayOf(history.now);
  for (let made = 0, n = 1; made < plan.services; n += 1) {
    const person: Person = { ref: `C${n}`, habit: random.pick(HABITS), random: stream(history.seed, `person ${n}`) };
    const { random: own } = person;
    const since = first - (own.chance(0.3) ? 5 : 400);
    const email = `${person.ref.toLowerCase()}@cliente.example`;
    const { id } = await history.ask(({ engine }) =>
      createCustomer(engine, { ref: person.ref, name: `Cliente ${n}`, email, since, by: "staff" }),
    );
    history.known.customers.set(person.ref, id);
    const count = Math.min(plan.services - made, own.pick([1, 1, 1, 2, 4]));
    const dueDay = own.between(0, 29);
    for (let s = 1; s <= count; s += 1, made += 1) {
      const ref = `${person.ref}S${s}`;
      const account = ref.toLowerCase();
      const ask = { customer: person.ref, ref, name: `Hospedagem ${s}`, price: 2990, link: { panel: PANEL, account }, by: "staff" };
      await history.ask(({ engine }) => createService(engine, ask, [PANEL]));
      history.known.accounts.set(ref, account);
      history.world.accounts.set(account, { access: "active", by: null, touchedAt: 0, readAt: 0 });
      // Several invoices at once for some, spread over the month for others.
      const day = first + 10 + (own.chance(0.5) ? dueDay : own.between(0, 29));
      for (let month = 0, due = day; due <= plan.lastDue; month += 1, due += 30) bill(history, plan, person, ref, due, month);
    }
  }
}

function bill(history: History, plan: Plan, person: Person, service: string, dueOn: Day, month: number): void {
  const ref = `${service}F${month + 1}`;
  const amount = 1000 + person.random.between(0, 400) * 10;
  const issuedOn = dueOn - 10;
  history.at(history.zone.at(issuedOn, person.random.between(0, 600)), async () => {
    const ask = { customer: person.ref, ref, service, issuedOn, dueOn, amount, currency: "BRL", by: "billing" } as const;
    await history.ask(({ engine }) => createInvoice(engine, ask));
    history.known.invoices.set(ref, { ref, customer: person.ref, service, dueOn, amount, open: amount, settledAt: null });
    history.world.say(`invoice ${ref} over ${amount}`);
    behave(history, plan, person, ref, dueOn, month);
  });
}

/** What a customer does about an invoice. */
function behave(history: History, plan: Plan, person: Person, ref: string, dueOn: Day, month: number): void {
  const { random } = person;
  const { zone } = history;
  const at = (days: number, minute = random.between(0, 1439)): Instant => zone.at(dueOn + days, minute);
  const pay = (when: Instant, share = 1, named = random.chance(0.8)): void =>
    history.at(when, async () => {
      const invoice = history.known.invoices.get(ref);
      if (!invoice || (invoice.settledAt !== null && share <= 1)) return;
      history.pays(person.ref, named ? ref : null, share < 1 ? Math.ceil(invoice.open * share) : invoice.open || invoice.amount);
    });
  const habit: Habit = person.habit === "moody" ? random.pick(HABITS) : month === 0 && random.chance(0.5) ? "on_time" : person.habit;
  switch (habit) {
    case "moody":
    case "on_time":
      return pay(at(-random.between(0, 8)));
    case "late":
      return pay(at(random.between(3, 20)));
    case "boundary":
      // The very second, a moment before or after the hour of the suspension, when the day comes.
      return pay(at(random.between(5, 8), 540) + random.between(-2, 2) * 1_000);
    case "partial":
      pay(at(random.between(-3, 4)), random.pick([0.5, 0.9, 0.3]), true);
      return pay(at(random.between(6, 12)), 1, true);
    case "double":
      pay(at(-1), 1, true);
      return pay(at(1), 2, true);
    case "keeper":
      history.at(at(random.between(0, 9)), () => promise(history, person, ref, random.between(1, 5)));
      return pay(at(random.between(9, 12)));
    case "breaker":
      history.at(at(random.between(0, 9)), () => promise(history, person, ref, random.between(1, 5)));
      return random.chance(0.5) ? pay(at(random.between(15, 30))) : undefined;
    case "weekend": {
      const friday = dueOn + 6 + ((((5 - 1 - ((((dueOn + 6 + 3) % 7) + 7) % 7)) % 7) + 7) % 7);
      return history.at(zone.at(friday, 16 * 60), () => promise(history, person, ref, 5));
    }
    case "disputer":
      history.at(at(random.between(1, 9)), () => dispute(history, plan, person, ref));
      return random.chance(0.6) ? pay(at(random.between(10, 30))) : undefined;
    case "claimer":
      history.at(at(random.between(4, 10)), () => claim(history, person, ref));
      return random.chance(0.5) ? pay(at(random.between(5, 20))) : undefined;
    case "never":
      return;
  }
}

/** A use case that the rules may refuse is refused; anything else is a defect. */
async function mayRefuse<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReguaError) return null;
    throw error;
  }
}

function protect(history: History, protection: Omit<Protection, "ended">): Protection {
  const made = { ...protection, ended: false };
  history.known.protections.push(made);
  history.known.order += 1;
  history.world.say(`${made.kind} of ${made.customer} for ${made.invoices?.join(", ") ?? "everything"}`);
  return made;
}

async function promise(history: History, person: Person, ref: string, days: number): Promise<void> {
  const ask = {
    customer: person.ref,
    until: history.zone.dayOf(history.now) + days,
    reason: "pago na semana que vem",
    askedBy: "customer",
    owner: "portal",
    acceptedConditions: true,
    ...(person.random.chance(0.5) ? { invoices: [ref] } : {}),
  } as const;
  const made = await mayRefuse(() => history.ask(({ engine }) => grantPromise(engine, ask)));
  if (made === null) return history.world.say(`promise of ${person.ref} refused`);
  const kept = protect(history, { kind: "promise", customer: person.ref, invoices: made.invoices, until: made.until });
  if (!person.random.chance(0.1)) return;
  history.at(history.now + person.random.between(1, 48) * HOUR_MS, async () => {
    const end = { customer: person.ref, protocol: made.protocol, by: "staff", reason: "pedido do cliente" };
    const done = await mayRefuse(() => history.ask(({ engine }) => cancelPromise(engine, end).then(() => true)));
    if (done) kept.ended = true;
  });
}

async function dispute(history: History, plan: Plan, person: Person, ref: string): Promise<void> {
  const until = Math.min(history.now + person.random.between(2, 20) * DAY_MS, plan.calmAt);
  await hold(history, person.random, { customer: person.ref, invoice: ref, kind: "dispute", until });
}

/** Places a hold on collection, and now and then lifts it before its end. */
export async function hold(
  history: History,
  random: Random,
  request: { customer: string; invoice?: string; kind: "dispute" | "manual"; until: Instant },
): Promise<void> {
  if (request.until <= history.now) return;
  const ask = { ...request, reason: "em conversa", by: "staff", effect: "collection" } as const;
  const made = await mayRefuse(() => history.ask(({ engine }) => placeHold(engine, ask)));
  if (made === null) return;
  const { customer, invoice, until } = request;
  const kept = protect(history, { kind: "hold", customer, invoices: invoice === undefined ? null : [invoice], until });
  if (!random.chance(0.5)) return;
  const lift = history.now + Math.floor((until - history.now) * random.unit());
  history.at(lift, async () => {
    const end = { customer, holdId: made.holdId, by: "staff", reason: "resolvido" };
    const done = await mayRefuse(() => history.ask(({ engine }) => releaseHold(engine, end).then(() => true)));
    if (done) kept.ended = true;
  });
}

const REVIEW_MS = 5 * DAY_MS;

async function claim(history: History, person: Person, ref: string): Promise<void> {
  const releaseUntil = person.random.chance(0.5) ? history.now + person.random.between(6, 48) * HOUR_MS : null;
  const made = await mayRefuse(() =>
    history.ask(({ engine }) => openClaim(engine, { customer: person.ref, invoice: ref, releaseUntil, by: "portal" })),
  );
  if (made === null) return;
  const kept = protect(history, { kind: "claim", customer: person.ref, invoices: [ref], until: history.now + REVIEW_MS });
  if (!person.random.chance(0.6)) return;
  history.at(history.now + person.random.between(1, 96) * HOUR_MS, async () => {
    const end = person.random.pick(["confirmed", "contradicted", "refused"] as const);
    const done = await mayRefuse(() => history.ask(({ engine }) => closing(engine, person.ref, made.claimId, end)));
    if (done) kept.ended = true;
  });
}

async function closing(
  engine: Parameters<typeof endClaim>[0],
  customer: string,
  claimId: Id,
  end: "confirmed" | "contradicted" | "refused",
): Promise<true> {
  await endClaim(engine, { customer, claimId, end, reason: "conferido", by: "staff" });
  return true;
}
