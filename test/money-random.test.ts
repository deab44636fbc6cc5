// Histories at random: gateways, bank lines and people tell of the same few payments in any order; the books balance and each payment is in them once.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyCredit } from "../src/engine/apply-credit.ts";
import { assignMoney, dismissMoney } from "../src/engine/assign-money.ts";
import { importStatement } from "../src/engine/import-statement.ts";
import { listWaiting } from "../src/engine/list-waiting.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, at, makeEngine, type Row, type World } from "./support/engine.ts";
import { aLine, aPayment, booksOf, findingsOf, tell } from "./support/payments.ts";

let base: TestDatabase;
let world: World;
beforeAll(async () => {
  base = await freshDatabase();
  world = await makeEngine(base.url, {
    now: at("2026-11-25T10:00"),
    policyDoc: { late_fee: { fine_percent: 2, interest_percent_month: 1 } },
  });
});
afterAll(async () => {
  await world?.close();
  await base?.drop();
});

/** What happens to one of four payments; `turn`: which of its states so far is told, so that old news arrives late. */
const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("tell" as const), money: fc.nat(3), turn: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("change" as const),
      money: fc.nat(3),
      how: fc.constantFrom("settle", "refund", "charge back", "win"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("line" as const), money: fc.nat(3), again: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("assign" as const), which: fc.nat(5), customer: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("dismiss" as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("credit" as const), customer: fc.nat(1) }) },
);

/** Amounts around what is owed; some name an invoice, some say who paid. */
const payment = fc.record({
  amount: fc.constantFrom(2990, 3049, 1000, 5980),
  names: fc.constantFrom("first", "second", "nobody", null),
  payer: fc.constantFrom(0, 1, null),
});

interface State {
  phase: "captured" | "settled";
  refunded: number;
  chargedBack: boolean;
}

describe("payments told by everybody in any order", () => {
  it("are in the books once each, to the cent, and the evidence tells the same", { timeout: 240_000 }, async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(payment, { minLength: 4, maxLength: 4 }),
        fc.array(act, { minLength: 5, maxLength: 30 }),
        async (payments, acts) => {
          runs += 1;
          await oneHistory(`R${runs}`, payments, acts);
        },
      ),
      { numRuns: 15 },
    );
  });
});

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
type Payment = typeof payment extends fc.Arbitrary<infer T> ? T : never;

async function oneHistory(name: string, payments: readonly Payment[], acts: readonly Act[]): Promise<void> {
  const history = new History(name, payments);
  await history.begin();
  for (const each of acts) await history.act(each);
  await history.check();
}

/** What the gateway said so far: refunds only grow, a chargeback is as the reading asked last has it. */
interface Heard {
  askedAt: number;
  refunded: number;
  chargedBack: boolean;
}

/** Two customers with two invoices each, and four payments, under names of their own. */
class History {
  readonly #name: string;
  readonly #payments: readonly Payment[];
  readonly #taxIds: string[];
  readonly #customers: Row[] = [];
  readonly #states: State[][];
  readonly #heard = new Map<number, Heard>();
  readonly #lined = new Set<number>();
  readonly #begun = world.clock.now();

  constructor(name: string, payments: readonly Payment[]) {
    this.#name = name;
    this.#payments = payments;
    this.#taxIds = ["1", "2"].map((first) => `${first}${name.slice(1).padStart(10, "0")}`);
    this.#states = payments.map(() => [{ phase: "captured", refunded: 0, chargedBack: false }]);
  }

  async begin(): Promise<void> {
    for (const [i, taxId] of this.#taxIds.entries()) {
      const customer = await addCustomer(world, { ref: `${this.#name}C${i}`, name: `Cliente ${this.#name} Numero ${"AB"[i]}` });
      await world.rows("UPDATE customer SET tax_id = $2 WHERE customer_id = $1", [customer.id, taxId]);
      await addInvoice(world, customer, { dueOn: "2026-11-20", ref: `${this.#name}-${i}a` });
      await addInvoice(world, customer, { dueOn: "2026-11-23", ref: `${this.#name}-${i}b` });
      this.#customers.push(customer);
    }
  }

