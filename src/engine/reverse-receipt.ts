// Money that went back: a refund or a chargeback opens again what it had paid, and the ladder goes on from where it stood.
import { assert } from "../kernel/assert.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatMoney, type Cents } from "../kernel/money.ts";
import { allocate } from "../ledger/allocate.ts";
import { reverse } from "../ledger/reverse.ts";
import { insertAllocations, invoiceRefs } from "../store/allocations.ts";
import { byKey, keyName } from "../store/money-keys.ts";
import { moveReceipt, payables, receiptNow, type ReceiptNow } from "../store/receipts.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { feesOn } from "./fees.ts";
import { sayParts } from "./record-receipts.ts";
import type { Id } from "../kernel/ids.ts";
import { required } from "./who.ts";

export interface RefundAsk {
  /** The receipt, as it was booked. */
  source: string;
  externalId: string;
  /** What was given back; absent: all that is left of it. */
  amount?: Cents | undefined;
  reason: string;
  by: string;
}

/**
 * Records that money was given back, by whatever way: nothing is asked of a gateway here.
 * @throws ReguaError `receipt_unknown`, `refund_too_large`, `words_missing`
 */
export async function refundReceipt(engine: Engine, ask: RefundAsk): Promise<{ returned: Cents }> {
  const by = required("by", ask.by);
  const reason = required("reason", ask.reason);
  const key = { source: ask.source, externalId: ask.externalId };
  const money = (await byKey(engine.db, [key])).get(keyName(key));
  const customerId = money?.customerId ?? null;
  if (!money || customerId === null) throw new ReguaError("receipt_unknown", { value: ask.externalId, source: ask.source });
  return changeCustomer(engine, customerId, async (unit) => {
    const receipt = await receiptNow(unit.trx, customerId, money.id);
    assert(receipt, "a key leads to a receipt that is not there");
    const left = receipt.amount - receipt.returned;
    const amount = ask.amount ?? left;
    if (amount <= 0 || amount > left) {
      const { lang } = unit.setting.provider;
      const [asked, most] = [amount, left].map((cents) => formatMoney(cents, receipt.currency, lang));
      throw new ReguaError("refund_too_large", { amount: asked ?? "", left: most ?? "", value: ask.externalId });
    }
    await returnMoney(engine, unit, customerId, receipt, { amount, why: "refund", reason, actor: by });
    return { returned: receipt.returned + amount };
  });
}

export interface Return {
  amount: Cents;
  why: "refund" | "chargeback";
  reason: string | null;
  actor: string;
}

/** Takes money out of a receipt of a customer that was taken. */
export async function returnMoney(engine: Engine, unit: Unit, customerId: Id, receipt: ReceiptNow, ask: Return): Promise<void> {
  const { credit, allocations } = reverse(receipt, ask.amount);
  const ids = await engine.ids.take(allocations.length);
  const rows = allocations.map((part) => ({ ...part, allocationId: ids.next(), customerId, receiptId: receipt.id }));
  await insertAllocations(unit.trx, rows, unit.now);
  const allocated = allocations.reduce((sum, part) => sum + part.amount, 0);
  await moveReceipt(unit.trx, customerId, [{ receiptId: receipt.id, allocated, credit: -credit, returned: ask.amount }]);
  const refs = await invoiceRefs(
    unit.trx,
    customerId,
    allocations.map((part) => part.invoiceId),
  );
  unit.record(customerId, "receipt.returned", ask.actor, {
    source: receipt.source,
    external_id: receipt.externalId,
    amount_cents: ask.amount,
    why: ask.why,
    reason: ask.reason,
    allocations: sayParts(allocations, refs),
    credit_cents: -credit,
    returned_cents: receipt.returned + ask.amount,
  });
}

/** Money that had been held back is ours again (a chargeback won): it is applied as when it came. */
export async function reinstateMoney(
  engine: Engine,
  unit: Unit,
  customerId: Id,
  receipt: ReceiptNow,
  ask: { amount: Cents; actor: string },
): Promise<void> {
  assert(ask.amount > 0 && ask.amount <= receipt.returned, "more comes back than went");
  const open = (await payables(unit.trx, [customerId])).get(customerId) ?? [];
  const { allocations, credit } = allocate(ask.amount, receipt.namedInvoice, open, feesOn(unit.setting.policy, receipt.paidOn));
  const ids = await engine.ids.take(allocations.length);
  const rows = allocations.map((part) => ({ ...part, allocationId: ids.next(), customerId, receiptId: receipt.id }));
  await insertAllocations(unit.trx, rows, unit.now);
  await moveReceipt(unit.trx, customerId, [{ receiptId: receipt.id, allocated: ask.amount - credit, credit, returned: -ask.amount }]);
  const refs = new Map(open.map((invoice) => [invoice.id, invoice.ref]));
  unit.record(customerId, "receipt.reinstated", ask.actor, {
    source: receipt.source,
    external_id: receipt.externalId,
    amount_cents: ask.amount,
    allocations: sayParts(allocations, refs),
    credit_cents: credit,
    returned_cents: receipt.returned - ask.amount,
  });
}
