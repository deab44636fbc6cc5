// The bank account: lines of what came in and went out, the files that staff export of it, and staff who say whose a line is.
import { assignMoney, dismissMoney } from "../src/engine/assign-money.ts";
import { importStatement } from "../src/engine/import-statement.ts";
import type { Cents } from "../src/kernel/money.ts";
import { formatDay, HOUR_MS, type Day } from "../src/kernel/time.ts";
import type { BankLine } from "../src/ports/bank-statement.ts";
import { bankSource } from "../src/store/bank-lines.ts";
import { pageWaiting } from "../src/store/waiting-money.ts";
import { ACCOUNT, lineOf } from "./learned.ts";
import { stream } from "./random.ts";
import { mayRefuse } from "./refusal.ts";
import type { Town } from "./town.ts";
import { chargeOf, endToEndOf, GATEWAY, gone, paymentOf, type Capture } from "./till.ts";

/** What the import of a statement is about: whatever comes between two of its transactions is drawn by it. */
export const STATEMENT = "statement";

interface Line {
  shown: BankLine;
  /** Null: nobody's payment, a payout or a loan. */
  capture: Capture | null;
  /** It says nothing by which it could be told whose it is. */
  bare: boolean;
  /** It names the code that was paid at most, and not the Pix: paid twice, only a person can say which it is. */
  unnamed: boolean;
}

export class Account {
  readonly #town: Town;
  /** Transfers: money of which only the bank tells. */
  readonly captures = new Map<string, Capture>();
  readonly #lines = new Map<string, Line>();
  /** Lines of files that were imported. */
  readonly #imported = new Set<string>();
  /** Lines that a person must look at, until somebody did. */
  readonly #odd = new Set<string>();
  /** What the gateway took in of the lines that are being imported, and whether they are kept by now. */
  #inHand: { captures: readonly Capture[]; kept: boolean } = { captures: [], kept: false };
  /** Up to this day an export has been made. */
  #covered: Day | null = null;

  constructor(town: Town) {
    this.#town = town;
  }

