// Money: the bank has it at once, the program is told sooner or later, twice, under another amount, or only when it is asked for.
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { reportReceipts } from "../src/engine/report-receipts.ts";
import { refundReceipt } from "../src/engine/reverse-receipt.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import type { Cents } from "../src/kernel/money.ts";
import { HOUR_MS, MINUTE_MS, type Day, type Instant, type Zone } from "../src/kernel/time.ts";
import type { Faults } from "./faults.ts";
import type { Known, KnownInvoice } from "./known.ts";
import type { Oracle } from "./oracle.ts";
import type { Program } from "./program.ts";
import { drawn, Streams } from "./random.ts";
import type { World } from "./world.ts";

/** As much of a history as the bank needs. */
export interface Town {
  seed: number;
  now: Instant;
  zone: Zone;
  faults: Faults;
  known: Known;
  world: World;
  oracle: Oracle;
  at: (at: Instant, run: () => Promise<void>) => void;
  ask: <T>(work: (program: Program) => Promise<T>, again?: string | null) => Promise<T>;
}

interface Payment {
  id: string;
  customer: string;
  invoice: string | null;
  amount: Cents;
  paidOn: Day;
}

export class Bank {
  readonly #town: Town;
  readonly #chance: Streams;
  /** Payments of which no word came: found when the bank is asked. */
  #unheard: Payment[] = [];
  /** Payments so far, by customer. */
  readonly #counts = new Map<string, number>();

  constructor(town: Town) {
    this.#town = town;
    this.#chance = new Streams(town.seed);
  }

  /** A payment: the bank has it now; the program is told sooner or later, now and then twice, now and then never. */
  pays(customer: string, invoice: string | null, amount: Cents): void {
    const { faults } = this.#town;
    const payment = this.#take(customer, this.#named(customer, invoice), amount);
    const chance = this.#chance.of(`told ${customer}`);
    if (faults.hit("receipt_lost", customer)) {
      this.#unheard.push(payment);
      return;
    }
    const delay = faults.hit("receipt_late", customer) ? chance.between(1, 72 * 60) * MINUTE_MS : chance.between(1, 60) * 1_000;
    this.#tellIn(delay, payment);
    if (faults.hit("receipt_twice", customer)) this.#tellIn(delay + chance.between(0, 3 * 24 * 60) * MINUTE_MS, payment);
    if (faults.hit("receipt_refunded", customer)) this.#giveBackIn(delay + chance.between(1, 20 * 24) * HOUR_MS, payment);
    if (faults.hit("receipt_altered", customer)) this.#alterIn(delay + chance.between(1, 24 * 60) * MINUTE_MS, payment);
  }

  /** A payment that the program hears of at this very moment. */
  async surprises(invoice: KnownInvoice): Promise<void> {
    await this.#tell(this.#take(invoice.customer, invoice.ref, invoice.open));
  }

  /** The bank is asked for all it has: what no word came of is told now. */
  async poll(): Promise<void> {
    for (const payment of this.#unheard.splice(0)) await this.#tell(payment);
  }

  get unheard(): number {
    return this.#unheard.length;
  }

  /** Now and then somebody pays with another's slip in hand: the money stays the payer's, and pays nothing of the other's. */
  #named(customer: string, invoice: string | null): string | null {
    const { faults, known } = this.#town;
    if (invoice === null || !faults.hit("receipt_misnamed", customer)) return invoice;
    const others = [...known.invoices.values()].filter((i) => i.customer !== customer && i.settledAt === null);
    return drawn(this.#town.seed, `misnamed ${invoice}`, others, ({ ref }) => ref)?.ref ?? invoice;
  }

  #take(customer: string, invoice: string | null, amount: Cents): Payment {
    const { world, zone, now } = this.#town;
    const number = (this.#counts.get(customer) ?? 0) + 1;
    this.#counts.set(customer, number);
    const id = `${customer}R${number}`;
    world.paid.set(id, amount);
    world.say(`bank: ${customer} pays ${amount} ${invoice ?? ""}`);
    return { id, customer, invoice, amount, paidOn: zone.dayOf(now) };
  }

  #tellIn(delay: number, payment: Payment): void {
    this.#town.at(this.#town.now + delay, () => this.#tell(payment));
  }

  async #tell({ id, customer, invoice, amount, paidOn }: Payment): Promise<void> {
    const { known, oracle, world } = this.#town;
    const customerId = known.customers.get(customer) ?? 0;
    const receipt = { customerId, source: "bank", externalId: id, amount, currency: "BRL", paidOn, invoiceRef: invoice };
    await this.#town.ask(async ({ engine }) => {
      const told = await recordReceipts(engine, [{ ...receipt, reason: null, actor: "bank" }]);
      if (told.refused.length > 0) oracle.fault("S8", `receipt ${id} was refused: ${told.refused[0]?.reason ?? ""}`);
    }, customer);
    known.receipt(id, customer, invoice, amount);
    known.life.set(customer, this.#town.now);
    oracle.told(customer);
    world.say(`told: receipt ${id} of ${customer}, ${amount} ${invoice ?? ""}`);
  }

  /** Staff gives money back, all or half of it; a payment that the program has not heard of it cannot. */
  #giveBackIn(delay: number, { id, customer, amount }: Payment): void {
    const town = this.#town;
    const back = this.#chance.of(`back ${id}`).chance(0.6) ? amount : Math.ceil(amount / 2);
    town.at(town.now + delay, async () => {
      if (town.faults.stopped) return;
      const refund = { source: "bank", externalId: id, amount: back, reason: "devolvido", by: "staff" };
      const code = await codeOf(town.ask(({ engine }) => refundReceipt(engine, refund)));
      town.world.say(`${back} of receipt ${id} of ${customer} is given back: ${code ?? "done"}`);
      if (code !== null) return;
      town.known.returned(id, back);
      town.oracle.told(customer);
    });
  }

  /** The same id again with another amount: not a repeat, and refused as what it is. */
  #alterIn(delay: number, { id, customer, amount }: Payment): void {
    const town = this.#town;
    town.at(town.now + delay, async () => {
      const report = { source: "bank", externalId: id, customer, amount: amount + 500, currency: "BRL" };
      const code = await codeOf(town.ask(({ engine }) => reportReceipts(engine, [report], "hook")));
      town.world.say(`told: receipt ${id} of ${customer} over another amount: ${code ?? "booked"}`);
      if (code !== "receipt_differs") town.oracle.fault("S8", `receipt ${id} told over another amount was ${code ?? "booked"}`);
    });
  }
}

/** The code of a refusal; null: it was done. */
async function codeOf(asked: Promise<unknown>): Promise<string | null> {
  try {
    await asked;
    return null;
  } catch (error) {
    if (error instanceof ReguaError) return error.code;
    throw error;
  }
}
