// Money received: receipt, allocation, access and evidence in one transaction; a receipt known already changes nothing.
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatDay } from "../kernel/time.ts";
import { allocate, type Part } from "../ledger/allocate.ts";
import { insertAllocations } from "../store/allocations.ts";
import { insertReceipts, markSignOfLife, payables, type Booked, type NewReceipt, type OpenInvoice } from "../store/receipts.ts";
import { changeCustomers, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import type { Tally } from "./evaluate.ts";
import { confirmSettled } from "./end-claim.ts";
import { feesOn } from "./fees.ts";
import { claimReceipts } from "./known-money.ts";

/** Why a receipt could not be booked. */
export type ReceiptRefusal = "customer_unknown" | "amount_not_positive" | "currency_differs";

export interface Recorded {
  booked: number;
  /** Receipts that were there already. */
  known: number;
  refused: { receipt: NewReceipt; reason: ReceiptRefusal }[];
}

/** Customers per transaction. */
const CHUNK = 500;

/** Books receipts of any number of customers; all receipts of one customer are booked before it is decided anew. */
export async function recordReceipts(engine: Engine, receipts: readonly NewReceipt[], options: { tally?: Tally } = {}): Promise<Recorded> {
  const result: Recorded = { booked: 0, known: 0, refused: [] };
  const byCustomer = new Map<Id, NewReceipt[]>();
  for (const receipt of receipts) {
    if (receipt.amount <= 0) {
      result.refused.push({ receipt, reason: "amount_not_positive" });
      continue;
    }
    const list = byCustomer.get(receipt.customerId);
    if (list) list.push(receipt);
    else byCustomer.set(receipt.customerId, [receipt]);
  }
  const ids = [...byCustomer.keys()].sort((a, b) => a - b);
  for (let at = 0; at < ids.length; at += CHUNK) {
    const some = ids.slice(at, at + CHUNK);
    const group = some.flatMap((id) => byCustomer.get(id) ?? []);
    const done = await changeCustomers(engine, some, (unit) => bookReceipts(engine, unit, group), options);
    result.booked += done.booked;
    result.known += done.known;
    result.refused.push(...done.refused);
  }
  return result;
}

/** Books receipts of customers that a unit of work has taken. */
export async function bookReceipts(engine: Engine, unit: Unit, receipts: readonly NewReceipt[]): Promise<Recorded> {
  const refused: Recorded["refused"] = [];
  const accepted = receipts.filter((receipt) => {
    const reason = refusal(unit, receipt);
    if (reason) refused.push({ receipt, reason });
    return reason === null;
  });
  const receiptIds = await engine.ids.take(accepted.length);
  const candidates = accepted.map((receipt) => ({ ...receipt, receiptId: receiptIds.next() }));
  const news = candidates.length === 0 ? [] : await claimReceipts(unit, candidates);
  if (news.length > 0) await applyReceipts(engine, unit, news);
  return { booked: news.length, known: accepted.length - news.length, refused };
}

function refusal(unit: Unit, receipt: NewReceipt): ReceiptRefusal | null {
  if (!unit.customers.has(receipt.customerId)) return "customer_unknown";
  if (receipt.currency !== unit.setting.currency) return "currency_differs";
  return null;
}

/** Writes receipts whose keys are claimed, applied to what is open. */
export async function applyReceipts(engine: Engine, unit: Unit, news: readonly (NewReceipt & { receiptId: Id })[]): Promise<void> {
  const customers = [...new Set(news.map((receipt) => receipt.customerId))];
  const open = await payables(unit.trx, customers);
  const applied = news.map((receipt) => {
    const kept = receipt.amount - (receipt.returned ?? 0);
    const fees = feesOn(unit.setting.policy, receipt.paidOn);
    return { receipt, ...allocate(kept, receipt.invoiceRef, open.get(receipt.customerId) ?? [], fees) };
  });
  const ids = await engine.ids.take(applied.reduce((sum, a) => sum + a.allocations.length, 0));
  const booked: Booked[] = applied.map(({ receipt, allocations, credit }) => ({
    ...receipt,
    credit,
    returned: receipt.returned ?? 0,
    allocations: allocations.map((allocation) => ({ ...allocation, allocationId: ids.next() })),
  }));
  await insertReceipts(unit.trx, booked, unit.now);
  await insertAllocations(
    unit.trx,
    booked.flatMap(({ customerId, receiptId, allocations }) => allocations.map((a) => ({ ...a, customerId, receiptId }))),
    unit.now,
  );
  await markSignOfLife(unit.trx, customers, unit.now);
  const refs = new Map([...open.values()].flat().map((invoice) => [invoice.id, invoice.ref]));
  for (const receipt of booked) unit.record(receipt.customerId, "receipt", receipt.actor, evidenceOf(receipt, refs));
  for (const [customerId, invoices] of open) await confirmSettled(unit, customerId, claimedIn(invoices));
}

/** Invoices with a payment proof under review; most customers have none, and no statement is sent for them. */
export function claimedIn(invoices: readonly OpenInvoice[]): Id[] {
  return invoices.filter(({ claimed }) => claimed).map(({ id }) => id);
}

function evidenceOf(receipt: Booked, refs: ReadonlyMap<Id, string>): Json {
  return {
    source: receipt.source,
    external_id: receipt.externalId,
    amount_cents: receipt.amount,
    currency: receipt.currency,
    paid_on: formatDay(receipt.paidOn),
    settled_on: receipt.settledOn === null || receipt.settledOn === undefined ? null : formatDay(receipt.settledOn),
    names_invoice: receipt.invoiceRef,
    reason: receipt.reason,
    allocations: sayParts(receipt.allocations, refs),
    credit_cents: receipt.credit,
    returned_cents: receipt.returned === 0 ? undefined : receipt.returned,
  };
}

/** Allocations as evidence has them: principal is the rule, and is not said. */
export function sayParts(parts: readonly Part[], refs: ReadonlyMap<Id, string>): Json {
  return parts.map(({ invoiceId, kind, amount }) => ({
    invoice: refs.get(invoiceId) ?? "",
    kind: kind === "principal" ? undefined : kind,
    amount_cents: amount,
  }));
}
