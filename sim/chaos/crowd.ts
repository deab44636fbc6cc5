// The people of a chaos run: invoices are issued, payments told, promises asked, holds placed and lifted, while everything breaks.
import { wait } from "../../src/kernel/clock.ts";
import { formatDay, formatInstant, MINUTE_MS, parseInstant } from "../../src/kernel/time.ts";
import type { Known, KnownInvoice, Protection } from "../known.ts";
import type { Random } from "../random.ts";
import type { Base, Person } from "./base.ts";
import type { Client, Told } from "./client.ts";
import type { Mark, Tape } from "./tape.ts";
import { SECOND_MS } from "./times.ts";

/** Something told to the program that speaks for a customer: money, an invoice made void, a promise, a hold. */
export interface Matter {
  customer: string;
  what: string;
  sent: Mark;
  /** When the program answered; null: it has not. */
  heard: Mark | null;
}

export interface Payment {
  id: string;
  customer: string;
  named: string | null;
  amount: number;
}

const PATH_OF = (customer: string): string => `/customers/${customer}`;
const LANES = 6;
/** Of the acts below, how often each. */
const ACTS = [
  "invoice",
  "invoice",
  "invoice",
  "invoice",
  "pay",
  "pay",
  "pay",
  "again",
  "promise",
  "cancel",
  "hold",
  "lift",
  "void",
] as const;

export class Crowd {
  readonly payments = new Map<string, Payment>();
  readonly matters: Matter[] = [];
  /** When the program had answered that nothing of an invoice is owed any more. */
  readonly settled = new Map<string, Mark>();
  readonly faults: string[] = [];
  readonly counts = { invoices: 0, payments: 0, toldAgain: 0, promises: 0, promisesRefused: 0, holds: 0, voids: 0 };
  readonly #known: Known;
  readonly #people: readonly Person[];
  readonly #payers: ReadonlySet<string>;
  readonly #client: Client;
  readonly #tape: Tape;
  readonly #random: Random;
  readonly #most: number;
  readonly #busy = new Set<string>();
  readonly #promises: { customer: string; protocol: string; protection: Protection }[] = [];
  readonly #holds: { customer: string; id: number; protection: Protection }[] = [];
  /** Payments that came at a certain moment, on their way. */
  #surprises: Promise<void>[] = [];
  #acts = 0;

  constructor(options: { known: Known; base: Base; client: Client; tape: Tape; random: Random; mostInvoices: number }) {
    this.#known = options.known;
    this.#people = options.base.people;
    this.#payers = new Set(this.#people.filter((person) => person.pays).map((person) => person.ref));
    this.#client = options.client;
    this.#tape = options.tape;
    this.#random = options.random;
    this.#most = options.mostInvoices;
  }

