// A bank statement taken in: lines that are known money confirm it, lines that leave no doubt are booked, the rest waits for a person.
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";
import type { Match } from "../ledger/match.ts";
import type { BankLine } from "../ports/bank-statement.ts";
import { bankSource, endLines, explainedBy, insertLines, newLines, type BankLineRow } from "../store/bank-lines.ts";
import type { Trx } from "../store/database.ts";
import { byIdentity, byKey, keyName, nameOf, type Identity, type Money } from "../store/money-keys.ts";
import type { NewReceipt } from "../store/receipts.ts";
import { inTransaction } from "../store/retry.ts";
import { settleWaiting, type WhyWaiting } from "../store/waiting-money.ts";
import { changeCustomers, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { Desk, type MoneyCarried } from "./find-owners.ts";
import { addKeys, keepWaiting, MoneyRaced, unraced, type Learned } from "./known-money.ts";
import { readMemo } from "./read-memo.ts";
import { bookReceipts } from "./record-receipts.ts";
import { settleReceipts } from "./settle.ts";
import { required } from "./who.ts";

export interface StatementImported {
  lines: number;
  /** Taken in before; they changed nothing. */
  known: number;
  /** Money that went out. */
  out: number;
  /** Lines that are money known already: from a gateway, or declared by staff. */
  explained: number;
  /** Booked, because they leave no doubt. */
  booked: number;
  /** Wait for a person. */
  waiting: number;
}

/** Lines per transaction. */
const CHUNK = 300;

/**
 * Takes lines in; each once, however often a file with it is imported, and whatever was cut off is finished by the next import of it.
 * @throws ReguaError `words_missing`
 */
export async function importStatement(engine: Engine, lines: readonly BankLine[], ask: { by: string }): Promise<StatementImported> {
  const by = required("by", ask.by);
  const rows = rowsOf(lines);
  const done: StatementImported = { lines: rows.length, known: 0, out: 0, explained: 0, booked: 0, waiting: 0 };
  for (let at = 0; at < rows.length; at += CHUNK) {
    const some = rows.slice(at, at + CHUNK);
    done.out += await inTransaction(engine.db, (trx) => insertLines(trx, some, by, engine.clock.now()));
    await unraced(async () => {
      // Again while lines are left: the same Pix twice in one file is the first line's money, known in the next round.
      for (let rounds = 0; ; rounds += 1) {
        assert(rounds <= CHUNK, "lines of a statement find no rest");
        const left = await newLines(engine.db, some);
        if (left.length === 0) return;
        await takeIn(engine, left, by, done);
      }
    });
  }
  const { lines: all, out, explained, booked, waiting } = done;
  return { ...done, known: all - out - explained - booked - waiting };
}

/** Two lines of one file under one id are the first and the second, in the order of the file. */
function rowsOf(lines: readonly BankLine[]): BankLineRow[] {
  const times = new Map<string, number>();
  return lines
    .filter((line) => line.amountCents !== 0)
    .map((line) => {
      const name = `${line.account} ${line.externalId}`;
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      const said = readMemo(line.memo);
      return {
        account: line.account,
        key: time === 1 ? line.externalId : `${line.externalId} #${time}`,
        bookedOn: line.bookedOn,
        paidOn: line.paidOn,
        amount: line.amountCents,
        currency: line.currency,
        memo: line.memo,
        payerName: line.payer.name,
        payerTaxId: line.payer.taxId ?? said.payerTaxId,
        txid: line.txid,
        endToEndId: line.endToEndId ?? said.endToEndId,
        slipNumber: line.slipNumber,
        documentNumber: line.documentNumber,
      };
    });
}

/** What is to be done with a line. */
type Plan =
  | { kind: "same"; line: BankLineRow; money: Money; byKey: boolean }
  | { kind: "book"; line: BankLineRow; match: Match }
  | { kind: "wait"; line: BankLineRow; why: WhyWaiting; identities: readonly Identity[] };

async function takeIn(engine: Engine, lines: readonly BankLineRow[], by: string, done: StatementImported): Promise<void> {
  const { plans, desk } = await planLines(engine, lines);
  const owned = plans.filter((plan) => ownerOf(plan) !== null);
  const customers = [...new Set(owned.map(ownerOf))].filter((id) => id !== null).sort((a, b) => a - b);
  if (customers.length > 0) await changeCustomers(engine, customers, (unit) => bookPlans(engine, unit, { plans: owned, desk }, by));
  // Counted when it is committed: what follows may find that somebody was faster, and be planned anew.
  for (const plan of owned) done[plan.kind === "book" && plan.match.receipt === null ? "booked" : "explained"] += 1;
  const rest = plans.filter((plan) => ownerOf(plan) === null);
  await inTransaction(engine.db, (trx) => keepPlans(engine, trx, rest));
  for (const plan of rest) done[plan.kind === "wait" ? "waiting" : "explained"] += 1;
}

function ownerOf(plan: Plan): Id | null {
  if (plan.kind === "book") return plan.match.customerId;
  return plan.kind === "same" ? plan.money.customerId : null;
}

const keyOf = (line: BankLineRow): { source: string; externalId: string } => ({ source: bankSource(line.account), externalId: line.key });

function identitiesOf(line: BankLineRow): Identity[] {
  return [
    ...(line.endToEndId === null ? [] : [{ kind: "end_to_end" as const, value: line.endToEndId }]),
    // The number alone is the bank's: another bank numbers its slips alike.
    ...(line.slipNumber === null ? [] : [{ kind: "slip" as const, value: `${line.account} ${line.slipNumber}` }]),
  ];
}

async function planLines(engine: Engine, lines: readonly BankLineRow[]): Promise<{ plans: Plan[]; desk: Desk }> {
  const setting = await engine.settings.load(engine.db, engine.clock.now());
  const keys = await byKey(engine.db, lines.map(keyOf));
  const identities = await byIdentity(engine.db, lines.flatMap(identitiesOf));
  const told = await explainedBy(
    engine.db,
    [...identities.values()].map((money) => money.id),
  );
  const plans: (Plan | null)[] = lines.map((line) => planKnown(line, keys.get(keyName(keyOf(line))), identities, told));
  const open = lines.flatMap((line, i) => (plans[i] === null ? [{ line, i, money: carriedBy(line) }] : []));
  const desk = await Desk.open(
    engine.db,
    setting,
    open.map((each) => each.money),
  );
  desk.leave(new Set(plans.flatMap((plan) => (plan?.kind === "same" ? [plan.money.id] : []))));
  const books = setting.policy.doc.receipts?.book_matches !== "none";
  const here = new Set<string>();
  for (const { line, i, money } of open) {
    const ids = identitiesOf(line);
    // The same Pix twice in one file is one Pix; the next round finds the first.
    if (ids.some((id) => here.has(nameOf(id)))) continue;
    for (const id of ids) here.add(nameOf(id));
    const [best] = desk.match(money);
    if (line.currency !== setting.currency) plans[i] = { kind: "wait", line, why: "currency_differs", identities: ids };
    else if (books && best?.confidence === "certain") {
      desk.take(best, line.amount);
      plans[i] = { kind: "book", line, match: best };
    } else plans[i] = { kind: "wait", line, why: "not_certain", identities: ids };
  }
  return { plans: plans.filter((plan) => plan !== null), desk };
}

/** Money that is known by the line's key, its EndToEndId or its slip; null: it is not. */
function planKnown(
  line: BankLineRow,
  byLine: Money | undefined,
  identities: ReadonlyMap<string, Money>,
  told: ReadonlyMap<Id, { account: string; bookedOn: number; amount: number }>,
): Plan | null {
  if (byLine) return { kind: "same", line, money: byLine, byKey: true };
  for (const identity of identitiesOf(line)) {
    const money = identities.get(nameOf(identity));
    if (!money) continue;
    const before = told.get(money.id);
    // A Pix has its id for good. A slip can be paid twice by mistake: on another day, or with another amount, it is other money.
    const again = identity.kind === "slip" && before && (before.bookedOn !== line.bookedOn || before.amount !== line.amount);
    if (again) return { kind: "wait", line, why: "slip_paid_again", identities: identitiesOf(line).filter((each) => each.kind !== "slip") };
    return { kind: "same", line, money, byKey: false };
  }
  return null;
}

export function carriedBy(line: Omit<BankLineRow, "account" | "key" | "bookedOn" | "currency">): MoneyCarried {
  const { amount, paidOn, memo, payerName, payerTaxId, txid, slipNumber, documentNumber, endToEndId } = line;
  return { amount, paidOn, memo, payerName, payerTaxId, txid, slipNumber, documentNumber, endToEndId, namedInvoice: null };
}

/** What concerns customers, in one unit of work: receipts confirmed and receipts booked. */
async function bookPlans(engine: Engine, unit: Unit, { plans, desk }: { plans: readonly Plan[]; desk: Desk }, by: string): Promise<void> {
  const { trx, now } = unit;
  // A gateway may have told of the money of a line that carries no id, since its owner was looked for.
  const matched = new Set(plans.flatMap((plan) => (plan.kind === "book" ? [plan.match.customerId] : [])));
  if (!(await desk.stands(trx, [...matched]))) throw new MoneyRaced("receipts were told meanwhile");
  const ended: Parameters<typeof endLines>[1][number][] = [];
  const learned: Learned[] = [];
  const settled: Parameters<typeof settleReceipts>[1][number][] = [];
  const booked: { line: BankLineRow; receipt: NewReceipt }[] = [];
  const explain = (line: BankLineRow, money: { id: Id; customerId: Id }, known: boolean): void => {
    learned.push({ key: known ? null : keyOf(line), identities: identitiesOf(line), money });
    settled.push({ customerId: money.customerId, receiptId: money.id, on: line.bookedOn, toldBy: bankSource(line.account), actor: by });
    ended.push({ account: line.account, key: line.key, moneyId: money.id, state: "explained" });
  };
  for (const plan of plans) {
    const customerId = ownerOf(plan);
    if (customerId === null) continue;
    if (plan.kind === "same") explain(plan.line, { id: plan.money.id, customerId }, plan.byKey);
    else if (plan.kind === "book" && plan.match.receipt !== null) explain(plan.line, { id: plan.match.receipt, customerId }, false);
    else if (plan.kind === "book") booked.push({ line: plan.line, receipt: receiptOf(plan.line, plan.match, by) });
  }
  await addKeys(trx, learned, now);
  await settleReceipts(unit, settled);
  const receipts = booked.map((each) => each.receipt);
  const news = await bookReceipts(engine, unit, receipts);
  if (news.booked !== receipts.length) throw new MoneyRaced("a line was booked meanwhile");
  const ids = await byKey(trx, receipts);
  for (const { line, receipt } of booked) {
    const money = ids.get(keyName(receipt));
    assert(money, "a receipt was booked without its key");
    ended.push({ account: line.account, key: line.key, moneyId: money.id, state: "explained" });
  }
  if ((await endLines(trx, ended)) !== ended.length) throw new MoneyRaced("a line was taken in meanwhile");
}

function receiptOf(line: BankLineRow, match: Match, by: string): NewReceipt {
  return {
    ...keyOf(line),
    customerId: match.customerId,
    amount: line.amount,
    currency: line.currency,
    paidOn: line.paidOn,
    settledOn: line.bookedOn,
    identities: identitiesOf(line),
    invoiceRef: match.invoice,
    reason: `matched: ${match.because.map(({ rule, detail }) => (detail === undefined ? rule : `${rule} ${detail}`)).join(", ")}`,
    actor: by,
  };
}

/** What is of nobody yet. */
async function keepPlans(engine: Engine, trx: Trx, plans: readonly Plan[]): Promise<void> {
  const now = engine.clock.now();
  const ended: Parameters<typeof endLines>[1][number][] = [];
  for (const plan of plans) {
    const { line } = plan;
    let moneyId: Id | null = null;
    if (plan.kind === "same") {
      moneyId = plan.money.id;
      await addKeys(trx, [{ key: plan.byKey ? null : keyOf(line), identities: identitiesOf(line), money: plan.money }], now);
      if (!(await settleWaiting(trx, moneyId, line.bookedOn))) throw new MoneyRaced("the money got its owner meanwhile");
    } else if (plan.kind === "wait") moneyId = await keepWaiting(engine, trx, waitingOf(line, plan.why), plan.identities, now);
    if (moneyId !== null) ended.push({ account: line.account, key: line.key, moneyId, state: "waiting" });
  }
  if ((await endLines(trx, ended)) !== ended.length) throw new MoneyRaced("a line was taken in meanwhile");
}

function waitingOf(line: BankLineRow, why: WhyWaiting): Parameters<typeof keepWaiting>[2] {
  const { amount, currency, paidOn, bookedOn, memo, payerName, payerTaxId, txid, endToEndId, slipNumber, documentNumber } = line;
  const carried = { payerName, payerTaxId, memo, txid, endToEndId, slipNumber, documentNumber };
  const money = { amount, returned: 0, currency, paidOn, settledOn: bookedOn };
  return { origin: "statement", ...keyOf(line), ...money, namedInvoice: null, ...carried, why };
}
