// Money: the bank has it at once, the program is told sooner or later, twice, under another amount, or only when it is asked for.
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { reportReceipts } from "../src/engine/report-receipts.ts";
import { refundReceipt } from "../src/engine/reverse-receipt.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import type { Cents } from "../src/kernel/money.ts";
import { HOUR_MS, MINUTE_MS, type Day } from "../src/kernel/time.ts";
import type { Account } from "./account.ts";
import type { Cashier } from "./cashier.ts";
import type { KnownInvoice } from "./known.ts";
import { drawn, stream, Streams } from "./random.ts";
import type { Town } from "./town.ts";

interface Payment {
  id: string;
  customer: string;
  invoice: string | null;
  amount: Cents;
  paidOn: Day;
}

export class Bank {
  readonly #town: Town;
  readonly #cashier: Cashier;
  readonly #account: Account;
  readonly #chance: Streams;
  /** Payments of which no word came: found when the bank is asked. */
  #unheard: Payment[] = [];

  constructor(town: Town, cashier: Cashier, account: Account) {
    this.#town = town;
    this.#cashier = cashier;
    this.#account = account;
    this.#chance = new Streams(town.seed);
  }

  /** Answers the EndToEndId that gateway and bank will tell; null: none that anybody tells. A payment: the bank has it now; the program is told sooner or later, now and then twice, now and then never. */
  pays(customer: string, invoice: string | null, amount: Cents): string | null {
    const { faults } = this.#town;
    const names = this.#named(customer, invoice);
    if (this.way(customer) !== "told") return this.#elsewhere(customer, names, amount);
    const payment = this.#take(customer, names, amount);
    const chance = this.#chance.of(`told ${customer}`);
    if (faults.hit("receipt_lost", customer)) {
      this.#unheard.push(payment);
      return null;
    }
    const delay = faults.hit("receipt_late", customer) ? chance.between(1, 72 * 60) * MINUTE_MS : chance.between(1, 60) * 1_000;
    this.#tellIn(delay, payment);
    if (faults.hit("receipt_twice", customer)) this.#tellIn(delay + chance.between(0, 3 * 24 * 60) * MINUTE_MS, payment);
    if (faults.hit("receipt_refunded", customer)) this.#giveBackIn(delay + chance.between(1, 20 * 24) * HOUR_MS, payment);
    if (faults.hit("receipt_altered", customer)) this.#alterIn(delay + chance.between(1, 24 * 60) * MINUTE_MS, payment);
    return null;
  }

  /** A payment that the program hears of at this very moment. */
  async surprises(invoice: KnownInvoice): Promise<void> {
    const way = this.way(invoice.customer);
    if (way === "gateway") return this.#cashier.surprises(invoice.customer, invoice.ref, invoice.open);
    if (way === "transfer") {
      this.#account.pays(invoice.customer, invoice.ref, invoice.open);
      return this.#account.now();
    }
    await this.#tell(this.#take(invoice.customer, invoice.ref, invoice.open));
  }

  /** The bank is asked for all it has: what no word came of is told now. */
  async poll(): Promise<void> {
    for (const payment of this.#unheard.splice(0)) await this.#tell(payment);
  }

  get unheard(): number {
    return this.#unheard.length;
  }

  /** Each customer pays in one way: some through the gateway, some by transfers of which only the bank's statement tells. */
  way(customer: string): "told" | "gateway" | "transfer" {
    return stream(this.#town.seed, `way of ${customer}`).pick([
      "told",
      "told",
      "told",
      "gateway",
      "gateway",
      "gateway",
      "transfer",
    ] as const);
  }

  /** Whoever pays another's slip there pays another's debt. */
  #elsewhere(customer: string, invoice: string | null, amount: Cents): string | null {
    const owner = (invoice === null ? null : this.#town.known.invoices.get(invoice)?.customer) ?? customer;
    return (this.way(customer) === "gateway" ? this.#cashier : this.#account).pays(owner, invoice, amount);
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
    const id = world.take(customer, amount);
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
    // Told again it is no new sign of life: the customer paid once.
    if (!known.receipts.has(id)) known.life.set(customer, this.#town.now);
    known.receipt(id, customer, invoice, amount);
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
