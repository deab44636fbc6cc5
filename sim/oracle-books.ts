// S8, L3 and S7 at rest: every cent told is in the books once, and the evidence played again gives the books.
import { sha256 } from "../src/kernel/hash.ts";
import { HOUR_MS } from "../src/kernel/time.ts";
import { booksBalance } from "../src/store/books.ts";
import type { Db } from "../src/store/database.ts";
import type { History } from "./history.ts";
import { replay, type Replayed } from "./oracle-replay.ts";
import type { View } from "./support/view.ts";
import { gone } from "./till.ts";

/** Every cent that was told is in the books once, and applied as the law has it. */
export async function checkMoney(history: History, view: View): Promise<void> {
  const { oracle, known, world, till } = history;
  const booked = (await view.receipts()).map((receipt) => ({ ...receipt, id: paymentBehind(receipt, history) }));
  for (const { id, amount, applied, returned } of booked) {
    if (amount !== applied) oracle.fault("S8", `receipt ${id}: ${amount} received, ${applied} applied`);
    if (world.paid.get(id) !== amount) oracle.fault("S8", `receipt ${id} is not what was paid`);
    const capture = till.captures.get(id);
    if (capture && gone(capture) !== returned)
      oracle.fault("S8", `receipt ${id}: ${returned} went back in the books, ${gone(capture)} at the gateway`);
  }
  for (const [id, copies] of Map.groupBy(booked, (receipt) => receipt.id))
    if (copies.length > 1) oracle.fault("S8", `payment ${id} stands in the books ${copies.length} times`);
  const inBooks = new Set(booked.map((receipt) => receipt.id));
  for (const [id, amount] of world.paid)
    if (!inBooks.has(id) && !excused(history, id)) oracle.fault("L3", `payment ${id} over ${amount} never became a receipt`);
  for (const row of await view.invoices()) {
    const invoice = known.invoices.get(row.ref);
    const open = row.state === "void" ? 0 : row.open;
    const expected = invoice?.settledAt === null ? invoice.open : 0;
    if (open !== expected) oracle.fault("S8", `${row.ref}: ${open} owed in the books, ${expected} in truth`);
  }
}

/**
 * The payment that a receipt is of, by any key that leads to it; by two of them it would be two payments in one. Of a code paid twice in a day,
 * on lines without an id, nobody can tell which line is which payment: there the gateway's word counts, and each needs its own receipt still.
 */
function paymentBehind({ id, keys, lineNamed }: Booked, { oracle, till }: Pick<History, "oracle" | "till">): string {
  const of = new Set(keys.map(paymentOf));
  if (of.size <= 1) return [...of][0] ?? id;
  const told = keys.find((key) => key.includes(" pay_"));
  const [first, ...others] = [...of].map((each) => till.captures.get(each));
  const alike = others.every(
    (each) =>
      each !== undefined &&
      each.invoice === first?.invoice &&
      each.amount === first.amount &&
      each.paidOn === first.paidOn &&
      each.method === "pix",
  );
  if (!alike || lineNamed || told === undefined) oracle.fault("S8", `one receipt stands for ${[...of].join(" and ")}`);
  return paymentOf(told ?? keys[0] ?? id);
}

interface Booked {
  id: string;
  keys: readonly string[];
  /** A line of it carries an id of the payment. */
  lineNamed: boolean;
}

const paymentOf = (key: string): string => key.replace(/^.* (?:pay_|FIT-)?/u, "");

/** Time in which a bank's file comes and staff says whose a line is. */
const DEALT_WITH_MS = 100 * HOUR_MS;

/**
 * Money of which nobody could say whose it is and that went back entirely is nobody's receipt; and what came in the last four days may
 * still be on its way into a statement, or wait for staff.
 */
function excused({ till, account, now }: History, id: string): boolean {
  const capture = till.captures.get(id) ?? account.captures.get(id);
  return capture !== undefined && (gone(capture) === capture.amount || capture.paidAt > now - DEALT_WITH_MS);
}

/** S8: the program's own proof of its books holds, and no money or word of it was left lying. */
export async function checkBooks({ oracle, account, till, now }: History, view: View, db: Db, rest: boolean): Promise<void> {
  const balance = await booksBalance(db);
  for (const { rule, row, found, right } of balance.imbalances)
    oracle.fault("S8", `the books: ${rule} of ${row} is ${found}, not ${right}`);
  if (!balance.balanced && balance.imbalances.length === 0)
    oracle.fault(
      "S8",
      `the books: ${balance.received} received, ${balance.allocated} applied, ${balance.credit} credit, ${balance.returned} back`,
    );
  if (!rest) return;
  for (const { what, id } of await view.leftOver()) {
    const payment = paymentOf(id);
    const capture = till.captures.get(payment) ?? account.captures.get(payment);
    if (what === "money" && capture && capture.paidAt > now - DEALT_WITH_MS) continue;
    oracle.fault("S8", `${what} ${id} was left lying`);
  }
}

/** S7: the entries seen at each look stand where they stood, and all of them played in order give what the tables say. */
export async function checkReplay(history: History, view: View): Promise<void> {
  const { oracle, watch } = history;
  const chains = Map.groupBy(await view.entries(), (row) => row.customer);
  for (const [customer, heads] of watch.heads) {
    const chain = chains.get(customer) ?? [];
    for (const { seq, hash } of heads)
      if (sha256(chain[seq - 1]?.entry ?? "") !== hash)
        oracle.fault("S7", `entry ${seq} of ${customer} is not what it was when first seen`);
  }
  const played = new Map([...chains].map(([customer, rows]) => [customer, replay(rows.map((row) => row.entry))]));
  const kept = await asKept(history, view);
  for (const [customer, state] of played) {
    const books = kept.get(customer);
    for (const part of Object.keys(state) as (keyof Replayed)[]) {
      const [said, stands] = [state[part].toSorted().join(", "), (books?.[part] ?? []).toSorted().join(", ")];
      if (said !== stands)
        oracle.fault("S7", `${part} of ${customer} by the evidence: ${said || "none"}; in the tables: ${stands || "none"}`);
    }
  }
}

/** The tables, said in the same words as what the replay gives. */
async function asKept({ known }: History, view: View): Promise<Map<string, Replayed>> {
  const kept = new Map<string, Replayed>();
  const of = (customer: string): Replayed => {
    const found = kept.get(customer) ?? { owed: [], credit: [], access: [], holds: [], promises: [], claims: [], accepted: [] };
    kept.set(customer, found);
    return found;
  };
  const owner = (service: string): string => known.owners.get(service) ?? "";
  for (const { ref, open, state } of await view.invoices())
    if (state === "open") of(known.invoices.get(ref)?.customer ?? "").owed.push(`${ref} ${open}`);
  for (const { customer, credit } of await view.credits()) of(customer).credit.push(String(credit));
  for (const { ref, desired, endedAt } of await view.services())
    of(owner(ref)).access.push(`${ref} ${endedAt === null ? desired : "ended"}`);
  for (const { customer, kind, invoice } of await view.standing())
    of(customer).holds.push(kind === "overdue" ? `overdue ${invoice ?? ""}` : kind);
  for (const { customer, protocol, state } of await view.promises()) of(customer).promises.push(`${protocol} ${state}`);
  for (const { customer, state } of await view.claims()) of(customer).claims.push(state);
  for (const { customer, messageId, state } of await view.notices()) if (state === "accepted") of(customer).accepted.push(messageId ?? "");
  for (const state of kept.values()) state.accepted = [...new Set(state.accepted)];
  return kept;
}
