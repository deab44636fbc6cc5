// Takes back the holds that one act gave: only where nothing else was done about the customer since, and as an act of its own.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { entryKindIn } from "../words/inserts.ts";
import { bulkHolders, firstTouch, markBulkUndone, readBulkAct } from "../store/bulk.ts";
import { eachOf, type BulkDone } from "./bulk.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { liftIn } from "./release-hold.ts";
import { required } from "./who.ts";

/**
 * Lifts them; who was refused at the time is not touched. Each customer in a unit of work of its own.
 * @throws ReguaError `bulk_unknown`, `bulk_not_undone`, `words_missing`
 */
export async function undoMany(engine: Engine, ask: { id: Id; reason: string; by: string }): Promise<BulkDone> {
  const by = required("by", ask.by);
  const reason = required("reason", ask.reason);
  const done = await readBulkAct(engine.db, ask.id);
  if (!done) throw new ReguaError("bulk_unknown", { value: ask.id });
  if (done.act !== "hold") throw new ReguaError("bulk_not_undone");
  const holders = await bulkHolders(engine.db, done.id);
  const more = { undoes: true, together: { act: done.id, customers: holders.length } };
  const rows = await eachOf(holders, (customerId) =>
    changeCustomer(engine, customerId, async (unit, { facts }) => {
      const mine = await markBulkUndone(unit.trx, customerId, done.id, unit.now);
      if (!mine) throw new ReguaError("bulk_undone");
      const touch = await firstTouch(unit.trx, customerId, mine.entry);
      if (touch) throw new ReguaError("bulk_touched", { what: entryKindIn(touch.kind) });
      await liftIn(unit, facts, { holdId: mine.holdId, by, reason }, more);
      return { until: null };
    }),
  );
  return { id: done.id, rows };
}
