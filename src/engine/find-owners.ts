// Whose money could be that names no customer: what is known of it is looked up in sets, and the ledger ranks what was found.
import { isDeepStrictEqual } from "node:util";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { match, type Match, type Matter, type MatterInvoice, type MoneySeen, type NamedBy } from "../ledger/match.ts";
import { nameWords } from "../ledger/names.ts";
import { findCodes, type ChargeCode } from "../store/charge-codes.ts";
import type { Db, Trx } from "../store/database.ts";
import { knownRefs } from "../store/imports.ts";
import {
  customersByAmount,
  customersByReceipt,
  customersByTaxId,
  readMatters,
  unexplainedReceipts,
  type MatterInvoiceRow,
  type MatterReceiptRow,
  type MatterRow,
} from "../store/match-facts.ts";
import { feeDue } from "./fees.ts";
import type { Setting } from "./setting.ts";

/** Money with all that it carries. */
export interface MoneyCarried extends MoneySeen {
  txid: string | null;
  slipNumber: string | null;
  documentNumber: string | null;
  /** The invoice that a gateway names. */
  namedInvoice: string | null;
}

/** How far a receipt may lie from the day of the line it is. */
export const RECEIPT_DAYS = 4;
/** Words of a memo that could be an invoice's number. */
const MEMO_REFS_MAX = 12;

/** What one money names, by invoice. */
type Named = Map<Id, NamedBy>;

/** Finds candidates for each money by itself, as the books stand. */
export async function findOwners(db: Db, setting: Setting, money: readonly MoneyCarried[]): Promise<Match[][]> {
  const desk = await Desk.open(db, setting, money);
  return money.map((each) => desk.match(each));
}

/** What was looked up for some money, changed as money is given to its owners, so that one line after another sees what is left. */
export class Desk {
  readonly #setting: Setting;
  readonly #named: ReadonlyMap<MoneyCarried, Named>;
  readonly #customers: readonly MatterRow[];
  readonly #invoices: Map<Id, MatterInvoiceRow[]>;
  readonly #receipts: Map<Id, MatterReceiptRow[]>;
  readonly #days: { from: Day; to: Day };
  /** The receipts as they were found. */
  readonly #found: readonly MatterReceiptRow[];

  private constructor(
    setting: Setting,
    named: ReadonlyMap<MoneyCarried, Named>,
    days: { from: Day; to: Day },
    found: Awaited<ReturnType<typeof readMatters>>,
  ) {
    this.#setting = setting;
    this.#named = named;
    this.#days = days;
    this.#found = found.receipts;
    this.#customers = found.customers;
    this.#invoices = Map.groupBy(found.invoices, (row) => row.customerId);
    this.#receipts = Map.groupBy(found.receipts, (row) => row.customerId);
  }

  static async open(db: Db, setting: Setting, money: readonly MoneyCarried[]): Promise<Desk> {
    const { named, owners } = await lookUpNames(db, money);
    const customers = new Set(owners);
    for (const id of await customersByTaxId(db, [...new Set(money.flatMap(taxPattern))])) customers.add(id);
    const byName = money.map((each) => ({ amount: each.amount, day: each.paidOn, name: namePattern(each) }));
    for (const id of await customersByAmount(db, byName)) customers.add(id);
    const withName = byName.flatMap(({ name, ...rest }) => (name === null ? [] : [{ ...rest, name }]));
    for (const id of await customersByReceipt(db, withName)) customers.add(id);
    const days = money.map((each) => each.paidOn);
    const around = { from: Math.min(...days) - RECEIPT_DAYS, to: Math.max(...days) + RECEIPT_DAYS };
    const invoices = [...named.values()].flatMap((each) => [...each.keys()]);
    const found =
      money.length === 0
        ? { customers: [], invoices: [], receipts: [] }
        : await readMatters(db, { customers: [...customers], invoices, ...around });
    return new Desk(setting, named, around, found);
  }

