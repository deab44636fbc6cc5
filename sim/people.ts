// Customers and their habits: who pays when, who promises, disputes, claims, forges, leaves, pays twice or never.
import { importCustomers } from "../src/engine/import-customers.ts";
import { editCustomer } from "../src/engine/save-customer.ts";
import { createInvoice } from "../src/engine/save-invoice.ts";
import { assert } from "../src/kernel/assert.ts";
import type { Day, Instant } from "../src/kernel/time.ts";
import { cancel, claim, dispute, promise, type Person } from "./people-deeds.ts";
import type { History } from "./history.ts";
import { stream } from "./random.ts";
import { proves } from "./people-proofs.ts";
import { Settlers } from "./settlers.ts";

const HABITS = [
  "on_time",
  "on_time",
  "late",
  "boundary",
  "last_day",
  "partial",
  "double",
  "keeper",
  "breaker",
  "weekend",
  "disputer",
  "claimer",
  "forger",
  "canceller",
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
  /** By number; the others are left out. Null: all of them. */
  people: readonly number[] | null;
}

interface Customer extends Person {
  habit: Habit;
}

/** Makes the customers and their services, all by one import, and lets each month's invoices be issued. */
export async function settle(history: History, plan: Plan): Promise<void> {
  const random = stream(history.seed, "people");
  const settlers = new Settlers();
  for (let made = 0, n = 1; made < plan.services; n += 1) {
    const person: Customer = { ref: `C${n}`, habit: random.pick(HABITS), random: stream(history.seed, `person ${n}`) };
    const count = Math.min(plan.services - made, person.random.pick([1, 1, 1, 2, 4]));
    if (plan.people !== null && !plan.people.includes(n)) {
      made += count;
      continue;
    }
    move(history, plan, person, settlers);
    const dueDay = person.random.between(0, 29);
    for (let s = 1; s <= count; s += 1, made += 1) order(history, plan, person, s, dueDay, settlers);
  }
  const { refusedLines } = await history.ask(({ engine }) => importCustomers(engine, settlers, { by: "staff" }));
  assert(refusedLines === 0, "somebody was not let in");
  for (const { ref, id } of await history.view.customers()) history.known.customers.set(ref, id);
}

/** A customer comes; one in twelve without an address, and half of these tell theirs later. */
function move(history: History, plan: Plan, person: Customer, settlers: Settlers): void {
  const { ref, random } = person;
  const since = history.zone.dayOf(history.now) - (random.chance(0.3) ? 5 : 400);
  const address = `${ref.toLowerCase()}@cliente.example`;
  const reachable = !random.chance(1 / 12);
  settlers.come(ref, reachable ? address : null, since);
  if (reachable) return;
  history.faults.note("no_channel");
  history.known.unreachable.add(ref);
  if (!random.chance(0.5)) return;
  history.at(history.now + Math.floor((plan.calmAt - history.now) * random.unit()), async () => {
    await history.ask(({ engine }) => editCustomer(engine, { customer: ref, edit: { email: address }, by: "staff" }));
    history.known.unreachable.delete(ref);
    history.world.say(`${ref} tells an address`);
  });
}

/** A service with its account; one in fifteen is tied to none, and the account of its name is somebody else's. */
function order(history: History, plan: Plan, person: Customer, s: number, dueDay: number, settlers: Settlers): void {
  const { random: own } = person;
  const ref = `${person.ref}S${s}`;
  const account = ref.toLowerCase();
  const linked = !own.chance(1 / 15);
  settlers.take(person.ref, ref, linked ? account : null);
  history.known.owners.set(ref, person.ref);
  if (linked) history.known.accounts.set(ref, account);
  else history.faults.note("not_linked");
  history.world.open(account);
  // Several invoices at once for some, spread over the month for others.
  const day = history.zone.dayOf(history.now) + 10 + (own.chance(0.5) ? dueDay : own.between(0, 29));
  for (let month = 0, due = day; due <= plan.lastDue; month += 1, due += 30) bill(history, plan, person, ref, due, month);
}

