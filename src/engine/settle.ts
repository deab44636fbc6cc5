// Money told to be in the account: noted once on its receipt, with who told it.
import type { Id } from "../kernel/ids.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { markSettled } from "../store/receipts.ts";
import type { Unit } from "./change.ts";

/** Of customers that the unit has taken. Answers how many were not settled before. */
export async function settleReceipts(
  unit: Unit,
  settled: readonly { customerId: Id; receiptId: Id; on: Day; toldBy: string; actor: string }[],
): Promise<number> {
  const by = new Map(settled.map((each) => [each.receiptId, each]));
  const marked = await markSettled(unit.trx, settled);
  for (const { customerId, receiptId, source, externalId, on } of marked) {
    const { toldBy = "", actor = "" } = by.get(receiptId) ?? {};
    unit.record(customerId, "receipt.settled", actor, {
      source,
      external_id: externalId,
      settled_on: formatDay(on),
      told_by: toldBy,
    });
  }
  return marked.length;
}