  get #mark(): string {
    return this.#name.padStart(10, "x");
  }

  #e2e(money: number): string {
    return `E18236120202611241300${this.#mark}${money}`;
  }

  async act(each: Act): Promise<void> {
    if (each.kind === "change") return this.#change(each.money, each.how);
    if (each.kind === "tell") return this.#tell(each.money, each.turn);
    if (each.kind === "line") return this.#line(each.money, each.again);
    if (each.kind === "credit")
      return void (await applyCredit(world.engine, { customer: this.#customers[each.customer]?.ref ?? "", by: "ana" }));
    const list = (await listWaiting(world.engine, { limit: 200 })).waiting.filter(({ money }) => money.endToEndId?.includes(this.#mark));
    const money = list[each.which % Math.max(1, list.length)]?.money.id;
    if (money === undefined) return;
    if (each.kind === "dismiss") return dismissMoney(world.engine, { money, reason: "posto de lado", by: "ana" });
    await assignMoney(world.engine, { money, customer: this.#customers[each.customer]?.ref ?? "", by: "ana" }).catch(onlyRefused);
  }

  #change(money: number, how: string): void {
    const list = this.#states[money] as State[];
    const last = list.at(-1) as State;
    const most = this.#payments[money]?.amount ?? 0;
    list.push({
      ...last,
      ...(how === "settle" ? { phase: "settled" as const } : {}),
      ...(how === "refund" ? { refunded: Math.min(most, last.refunded + 700) } : {}),
      ...(how === "charge back" ? { chargedBack: true } : {}),
      ...(how === "win" ? { chargedBack: false } : {}),
    });
  }

  async #tell(money: number, back: number): Promise<void> {
    const list = this.#states[money] as State[];
    const turn = Math.max(0, list.length - 1 - (back % 3));
    const { phase, refunded, chargedBack } = list[turn] as State;
    const { amount, names } = this.#payments[money] as Payment;
    const invoiceRef = names === null ? null : `${this.#name}-${names === "nobody" ? "none" : names === "first" ? "0a" : "1a"}`;
    const about = { externalId: `${this.#name}-pay-${money}`, amountCents: amount, invoiceRef, endToEndId: this.#e2e(money) };
    const askedAt = this.#begun + turn;
    await tell(world, aPayment({ ...about, phase, refundedCents: refunded, chargedBack }), askedAt);
    const before = this.#heard.get(money);
    const later = !before || before.askedAt <= askedAt;
    this.#heard.set(money, {
      askedAt: later ? askedAt : before.askedAt,
      refunded: Math.max(before?.refunded ?? 0, refunded),
      chargedBack: later ? chargedBack : before.chargedBack,
    });
  }

  async #line(money: number, again: boolean): Promise<void> {
    const { amount, payer } = this.#payments[money] as Payment;
    const externalId = `${this.#name}-line-${money}${again ? "-again" : ""}`;
    const taxId = payer === null ? null : (this.#taxIds[payer] ?? null);
    const line = aLine({ externalId, amountCents: amount, endToEndId: this.#e2e(money), payer: { name: null, taxId } });
    await importStatement(world.engine, [line], { by: "ana" });
    this.#lined.add(money);
  }

  async check(): Promise<void> {
    await booksOf(world);
    for (const customer of this.#customers) expect(await findingsOf(world, customer)).toEqual([]);
    const found = await world.rows<{ amount: number; returned: number; e2e: string }>(
      `SELECT COALESCE(r.amount_cents, w.amount_cents) AS amount, COALESCE(r.refunded_cents, w.returned_cents) AS returned, i.value AS e2e
       FROM money_identity i LEFT JOIN receipt r ON r.customer_id = i.customer_id AND r.receipt_id = i.receipt_id
         LEFT JOIN waiting_money w ON i.customer_id IS NULL AND w.money_id = i.receipt_id
       WHERE i.value LIKE '%' || $1 || '_' ORDER BY i.value`,
      [this.#mark],
    );
    const known = [...new Set([...this.#heard.keys(), ...this.#lined])].sort((a, b) => a - b);
    expect(found.map((row) => row.e2e)).toEqual(known.map((money) => this.#e2e(money)));
    // A receipt for each payment with an owner, and none besides.
    const ids = [this.#customers.map((customer) => customer.id)];
    const receipts = await world.rows("SELECT count(*) AS n FROM receipt WHERE customer_id = ANY($1)", ids);
    expect(receipts).toEqual(await world.rows("SELECT count(*) AS n FROM money_identity WHERE customer_id = ANY($1)", ids));
    for (const row of found) {
      const money = Number(row.e2e.at(-1));
      const last = this.#heard.get(money);
      expect(row.amount).toBe(this.#payments[money]?.amount);
      expect(row.returned).toBe(last?.chargedBack ? row.amount : (last?.refunded ?? 0));
    }
  }
}

/** Money in another's hands meanwhile, or gone, is refused; anything else is a defect. */
function onlyRefused(error: unknown): void {
  if (!(error instanceof ReguaError)) throw error as Error;
}