  /**
   * Whether the customers, who are taken now, have the receipts still that were found. One told meanwhile may be a line's own money, and one
   * that a line explains by now is no other's.
   */
  async stands(trx: Trx, customers: readonly Id[]): Promise<boolean> {
    if (customers.length === 0) return true;
    const mine = new Set(customers);
    const now = await unexplainedReceipts(trx, customers, this.#days.from, this.#days.to);
    return isDeepStrictEqual(
      now,
      this.#found.filter(({ customerId }) => mine.has(customerId)),
    );
  }

  match(money: MoneyCarried): Match[] {
    const named = this.#named.get(money) ?? new Map<Id, NamedBy>();
    return match(
      money,
      this.#customers.map((customer): Matter => ({
        ...customer,
        invoices: (this.#invoices.get(customer.customerId) ?? []).flatMap((row) =>
          this.#invoice(row, money.paidOn, named.get(row.id) ?? null),
        ),
        receipts: this.#receipts.get(customer.customerId) ?? [],
      })),
    );
  }

  /** An invoice that is open, or that this money names. */
  #invoice(row: MatterInvoiceRow, paidOn: Day, named: NamedBy | null): MatterInvoice[] {
    if (row.open === 0 && named === null) return [];
    const due = row.open === 0 ? 0 : feeDue(this.#setting.policy, row, paidOn).total;
    return [{ ref: row.ref, dueOn: row.dueOn, open: row.open, due, named }];
  }

  /** Lines that name them by their own ids explain these receipts: no other line is one of them. */
  leave(receipts: ReadonlySet<Id>): void {
    for (const [customer, rows] of this.#receipts)
      this.#receipts.set(
        customer,
        rows.filter((row) => !receipts.has(row.id)),
      );
  }

  /** The money goes to this owner: what it pays is owed no more, and the receipt it is cannot be another line's. */
  take({ customerId, invoice, receipt }: Match, amount: Cents): void {
    if (receipt !== null) {
      const left = (this.#receipts.get(customerId) ?? []).filter((row) => row.id !== receipt);
      this.#receipts.set(customerId, left);
      return;
    }
    let money = amount;
    for (const row of this.#invoices.get(customerId) ?? []) {
      if (invoice !== null && row.ref !== invoice) continue;
      const part = Math.min(money, row.open);
      row.open -= part;
      money -= part;
    }
  }
}

/** The invoices that money names: by codes of ours, by the number on the slip, by a word of the memo. */
async function lookUpNames(db: Db, money: readonly MoneyCarried[]): Promise<{ named: Map<MoneyCarried, Named>; owners: Id[] }> {
  const codesOf = ({ txid, slipNumber }: MoneyCarried): ChargeCode[] => [
    ...(txid === null ? [] : [{ kind: "txid" as const, value: txid }]),
    ...(slipNumber === null ? [] : [{ kind: "slip" as const, value: slipNumber }]),
  ];
  const refsOf = (each: MoneyCarried): [string, NamedBy][] => [
    ...[each.namedInvoice, each.documentNumber, each.txid].flatMap((ref): [string, NamedBy][] => (ref ? [[ref, "document"]] : [])),
    ...memoRefs(each.memo).map((ref): [string, NamedBy] => [ref, "memo"]),
  ];
  const codes = new Map((await findCodes(db, money.flatMap(codesOf))).map((code) => [`${code.kind} ${code.value}`, code]));
  const wanted = [...new Set(money.flatMap(refsOf).map(([ref]) => ref))].map((ref) => ({ kind: "invoice" as const, ref }));
  const refs = new Map((await knownRefs(db, wanted)).map((row) => [row.ref, row]));
  const named = new Map<MoneyCarried, Named>();
  const owners: Id[] = [];
  for (const each of money) {
    const mine: Named = new Map();
    for (const { kind, value } of codesOf(each)) {
      const code = codes.get(`${kind} ${value}`);
      if (!code) continue;
      owners.push(code.customerId);
      if (code.kind !== "bar_code") mine.set(code.invoiceId, code.kind);
    }
    for (const [ref, by] of refsOf(each)) {
      const found = refs.get(ref);
      if (!found) continue;
      owners.push(found.customerId);
      if (!mine.has(found.rowId)) mine.set(found.rowId, by);
    }
    named.set(each, mine);
  }
  return { named, owners };
}

/** Words of a memo that could be an invoice's number: with a digit, neither short nor endless. */
function memoRefs(memo: string): string[] {
  const words = memo.split(/[^\p{L}\p{N}/_-]+/u).flatMap((word) => [word, word.replace(/^0+/u, "")]);
  return [...new Set(words)].filter((word) => word.length >= 3 && word.length <= 40 && /\d/u.test(word)).slice(0, MEMO_REFS_MAX);
}

/** A tax number as a pattern; none where less than six characters can be seen. */
function taxPattern({ payerTaxId }: MoneyCarried): string[] {
  const bare = (payerTaxId ?? "").replace(/[\s./-]/gu, "").toUpperCase();
  if (!/^[0-9A-Z*]{11,14}$/u.test(bare)) return [];
  const pattern = bare.replaceAll(/[*X]/gu, "_");
  return pattern.replaceAll("_", "").length < 6 ? [] : [pattern];
}

/** `%JOAO%SILVA%`: the first word and the last but one that is whole, since banks cut names off. Null: too little to look for. */
function namePattern({ payerName }: MoneyCarried): string | null {
  const words = payerName === null ? [] : nameWords(payerName);
  const [first, second] = words;
  if (first === undefined || (second === undefined && first.length < 6)) return null;
  return words.length > 2 ? `%${first}%${second}%` : `%${first}%`;
}