  /** A Pix arrives. `through`: it was paid at the gateway, or it is a transfer of which only the bank tells. */
  arrives(capture: Capture, through: "gateway" | "transfer"): void {
    const { seed, faults, till } = this.#town;
    const chance = stream(seed, `line ${capture.id}`);
    const { id, invoice, endToEndId } = capture;
    const bare = through === "gateway" && faults.hit("statement_bare", capture.customer);
    const inMemo = chance.chance(0.5);
    const charged = invoice !== null && till.charges.has(invoice) && chance.chance(0.5);
    const txid = through === "gateway" && !bare && charged ? chargeOf(invoice) : null;
    // Some banks print the code that was paid and nothing of the Pix. A gateway that made the code knows what was paid with it.
    const unnamed = bare || (txid !== null && capture.named !== "nobody" && chance.chance(0.3));
    this.#write(
      capture,
      { bare, unnamed },
      {
        ...blank(lineOf(id), capture.paidOn, capture.amount),
        memo: unnamed || !inMemo ? "PIX RECEBIDO" : `PIX RECEBIDO ${endToEndId ?? ""}`,
        endToEndId: unnamed || inMemo ? null : endToEndId,
        txid,
        documentNumber: through === "transfer" && chance.chance(0.6) ? invoice : null,
      },
    );
  }

  /** A customer pays by a transfer of which nobody tells but the bank. */
  pays(customer: string, invoice: string | null, amount: Cents): string | null {
    const { world, zone, now } = this.#town;
    const id = world.take(customer, amount);
    const whole = { refunded: 0, chargedBack: false, endToEndId: endToEndOf(id, now) };
    const paid = { id, customer, invoice, amount, paidOn: zone.dayOf(now), paidAt: now, ...whole };
    const capture: Capture = { ...paid, named: "nobody", method: "pix", phase: "settled" };
    world.say(`bank: ${customer} transfers ${amount} ${invoice ?? ""} as ${id}`);
    this.captures.set(id, capture);
    this.arrives(capture, "transfer");
    return capture.endToEndId;
  }

  /** Money that is no customer's, in or out. */
  strange(today: string): void {
    const { seed, now, zone } = this.#town;
    const chance = stream(seed, `strange ${today}`);
    const amount = chance.pick([-1, 1]) * (5_000 + chance.between(0, 900) * 100);
    this.#write(
      null,
      { bare: true, unnamed: true },
      { ...blank(`FIT-0-${today}`, zone.dayOf(now), amount), memo: amount < 0 ? "TARIFA" : "TED PROPRIA" },
    );
  }

  #write(capture: Capture | null, how: Pick<Line, "bare" | "unnamed">, shown: BankLine): void {
    this.#lines.set(shown.externalId, { capture, ...how, shown });
    if (how.unnamed && shown.amountCents > 0) this.#odd.add(shown.externalId);
  }

  /** Staff exports every few days; once the faults have stopped, every third. */
  begin(): void {
    const { seed, faults, zone, now } = this.#town;
    const today = formatDay(zone.dayOf(now));
    const days = faults.stopped ? 3 : stream(seed, `exports ${today}`).between(2, 5);
    const minutes = stream(seed, `export hour ${today}`).between(6 * 60, 20 * 60);
    this.#town.at(zone.at(zone.dayOf(now) + days, minutes), async () => {
      await this.exports(formatDay(zone.dayOf(this.#town.now)));
      this.begin();
    });
  }

  /** Staff exports the last days and imports the file, at once or days later, now and then twice. Days overlap. */
  async exports(today: string): Promise<void> {
    const { seed, faults, zone, now } = this.#town;
    const chance = stream(seed, `export ${today}`);
    const day = zone.dayOf(now);
    const from = (this.#covered ?? day - 10) - chance.between(1, 3);
    this.#covered = day;
    const file = [...this.#lines.values()].filter(({ shown }) => shown.bookedOn >= from);
    const late = faults.hit("statement_late", today) ? chance.between(1, 7 * 24) * HOUR_MS : 0;
    if (late === 0) await this.imports(file);
    else this.#town.at(now + late, () => this.imports(file));
    if (faults.hit("statement_twice", today)) this.#town.at(now + late + chance.between(1, 48) * HOUR_MS, () => this.imports(file));
  }

  /** All lines there are, taken in at this moment. */
  async now(): Promise<void> {
    const day = this.#town.zone.dayOf(this.#town.now);
    await this.imports([...this.#lines.values()].filter(({ shown }) => shown.bookedOn >= day - 3));
  }

  /** Asked before each transaction of an import: what the lines are that it has kept, and deals with next. */
  kept(): readonly Capture[] {
    const { captures, kept } = this.#inHand;
    this.#inHand = { captures, kept: true };
    return kept ? captures : [];
  }

  async imports(file: readonly Line[]): Promise<void> {
    if (file.length === 0) return;
    const { learned, world } = this.#town;
    const lines = file.map((line) => line.shown).sort((a, b) => a.bookedOn - b.bookedOn || (a.externalId < b.externalId ? -1 : 1));
    world.say(`a statement of ${lines.length} lines is imported`);
    const news = file.filter(({ shown }) => !this.#imported.has(shown.externalId));
    // A bank tells that money came, and nothing of what went back elsewhere.
    learned.hears(news.flatMap(({ capture }) => capture ?? []));
    const captures = news.flatMap(({ capture }) => (capture && this.#town.till.captures.has(capture.id) ? [capture] : []));
    this.#inHand = { captures, kept: false };
    await learned.during(() => this.#town.ask(({ engine }) => importStatement(engine, lines, { by: "staff" }), STATEMENT));
    this.#inHand = { captures: [], kept: false };
    for (const { externalId } of lines) this.#imported.add(externalId);
  }

  /** Staff looks at what waits for its owner. Most of it is dealt with the same day. */
  async desk(today: string): Promise<void> {
    const { learned, machine, seed, faults } = this.#town;
    if (this.#odd.size === 0 && !learned.waiting) return;
    for (const money of await pageWaiting(machine.db, { after: 0, limit: 200 })) {
      const chance = stream(seed, `desk ${money.source} ${money.externalId} ${today}`);
      if (!faults.stopped && chance.chance(0.3)) continue;
      await this.#deal(money);
    }
  }

  async #deal({ id, source, externalId }: { id: number; source: string; externalId: string }): Promise<void> {
    const { learned, till, world } = this.#town;
    const line = source === bankSource(ACCOUNT) ? this.#lines.get(externalId) : undefined;
    const capture = line ? line.capture : [...till.captures.values()].find((each) => paymentOf(each.id) === externalId);
    const by = "staff";
    const does = (work: Parameters<Town["ask"]>[0]): Promise<unknown> => mayRefuse(() => this.#town.ask(work));
    const dismiss = async (reason: string): Promise<void> => {
      this.#odd.delete(externalId);
      await does(({ engine }) => dismissMoney(engine, { money: id, reason, by }));
    };
    if (!capture) return dismiss("não é de cliente");
    const atGateway = till.captures.has(capture.id);
    if (line?.unnamed && atGateway) {
      // Only once the gateway's money is in the books can anybody say that this line is it; what went back before anybody booked it never is.
      if (!learned.has(capture.id)) return gone(capture) === capture.amount ? dismiss("voltou pelo gateway") : undefined;
      this.#odd.delete(externalId);
      const receipt = { source: GATEWAY, externalId: paymentOf(capture.id) };
      world.say(`staff finds line ${externalId} to be money ${capture.id}`);
      return void (await does(({ engine }) => assignMoney(engine, { money: id, receipt, by })));
    }
    // The gateway will say whose it is.
    if (atGateway && capture.named !== "nobody") return;
    const to = { customer: capture.customer, ...(capture.invoice === null ? {} : { invoice: capture.invoice }) };
    world.say(`staff gives money ${capture.id} to ${capture.customer}`);
    learned.asks();
    await learned.during(() => does(({ engine }) => assignMoney(engine, { money: id, ...to, apart: true, reason: "conferido", by })));
  }
}

function blank(externalId: string, on: Day, amountCents: number): BankLine {
  return {
    account: ACCOUNT,
    externalId,
    bookedOn: on,
    paidOn: on,
    amountCents,
    currency: "BRL",
    memo: "PIX RECEBIDO",
    payer: { name: null, taxId: null },
    txid: null,
    endToEndId: null,
    slipNumber: null,
    documentNumber: null,
  };
}
