// Credit of a customer pays what it owes: when staff ask for it, or by policy as soon as an invoice is issued.
import { assert } from "../kernel/assert.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { allocate } from "../ledger/allocate.ts";
import { insertAllocations, type AllocationRow } from "../store/allocations.ts";
import { customersWithCredit, moveReceipt, payables, receiptsWithCredit } from "../store/receipts.ts";
import { changeCustomer, changeCustomers, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { confirmSettled } from "./end-claim.ts";
import { feesOn } from "./fees.ts";
import { claimedIn, sayParts } from "./record-receipts.ts";
import { required, whoIs, type Who } from "./who.ts";

/**
 * Applies all credit of a customer to its open invoices, oldest due first, or to the one named.
 * @returns what was applied, and what credit is left
 * @throws ReguaError `customer_unknown`, `words_missing`
 */
export async function applyCredit(
  engine: Engine,
  ask: { customer: Who; invoice?: string | undefined; by: string },
): Promise<{ applied: Cents; left: Cents }> {
  const by = required("by", ask.by);
  const customerId = await whoIs(engine.db, ask.customer);
  return changeCustomer(engine, customerId, (unit) => useCredit(engine, unit, customerId, ask.invoice ?? null, by));
}

/** Customers per transaction. */
const CHUNK = 100;

/** Where the policy lets credit pay by itself: all customers who have credit and owe something, as imports leave them. */
export async function applyCreditsByPolicy(engine: Engine): Promise<number> {
  const { policy } = await engine.settings.load(engine.db, engine.clock.now());
  if (policy.doc.receipts?.use_credit !== "when_issued") return 0;
  const customers = await customersWithCredit(engine.db, CHUNK);
  if (customers.length === 0) return 0;
  await changeCustomers(engine, customers, async (unit) => {
    for (const customerId of customers) await useCredit(engine, unit, customerId, null, `policy:${policy.version}`);
  });
  return customers.length;
}

/** The same in a unit of work that has taken the customer. The oldest credit is used first. */
export async function useCredit(
  engine: Engine,
  unit: Unit,
  customerId: Id,
  named: string | null,
  by: string,
): Promise<{ applied: Cents; left: Cents }> {
  const receipts = await receiptsWithCredit(unit.trx, customerId);
  const total = receipts.reduce((sum, receipt) => sum + receipt.credit, 0);
  const open = total === 0 ? [] : ((await payables(unit.trx, [customerId])).get(customerId) ?? []);
  const refs = new Map(open.map((invoice) => [invoice.id, invoice.ref]));
  const rows: Omit<AllocationRow, "allocationId">[] = [];
  const moves: Parameters<typeof moveReceipt>[2][number][] = [];
  const said: Json[] = [];
  for (const receipt of receipts) {
    // As of the day the money came: who had credit here when the invoice fell due was never late (Código Civil, art. 368).
    const { allocations, credit } = allocate(receipt.credit, named, open, feesOn(unit.setting.policy, receipt.paidOn));
    if (allocations.length === 0) break;
    const used = receipt.credit - credit;
    rows.push(...allocations.map((part) => ({ ...part, customerId, receiptId: receipt.id })));
    moves.push({ receiptId: receipt.id, allocated: used, credit: -used, returned: 0 });
    said.push({ source: receipt.source, external_id: receipt.externalId, amount_cents: used, allocations: sayParts(allocations, refs) });
  }
  const applied = moves.reduce((sum, move) => sum + move.allocated, 0);
  if (applied > 0) {
    const ids = await engine.ids.take(rows.length);
    await insertAllocations(
      unit.trx,
      rows.map((row) => ({ ...row, allocationId: ids.next() })),
      unit.now,
    );
    await moveReceipt(unit.trx, customerId, moves);
    unit.record(customerId, "credit.applied", by, { amount_cents: applied, receipts: said });
    await confirmSettled(unit, customerId, claimedIn(open));
  }
  assert(applied <= total, "more credit was used than there was");
  return { applied, left: total - applied };
}
