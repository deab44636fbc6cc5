// Anchors finished days: one tree over the heads of every chain that grew, its root chained to the day before.
import { ReguaError } from "../kernel/errors.ts";
import { formatDay, type Day, type Instant, type Zone } from "../kernel/time.ts";
import type { Trx } from "../store/database.ts";
import { ANCHOR_GENESIS, anchorHash, leafOf, Tree, type Anchor } from "../kernel/anchors.ts";
import { firstUnanchored, insertAnchor, insertLeaves, lockLastAnchor, unanchoredHeads } from "../store/evidence.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";

/** Customers per statement: about 2 MB of rows at a time, however many customers there are. */
const BATCH = 5000;

/**
 * Anchors a finished local day, and every day before it that is not anchored yet, in order and each in a transaction of its own.
 * Answers the anchors made: none when all were there. From the first day with an entry on every day gets an anchor, also one on
 * which nothing happened: a missing day is then a missing anchor, which anybody can see.
 *
 * Each entry is under exactly one anchor. A leaf covers what its customer's chain grew by since the leaf before, so an entry that
 * was committed after its day was anchored, or written while the clock stood too early, is covered by the next day's.
 * @throws ReguaError `day_not_over`
 */
export async function anchorDay(engine: Engine, day: Day): Promise<Anchor[]> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  if (zone.startOf(day + 1) > now) throw new ReguaError("day_not_over", { day: formatDay(day) });
  const made: Anchor[] = [];
  // While catching up: the first day that has something. The days before it are known to be empty without looking at every customer.
  let busy: Day | null = null;
  for (;;) {
    const anchor = await inTransaction(engine.db, (trx) => anchorNext(trx, { through: day, zone, now, busy }));
    if (anchor === null) return made;
    made.push(anchor);
    if (anchor.day === day) return made;
    if (busy === null || busy <= anchor.day) {
      const first = await firstUnanchored(engine.db);
      busy = first === null ? day + 1 : zone.dayOf(first);
    }
  }
}

interface Step {
  through: Day;
  zone: Zone;
  now: Instant;
  busy: Day | null;
}

async function anchorNext(trx: Trx, { through, zone, now, busy }: Step): Promise<Anchor | null> {
  const last = await lockLastAnchor(trx);
  const first = last === null ? await firstUnanchored(trx) : null;
  if (last === null && first === null) return null;
  const day = last === null ? zone.dayOf(first ?? 0) : last.day + 1;
  if (day > through) return null;
  const tree = new Tree();
  if (busy === null || day >= busy) await plant(trx, day, zone.startOf(day + 1), tree);
  const body = { day, root: tree.root(), leaves: tree.size, previous: last?.hash ?? ANCHOR_GENESIS };
  const anchor = { ...body, hash: anchorHash(body) };
  await insertAnchor(trx, anchor, now);
  return anchor;
}

/** Writes the day's leaves, in the order of the customers' ids, and grows the tree over them. */
async function plant(trx: Trx, day: Day, end: Instant, tree: Tree): Promise<void> {
  for (let after = 0; ;) {
    const heads = await unanchoredHeads(trx, end, after, BATCH);
    const last = heads[heads.length - 1];
    if (!last) return;
    const leaves = heads.map((head) => {
      const leaf = leafOf(head);
      const position = tree.size;
      tree.add(leaf);
      return { customerId: head.customerId, position, leaf, seq: head.seq };
    });
    await insertLeaves(trx, day, leaves);
    if (heads.length < BATCH) return;
    after = last.customerId;
  }
}