function bill(history: History, plan: Plan, owner: Customer, service: string, dueOn: Day, month: number): void {
  const ref = `${service}F${month + 1}`;
  // A stream for each invoice: a shorter history has fewer of them, and those that remain go as before.
  const person = { ...owner, random: stream(history.seed, `invoice ${ref}`) };
  const amount = 1000 + person.random.between(0, 400) * 10;
  const issuedOn = dueOn - 10;
  history.at(history.zone.at(issuedOn, person.random.between(0, 600)), async () => {
    if (history.world.accounts.get(service.toLowerCase())?.gone === "ended") return;
    const ask = { customer: person.ref, ref, service, issuedOn, dueOn, amount, currency: "BRL", by: "billing" } as const;
    await history.ask(({ engine }) => createInvoice(engine, ask));
    history.known.invoices.set(ref, { ref, customer: person.ref, service, dueOn, amount, open: amount, settledAt: null });
    history.world.say(`invoice ${ref} over ${amount}`);
    if (history.bank.way(person.ref) === "gateway") await history.cashier.charges(ref);
    behave(history, plan, person, ref, dueOn, month);
  });
}

/** What a customer does about an invoice. */
function behave(history: History, plan: Plan, person: Customer, ref: string, dueOn: Day, month: number): void {
  const { random } = person;
  const { zone } = history;
  const at = (days: number, minute = random.between(0, 1439)): Instant => zone.at(dueOn + days, minute);
  const pay = (when: Instant, share = 1, named = random.chance(0.8)): void =>
    history.at(when, async () => {
      const invoice = history.known.invoices.get(ref);
      if (!invoice || (invoice.settledAt !== null && share <= 1)) return;
      history.bank.pays(person.ref, named ? ref : null, share < 1 ? Math.ceil(invoice.open * share) : invoice.open || invoice.amount);
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
    case "last_day":
      return pay(at(random.between(4, 5), random.between(0, 539)));
    case "partial":
      // The last share: a bank kept a fee of a few cents.
      pay(at(random.between(-3, 4)), random.pick([0.5, 0.9, 0.3, 0.99]), true);
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
    case "weekend":
      return overTheWeekend(history, person, ref, dueOn);
    case "disputer":
      history.at(at(random.between(1, 9)), () => dispute(history, plan.calmAt, person, ref));
      return random.chance(0.6) ? pay(at(random.between(10, 30))) : undefined;
    case "claimer":
      history.at(at(random.between(4, 10)), () => says(history, person, ref, "honest"));
      return random.chance(0.5) ? pay(at(random.between(5, 20))) : undefined;
    case "forger":
      history.at(at(random.between(3, 9)), () => says(history, person, ref, "forged"));
      // Shown to be forged, and the next one comes.
      history.at(at(random.between(10, 14)), () => says(history, person, ref, "forged"));
      return random.chance(0.3) ? pay(at(random.between(15, 30))) : undefined;
    case "canceller":
      history.at(at(random.between(-5, 9)), () => cancel(history, person, ref, random.between(0, 20)));
      history.at(at(random.between(5, 12)), () => promise(history, person, ref, random.between(1, 5)));
      return random.chance(0.5) ? pay(at(random.between(3, 20))) : undefined;
    case "never":
      return;
  }
}

/** Most send a file; some only say so, on the telephone. */
function says(history: History, person: Person, ref: string, proof: "honest" | "forged"): Promise<void> {
  const file = stream(history.seed, `file ${ref} ${history.now}`).chance(0.75);
  return file ? proves(history, person, ref, proof === "honest") : claim(history, person, ref, proof);
}

/** Released on trust on a Friday afternoon, gone on Monday. */
function overTheWeekend(history: History, person: Customer, ref: string, dueOn: Day): void {
  // Day 0 was a Thursday, so day 1 a Friday.
  const friday = dueOn + 6 + ((((1 - (dueOn + 6)) % 7) + 7) % 7);
  history.at(history.zone.at(friday, 16 * 60), () => promise(history, person, ref, 5));
  if (!person.random.chance(0.6)) return;
  history.at(history.zone.at(friday + 3, 10 * 60), async () => {
    if (history.known.invoices.get(ref)?.settledAt !== null) return;
    history.faults.note("weekend_trick");
    await cancel(history, person, ref, 0);
  });
}