  /** Lives until it is over, and until every request begun is answered. */
  async live(over: () => boolean): Promise<void> {
    const lane = async (): Promise<void> => {
      while (!over()) {
        await wait(this.#random.between(20, 300));
        await this.#act();
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await Promise.all(this.#surprises);
  }

  /** Pays what a service owes, now: its suspension is on its way. */
  surprise(service: string): void {
    const owed = this.#open().filter((invoice) => invoice.service === service);
    const [invoice] = owed;
    if (!invoice || this.#busy.has(invoice.customer) || !this.#payers.has(invoice.customer)) return;
    const all = owed.reduce<Promise<void>>(
      (before, each) => before.then(() => this.#pay(each.customer, each.ref, each.open)),
      Promise.resolve(),
    );
    this.#surprises = [...this.#surprises.slice(-50), this.#alone(invoice.customer, () => all)];
  }

  #open(): KnownInvoice[] {
    return [...this.#known.invoices.values()].filter((i) => i.settledAt === null);
  }

  /** One request of a customer at a time: what is known of the order of two is then what the program has. */
  async #alone(customer: string, work: () => Promise<void>): Promise<void> {
    this.#busy.add(customer);
    try {
      await work();
    } finally {
      this.#busy.delete(customer);
    }
  }

  async #act(): Promise<void> {
    const random = this.#random;
    const act = random.pick(ACTS);
    if (act === "cancel") return this.#cancel();
    if (act === "lift") return this.#lift();
    if (act === "again") return this.#again();
    if (act === "invoice") {
      const person = random.pick(this.#people);
      return this.#busy.has(person.ref) ? undefined : this.#alone(person.ref, () => this.#bill(person));
    }
    const open = this.#open().filter((i) => !this.#busy.has(i.customer));
    if (open.length === 0) return;
    const invoice = random.pick(open);
    const { customer, ref } = invoice;
    if (act === "pay" && !this.#payers.has(customer)) return;
    await this.#alone(customer, async () => {
      if (act === "pay") {
        const share = random.chance(0.2) ? random.pick([0.3, 0.5, 0.9]) : 1;
        return this.#pay(customer, random.chance(0.85) ? ref : null, Math.ceil(invoice.open * share));
      }
      if (act === "promise") return this.#promise(customer, ref);
      if (act === "hold") return this.#hold(customer, ref);
      if (invoice.open === invoice.amount && random.chance(0.3)) return this.#void(invoice);
    });
  }

  async #ask(method: "GET" | "POST", path: string, body?: unknown): Promise<Told> {
    this.#acts += 1;
    return this.#client.ask(method, path, `chaos-${this.#acts}`, body);
  }

  #begin(customer: string, what: string): Matter {
    const matter: Matter = { customer, what, sent: this.#tape.mark(), heard: null };
    this.matters.push(matter);
    return matter;
  }

  #heard(matter: Matter): void {
    matter.heard = this.#tape.mark();
    for (const { ref, settledAt } of this.#known.invoices.values())
      if (settledAt !== null && !this.settled.has(ref)) this.settled.set(ref, matter.heard);
    this.#tape.say(`told and heard: ${matter.what}`);
  }

  /** An answer that no rule of the program explains. */
  #strange(what: string, told: Told): void {
    const said = told.kind === "answered" ? `${told.answer.code} ${JSON.stringify(told.answer.body).slice(0, 400)}` : told.kind;
    this.faults.push(`${what} was answered ${said}`);
  }

  async #bill(person: Person): Promise<void> {
    if (this.counts.invoices >= this.#most) return;
    const random = this.#random;
    const service = random.pick(person.services);
    const mine = [...this.#known.invoices.values()].filter((i) => i.customer === person.ref);
    if (mine.filter((i) => i.settledAt === null).length >= 3) return;
    const today = this.#known.zone.dayOf(this.#tape.now());
    const dueOn = today - random.between(4, 60);
    // Two due on one day would leave open which of them money pays that names none.
    if (mine.some((i) => i.dueOn === dueOn)) return;
    const ref = `${service.ref}F${mine.length + 1}`;
    const amount = 1_000 + random.between(0, 400) * 10;
    // Known from the moment it leaves: the program may act on it before it answers.
    this.#known.invoices.set(ref, { ref, customer: person.ref, service: service.ref, dueOn, amount, open: amount, settledAt: null });
    this.counts.invoices += 1;
    const body = {
      ref,
      service: service.ref,
      issuedOn: formatDay(dueOn - 30),
      dueOn: formatDay(dueOn),
      amountCents: amount,
      currency: "BRL",
    };
    const told = await this.#ask("POST", `${PATH_OF(person.ref)}/invoices`, body);
    if (told.kind === "answered" && told.answer.code !== 201) this.#strange(`the invoice ${ref}`, told);
  }

  async #pay(customer: string, named: string | null, amount: number): Promise<void> {
    this.counts.payments += 1;
    const payment: Payment = { id: `P${this.counts.payments}`, customer, named, amount };
    this.payments.set(payment.id, payment);
    const matter = this.#begin(customer, `${payment.id}: ${amount} of ${customer} for ${named ?? "the oldest"}`);
    const told = await this.#tell(payment);
    this.#known.receipt(payment.id, customer, named, amount);
    this.#heard(matter);
    if (told.kind === "answered" && told.answer.code !== 200) this.#strange(`the payment ${payment.id}`, told);
  }

  #tell({ id, customer, named, amount }: Payment): Promise<Told> {
    const receipt = { source: "pix", externalId: id, customer, ...(named === null ? {} : { invoice: named }), amountCents: amount };
    return this.#ask("POST", "/receipts", { receipts: [{ ...receipt, currency: "BRL" }] });
  }

  /** The same payment told again, as gateways do: under another key, with the same number. */
  async #again(): Promise<void> {
    const heard = [...this.payments.values()].filter((payment) => this.#known.receipts.has(payment.id));
    if (heard.length === 0) return;
    const payment = this.#random.pick(heard);
    this.counts.toldAgain += 1;
    const told = await this.#tell(payment);
    if (told.kind === "answered" && (told.answer.code !== 200 || told.answer.body.booked !== 0))
      this.#strange(`the payment ${payment.id}, told again,`, told);
  }

  async #promise(customer: string, invoice: string): Promise<void> {
    const random = this.#random;
    const until = formatDay(this.#known.zone.dayOf(this.#tape.now()) + random.pick([0, 0, 0, 1, 2]));
    const named = random.chance(0.5) ? { invoices: [invoice] } : {};
    const body = { until, reason: "pago na semana que vem", askedBy: "customer", acceptedConditions: true, ...named };
    const matter = this.#begin(customer, `promise of ${customer}`);
    let told = await this.#ask("POST", `${PATH_OF(customer)}/promises`, body);
    let made = told.kind === "answered" ? told.answer.body : {};
    if (told.kind !== "answered") {
      told = await this.#ask("GET", `${PATH_OF(customer)}/promises`);
      const all = told.kind === "answered" ? (told.answer.body.promises as Record<string, unknown>[]) : [];
      made = all.find((promise) => promise.state === "running") ?? {};
    }
    if (made.code === "promise_refused") {
      this.counts.promisesRefused += 1;
      this.matters.splice(this.matters.indexOf(matter), 1);
      return;
    }
    // One whose answer was lost may have ended before it was asked for again.
    if (typeof made.protocol !== "string")
      return told.kind === "answered" && told.answer.code < 400 ? undefined : this.#strange(matter.what, told);
    this.counts.promises += 1;
    const protection: Protection = {
      kind: "promise",
      customer,
      invoices: made.invoices as string[],
      until: parseInstant(String(made.until)),
      ended: false,
    };
    this.#known.protections.push(protection);
    this.#promises.push({ customer, protocol: made.protocol, protection });
    this.#heard(matter);
  }

  async #cancel(): Promise<void> {
    const now = this.#tape.now();
    const running = this.#promises.filter((p) => !p.protection.ended && p.protection.until > now && !this.#busy.has(p.customer));
    if (running.length === 0 || this.#random.chance(0.5)) return;
    const { customer, protocol, protection } = this.#random.pick(running);
    await this.#alone(customer, async () => {
      // From the moment it leaves: the program may act on it before it answers.
      protection.ended = true;
      const told = await this.#ask("POST", `${PATH_OF(customer)}/promises/${protocol}/cancel`, { reason: "pedido do cliente" });
      // Kept or broken meanwhile.
      if (told.kind === "answered" && told.answer.code !== 200 && told.answer.body.code !== "promise_unknown")
        this.#strange(`the end of the promise ${protocol}`, told);
    });
  }

  async #hold(customer: string, invoice: string): Promise<void> {
    const random = this.#random;
    const until = this.#tape.now() + random.between(30 * SECOND_MS, 5 * MINUTE_MS);
    const one = random.chance(0.5);
    const body = {
      kind: one ? "dispute" : "manual",
      effect: "collection",
      until: formatInstant(until),
      reason: "em conversa",
      ...(one ? { invoice } : {}),
    };
    const matter = this.#begin(customer, `hold of ${customer} for ${one ? invoice : "everything"}`);
    const told = await this.#ask("POST", `${PATH_OF(customer)}/holds`, body);
    // It may have reached its end while the program was away: then it is refused, as it should be.
    if (told.kind === "answered" && told.answer.code !== 201) {
      this.matters.splice(this.matters.indexOf(matter), 1);
      return this.#tape.now() < until ? this.#strange(matter.what, told) : undefined;
    }
    this.counts.holds += 1;
    const protection: Protection = { kind: "hold", customer, invoices: one ? [invoice] : null, until, ended: false };
    this.#known.protections.push(protection);
    this.#heard(matter);
    if (told.kind === "answered") this.#holds.push({ customer, id: Number(told.answer.body.id), protection });
  }

  async #lift(): Promise<void> {
    const now = this.#tape.now();
    const standing = this.#holds.filter((h) => !h.protection.ended && h.protection.until > now && !this.#busy.has(h.customer));
    if (standing.length === 0) return;
    const { customer, id, protection } = this.#random.pick(standing);
    await this.#alone(customer, async () => {
      protection.ended = true;
      const told = await this.#ask("POST", `${PATH_OF(customer)}/holds/${id}/release`, { reason: "resolvido" });
      if (told.kind === "answered" && told.answer.code !== 200 && told.answer.body.code !== "hold_unknown")
        this.#strange(`the release of the hold ${id}`, told);
    });
  }

  async #void(invoice: KnownInvoice): Promise<void> {
    this.counts.voids += 1;
    const matter = this.#begin(invoice.customer, `invoice ${invoice.ref} is void`);
    const told = await this.#ask("POST", `/invoices/${invoice.ref}/void`, { reason: "emitida por engano" });
    this.#known.voided(invoice.ref);
    this.#heard(matter);
    if (told.kind === "answered" && told.answer.code !== 200) this.#strange(matter.what, told);
  }
}
